import type { RecordingManifest } from '../model/recording.ts';
import type { CheckVerdict } from '../model/verdict.ts';

/** What a cluster may lack, how a recording shows that nothing of it came, and the checks that cannot be judged without it. */
interface Need {
  readonly capability: string;
  readonly nothingRecorded: (manifest: RecordingManifest) => boolean;
  readonly checks: RegExp;
}

const noneOf = (shell: string) => (manifest: RecordingManifest) => manifest.commands.every((command) => command.shell !== shell);

const NEEDS: readonly Need[] = [
  { capability: 'agent-shell', nothingRecorded: noneOf('agent'), checks: /^(PRE-0[134]|CFG-)/ },
  { capability: 'host-shell', nothingRecorded: noneOf('host'), checks: /^(PRE-0[25]|XFR-|RUL-|WGD-|CFG-07)/ },
  {
    capability: 'cilium-objects',
    nothingRecorded: ({ commands }) => commands.every(({ collector, exitCode }) => collector !== 'cilium-nodes' || exitCode !== 0),
    checks: /^(WGD-03|WIR-08)$/,
  },
  { capability: 'capture', nothingRecorded: ({ captures }) => captures.length === 0, checks: /^(WIR-|EVI-|WGD-0[56])/ },
];

/**
 * A check whose evidence this cluster cannot give at all, which it says with the reason, was not exercised. Only where nothing of that
 * evidence was recorded: evidence that is damaged or came in part stays inconclusive, and what contradicts, contradicts.
 */
export function withoutUnfed(verdict: CheckVerdict, manifest: RecordingManifest): CheckVerdict {
  if (verdict.verdict !== 'inconclusive') return verdict;
  for (const { capability, nothingRecorded, checks } of NEEDS) {
    const declared = manifest.cluster.capabilities[capability];
    if (declared === undefined || declared.available || !checks.test(verdict.id) || !nothingRecorded(manifest)) continue;
    return {
      ...verdict,
      verdict: 'not-exercised',
      reason: `this cluster gives no ${capability}: ${declared.reason}`,
      observed: 'nothing was recorded',
    };
  }
  return verdict;
}
