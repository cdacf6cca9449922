import { NFT_TABLE } from '../plan/masquerade.ts';
import { cell, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch, ipBatch } from './on-first-node.ts';

const PORT = 9000;

export const SOURCE_TRANSLATED: DatapathFault = {
  id: 'L28e',
  what: 'UDP from pods of the first node leaves around the encryption with the address of the node as its source',
  like: 'F03',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec' }, 'WIR-01 WIR-03', 'RUL-03 WIR-10 WIR-11'),
    cell({ mode: 'wireguard', nodeEncryption: false }, 'WIR-01 WIR-03', 'RUL-03 WIR-10 WIR-11'),
    // The answer goes to the node through WireGuard, and the device there does not accept a pod's address.
    cell({ mode: 'wireguard', routings: TUNNELS, nodeEncryption: true }, 'WIR-01 WIR-03', 'RUL-03 WGD-06 WIR-02 WIR-10 WIR-11 LIF-06'),
  ],
  why: 'between a node and a pod such a packet would be clear by design: only its canary tells that it is a pod’s',
  inject: async (context) => {
    const { view, peer } = anyPair(context, 'L28e');
    const { uplink, podCidr } = view.self;
    const { mode, routing, nodeEncryption } = context.options.intent;
    if (mode === 'wireguard' && routing === 'native' && nodeEncryption)
      throw new RangeError('fault L28e: node encryption over native routing encrypts by destination, whatever the source');
    const match = `ip saddr ${podCidr} ip daddr ${peer.podCidr} udp dport ${PORT}`;
    const nft = [
      `table ${NFT_TABLE} {`,
      // After the pods are marked (-90): without the mark neither rule nor policy takes the packet.
      `  chain unmark { type filter hook prerouting priority -80; ${match} meta mark set 0; }`,
      `  chain translate { type nat hook postrouting priority 90; ${match} oifname "${uplink}" masquerade; }`,
      '}',
    ];
    await filterBatch(context, view.self.name, { nft }, 'fault L28e');
    const lines = [
      `route replace ${peer.podCidr} via ${peer.underlay} dev ${uplink} table 201`,
      `rule add pref 2 from ${podCidr} to ${peer.podCidr} ipproto udp dport ${PORT} lookup 201`,
    ];
    await ipBatch(context, view.self.name, lines, 'fault L28e');
  },
};
