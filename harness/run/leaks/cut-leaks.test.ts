import { expect, test } from 'vitest';
import { readCapture } from '../../decode/wire/capture.ts';
import { clearPing, espFrame, tunnelFrame } from '../../testing/node-frames.ts';
import { ethernetFrame, icmpEcho, ipv4Packet } from '../../testing/packets.ts';
import { buildRecording, flow } from '../../testing/recording.ts';
import { POD1, POD2 } from '../../testing/two-nodes.ts';
import { assess } from '../assess.ts';
import { cutLeaks } from './cut-leaks.ts';

const [CLEAR, SECRET] = ['c1ea'.repeat(8), '5ec2'.repeat(8)];
const traffic = [flow('clear', CLEAR), flow('encrypted', SECRET)];
const clearPhase = { phase: 'clear' as const, frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] };
/** A ping of the two pods that nobody drove, with somebody's data in it. */
const echo = icmpEcho(8, Buffer.from('password=hunter2, and a name'));
const stranger = tunnelFrame('out', ethernetFrame(ipv4Packet(POD1, POD2, 1, echo)));

const recordingOf = (frames: readonly Uint8Array[]) => buildRecording({ captures: [clearPhase, { phase: 'encrypted', frames }], traffic });

test('a green recording has nothing to cut out', async () => {
  const recording = recordingOf([espFrame('out', 1), espFrame('back', 1)]);
  const report = await assess(recording);
  expect(await cutLeaks({ ...report, verdicts: [], flows: [] }, recording)).toEqual([]);
});

test('the frames of a leak are cut out under their numbers, with the canary and without anybody’s data', async () => {
  const recording = recordingOf([espFrame('out', 1), espFrame('back', 1), clearPing(8, SECRET), stranger]);
  const [leak, ...others] = await cutLeaks(await assess(recording), recording);
  expect(others).toEqual([]);
  expect(leak).toMatchObject({ file: 'leak-1.pcap', capture: recording.manifest.captures[1]?.file });
  const bytes = Buffer.from(leak!.bytes);
  expect(bytes.includes(Buffer.from(SECRET, 'hex'))).toBe(true);
  expect(bytes.includes('hunter2')).toBe(false);
  const lengths: number[] = [];
  const summary = await readCapture(
    (async function* () {
      yield bytes;
    })(),
    ({ caplen }) => void lengths.push(caplen),
  );
  expect(summary).toEqual({ format: 'pcap', truncatedTail: false });
  expect(leak?.frames.map(({ at }) => at)).toEqual(lengths.map((_, index) => index + 1));
  for (const { hex } of leak?.frames ?? []) expect(hex).toMatch(/^([0-9a-f]{2})+$/);
  expect(JSON.stringify(leak?.frames)).not.toContain(Buffer.from('hunter2').toString('hex'));
});

test('a capture that is not in the recording, and a frame that is not in the capture, give no file', async () => {
  const recording = recordingOf([espFrame('out', 1), clearPing(8, SECRET)]);
  const report = await assess(recording);
  const [first] = report.flows;
  const of = (capture: string, frame: number) =>
    cutLeaks({ ...report, verdicts: [], flows: [{ ...first!, firstReadable: { capture, frame } }] }, recording);
  expect(await of('../../etc/passwd', 1)).toEqual([]);
  expect(await of(recording.manifest.captures[1]!.file, 99)).toEqual([]);
});
