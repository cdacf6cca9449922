import { perFamily, type View } from '../topology.ts';
import { NFT_TABLE } from './masquerade.ts';
import type { NodePlan } from './node-plan.ts';

const DEVICES = ['cilium_host', 'cilium_net', 'cilium_vxlan', 'cilium_geneve'];

/** Rules and tables of a layout, for `ip -batch` of either family. */
const RULES = [
  // Twice: one rule for 0xd00 and one for 0xe00.
  'rule del pref 1',
  'rule del pref 1',
  'route flush table 200',
  // Added by faults that send packets around the encryption.
  'rule del pref 2',
  'route flush table 201',
  // Of an egress gateway.
  'rule del pref 3',
  'route flush table 202',
  'rule add pref 0 lookup local',
  'rule del pref 100 lookup local',
  'rule del pref 9',
  'route flush table 2004',
];

/**
 * Deletions that bring a node back to the state before any layout. `devices`: also cilium_host and the tunnel devices, else only
 * encryption.
 */
export function resetPlan(view: View, what: { readonly devices: boolean }): Pick<NodePlan, 'ip' | 'ip6' | 'tc' | 'nft'> {
  const families = perFamily(view);
  return {
    tc: [view.self.uplink, ...DEVICES].map((device) => `qdisc del dev ${device} clsact`),
    // `add` first: deleting an absent table is an error, and nft runs the file as one transaction.
    nft: [`add table ${NFT_TABLE}`, `delete table ${NFT_TABLE}`],
    ip: [
      'xfrm policy flush',
      'xfrm state flush',
      'link del cilium_wg0',
      ...(families.some(({ self }) => self.family === 'ipv4') ? RULES : []),
      ...families.flatMap(({ peers }) => peers.map((peer) => `route del ${peer.podCidr}`)),
      ...(what.devices
        ? [
            'link del cilium_vxlan',
            'link del cilium_geneve',
            ...families.map(({ self }) => `route del ${self.podCidr}`),
            'link del cilium_host',
          ]
        : []),
    ],
    ip6: families.some(({ self }) => self.family === 'ipv6') ? RULES : [],
  };
}
