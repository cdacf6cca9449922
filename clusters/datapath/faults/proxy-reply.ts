import { NFT_TABLE } from '../plan/masquerade.ts';
import { cell, ESP_IN_TUNNEL, LOSS, ONE_IN_SA, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { filterBatch, firstPair } from './on-first-node.ts';

/** The port of the UDP echo, used like DNS. */
const PORT = 9000;

/** GHSA-j89h-qrvr-xc36: answers of a proxy on the node were not marked. */
export const PROXY_REPLY_CLEAR: DatapathFault = {
  id: 'L38',
  what: 'a proxy on the second node answers UDP requests in place of its pods, and its answers leave in the clear',
  like: 'F02, F09',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: ONE_IN_SA }, 'XFR-08 WIR-02', LOSS),
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: ESP_IN_TUNNEL }, 'WIR-01 WIR-03', 'WIR-10 WIR-11'),
    cell({ mode: 'ipsec', routings: ['native'] }, 'WIR-01 WIR-03 LIF-06', 'WIR-02 WIR-10 WIR-11'),
  ],
  why: 'the answer comes from the node, not from a pod’s interface, where packets are marked for encryption; where the whole tunnel is encrypted, it is too, so 1.18 with a tunnel and WireGuard have no such fault. In 1.14 the policies of the node that receives ask for ESP, so the answer is dropped there (XfrmInNoPols) before it can go on. With native routing the answer has the address of the node, and the pod does not take it',
  inject: async (context) => {
    const { other, back, options } = firstPair(context, 'L38', 'ipsec');
    if (options.tunnel && options.profile.tunnelOrder === 'vxlan-in-esp')
      throw new RangeError('fault L38: the whole tunnel is encrypted, the answers of a proxy too');
    const nft = [
      `table ${NFT_TABLE} {`,
      '  chain proxy {',
      '    type nat hook prerouting priority -110;',
      `    iifname != "lxc*" ip saddr ${back.podCidr} ip daddr ${other.self.podCidr} udp dport ${PORT} dnat ip to ${other.self.internal}`,
      '  }',
      '}',
    ];
    await filterBatch(context, other.self.name, { nft }, 'fault L38');
  },
};
