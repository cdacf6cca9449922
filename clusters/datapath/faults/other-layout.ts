import type { DatapathContext } from '../context.ts';
import { layNode, layOut, setPodMtu } from '../lay.ts';
import { type LayoutProfile, layoutProfile, layoutsWhere } from '../profile.ts';
import { BARE_IN_WIREGUARD, BOTH, cell, ESP_IN_TUNNEL, LOSS, NO_ESP, ONE_IN_SA, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair } from './on-first-node.ts';

/** The profile that orders tunnel and ESP the other way. */
function otherOrder({ tunnelOrder }: LayoutProfile): LayoutProfile {
  return layoutProfile((tunnelOrder === 'esp-in-vxlan' ? TUNNEL_IN_ESP[0] : ESP_IN_TUNNEL.at(-1)) ?? '');
}

/** Versions with ESP in the tunnel that have the same SAs and policies as those with the other order. */
const ORDER_ALONE_DIFFERS = layoutsWhere(({ tunnelOrder, nodePair }) => tunnelOrder === 'esp-in-vxlan' && nodePair);

export const OTHER_ORDER: DatapathFault = {
  id: 'L27',
  what: 'tunnel and ESP are nested the other way round than the profile has it',
  like: 'F10',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    // IPv6 then has no ESP of its own, which these versions have.
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: ORDER_ALONE_DIFFERS, families: BOTH }, 'WIR-05', 'WIR-02 WIR-10 WIR-11'),
    // What the host sends to pods is encrypted then, which these versions leave in the clear.
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: ORDER_ALONE_DIFFERS }, 'WIR-05', 'WIR-11'),
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'WIR-01 WIR-03 WIR-05 WIR-11'),
  ],
  why: 'both orders have the same SAs and policies from 1.16 on; which pair of them is used, and what is outside, shows on the wire alone. With ESP inside, what the host sends to pods is in the tunnel without it, which from 1.18 on it must not be',
  inject: async (context) => {
    if (!context.profile.nodePair || context.options.intent.routing === 'native')
      throw new RangeError('fault L27 needs a tunnel and a profile with SAs between the nodes');
    // Agents still answer as in the claimed profile.
    const { tunnelOrder } = otherOrder(context.profile);
    await layOut({ ...context, profile: { ...context.profile, tunnelOrder } }, 'ipsec');
    context.laid = 'ipsec';
  },
};

export const MIXED_VERSIONS: DatapathFault = {
  id: 'L36',
  what: "the first node runs another version, with that version's layout",
  like: 'F10',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', profiles: ONE_IN_SA }, 'PRE-03', LOSS, NO_ESP, 'XFR-01 XFR-03 XFR-05 XFR-06 XFR-08 XFR-09'),
    cell({ mode: 'ipsec', routings: ['native'] }, 'PRE-03'),
    cell({ mode: 'ipsec', profiles: TUNNEL_IN_ESP }, 'PRE-03 XFR-08 WIR-01 WIR-05', LOSS, 'RUL-01'),
    cell({ mode: 'ipsec' }, 'PRE-03 XFR-08 WIR-05', LOSS),
    cell({ mode: 'wireguard', profiles: BARE_IN_WIREGUARD }, 'PRE-03', LOSS, 'WGD-01 WGD-04 WGD-06'),
    cell({ mode: 'wireguard' }, 'PRE-03', 'WGD-01 WGD-04'),
  ],
  why: 'versions with different orders of tunnel and ESP do not understand each other, so nothing is answered (XfrmInNoStates), and up to 1.17 the host’s own traffic to pods is not encrypted; with native routing the layouts are alike, and only the version tells',
  inject: async (context) => {
    const { view } = anyPair(context, 'L36');
    const { mode } = context.options.intent;
    const other = otherOrder(context.profile);
    await layOut(context, mode);
    const as: DatapathContext = { ...context, profile: other };
    await layNode(as, view);
    await setPodMtu(as, [view.self.name]);
    context.versions.set(view.self.name, other);
  },
};
