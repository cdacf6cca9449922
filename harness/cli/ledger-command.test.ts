import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { pcapFile } from '../testing/capture-file.ts';
import { espPacket, ethernetFrame, ipv4Packet, noise, tcpSegment, udpDatagram, wireguardData } from '../testing/packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../testing/two-nodes.ts';
import { type LedgerFlags, ledgerCommand } from './ledger-command.ts';

const FRAMES = [
  ethernetFrame(ipv4Packet(NODE1, NODE2, 50, espPacket(3, 0x55, noise(64, 1)))),
  ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, wireguardData(1, noise(64, 2), 7)))),
  ethernetFrame(ipv4Packet(POD1, POD2, 6, tcpSegment(40000, 80, 1, Buffer.from('GET /')))),
];
const CAPTURE = pcapFile(FRAMES);
const BYTES = FRAMES.reduce((sum, frame) => sum + frame.length, 0);

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly file: string;
}

/** Run the command on a file of these bytes, or on one that is not there. */
async function run(content: Uint8Array | null, flags: LedgerFlags = { json: true }): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'wirewitness-ledger-'));
  const [out, err] = [vi.spyOn(process.stdout, 'write').mockReturnValue(true), vi.spyOn(process.stderr, 'write').mockReturnValue(true)];
  try {
    const file = join(folder, 'capture.pcap');
    if (content !== null) await writeFile(file, content);
    const code = await ledgerCommand(file, flags);
    const text = (spy: typeof out) => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
    return { code, out: text(out), err: text(err), file };
  } finally {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  }
}

afterEach(() => vi.restoreAllMocks());

describe('wirewitness ledger --json', () => {
  test('prints the published keys, all of them and no other, in their order', async () => {
    const { code, out, err, file } = await run(CAPTURE);
    expect([code, err]).toEqual([0, '']);
    const ledger = JSON.parse(out) as Record<string, unknown> & Record<'esp' | 'wireguard' | 'flows', object[]>;
    expect(Object.keys(ledger).join(' ')).toBe('file format frames bytes wireBytes truncatedTail classes esp wireguard flows tls quic');
    expect(ledger).toMatchObject({ file, format: 'pcap', frames: 3, bytes: BYTES, wireBytes: BYTES, truncatedTail: false });
    expect(ledger.classes).toEqual({
      esp: { frames: 1, bytes: FRAMES[0]!.length },
      wireguard: { frames: 1, bytes: FRAMES[1]!.length },
      clear: { frames: 1, bytes: FRAMES[2]!.length },
    });
    const keys = (rows: object[]): string[] => [...new Set(rows.map((row) => Object.keys(row).join(' ')))];
    expect(keys(ledger.esp)).toEqual(['src dst spi frames firstSeq lastSeq duplicates']);
    expect(keys(ledger.wireguard)).toEqual(['src dst type frames']);
    expect(keys(ledger.flows)).toEqual(['src dst protocol sport dport class frames bytes']);
  });

  test('prints the accounts', async () => {
    const ledger = JSON.parse((await run(CAPTURE)).out) as Record<string, unknown>;
    const nodes = { src: NODE1, dst: NODE2 };
    expect(ledger.esp).toEqual([{ ...nodes, spi: '0x00000003', frames: 1, firstSeq: 0x55, lastSeq: 0x55, duplicates: 0 }]);
    expect(ledger.wireguard).toEqual([{ ...nodes, type: 'data', frames: 1 }]);
    const pods = { src: POD1, dst: POD2 };
    expect(ledger.flows).toEqual([
      { ...nodes, protocol: 'esp', sport: null, dport: null, class: 'esp', frames: 1, bytes: FRAMES[0]!.length },
      { ...nodes, protocol: 'udp', sport: 51871, dport: 51871, class: 'wireguard', frames: 1, bytes: FRAMES[1]!.length },
      { ...pods, protocol: 'tcp', sport: 40000, dport: 80, class: 'clear', frames: 1, bytes: FRAMES[2]!.length },
    ]);
  });

  test('a capture without a frame, and one cut inside a record', async () => {
    const empty = await run(pcapFile([]));
    expect([empty.code, JSON.parse(empty.out)]).toMatchObject([0, { frames: 0, classes: {}, esp: [], wireguard: [], flows: [] }]);
    const cut = await run(CAPTURE.subarray(0, CAPTURE.length - 1));
    expect([cut.code, JSON.parse(cut.out)]).toMatchObject([0, { frames: 2, truncatedTail: true }]);
  });
});

test('without --json a table, clear traffic between pods of different nodes first', async () => {
  const { code, out } = await run(CAPTURE, { podCidr: ['10.0.1.0/24', '10.0.2.0/24'], nodeIp: ['172.18.0.1'] });
  expect(code).toBe(0);
  expect(out).toContain('IN THE CLEAR between pods of different nodes:');
  expect(out).toContain('172.18.0.1 (node)');
});

describe('what cannot be used ends with 3, says why, and prints no ledger', () => {
  const bad: [string, Uint8Array | null, LedgerFlags, string][] = [
    ['a file that is not there', null, {}, 'ENOENT'],
    ['an empty file', new Uint8Array(0), {}, 'the file is empty'],
    ['text', Buffer.from('hello, world, this is no capture'), {}, 'is neither pcap nor pcapng'],
    ['a file that ends inside its header', CAPTURE.subarray(0, 20), {}, 'ends inside its header, after 20 bytes'],
    ['a pod CIDR that is none', CAPTURE, { podCidr: ['10.0.1.0'] }, 'pod CIDR "10.0.1.0"'],
    ['a node address that is none', CAPTURE, { nodeIp: ['node1'] }, 'node address "node1"'],
  ];
  test.each(bad)('%s', async (_, content, flags, reason) => {
    expect(await run(content, { json: true, ...flags })).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining(reason) as string,
    });
  });

  test('the message names the file', async () => {
    for (const content of [null, new Uint8Array(0)]) {
      const { err, file } = await run(content);
      expect(err).toMatch(/^wirewitness ledger: /);
      expect(err).toContain(file);
    }
  });
});
