import { describe, expect, test } from 'vitest';
import * as file from '../../testing/capture-file.ts';
import { noise } from '../../testing/packets.ts';
import { readCapture } from './capture.ts';
import { CaptureFormatError } from './format-error.ts';

interface Seen {
  seconds: number;
  nanoseconds: number;
  linkType: number;
  bytes: string;
}

async function read(bytes: Uint8Array, chunk = 7): Promise<{ frames: Seen[]; truncatedTail: boolean; format: string }> {
  const frames: Seen[] = [];
  const summary = await readCapture(
    file.inChunks(bytes, chunk),
    (f) => {
      const frame = Buffer.from(f.buffer.subarray(f.start, f.start + f.caplen)).toString('hex');
      frames.push({ seconds: f.seconds, nanoseconds: f.nanoseconds, linkType: f.linkType, bytes: frame });
    },
    'sample.pcap',
  );
  return { frames, ...summary };
}

const A = noise(61, 1);
const B = noise(14, 2);

describe('pcap', () => {
  for (const littleEndian of [true, false]) {
    for (const nanoseconds of [true, false]) {
      test(`${littleEndian ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds, at any chunk size`, async () => {
        const kind = { littleEndian, nanoseconds };
        const record = (frame: Uint8Array, seconds: number) => file.pcapRecord(frame, { seconds, fraction: 7, kind });
        const bytes = Buffer.concat([file.pcapHeader(113, kind), record(A, 0), record(B, 1)]);
        for (const chunk of [1, 3, 24, 40, 1000]) {
          const got = await read(bytes, chunk);
          expect(got.frames).toEqual([
            { seconds: 0, nanoseconds: nanoseconds ? 7 : 7000, linkType: 113, bytes: A.toString('hex') },
            { seconds: 1, nanoseconds: nanoseconds ? 7 : 7000, linkType: 113, bytes: B.toString('hex') },
          ]);
          expect(got).toMatchObject({ format: 'pcap', truncatedTail: false });
        }
      });
    }
  }

  test('a file that ends inside a record says so and keeps the records before', async () => {
    const bytes = file.pcapFile([A, B]);
    for (const cut of [1, 13, 14, 29]) {
      expect(await read(bytes.subarray(0, bytes.length - cut))).toMatchObject({ truncatedTail: true, frames: [{}] });
    }
    expect(await read(bytes.subarray(0, 24))).toMatchObject({ truncatedTail: false, frames: [] });
  });

  test('a file that is not a capture is refused with name, offset and reason', async () => {
    await expect(read(new Uint8Array(0))).rejects.toThrow('sample.pcap: not readable as a capture at byte 0: the file is empty');
    await expect(read(Buffer.from('hello, world'))).rejects.toThrow(/magic 0x68656c6c is neither/);
    await expect(read(file.pcapHeader().subarray(0, 20))).rejects.toThrow(/ends inside its header, after 20 bytes/);
    const huge = Buffer.concat([file.pcapHeader(), file.pcapRecord(A)]);
    huge.writeUInt32LE(0x7fffffff, 24 + 8);
    await expect(read(huge)).rejects.toThrow(CaptureFormatError);
    await expect(read(huge)).rejects.toMatchObject({ offset: 24, file: 'sample.pcap' });
  });
});

describe('pcapng', () => {
  for (const le of [true, false]) {
    test(`${le ? 'little' : 'big'} endian, two interfaces of different resolution, foreign blocks skipped`, async () => {
      const bytes = Buffer.concat([
        file.pcapngSection(le),
        file.pcapngInterface(1, 6, le),
        file.pcapngInterface(276, 9, le),
        file.pcapngBlock(0x0bad, noise(301), le),
        file.pcapngPacket(0, 1_700_000_000_123_456n, A, le),
        file.pcapngPacket(1, 1_700_000_000_123_456_789n, B, le),
      ]);
      for (const chunk of [1, 5, 64, 4096]) {
        expect(await read(bytes, chunk)).toEqual({
          format: 'pcapng',
          truncatedTail: false,
          frames: [
            { seconds: 1_700_000_000, nanoseconds: 123_456_000, linkType: 1, bytes: A.toString('hex') },
            { seconds: 1_700_000_000, nanoseconds: 123_456_789, linkType: 276, bytes: B.toString('hex') },
          ],
        });
      }
    });
  }

  test('simple packet block', async () => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(A.length);
    const bytes = Buffer.concat([file.pcapngSection(), file.pcapngInterface(1, 6), file.pcapngBlock(3, Buffer.concat([length, A]))]);
    expect((await read(bytes)).frames).toMatchObject([{ bytes: A.toString('hex') }]);
  });

  test('a packet of an interface that no block describes is refused; a skipped block that is cut is a truncated tail', async () => {
    await expect(read(Buffer.concat([file.pcapngSection(), file.pcapngPacket(0, 0n, A)]))).rejects.toThrow(/interface 0, which no block/);
    const cut = Buffer.concat([file.pcapngSection(), file.pcapngBlock(0x0bad, noise(300)).subarray(0, 100)]);
    expect(await read(cut)).toMatchObject({ truncatedTail: true, frames: [] });
  });
});
