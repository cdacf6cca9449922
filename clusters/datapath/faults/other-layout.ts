import type { DatapathContext } from '../context.ts';
import { layNode, layOut, setPodMtu } from '../lay.ts';
import { type LayoutProfile, layoutProfile } from '../profile.ts';
import { cell, LOSS, NO_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair } from './on-first-node.ts';

/** The profile that orders tunnel and ESP the other way. */
function otherOrder({ tunnelOrder }: LayoutProfile): LayoutProfile {
  return layoutProfile(tunnelOrder === 'esp-in-vxlan' ? '1.18' : '1.17');
}

export const OTHER_ORDER: DatapathFault = {
  id: 'L27',
  what: 'tunnel and ESP are nested the other way round than the profile has it',
  like: 'F10',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec', routings: TUNNELS, profiles: ['1.16', '1.17', '1.18', '1.20'] }, 'WIR-05')],
  why: 'both orders have the same SAs and policies from 1.16 on; which pair of them is used, and what is outside, shows on the wire alone',
  inject: async (context) => {
    if (!context.profile.nodePair || context.options.intent.routing === 'native')
      throw new RangeError('fault L27 needs a tunnel and a profile with SAs between the nodes');
    // Agents go on to answer as the claimed profile.
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
    cell({ mode: 'ipsec' }, 'PRE-03', LOSS, NO_ESP, 'XFR-01 XFR-03 XFR-05 XFR-06 XFR-08 XFR-09 RUL-01 RUL-02 WIR-07'),
    cell({ mode: 'wireguard' }, 'PRE-03', LOSS, 'WGD-01 WGD-04'),
  ],
  why: 'versions without each other’s order of tunnel and ESP do not understand each other; the version is what names the cause',
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
