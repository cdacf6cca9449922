import type { Framework, FrameworkControl } from './framework-schema.ts';
import type { DeclaredApplicability } from './rows.ts';

/** What a user declared about the environment: names of facts with true or false. A missing fact is not declared, and never assumed. */
export type Scope = Readonly<Record<string, boolean>>;

/** Whether a control binds, by the declared facts alone: if one is declared false it does not; if one is missing it is not decided. */
export function applicabilityOf(framework: Framework, control: FrameworkControl, scope: Scope): DeclaredApplicability {
  const facts = [...new Set([...framework.appliesWhen, ...control.appliesWhen])];
  const refuted = facts.filter((fact) => scope[fact] === false);
  if (refuted.length > 0) return { state: 'not-applicable-as-declared', reason: `declared false: ${refuted.join(', ')}` };
  const open = facts.filter((fact) => scope[fact] === undefined);
  if (open.length > 0) return { state: 'not-declared', reason: `applicability not declared: ${open.join(', ')}` };
  return { state: 'applicable', reason: facts.length > 0 ? `declared true: ${facts.join(', ')}` : 'binds without a condition' };
}
