import type { View } from '../topology.ts';

/** Name of the one nft table of the reference datapath. */
export const NFT_TABLE = 'inet cilium_datapath';

/** In tunnel mode pods reach anything that is no pod with their node's address, as agents do (seen: pod to remote node). */
export function masqueradeChain(view: View): string[] {
  const cidrs = [view.self, ...view.peers].map((site) => site.podCidr).join(', ');
  return [
    'chain snat_pods {',
    '  type nat hook postrouting priority 100;',
    `  ip saddr ${view.self.podCidr} ip daddr != { ${cidrs} } oifname "${view.self.uplink}" masquerade`,
    '}',
  ];
}

/** The chains as one table for `nft -f`. */
export function nftTable(...bodies: readonly (readonly string[])[]): string[] {
  return [`table ${NFT_TABLE} {`, ...bodies.flat().map((line) => `  ${line}`), '}'];
}
