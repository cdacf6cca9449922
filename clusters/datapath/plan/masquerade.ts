import { perFamily, type View } from '../topology.ts';

/** Name of the one nft table of the reference datapath. */
export const NFT_TABLE = 'inet cilium_datapath';

/** The name of a family's header in nft. */
export function nftFamily({ family }: View['self']): 'ip' | 'ip6' {
  return family === 'ipv6' ? 'ip6' : 'ip';
}

/** In tunnel mode packets of pods to other destinations than pods get the node's address, as with agents (seen: pod to remote node). */
export function masqueradeChain(view: View): string[] {
  return [
    'chain snat_pods {',
    '  type nat hook postrouting priority 100;',
    ...perFamily(view).map(({ self, peers }) => {
      const cidrs = [self, ...peers].map((site) => site.podCidr).join(', ');
      const ip = nftFamily(self);
      return `  ${ip} saddr ${self.podCidr} ${ip} daddr != { ${cidrs} } oifname "${self.uplink}" masquerade`;
    }),
    '}',
  ];
}

/** The chains as one table for `nft -f`. */
export function nftTable(...bodies: readonly (readonly string[])[]): string[] {
  return [`table ${NFT_TABLE} {`, ...bodies.flat().map((line) => `  ${line}`), '}'];
}
