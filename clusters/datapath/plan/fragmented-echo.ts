import { nftTable } from './masquerade.ts';
import type { NodePlan } from './node-plan.ts';

/** Before connection tracking (-200), after fragments may have been reassembled (-400). */
const PRIORITY = -300;

/**
 * Drops a pod's ICMP over IPv4 that is larger than the MTU of the pods' routes, as fragments or reassembled: replaces Cilium's program on
 * the pod's device (bpf_lxc.c).
 */
export function fragmentedEchoPlan(routeMtu: number): Partial<NodePlan> {
  const ofPods = '  iifname "lxc*" ip protocol icmp';
  return {
    nft: nftTable([
      'chain fragmented_echo {',
      `  type filter hook prerouting priority ${PRIORITY};`,
      `${ofPods} ip frag-off & 0x3fff != 0 drop`,
      `${ofPods} meta length > ${routeMtu} drop`,
      '}',
    ]),
  };
}
