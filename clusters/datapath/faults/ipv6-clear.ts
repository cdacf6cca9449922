import type { DatapathContext } from '../context.ts';
import { blockSelector, outSelector } from '../plan/ipsec-policies.ts';
import { matchFamily } from '../plan/tunnel.ts';
import { perFamily, type View } from '../topology.ts';
import { BARE_IN_WIREGUARD, BOTH, CLEAR, cell, ESP_IN_TUNNEL, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { filterBatch, firstPair, ipBatch } from './on-first-node.ts';

/** The first node in IPv6. @throws RangeError if IPv6 and IPv4 are not both configured */
function inIpv6(context: DatapathContext, view: View): View {
  const found = perFamily(view).find(({ self }) => self.family === 'ipv6');
  if (found === undefined || view.others.length === 0)
    throw new RangeError(`fault L06 needs ipv4 and ipv6, but ${context.options.intent.families.join(', ')} is set up`);
  return found;
}

/** IPv6 of the first node loses its policies; IPv4 keeps them. */
export const IPV6_CLEAR: DatapathFault = {
  id: 'L06',
  what: 'IPv6 of the first node leaves in the clear, IPv4 encrypted',
  like: 'F11, F19',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: ['native'], families: BOTH }, 'XFR-06 XFR-07 WIR-01 WIR-02 WIR-03', CLEAR, 'WIR-13 XFR-09'),
    cell(
      { mode: 'ipsec', routings: TUNNELS, profiles: ESP_IN_TUNNEL, families: BOTH },
      'XFR-06 XFR-07 WIR-01 WIR-02 WIR-03',
      CLEAR,
      'WIR-13 XFR-09',
    ),
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP, families: BOTH }, 'XFR-06 XFR-07'),
    cell({ mode: 'wireguard', routings: ['native'], families: BOTH }, 'WIR-01 WIR-03', CLEAR, 'WGD-06 WIR-13'),
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: BARE_IN_WIREGUARD, families: BOTH }, 'WIR-01 WIR-03', CLEAR, 'WGD-06 WIR-13'),
  ],
  why: 'each family has policies and redirects of its own: with those of IPv6 gone its packets leave as they are, every request is answered and nothing of IPv4 changes. From 1.18 the IPv6 policies carry nothing in tunnel mode, because both families are inside the tunnel that ESP carries: only the policies tell',
  inject: async (context) => {
    if (context.laid === 'wireguard') return withoutRedirect(context);
    const { view, options } = firstPair(context, 'L06', 'ipsec');
    const own = inIpv6(context, view);
    const gone = [...own.peers.map((peer) => outSelector(options, peer)), blockSelector('ipv6')];
    await ipBatch(
      context,
      own.self.name,
      gone.map((selector) => `xfrm policy delete ${selector}`),
      'fault L06',
    );
  },
};

/** WireGuard distinguishes families only if pod packets are redirected, not the tunnel. */
async function withoutRedirect(context: DatapathContext): Promise<void> {
  const { view } = firstPair(context, 'L06', 'wireguard');
  const own = inIpv6(context, view);
  const { routing } = context.options.intent;
  if (routing !== 'native' && context.profile.wireguard.encapsulates)
    throw new RangeError(`fault L06: Cilium ${context.profile.version} redirects the tunnel, which holds both families`);
  const from = routing === 'native' ? own.self.uplink : 'cilium_host';
  await filterBatch(context, own.self.name, { tc: [`filter del dev ${from} egress ${matchFamily(own.self, 5)}`] }, 'fault L06');
}
