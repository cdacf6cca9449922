import { STACK_TITLES, STACKS } from '../harness/model/intent.ts';
import { ROUTINGS } from '../harness/model/mode.ts';
import { type FlowPath, flowPathSchema } from '../harness/model/recording.ts';
import type { TreatmentRule } from '../harness/stacks/profile.ts';
import { stackOf } from '../harness/stacks/stack-of.ts';

/** What must happen to the flows of each path, as the profiles have it: the table of docs/flows.md. */
export function flowsTable(): string {
  const rows = flowPathSchema.options.flatMap((path) => STACKS.flatMap((stack) => rowsOf(path, stack)));
  return ['| path | stack, versions | mode | where | must be | why | source |', '|---|---|---|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(path: FlowPath, stack: (typeof STACKS)[number]): readonly string[] {
  const versions = new Map<TreatmentRule, string[]>();
  for (const profile of stackOf({ stack }).profiles)
    for (const rule of profile.treatments)
      if (rule.paths.includes(path) && !rule.modes.includes('none')) versions.set(rule, [...(versions.get(rule) ?? []), profile.id]);
  return [...versions].map(([rule, ids]) => {
    const { modes, treatment, reason, source, document } = rule;
    const origin = source === 'recorded' ? 'seen' : 'read';
    return line([
      path,
      `${STACK_TITLES[stack]} ${ids.join(' ')}`,
      modes.join(', '),
      whereOf(rule),
      treatment,
      reason,
      `${origin}: ${document}`,
    ]);
  });
}

function whereOf({
  routings,
  nodeEncryption,
  protocols,
  families,
  ports,
  strictIngress,
  large,
  loadBalancers,
  xdp,
}: TreatmentRule): string {
  const parts = [
    ...(routings.length === ROUTINGS.length ? [] : [routings.join(', ')]),
    ...(nodeEncryption === 'any' ? [] : [`${nodeEncryption ? 'with' : 'without'} node encryption`]),
    ...(protocols ?? []),
    ...(families ?? []),
    ...(ports === undefined ? [] : [`ports ${ports.join(', ')}`]),
    ...(strictIngress === undefined ? [] : ['`strictIngress` claimed']),
    ...(large === true ? ['larger than the MTU'] : []),
    ...(loadBalancers === undefined ? [] : [`load balancer ${loadBalancers.join(', ')}`]),
    ...(xdp === true ? ['XDP'] : []),
  ];
  return parts.join('; ') || 'anywhere';
}

const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
