import type { Facts } from '../../harness/judge/facts.ts';
import type { Family } from '../../harness/model/mode.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';

/** One statement a family: `ipv4: 3 frames; ipv6: none`; an intent of one family needs no names. */
export function eachFamily(facts: Facts, say: (family: Family) => string): string {
  const { families } = facts.manifest.intent;
  return families.map((family) => (families.length === 1 ? say(family) : `${family}: ${say(family)}`)).join('; ');
}

/** The first family of the intent in which the flows prove nothing, with why; null when each family has its own proof. */
export function emptyFamily(
  facts: Facts,
  flows: readonly FlowVerdict[],
  why: (own: readonly FlowVerdict[]) => string | null,
): string | null {
  const { families } = facts.manifest.intent;
  for (const family of families) {
    const reason = why(flows.filter((flow) => flow.family === family));
    if (reason !== null) return families.length === 1 ? reason : `${family}: ${reason}`;
  }
  return null;
}
