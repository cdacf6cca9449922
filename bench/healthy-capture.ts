import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader, pcapRecord } from '../harness/testing/capture-file.ts';
import { beacon, espFrame, nodeFrame, wireguardFrame } from '../harness/testing/node-frames.ts';
import { noise, tcpSegment } from '../harness/testing/packets.ts';

/** Bytes of ciphertext in the frames, in turn. */
const SIZES = [96, 1392, 400, 1392];
/** One frame in so many is clear, between the nodes. */
const CLEAR = 10;
/** Places of the ESP header and of the WireGuard message in a frame of the nodes. */
const ESP_AT = 14 + 20;
const WIREGUARD_AT = 14 + 20 + 8;

/**
 * Write what a tap sees of a healthy cluster of two nodes, one frame every 10 microseconds: ciphertext of consecutive numbers in both
 * directions, and TCP of the nodes themselves. Returns its size in bytes.
 */
export function writeHealthyCapture(path: string, frames: number, mode: 'ipsec' | 'wireguard'): number {
  const clear = nodeFrame('out', 6, tcpSegment(40_000, 6443, 1, noise(300, 1)));
  const templates = (['out', 'back'] as const).flatMap((direction) =>
    SIZES.map((size) => (mode === 'ipsec' ? espFrame(direction, 0, 3, size) : wireguardFrame(direction, 0, size))),
  );
  const file = openSync(path, 'w');
  try {
    let size = writeSync(file, pcapHeader());
    let records: Buffer[] = [];
    for (let i = 0; i < frames; i++) {
      const isBeacon = i === 0 || i === frames - 1;
      const frame = isBeacon ? beacon(i === 0 ? 'start' : 'end') : i % CLEAR === 0 ? clear : templates[i % templates.length]!;
      if (!isBeacon && frame !== clear) setNumber(frame, mode, i);
      const at = 100_000 * Date.parse('2026-01-01') + i;
      records.push(pcapRecord(frame, { seconds: Math.floor(at / 100_000), fraction: (at % 100_000) * 10 }));
      if (records.length < 1000 && i < frames - 1) continue;
      size += writeSync(file, Buffer.concat(records));
      records = [];
    }
    return size;
  } finally {
    closeSync(file);
  }
}

/** Each frame has its own number, and with ESP its own initialisation vector. */
function setNumber(frame: Buffer, mode: 'ipsec' | 'wireguard', number: number): void {
  if (mode === 'wireguard') frame.writeUInt32LE(number, WIREGUARD_AT + 8);
  else {
    frame.writeUInt32BE(number, ESP_AT + 4);
    frame.writeUInt32BE(number, ESP_AT + 12);
  }
}
