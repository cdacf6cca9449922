import type { Intent } from '../../harness/model/intent.ts';
import type { ClaimRefusal } from '../../harness/model/provider.ts';
import { stackOf } from '../../harness/stacks/stack-of.ts';
import { layoutRefusal } from '../datapath/layout-refusal.ts';
import { meshRefusal } from '../mesh/layout.ts';

/** The first claim of an intent that the lab cannot configure; null if there is none. */
export function labRefusal(intent: Intent): ClaimRefusal | null {
  switch (stackOf(intent).name) {
    case 'cilium':
      return layoutRefusal(intent);
    case 'plain-wireguard':
      return meshRefusal(intent);
    case 'mesh-tls':
      // The stack refuses what its only profile does not have.
      return intent.keySource === 'spire'
        ? { claim: 'keySource', why: 'the lab issues certificates by an authority of its own, not by SPIRE' }
        : null;
    case 'istio-ambient':
    case 'linkerd':
    case 'cilium-ztunnel':
      return {
        claim: 'stack',
        why: 'the lab has no such mesh, only the shapes of --stack mesh-tls; it is examined with --target existing',
      };
  }
}
