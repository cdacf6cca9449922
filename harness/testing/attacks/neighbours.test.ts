import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { espPacket, ethernetFrame, ipv4Packet, noise, udpDatagram, wireguardData, wireguardInitiation } from '../packets.ts';
import { NODE1, NODE2 } from '../two-nodes.ts';
import type { BaseName } from './base.ts';
import type { CaptureChoice } from './draft.ts';
import type { CapturedFrame } from './frames.ts';
import { AttackRange } from './run-attack.ts';

const TAP = { phase: 'encrypted', vantage: 'wire' } as const satisfies CaptureChoice;
const OUTSIDE = '203.0.113.9';
const KEY = Buffer.alloc(32, 9).toString('base64');
const range = new AttackRange(catalogue);

/** What healthy clusters have on the wire beside the claim, between two nodes of the lab. */
const NEIGHBOURS: readonly (readonly [what: string, change: (frames: readonly CapturedFrame[]) => readonly CapturedFrame[]])[] = [
  ['ESP of a node with an outside peer', adding(packet(NODE1, OUTSIDE, 50, espPacket(0x1000, 1)), packet(OUTSIDE, NODE1, 50, espPacket(0x2000, 1)))],
  ['another WireGuard of a node with an outside peer', adding(datagram(NODE1, OUTSIDE, 41_641, wireguardInitiation(KEY)), datagram(OUTSIDE, NODE1, 41_641, wireguardData(1)))],
  ['a scan of the WireGuard port', adding(datagram(OUTSIDE, NODE2, 51_871, Buffer.from('\0scan')))],
  ['DHCP', adding(packet('0.0.0.0', '255.255.255.255', 17, udpDatagram(68, 67, Buffer.alloc(240, 1))))],
  ['an early later fragment of the nodes', (frames) => [{ us: frames[0]?.us ?? 0n, bytes: fragment() }, ...frames]],
  ['a mirror port that shows each frame twice', (frames) => frames.flatMap((frame) => [frame, frame])],
  ['a tap on a trunk, with VLAN tags', (frames) => frames.map(({ us, bytes }) => ({ us, bytes: Buffer.concat([bytes.subarray(0, 12), Buffer.from([0x81, 0, 0, 5]), bytes.subarray(12)]) }))],
  ['a tap that keeps the check sequence', (frames) => frames.map(({ us, bytes }, i) => ({ us, bytes: Buffer.concat([bytes, noise(4, i)]) }))],
]; // biome-ignore format: a table

function packet(src: string, dst: string, protocol: number, payload: Uint8Array): Buffer {
  return ethernetFrame(ipv4Packet(src, dst, protocol, payload));
}

function datagram(src: string, dst: string, port: number, payload: Uint8Array): Buffer {
  return packet(src, dst, 17, udpDatagram(port, port, payload));
}

/** A last fragment whose datagram began before the capture. */
function fragment(): Buffer {
  return ethernetFrame(ipv4Packet(NODE1, NODE2, 17, noise(80), { fragment: 1480 / 8 }));
}

function adding(...added: readonly Buffer[]): (frames: readonly CapturedFrame[]) => readonly CapturedFrame[] {
  return (frames) => {
    const middle = frames.length >> 1;
    const us = frames[middle]?.us ?? 0n;
    return [...frames.slice(0, middle), ...added.map((bytes) => ({ us, bytes })), ...frames.slice(middle)];
  };
}

describe.each<BaseName>(['ipsec-1.17', 'ipsec-1.18', 'wireguard', 'wireguard-native'])('%s stays green beside', (base) => {
  test.each(NEIGHBOURS)('%s', async (_, change) => {
    const draft = range.draft(base);
    draft.frames(TAP, change);
    const { verdict, verdicts } = await range.judge(draft.sealed(), base);
    expect(verdicts.filter((v) => v.verdict === 'contradicts' || v.verdict === 'inconclusive')).toEqual([]);
    expect(verdict).toBe('supports');
  });
});
