import type { AnyCheck } from '../harness/judge/check.ts';
import { isOfNodes } from '../harness/judge/digest/node-digest.ts';
import { isOfFacts } from '../harness/judge/judge.ts';
import { catalogue } from '../suites/catalogue.ts';

/** Which checks digests of nodes answer, and what the others need, as a table of docs/scale.md. */
export function digestsTable(): string {
  const rows = Map.groupBy(catalogue, whyMore);
  return [
    '| what the check needs | checks |',
    '|---|---|',
    ...[...rows]
      .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .map(([why, checks]) => `| ${why} | ${checks.map(({ id }) => id).join(', ')} |`),
  ].join('\n');
}

const [DIGESTS, VERDICTS, NODES, CAPTURES, SCENARIO, RECORDING] = [
  'digests are enough',
  'the verdicts of the other checks',
  'the state of several nodes at once',
  'captures',
  'the journal of a scenario',
  'the recording itself',
] as const;
const ORDER: readonly string[] = [DIGESTS, NODES, CAPTURES, SCENARIO, RECORDING, VERDICTS];

function whyMore(check: AnyCheck): string {
  if (!isOfFacts(check)) return VERDICTS;
  const { needs, scenarios, comparesNodes } = check;
  if (isOfNodes(check)) return DIGESTS;
  if (needs.includes('capture')) return CAPTURES;
  if (scenarios !== undefined) return SCENARIO;
  return comparesNodes === true ? NODES : RECORDING;
}
