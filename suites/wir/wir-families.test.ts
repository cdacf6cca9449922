import { describe, expect, test } from 'vitest';
import type { ClusterDescription } from '../../harness/model/cluster.ts';
import type { TrafficRecord } from '../../harness/model/recording.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { clearPing, espInVxlan, wireguardFrame } from '../../harness/testing/node-frames.ts';
import { espPacket, ethernetFrame, icmpEcho, ipv4Packet, ipv6Packet, udpDatagram, vxlanPacket } from '../../harness/testing/packets.ts';
import { buildRecording, flow, type RecordingParts } from '../../harness/testing/recording.ts';
import { NODE1, NODE2, twoNodes } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

const ROUTERS = ['fd00:10:244:1::1', 'fd00:10:244:2::1'] as const;
const PODS = ['fd00:10:244:1::10', 'fd00:10:244:2::20'] as const;
const CANARIES = { clear4: 'c1ea'.repeat(8), clear6: 'c1e6'.repeat(8), secret4: '5ec2'.repeat(8), secret6: '5ec6'.repeat(8) };

const dual: ClusterDescription = {
  ...twoNodes,
  nodes: twoNodes.nodes.map((node, index) => ({
    ...node,
    podCidrs: [...node.podCidrs, `fd00:10:244:${index + 1}::/64`],
    internalAddresses: [...node.internalAddresses, ROUTERS[index] as string],
  })),
  pods: twoNodes.pods.map((pod, index) => ({ ...pod, addresses: [...pod.addresses, PODS[index] as string] })),
};

type Direction = 'out' | 'back';

/** An IPv6 packet inside VXLAN over IPv4. */
function tunnelled(direction: Direction, ends: readonly [string, string], nextHeader: number, payload: Uint8Array): Buffer {
  const [src, dst] = direction === 'out' ? ends : [ends[1], ends[0]];
  const [from, to] = direction === 'out' ? [NODE1, NODE2] : [NODE2, NODE1];
  const inner = ethernetFrame(ipv6Packet(src, dst, nextHeader, payload), 0x86dd);
  return ethernetFrame(ipv4Packet(from, to, 17, udpDatagram(40000, 8472, vxlanPacket(inner))));
}

const esp6 = (direction: Direction) => tunnelled(direction, ROUTERS, 50, espPacket(3, 1));
function ping6(direction: Direction, canary: string): Buffer {
  const request = icmpEcho(direction === 'out' ? 8 : 0, Buffer.from(canary, 'hex'));
  request[0] = direction === 'out' ? 128 : 129;
  return tunnelled(direction, PODS, 58, request);
}

function flow6(phase: 'clear' | 'encrypted', canary: string, more: Partial<TrafficRecord> = {}): TrafficRecord {
  const base = flow(phase, canary);
  return {
    ...base,
    id: `${base.id}/ipv6`,
    family: 'ipv6',
    source: { ...base.source, address: PODS[0] },
    destination: { ...base.destination, address: PODS[1] },
    ...more,
  };
}

const traffic = [
  flow('clear', CANARIES.clear4),
  flow6('clear', CANARIES.clear6),
  flow('encrypted', CANARIES.secret4),
  flow6('encrypted', CANARIES.secret6),
];
const clearPhase = {
  phase: 'clear' as const,
  frames: [clearPing(8, CANARIES.clear4), clearPing(0, CANARIES.clear4), ping6('out', CANARIES.clear6), ping6('back', CANARIES.clear6)],
};
const healthy4 = [espInVxlan('out', 1), espInVxlan('back', 1)];

