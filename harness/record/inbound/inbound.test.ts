import { expect, test } from 'vitest';
import { Dissector } from '../../decode/wire/dissect.ts';
import { emptyRawFrame } from '../../decode/wire/record.ts';
import { ethernetBytes } from '../../stacks/frame-bytes.ts';
import { NODE1, NODE2, POD1, POD2, twoNodes } from '../../testing/two-nodes.ts';
import { inboundPacket } from './inbound-packet.ts';
import { inboundEnds } from './try-inbound.ts';

const ENDS = { pods: [POD1, POD2], nodes: [NODE1, NODE2], ports: [19_000, 9000] } as const;

test.each([
  ['native', 'eth/ipv4/udp'],
  ['vxlan', 'eth/ipv4/udp/vxlan/eth/ipv4/udp'],
  ['geneve', 'eth/ipv4/udp/geneve/eth/ipv4/udp'],
] as const)('the packet is a readable one between the pods: %s', (routing, layers) => {
  const dissector = new Dissector();
  const buffer = ethernetBytes(inboundPacket(ENDS, routing, 'ab'.repeat(16)));
  dissector.dissect({ ...emptyRawFrame(), buffer, caplen: buffer.length, len: buffer.length, linkType: 1 });
  expect(dissector.frame).toMatchObject({ class: 'clear', layers, src: POD1, dst: POD2, protocol: 'udp', sport: 19_000, dport: 9000 });
  expect(buffer.includes('ab'.repeat(16))).toBe(true);
});

test('it goes from the first pod of one node to that of another', () => {
  const [source, destination] = inboundEnds(twoNodes) ?? [];
  expect([source?.pod.name, source?.node, destination?.pod.name, destination?.node]).toEqual(['demo/a', NODE1, 'demo/b', NODE2]);
  expect(inboundEnds({ ...twoNodes, pods: twoNodes.pods.slice(0, 1) })).toBeNull();
  expect(inboundEnds({ ...twoNodes, pods: twoNodes.pods.map((pod) => ({ ...pod, addresses: ['fd00::11'] })) })).toBeNull();
});
