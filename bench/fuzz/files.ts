import { CaptureFormatError } from '../../harness/decode/wire/format-error.ts';
import { accountFor } from '../../harness/judge/ledger/ledger.ts';
import { podSpace } from '../../harness/judge/wire/pod-space.ts';
import { captureTokens } from '../../harness/run/pack/capture-tokens.ts';
import { CaptureCutter } from '../../harness/run/pack/cut-capture.ts';
import { inChunks, pcapFile, pcapngInterface, pcapngPacket, pcapngSection } from '../../harness/testing/capture-file.ts';
import { twoNodes } from '../../harness/testing/two-nodes.ts';
import { sampleFrames } from './frames.ts';
import { type FuzzPart, must } from './part.ts';
import { mutateBytes } from './random.ts';

/** Capture files through the ledger and through the cutter of packs, in chunks of any size. */
export function filesPart(): FuzzPart {
  const frames = sampleFrames();
  const samples = [
    pcapFile(frames),
    pcapFile(frames, 1, { littleEndian: false, nanoseconds: true }),
    pcapFile(
      frames.map((frame) => frame.subarray(14)),
      101,
    ),
    Buffer.concat([pcapngSection(), pcapngInterface(1, 9), ...frames.map((frame) => pcapngPacket(0, 1_700_000_000_000_000_000n, frame))]),
    Buffer.concat([
      pcapngSection(false),
      pcapngInterface(1, 6, false),
      ...frames.map((frame) => pcapngPacket(0, 1_700_000_000_000_000n, frame, false)),
    ]),
  ];
  const tokens = captureTokens({ traffic: [], captures: [] });
  const space = podSpace(twoNodes);
  return {
    name: 'files',
    about: 'mutated pcap and pcapng through the ledger and the cutter of packs',
    async run(random) {
      const bytes = mutateBytes(random, random.of(samples), samples);
      const chunk = 1 + random.below(3000);
      try {
        const ledger = await accountFor(inChunks(bytes, chunk), { file: 'fuzz' });
        const classes = Object.values(ledger.classes);
        must(classes.reduce((sum, { frames: n }) => sum + n, 0) === ledger.frames, 'frames of the classes are not all frames');
        must(classes.reduce((sum, { bytes: n }) => sum + n, 0) === ledger.wireBytes, 'bytes of the classes are not all bytes');
        const cutter = new CaptureCutter('fuzz', tokens, space);
        let cut = 0;
        for await (const piece of cutter.cut(inChunks(bytes, chunk))) cut += piece.length;
        must(cutter.result.frames === ledger.frames, `the cutter saw ${cutter.result.frames} frames, the ledger ${ledger.frames}`);
        must(cut <= bytes.length + 24 + 16 * (ledger.frames + 1), `cut to ${cut} bytes of ${bytes.length}`);
        return 'read';
      } catch (error) {
        // A pcap cannot have frames of several link types: the cutter throws a RangeError.
        if (error instanceof CaptureFormatError || error instanceof RangeError) return 'refused';
        throw error;
      }
    },
  };
}
