import type { Routing } from '../../model/mode.ts';
import type { IpsecProfile } from '../../stacks/profile.ts';
import { tunnelsOf } from './associations.ts';
import type { Examination } from './examination.ts';
import { addressKey } from './networks.ts';

const ROUTINGS: readonly Routing[] = ['vxlan', 'geneve', 'native'];

/** Returns the other routing to which an SA or a template belongs that the claimed routing does not use. */
export type FormerRouting = (ends: { readonly src: string; readonly dst: string }) => Routing | null;

/**
 * After a change of routing, agents leave the SAs and policies of the former routing: those between node addresses belong to a tunnel,
 * those between internal addresses to native routing. Null for those that the claimed routing has too, and for those that no routing has.
 */
export function formerRouting(x: Examination, ipsec: IpsecProfile): FormerRouting {
  const claimed = x.facts.manifest.intent.routing;
  // The claimed routing comes last: what it has too counts as its own.
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
