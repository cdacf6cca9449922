import { describe, expect, test } from 'vitest';
import { Dissector } from '../../decode/wire/dissect.ts';
import { emptyRawFrame } from '../../decode/wire/record.ts';
import type { Shell } from '../../model/shell.ts';
import { ethernetBytes } from '../../stacks/frame-bytes.ts';
import { NODE1, NODE2, POD1, POD2, twoNodes } from '../../testing/two-nodes.ts';
import { inboundPacket } from './inbound-packet.ts';
import { inboundEnds } from './try-inbound.ts';
import { framesOf, inboundFilter, watchUplink } from './watch-uplink.ts';

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

describe('the uplink of the other node', () => {
  const ENDS = { pods: [POD1, POD2], nodes: NODES, ports: PORTS } as const;
  const shell = (stdout: string, failure?: Error): Shell => ({
    ...({} as Shell),
    name: 'node2',
    start: async () => ({
      ready: () => (failure === undefined ? Promise.resolve('listening on eth0') : Promise.reject(failure)),
      stop: async () => ({ argv: [], exitCode: 0, stdout, stderr: '' }),
      ended: new Promise(() => {}),
    }),
  });
  const printed = (bytes: Buffer) =>
    `12:00:00.000000 IP words\n${(bytes.toString('hex').match(/.{1,32}/g) ?? [])
      .map((line, n) => `\t0x${(n * 16).toString(16).padStart(4, '0')}:  ${line.replace(/(.{4})/g, '$1 ').trim()}\n`)
      .join('')}`;

  test('is searched for what the packet looks like on the wire', () => {
    expect(inboundFilter(ENDS, 'native')).toBe(`src host ${POD1} and dst host ${POD2} and udp src port 19000 and udp dst port 9000`);
    expect(inboundFilter(ENDS, 'vxlan')).toBe(`src host ${NODE1} and dst host ${NODE2} and udp src port 50000 and udp dst port 8472`);
  });

  test('shows the packet readable as often as it came, and no other', async () => {
    const [ours, other] = ['ab'.repeat(16), 'cd'.repeat(16)].map((text) => ethernetBytes(inboundPacket(ENDS, 'vxlan', text)));
    const stdout = [ours, other, ours].map((bytes) => printed(bytes ?? Buffer.alloc(0))).join('');
    expect(framesOf(stdout)).toEqual([ours, other, ours]);
    const end = await watchUplink(shell(stdout), 'eth0', '');
    expect(await end('ab'.repeat(16))).toEqual({ frames: 2, problem: '' });
  });

  test('that cannot be watched shows nothing, and says so', async () => {
    const end = await watchUplink(shell('', new Error('tcpdump: no such device')), 'eth7', '');
    expect(await end('ab'.repeat(16))).toEqual({ frames: 0, problem: 'eth7 of node2 was not watched: tcpdump: no such device' });
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
