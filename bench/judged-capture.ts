/**
 * The judge's pass over one capture file, in a process of its own: prints frames, seconds without start-up and memory as JSON.
 *   node bench/judged-capture.ts FILE ipsec|wireguard
 * @module
 */

import { captureContext } from '../harness/judge/wire/capture-context.ts';
import { readCaptureFacts } from '../harness/judge/wire/read-capture.ts';
import type { Mode } from '../harness/model/mode.ts';
import { fileChunks } from '../harness/run/ledger/file-chunks.ts';
import { profileOf } from '../harness/stacks/stack-of.ts';
import { noise } from '../harness/testing/packets.ts';
import { buildRecording, flow } from '../harness/testing/recording.ts';

/** What one process of the judge measured. */
export interface JudgedCapture {
  readonly frames: number;
  /** Time from opening the file to its facts, without the process start. */
  readonly seconds: number;
  readonly rssMiB: number;
  /** Frames that the claimed encryption does not explain. */
  readonly clear: number;
}

/** Driven flows, whose canaries are looked for. */
const FLOWS = 100;

async function judgeFile(file: string, mode: Mode): Promise<JudgedCapture> {
  const traffic = Array.from({ length: FLOWS }, (_, n) => flow('encrypted', noise(16, n + 1).toString('hex'), { id: `flow ${n}` }));
  const recording = buildRecording({ intent: { mode }, captures: [{ phase: 'encrypted', frames: [] }], traffic });
  const { manifest } = recording;
  const record = manifest.captures[0]!;
  const context = captureContext(manifest, { profile: profileOf(manifest.intent), state: null, events: [] });
  const begin = process.hrtime.bigint();
  const bytes = (path: string): AsyncIterable<Uint8Array> => (path === record.file ? fileChunks(file) : recording.bytes(path));
  const { ledger, clear, gaps } = await readCaptureFacts({ ...recording, bytes }, record, context);
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  if (ledger === null) throw new Error(gaps.join('; '));
  return {
    frames: ledger.frames,
    seconds,
    rssMiB: process.resourceUsage().maxRSS / 1024,
    clear: clear.reduce((sum, { frames }) => sum + frames, 0),
  };
}

if (import.meta.main)
  console.log(JSON.stringify(await judgeFile(process.argv[2]!, process.argv[3] === 'wireguard' ? 'wireguard' : 'ipsec')));
