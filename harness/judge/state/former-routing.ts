import type { Routing } from '../../model/mode.ts';
import type { IpsecProfile } from '../../stacks/profile.ts';
import { tunnelsOf } from './associations.ts';
import type { Examination } from './examination.ts';
import { sameAddress } from './networks.ts';

const ROUTINGS: readonly Routing[] = ['vxlan', 'geneve', 'native'];

/** Tells which other routing an SA or a template belongs to that the claimed one has no use for. */
export type FormerRouting = (ends: { readonly src: string; readonly dst: string }) => Routing | null;

/**
 * After a change of routing agents leave the SAs and policies of the former one: between node addresses those of a tunnel, between
 * internal addresses those of native routing. Null for what the claimed routing has too, and for what no routing has.
 */
export function formerRouting(x: Examination, ipsec: IpsecProfile): FormerRouting {
  const claimed = x.facts.manifest.intent.routing;
  const own = tunnelsOf(x, ipsec);
  const others = ROUTINGS.filter((routing) => routing !== claimed).map((routing) => ({ routing, tunnels: tunnelsOf(x, ipsec, routing) }));
  return ({ src, dst }) => {
    const isOf = (tunnel: { readonly src: string; readonly dst: string }): boolean =>
      sameAddress(tunnel.src, src) && sameAddress(tunnel.dst, dst);
    if (own.some(isOf)) return null;
    return others.find(({ tunnels }) => tunnels.some(isOf))?.routing ?? null;
  };
}
