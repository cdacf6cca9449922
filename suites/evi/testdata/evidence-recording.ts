import type { AnyCheck } from '../../../harness/judge/check.ts';
import type { ControlRecord } from '../../../harness/judge/controls/control-record.ts';
import type { JournalEvent, RecordingManifest } from '../../../harness/model/recording.ts';
import { judgeAsText, type VerdictText } from '../../../harness/testing/finding-text.ts';
import { journalOf } from '../../../harness/testing/journal.ts';
import { fileRecordsOf, type MemoryRecording, memoryRecording } from '../../../harness/testing/memory-recording.ts';
import { clearPing, espFrame } from '../../../harness/testing/node-frames.ts';
import { buildRecording, flow } from '../../../harness/testing/recording.ts';
import { checksOf } from '../../catalogue.ts';

/** The checks WIR of the facts, which EVI-03 and EVI-04 judge again. */
export const factChecks = checksOf('WIR').filter((check) => 'judge' in check);
const checks = [...factChecks, ...checksOf('EVI')];

/** How a recording differs from the one that the writer leaves. */
export interface EvidenceChange {
  readonly manifest?: (manifest: RecordingManifest) => RecordingManifest;
  /** Text of a command's output that is added. */
  readonly output?: string;
  readonly collector?: string;
  /** Bytes that a ping in the clear carries instead of its canary, 16 as hex digits. */
  readonly payload?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly plan?: string | null;
  readonly journal?: (lines: readonly JournalEvent[]) => readonly JournalEvent[];
}

/** A recording as the writer leaves it: hashes, the plan's digest, a marked secret. */
export function wholeRecording({
  manifest = (m) => m,
  output = 'nothing here\n',
  collector = 'cilium-status',
  payload,
  extra = {},
  plan,
  journal = (lines) => lines,
}: EvidenceChange = {}): MemoryRecording {
  const canary = payload ?? 'ab'.repeat(16);
  const base = buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, canary)] },
      { phase: 'encrypted', frames: [espFrame('out', 1), espFrame('back', 1)] },
    ],
    traffic: [flow('clear', canary), flow('encrypted', 'cd'.repeat(16))],
  });
  const files = new Map<string, string | Uint8Array>([
    ...base.files,
    ['commands/a.txt', output],
    ['commands/a.err', ''],
    ...Object.entries(extra),
  ]);
  const at = base.manifest.run.startedAt;
  const command = {
    snapshot: 'after',
    node: 'node1',
    shell: 'agent',
    argv: ['cilium-dbg', 'status'],
    exitCode: 0,
    startedAt: at,
    endedAt: at,
  } as const;
  const filled: RecordingManifest = {
    ...base.manifest,
    commands: [{ ...command, collector, stdout: 'commands/a.txt', stderr: 'commands/a.err' }],
    files: fileRecordsOf(files),
  };
  const [first, ...others] = journalOf(filled);
  const started = plan === undefined ? first! : { ...first!, detail: { ...first!.detail, plan } };
  return memoryRecording(manifest(filled), files, plan === null ? [] : journal([started, ...others]));
}

/** The verdict of one check on a changed recording. */
export async function eviVerdict(
  id: string,
  change: EvidenceChange = {},
  list: readonly AnyCheck[] = checks,
  controls?: ControlRecord,
): Promise<VerdictText> {
  const { verdicts } = await judgeAsText(wholeRecording(change), list, controls);
  const found = verdicts.find((v) => v.id === id);
  if (found === undefined) throw new RangeError(`${id} was not judged`);
  return found;
}
