import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pcapFile } from '../../testing/capture-file.ts';
import { ethernetFrame, ipv4Packet, ipv6Packet, noise } from '../../testing/packets.ts';
import { NODE1_V6, NODE2_V6, POD1, POD2 } from '../../testing/two-nodes.ts';
import { Dissector } from './dissect.ts';
import { emptyRawFrame } from './record.ts';

const CANARY = 'ab'.repeat(16);
const PROTOCOL = 132;

/** A chunk (RFC 9260, section 3.2), padded to four bytes. */
function chunk(type: number, value: Uint8Array): Buffer {
  const header = Buffer.from([type, type === 0 ? 3 : 0, 0, 0]);
  header.writeUInt16BE(header.length + value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

/** User data after TSN, stream, number and protocol (section 3.3.1). */
const data = (text: string) => chunk(0, Buffer.concat([Buffer.alloc(12), Buffer.from(text)]));
const init = chunk(1, noise(16));
const cookie = (bytes: number) => chunk(10, noise(bytes));
const heartbeat = (bytes: number) => chunk(4, chunk(0, noise(bytes)).fill(0, 0, 1).fill(1, 1, 2));

function packet(sport: number, dport: number, chunks: readonly Uint8Array[], six: boolean): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(sport, 0);
  header.writeUInt16BE(dport, 2);
  const bytes = Buffer.concat([header, ...chunks]);
  return six
    ? ethernetFrame(ipv6Packet(NODE1_V6, NODE2_V6, PROTOCOL, bytes), 0x86dd)
    : ethernetFrame(ipv4Packet(POD1, POD2, PROTOCOL, bytes));
}

function dissect(frame: Uint8Array) {
  const found = new Dissector().dissect({ ...emptyRawFrame(), buffer: frame, caplen: frame.length, len: frame.length, linkType: 1 });
  const { class: name, layers, protocol, sport, dport, src, dst, payloadOffset } = found;
  return { name, layers, protocol, sport, dport, src, dst, payload: Buffer.from(frame).subarray(payloadOffset) };
}

/** What a pod's message may be beside. */
const FRAMES: readonly (readonly [what: string, types: string, frame: Buffer])[] = [
  ['a message', '0', packet(40_000, 9000, [data(CANARY)], false)],
  ['a message over IPv6', '0', packet(40_000, 9000, [data(CANARY)], true)],
  ['a message in the packet of a cookie', '10,0', packet(40_000, 9000, [cookie(61), data(CANARY)], false)],
  ['a message after another', '0,0', packet(9000, 40_000, [data('short'), data(CANARY)], false)],
  ['a message after an acknowledgement', '3,0', packet(9000, 40_000, [chunk(3, Buffer.alloc(12)), data(`${CANARY}.`)], true)],
];

describe('SCTP', () => {
  test.each(FRAMES)('%s is readable, with its ports, and the text is in what is searched', (_, __, frame) => {
    const { payload, ...found } = dissect(frame);
    const six = found.src === NODE1_V6;
    expect(found).toMatchObject({ name: 'clear', protocol: 'sctp', layers: `eth/${six ? 'ipv6' : 'ipv4'}/sctp` });
    expect([found.sport, found.dport].sort()).toEqual([40_000, 9000]);
    expect(payload.includes(CANARY)).toBe(true);
  });

  test('any chunks, whole or cut: never ciphertext, and no read is out of bounds', () => {
    const chunks = fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 40 })), { maxLength: 6 });
    fc.assert(
      fc.property(chunks, fc.boolean(), fc.nat(120), (list, six, cut) => {
        const whole = packet(
          1,
          2,
          list.map(([type, value]) => chunk(type, value)),
          six,
        );
        const { name } = dissect(whole.subarray(0, Math.max(14, whole.length - cut)));
        expect(['clear', 'truncated', 'malformed', 'other', 'unknown']).toContain(name);
      }),
      { numRuns: 2000 },
    );
  });

  test('ports and addresses are those that tshark finds, and its chunks are what was made', (ctx) => {
    ctx.skip(spawnSync('tshark', ['--version']).error !== undefined, 'tshark is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'wirewitness-sctp-'));
    try {
      const file = join(folder, 'sctp.pcap');
      const more = [packet(40_000, 9000, [init], false), packet(9000, 40_000, [heartbeat(20)], true)];
      const frames = [...FRAMES.map(([, , frame]) => frame), ...more];
      writeFileSync(file, pcapFile(frames));
      const fields = ['ip.src', 'ipv6.src', 'sctp.srcport', 'sctp.dstport', 'sctp.chunk_type'].flatMap((field) => ['-e', field]);
      const run = spawnSync('tshark', ['-n', '-r', file, '-T', 'fields', '-E', 'separator=|', ...fields], { encoding: 'utf8' });
      const theirs = run.stdout.trimEnd().split('\n');
      const types = [...FRAMES.map(([, told]) => told), '1', '4'];
      const ours = frames.map((frame, index) => {
        const { src, sport, dport } = dissect(frame);
        const six = src === NODE1_V6;
        return [six ? '' : src, six ? src : '', sport, dport, types[index]].join('|');
      });
      expect(theirs).toEqual(ours);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
