import { describe, expect, test } from 'vitest';
import { Dissector } from '../../decode/wire/dissect.ts';
import { emptyRawFrame } from '../../decode/wire/record.ts';
import { ethernetBytes } from '../../stacks/frame-bytes.ts';
import { NODE1, NODE2, POD1, POD2, twoNodes } from '../../testing/two-nodes.ts';
import { inboundPacket } from './inbound-packet.ts';
import { inboundEnds } from './try-inbound.ts';

const NODES = [NODE1, NODE2] as const;
const PORTS = [19_000, 9000] as const;

describe.each([
  ['ipv4', POD1, POD2],
  ['ipv6', 'fd00:10:1::11', 'fd00:10:2::11'],
] as const)('the packet is a readable one between the pods: %s', (ip, src, dst) => {
  test.each([
    ['native', `eth/${ip}/udp`],
    ['vxlan', `eth/ipv4/udp/vxlan/eth/${ip}/udp`],
    ['geneve', `eth/ipv4/udp/geneve/eth/${ip}/udp`],
  ] as const)('%s', (routing, layers) => {
    const dissector = new Dissector();
    const buffer = ethernetBytes(inboundPacket({ pods: [src, dst], nodes: NODES, ports: PORTS }, routing, 'ab'.repeat(16)));
    dissector.dissect({ ...emptyRawFrame(), buffer, caplen: buffer.length, len: buffer.length, linkType: 1 });
    expect(dissector.frame).toMatchObject({ class: 'clear', layers, src, dst, protocol: 'udp', sport: 19_000, dport: 9000 });
    expect(buffer.includes('ab'.repeat(16))).toBe(true);
  });
});

test('it goes from the first pod of one node to that of another, of the same family', () => {
  const [source, destination] = inboundEnds(twoNodes, 'ipv4') ?? [];
  expect([source?.pod.name, source?.node, destination?.pod.name, destination?.node]).toEqual(['demo/a', NODE1, 'demo/b', NODE2]);
  expect(inboundEnds({ ...twoNodes, pods: twoNodes.pods.slice(0, 1) }, 'ipv4')).toBeNull();
  expect(inboundEnds(twoNodes, 'ipv6')).toBeNull();
  const dual = { ...twoNodes, pods: twoNodes.pods.map((pod, n) => ({ ...pod, addresses: [...pod.addresses, `fd00::${n}`] })) };
  expect(inboundEnds(dual, 'ipv6')?.map(({ pod, node }) => [pod.address, node])).toEqual([
    ['fd00::0', NODE1],
    ['fd00::1', NODE2],
  ]);
});
