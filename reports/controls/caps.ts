import type { EnvironmentClass } from '../../harness/model/cluster.ts';
import type { Report } from '../../harness/model/report.ts';
import type { FrameworkControl } from './framework-schema.ts';
import type { ControlStrength, DeclaredApplicability } from './rows.ts';

/** The most strength that evidence may have, with the reason. */
export interface Cap {
  readonly limit: ControlStrength;
  readonly reason: string;
}

const ORDER: readonly ControlStrength[] = ['out-of-reach', 'supporting', 'partial', 'direct'];

/** The weaker of two strengths. */
export function weaker(a: ControlStrength, b: ControlStrength): ControlStrength {
  return ORDER[Math.min(ORDER.indexOf(a), ORDER.indexOf(b))] ?? 'out-of-reach';
}

/** The strongest of a set; `out-of-reach` for an empty one. */
export function strongest(strengths: readonly ControlStrength[]): ControlStrength {
  return ORDER[Math.max(0, ...strengths.map((strength) => ORDER.indexOf(strength)))] ?? 'out-of-reach';
}

/** The most that an environment can prove about the operation and the design of a control: a lab proves neither for a real cluster. */
const BY_ENVIRONMENT: Readonly<Record<EnvironmentClass, Readonly<Record<FrameworkControl['reach'], Cap>>>> = {
  lab: {
    operation: { limit: 'supporting', reason: 'recorded in the lab: it says nothing of how any other cluster operates' },
    design: { limit: 'supporting', reason: 'recorded in the lab, which has no control plane' },
  },
  'ephemeral-test': {
    operation: { limit: 'supporting', reason: 'recorded in a cluster made for the test: evidence of design, not of operation' },
    design: { limit: 'direct', reason: '' },
  },
  'pre-production': {
    operation: { limit: 'partial', reason: 'recorded in pre-production: that production is the same is not shown' },
    design: { limit: 'direct', reason: '' },
  },
  'production-readonly': { operation: { limit: 'direct', reason: '' }, design: { limit: 'direct', reason: '' } },
};

/** The caps that hold for every procedure of a control. */
export function capsOf(report: Report, control: FrameworkControl, applicability: DeclaredApplicability): readonly Cap[] {
  const caps = [BY_ENVIRONMENT[report.environment.class][control.reach]];
  if (applicability.state === 'not-applicable-as-declared')
    caps.push({ limit: 'supporting', reason: 'declared not applicable: what was seen is good practice at the most' });
  if (applicability.state === 'not-declared') caps.push({ limit: 'supporting', reason: 'it is not declared that the requirement binds' });
  return caps;
}
