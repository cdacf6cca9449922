import { expect, test } from 'vitest';
import { pcapFile } from '../../testing/capture-file.ts';
import { espFrame } from '../../testing/node-frames.ts';
import { examineCapture } from '../ledger/ledger.ts';
import { EspConflicts } from './esp-conflicts.ts';

async function conflictsOf(frames: readonly Uint8Array[], limit?: number): Promise<EspConflicts> {
  const conflicts = new EspConflicts(limit);
  const source = (async function* () {
    yield pcapFile(frames);
  })();
  await examineCapture(source, {}, (frame) => conflicts.note(frame));
  return conflicts;
}

test('the same sequence number with another content is a conflict, with the same content or in another SA it is none', async () => {
  const frames = [espFrame('out', 1), espFrame('out', 1), espFrame('back', 1), espFrame('out', 1, 4), espFrame('out', 1, 3, 96)];
  const { found, uncompared } = await conflictsOf(frames);
  expect(found).toEqual([{ src: '172.18.0.1', dst: '172.18.0.2', spi: '0x00000003', seq: 1, frame: 5 }]);
  expect(uncompared).toBe(0);
});

test('what comes after the bound is counted, so that no check can call it compared', async () => {
  const { found, uncompared } = await conflictsOf([espFrame('out', 1), espFrame('out', 2), espFrame('out', 3)], 2);
  expect(found).toEqual([]);
  expect(uncompared).toBe(1);
});

test('an initialisation vector under two sequence numbers of one SA is a reused nonce', async () => {
  const withIv = (sequence: number, iv: number, spi = 3): Buffer => {
    const frame = Buffer.from(espFrame('out', sequence, spi));
    // Ethernet, IPv4, SPI and sequence number stand before it.
    frame.writeBigUInt64BE(BigInt(iv), 14 + 20 + 8);
    return frame;
  };
  const { repeatedIvs, found } = await conflictsOf([withIv(1, 77), withIv(2, 78), withIv(3, 77), withIv(1, 77, 4)]);
  expect(found).toEqual([]);
  expect(repeatedIvs).toEqual([{ src: '172.18.0.1', dst: '172.18.0.2', spi: '0x00000003', seq: 3, other: 1, frame: 3 }]);
});