/** Both families claimed of Cilium 1.17, where each has ESP of its own. */
async function expectVerdict(
  id: string,
  verdict: Verdict,
  frames: readonly Uint8Array[],
  reason: RegExp,
  change: Partial<RecordingParts> = {},
) {
  const { verdicts } = await judgeAsText(
    buildRecording({
      intent: { profile: '1.17', families: ['ipv4', 'ipv6'], ...change.intent },
      cluster: dual,
      captures: [clearPhase, { phase: 'encrypted', frames }],
      traffic: change.traffic ?? traffic,
    }),
    checksOf('WIR'),
  );
  const found = verdicts.find((v) => v.id === id);
  expect(found?.verdict, found?.reason).toBe(verdict);
  expect(`${found?.reason} | ${found?.observed}`).toMatch(reason);
}

describe('both families encrypted', () => {
  const frames = [...healthy4, esp6('out'), esp6('back')];
  test('WIR-01 counts each family', () =>
    expectVerdict('WIR-01', 'supports', frames, /ipv4: 0 of 1 driven flow\(s\).*; ipv6: 0 of 1 .* 0 readable/));
  test('WIR-02 finds ESP of each family', () =>
    expectVerdict(
      'WIR-02',
      'supports',
      frames,
      /ipv4 node1 -> node2: 1, esp ipv4 node2 -> node1: 1, esp ipv6 node1 -> node2: 1, esp ipv6 node2 -> node1: 1/,
    ));
  test('WIR-03 has a control in each', () =>
    expectVerdict('WIR-03', 'supports', frames, /the controls show the canaries in ipv4: 2 frame\(s\); ipv6: 2/));
});

describe('IPv6 in the clear, IPv4 encrypted (L06)', () => {
  const frames = [...healthy4, ping6('out', CANARIES.secret6), ping6('back', CANARIES.secret6)];
  test('WIR-01 names ipv6 and says that no IPv4 flow is readable', () =>
    expectVerdict(
      'WIR-01',
      'contradicts',
      frames,
      /demo\/a -> demo\/b, ipv6 icmp.*; ipv4: 0 of 1 driven flow\(s\).*; ipv6: 1 of 1 .*2 readable/,
    ));
  test('WIR-02 misses the ESP of IPv6 only', () =>
    expectVerdict(
      'WIR-02',
      'contradicts',
      frames,
      /^requests were answered, but no esp frame went ipv6 node1 -> node2; requests [^;]* ipv6 node2 -> node1 \|/,
    ));
  test('WIR-11 counts it under ipv6', () =>
    expectVerdict('WIR-11', 'contradicts', frames, /ipv6: 1 flow\(s\): 0 supported, 1 contradicted/));
});

describe('a family without proof', () => {
  test('answers without ESP of their own family prove nothing, though the other has some', async () => {
    await expectVerdict('WIR-02', 'contradicts', healthy4, /ipv6 node1 -> node2/);
    await expectVerdict('WIR-11', 'inconclusive', healthy4, /ipv6/);
  });
  test('no flow', () =>
    expectVerdict('WIR-01', 'inconclusive', healthy4, /ipv6: no flow that must be encrypted was driven/, {
      traffic: traffic.filter((t) => t.family === 'ipv4'),
    }));
  test('no answer (F19)', () =>
    expectVerdict('WIR-01', 'inconclusive', healthy4, /ipv6: no request of the 1 flow\(s\).* was answered/, {
      traffic: traffic.map((t) => (t.family === 'ipv6' ? { ...t, answered: 0 } : t)),
    }));
  test('is no matter where only IPv4 is claimed', () =>
    expectVerdict('WIR-01', 'supports', healthy4, /0 readable/, {
      intent: { families: ['ipv4'] },
      traffic: traffic.filter((t) => t.family === 'ipv4'),
    }));
});

test('WireGuard and the 1.18 tunnel do not tell the family of what they carry', async () => {
  const frames = [...[0, 1, 2, 3].map((n) => wireguardFrame(n % 2 === 0 ? 'out' : 'back', Math.floor(n / 2)))];
  await expectVerdict('WIR-02', 'supports', frames, /wireguard node1 -> node2: 2, wireguard node2 -> node1: 2/, {
    intent: { mode: 'wireguard', profile: '1.17', families: ['ipv4', 'ipv6'] },
  });
});
