import { encapsulate, matchFamily, tunnelOf } from '../plan/tunnel.ts';
import { cell, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** Before the filters of the layout. */
const EARLY = 2;

/** Mark of a tunnel packet that passes unprotected: no policy of IPsec asks for it, and WireGuard's redirect lets its own mark pass. */
const UNPROTECTED = { ipsec: '0', wireguard: '0xe00' } as const;

/** As #46864, where the way of the host to a pod is the tunnel: the request is encrypted, the answer is not. */
export const ANSWERS_TO_HOST_CLEAR: DatapathFault = {
  id: 'L80',
  what: 'the answers of pods of the second node to the host of the first leave in a readable tunnel; the requests are encrypted',
  like: 'F20',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'WIR-01 WIR-03 WIR-11'),
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'WIR-01 WIR-03 WIR-11'),
  ],
  why: 'what goes to the address of the agent’s device of the first node is put into the tunnel before it is marked or redirected; every request is answered, and traffic between pods is encrypted as before. Up to 1.17, and with native routing, this way is clear by design (with node encryption: L52)',
  inject: async (context) => {
    const { laid, options } = context;
    const tunnel = tunnelOf(options.intent.routing);
    if (laid === 'none' || laid === 'tls' || tunnel === undefined || context.profile.tunnelOrder !== 'vxlan-in-esp')
      throw new RangeError('fault L80 needs encryption of the whole tunnel');
    const { other, back } = anyPair(context, 'L80');
    const match = `flower src_ip ${other.self.podCidr} dst_ip ${back.internal}`;
    const out = encapsulate(other, back, tunnel, UNPROTECTED[laid]);
    await filterBatch(
      context,
      other.self.name,
      { tc: [`filter add dev cilium_host egress ${matchFamily(back, EARLY)} ${match} ${out}`] },
      'fault L80',
    );
  },
};
