import type { Routing } from '../../model/mode.ts';
import type { IpsecProfile } from '../../stacks/profile.ts';
import { tunnelsOf } from './associations.ts';
import type { Examination } from './examination.ts';
import { addressKey } from './networks.ts';

const ROUTINGS: readonly Routing[] = ['vxlan', 'geneve', 'native'];

/** Tells which other routing an SA or a template belongs to that the claimed one has no use for. */
export type FormerRouting = (ends: { readonly src: string; readonly dst: string }) => Routing | null;

/**
 * After a change of routing agents leave the SAs and policies of the former one: between node addresses those of a tunnel, between
 * internal addresses those of native routing. Null for what the claimed routing has too, and for what no routing has.
 */
export function formerRouting(x: Examination, ipsec: IpsecProfile): FormerRouting {
  const claimed = x.facts.manifest.intent.routing;
  // The claimed routing last: what it has too is of no other.
  const routings = [...ROUTINGS.filter((routing) => routing !== claimed).toReversed(), claimed];
  const byEnds = new Map(routings.flatMap((routing) => tunnelsOf(x, ipsec, routing).map((tunnel) => [endsKey(tunnel), routing] as const)));
  return (ends) => {
    const routing = byEnds.get(endsKey(ends));
    return routing === undefined || routing === claimed ? null : routing;
  };
}

function endsKey({ src, dst }: { readonly src: string; readonly dst: string }): string {
  return `${addressKey(src)} ${addressKey(dst)}`;
}
