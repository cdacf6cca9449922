import type { RecordingManifest } from '../model/recording.ts';
import type { Need } from '../model/report.ts';
import { type CheckVerdict, plainFinding } from '../model/verdict.ts';
import { stackOf } from '../stacks/stack-of.ts';

const noneOf = (shell: string) => (manifest: RecordingManifest) => manifest.commands.every((command) => command.shell !== shell);

/** How to see that a recording has nothing of a kind of evidence. */
const NOTHING_RECORDED: Readonly<Record<Need, (manifest: RecordingManifest) => boolean>> = {
  'agent-shell': noneOf('agent'),
  'host-shell': noneOf('host'),
  'node-objects': ({ commands, intent }) => {
    const objects = stackOf(intent).readings?.nodeObjects.collector;
    return commands.every(({ collector, exitCode }) => collector !== objects || exitCode !== 0);
  },
  capture: ({ captures }) => captures.length === 0,
};

/**
 * A check is not exercised if it needs something that the cluster declares, with a reason, that it cannot provide, and nothing of it was
 * recorded. Damaged or partial evidence stays inconclusive, and a contradiction stays a contradiction.
 */
export function withoutMissingNeeds(verdict: CheckVerdict, needs: readonly Need[], manifest: RecordingManifest): CheckVerdict {
  if (verdict.verdict !== 'inconclusive') return verdict;
  for (const need of needs) {
    const declared = manifest.cluster.capabilities[need];
    if (declared === undefined || declared.available || !NOTHING_RECORDED[need](manifest)) continue;
    const { id, expected, evidence } = verdict;
    return { id, ...plainFinding('not-exercised', `this cluster does not provide ${need}: ${declared.reason}`, expected, evidence) };
  }
  return verdict;
}
