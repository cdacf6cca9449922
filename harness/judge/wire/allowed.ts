import ipaddr from 'ipaddr.js';
import type { AllowedTraffic } from '../../model/allowed-traffic.ts';
import type { Intent } from '../../model/intent.ts';

/** What an entry of the intent is compared with. */
export interface TrafficKind {
  readonly etherType?: string | null;
  readonly src: string | null;
  readonly dst: string | null;
  readonly protocol: string | null;
  readonly sport: number | null;
  readonly dport: number | null;
}

/** The entry of the intent that allows a kind of traffic, or null. */
export function allowedBy({ allow = [] }: Pick<Intent, 'allow'>, kind: TrafficKind): AllowedTraffic | null {
  return allow.find((entry) => fits(entry, kind)) ?? null;
}

function fits({ etherType, protocol, port, address }: AllowedTraffic, kind: TrafficKind): boolean {
  if (etherType !== undefined && (kind.etherType !== etherType || kind.protocol !== null)) return false;
  if (protocol !== undefined && kind.protocol !== protocol) return false;
  if (port !== undefined && kind.sport !== port && kind.dport !== port) return false;
  return address === undefined || [kind.src, kind.dst].some((end) => end !== null && liesIn(end, address));
}

function liesIn(end: string, place: string): boolean {
  if (!ipaddr.isValid(end)) return false;
  const parsed = ipaddr.parse(end);
  if (ipaddr.isValid(place)) return ipaddr.parse(place).toString() === parsed.toString();
  if (!ipaddr.isValidCIDR(place)) return false;
  const [base, bits] = ipaddr.parseCIDR(place);
  return base.kind() === parsed.kind() && parsed.match(base, bits);
}
