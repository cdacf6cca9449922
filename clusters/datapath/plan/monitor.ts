import { perFamily, type View } from '../topology.ts';
import { nftFamily, nftTable } from './masquerade.ts';
import type { NodePlan } from './node-plan.ts';

/** Packets that are kept, more than a run sends. */
const SIZE = 8192;

/** The nft set of packets with the mark of encrypted ones, one for each family. */
export function markedSet({ family }: View['self']): string {
  return family === 'ipv6' ? 'marked6' : 'marked';
}

/**
 * Notes every packet that leaves by the uplink with the mark of encrypted packets (0xe00): replaces the trace events of Cilium's program there
 * (bpf/bpf_host.c, TRACE_REASON_ENCRYPTED), which Hubble shows as `IP.encrypted`. IPsec passes here before and after it encrypts.
 */
export function monitorPlan(view: View): Partial<NodePlan> {
  return {
    nft: nftTable(
      ...perFamily(view).map(({ self }) => {
        const [ip, set] = [nftFamily(self), markedSet(self)];
        return [
          `set ${set} { type ${self.family}_addr . ${self.family}_addr . inet_proto . inet_service . inet_service; flags dynamic; size ${SIZE}; }`,
          `chain note_${set} {`,
          '  type filter hook postrouting priority 300;',
          `  oifname "${self.uplink}" meta mark & 0xf00 == 0xe00 meta nfproto ${self.family} meta l4proto { tcp, udp, sctp } add @${set} { ${ip} saddr . ${ip} daddr . meta l4proto . th sport . th dport }`,
          '}',
        ];
      }),
    ),
  };
}
