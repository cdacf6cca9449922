import type { AnyCheck, Check } from '../judge/check.ts';
import { findingOf } from '../judge/judge.ts';
import { readState } from '../judge/state/state-facts.ts';
import { readWindow } from '../judge/window/window-facts.ts';
import type { CaptureFacts } from '../judge/wire/capture-facts.ts';
import type { Intent } from '../model/intent.ts';
import type { JournalEvent, Recording, RecordingManifest } from '../model/recording.ts';
import type { Finding } from '../model/verdict.ts';
import { profileOf } from '../stacks/stack-of.ts';
import { type FindingText, findingText } from './finding-text.ts';
import { healthyOutputs } from './healthy-outputs.ts';
import { buildRecording, type OutputParts } from './recording.ts';

/** The changes of a test to the healthy sample. */
export interface SampleChange {
  readonly intent?: Partial<Intent>;
  /** Change outputs; one that becomes null is left out. */
  readonly output?: (output: OutputParts) => OutputParts | null;
  readonly captures?: readonly CaptureFacts[];
  readonly traffic?: RecordingManifest['traffic'];
  readonly proofs?: RecordingManifest['proofs'];
  /** The journal. */
  readonly events?: readonly JournalEvent[];
  /** Texts of further files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Judge a recording's state by one check; the captures are given, not read. */
export async function judgeState(
  recording: Recording,
  check: Check,
  captures: readonly CaptureFacts[] = [],
): Promise<FindingText<Finding>> {
  const { manifest } = recording;
  const facts = {
    manifest,
    profile: profileOf(manifest.intent),
    state: await readState(recording),
    wire: { captures, flows: [] },
    window: await readWindow(recording),
    evidence: { files: 0, bytes: 0, secrets: [], gaps: [], control: { planted: 0, missed: [] }, knownWindows: null },
  };
  return findingText(findingOf(check, facts, (x) => check.judge(x)));
}

/** Judge the healthy sample, or what a test made of it, by the check of that id. */
export async function judgeSample(
  checks: readonly AnyCheck[],
  id: string,
  mode: 'ipsec' | 'wireguard',
  change: SampleChange = {},
): Promise<FindingText<Finding>> {
  const check = checkOf(checks, id);
  const outputs = healthyOutputs(mode).flatMap((output) => (change.output ?? ((o) => o))(output) ?? []);
  const recording = buildRecording({
    intent: { mode, ...change.intent },
    outputs,
    traffic: change.traffic ?? [],
    ...(change.proofs === undefined ? {} : { proofs: change.proofs }),
    ...(change.files === undefined ? {} : { files: change.files }),
    ...(change.events === undefined ? {} : { events: change.events }),
  });
  return judgeState(recording, check, change.captures);
}

/** Replace text in one collector's output of one node, in both snapshots. A text that is not found is an error of the test. */
export function edit(node: string | null, collector: string, from: string | RegExp, to: string): NonNullable<SampleChange['output']> {
  return (output) => {
    if (output.node !== node || output.collector !== collector) return output;
    const stdout = output.stdout.replace(from, to);
    if (stdout === output.stdout) throw new RangeError(`${collector} of ${node} does not hold ${from}`);
    return { ...output, stdout };
  };
}

/** The check of facts of that id. */
export function checkOf(checks: readonly AnyCheck[], id: string): Check {
  const check = checks.find((c) => c.id === id);
  if (check === undefined || !('judge' in check)) throw new RangeError(`there is no check of facts ${id}`);
  return check;
}
