import type { Report } from '../harness/model/report.ts';

/** A part of a recording, and how long it took. */
export interface RecordedStep {
  readonly name: string;
  readonly seconds: number;
}

/** Events that end a step, with its name; the journal's other events are inside a step. */
const STEPS: Readonly<Record<string, string>> = {
  'captures-ready': 'captures started',
  'traffic-ended': 'traffic driven',
  'captures-stopped': 'captures stopped and brought',
  'encryption-enabled': 'encryption turned on',
  'snapshot-ended': 'state of nodes and agents read',
  'window-ended': 'change under load',
  proofs: 'keys compared, packets decrypted',
};

/**
 * The recording as steps that follow each other, from its start to its end by the monotonic clock; their seconds add up to its length. If
 * the journal goes back in time, the step has length 0, never a negative one.
 */
export function recordedSteps({ timeline, run }: Pick<Report, 'timeline' | 'run'>): readonly RecordedStep[] {
  const steps: RecordedStep[] = [];
  let since = run.startedAt.monotonicMs;
  const until = (name: string, at: number): void => {
    const seconds = Number.isFinite(at - since) ? Math.max(0, at - since) / 1000 : 0;
    steps.push({ name, seconds });
    if (at > since) since = at;
  };
  for (const { at, event, detail } of timeline) {
    const name = STEPS[event];
    if (name === undefined) continue;
    const which = [detail.phase, detail.snapshot].filter((part) => typeof part === 'string');
    until([name, ...which].join(', '), at.monotonicMs);
  }
  until('recording closed', run.endedAt.monotonicMs);
  return steps;
}
