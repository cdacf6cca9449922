import type { Examination } from '../../harness/judge/state/examination.ts';
import type { KeySecret } from '../../harness/stacks/agent-items.ts';

/** The key Secret as it was read for the judged phase; undefined, and a gap, when it was not. */
export function keySecretOf(x: Examination): KeySecret | undefined {
  const reads = x.facts.state.api.filter((a) => a.snapshot !== 'clear').map((a) => a.keySecret);
  const read = reads.find((datum) => datum.ok || !datum.absent) ?? reads[0];
  if (read !== undefined) return x.use(read);
  x.gap('the recording has no snapshot of the API server');
  return undefined;
}
