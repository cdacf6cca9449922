import type { Intent } from '../../model/intent.ts';
import type { TrafficRecord } from '../../model/recording.ts';
import type { Treatment } from '../../model/report.ts';
import type { Profile } from '../../stacks/profile.ts';

/** What must happen to a kind of flow, and where that is written. */
export interface ExpectedTreatment {
  readonly treatment: Treatment;
  readonly reason: string;
  /** False: neither profile nor intent says it; then `encrypted` is assumed, so that plaintext never passes because of a doubt. */
  readonly known: boolean;
}

/** The fields of a flow that a rule uses. For a path alone, only rules for all its flows apply. */
export type TreatedFlow = Pick<TrafficRecord, 'path'> & Partial<Pick<TrafficRecord, 'largeBytes' | 'protocol' | 'family' | 'port'>>;

/** The first rule of the profile that fits the intent and the flow. */
export function treatmentOf(profile: Profile | null, intent: Intent, flow: TreatedFlow): ExpectedTreatment {
  const { path, protocol, family, port } = flow;
  if (intent.mode === 'none') return { treatment: 'clear-by-design', reason: 'the intent claims no encryption', known: true };
  if (profile === null)
    return { treatment: 'encrypted', reason: `no profile is known for ${intent.profile}; taken as encrypted`, known: false };
  const rule = profile.treatments.find(
    (r) =>
      r.modes.includes(intent.mode) &&
      r.routings.includes(intent.routing) &&
      (r.nodeEncryption === 'any' || r.nodeEncryption === intent.nodeEncryption) &&
      r.paths.includes(path) &&
      (r.protocols === undefined || (protocol !== undefined && r.protocols.includes(protocol))) &&
      (r.families === undefined || (family !== undefined && r.families.includes(family))) &&
      (r.ports === undefined || (port != null && r.ports.includes(port))) &&
      (r.strictIngress === undefined || intent.strictIngress === true) &&
      (r.large === undefined || flow.largeBytes !== undefined) &&
      (r.loadBalancers === undefined || r.loadBalancers.includes(intent.loadBalancer ?? 'snat')) &&
      (r.xdp === undefined || intent.loadBalancerXdp === true),
  );
  if (rule === undefined)
    return { treatment: 'encrypted', reason: `profile ${profile.id} says nothing of ${path}; taken as encrypted`, known: false };
  return { treatment: rule.treatment, reason: `${rule.reason} (${rule.document})`, known: true };
}
