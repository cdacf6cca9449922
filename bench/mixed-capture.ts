import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader } from '../harness/testing/capture-file.ts';
import {
  espPacket,
  ethernetFrame,
  genevePacket,
  ipv4Packet,
  ipv6Packet,
  noise,
  tcpSegment,
  udpDatagram,
  vxlanPacket,
  wireguardData,
} from '../harness/testing/packets.ts';

/** Number of flows of each shape, so that the bench uses many hash slots. */
const FLOWS = 64;

/** Frame shapes of Cilium's modes on a wire, in the mix of the bench. */
function shapes(flow: number): Buffer[] {
  const src = `10.244.1.${flow}`;
  const dst = `10.244.2.${flow}`;
  const nodes = { src: `172.18.0.${flow & 7}`, dst: `172.18.1.${flow >> 3}` };
  const body = noise(160, flow + 1);
  const tcp = tcpSegment(32768 + flow, 80, flow, body);
  const pod = ipv4Packet(src, dst, 6, tcp);
  const podUdp = ipv4Packet(src, dst, 17, udpDatagram(40000 + flow, 53, noise(60, flow)));
  const esp = ipv4Packet(nodes.src, nodes.dst, 50, espPacket(3 + (flow & 1), 1, noise(200, flow)));
  const eth = (inner: Buffer): Buffer => ethernetFrame(inner);
  const vxlan = (inner: Buffer): Buffer =>
    eth(ipv4Packet(nodes.src, nodes.dst, 17, udpDatagram(50000 + flow, 8472, vxlanPacket(inner, flow))));
  return [
    eth(esp),
    vxlan(eth(esp)),
    eth(ipv4Packet(nodes.src, nodes.dst, 17, udpDatagram(51871, 51871, wireguardData(1, noise(192, flow), flow + 1)))),
    vxlan(eth(pod)),
    eth(ipv4Packet(nodes.src, nodes.dst, 17, udpDatagram(50000 + flow, 6081, genevePacket(0x6558, noise(8, 1), eth(podUdp))))),
    eth(pod),
    ethernetFrame(ipv6Packet(`fd00::${flow.toString(16)}`, `fd00::${(flow + 1).toString(16)}`, 6, tcp), 0x86dd),
    ethernetFrame(
      ipv6Packet(`fd00::${flow.toString(16)}`, `fd00::${(flow + 1).toString(16)}`, 50, espPacket(3, 1, noise(120, flow))),
      0x86dd,
    ),
    eth(ipv4Packet(nodes.src, nodes.dst, 4, podUdp)),
    ethernetFrame(Buffer.from([0, 1, 8, 0, 6, 4, 0, 1, ...new Array(20).fill(1)]), 0x0806),
  ];
}

/** Write a pcap of `frames` frames, streamed. Returns its size in bytes. */
export function writeMixedCapture(path: string, frames: number): number {
  const templates: Buffer[] = [];
  for (let flow = 0; flow < FLOWS; flow++) templates.push(...shapes(flow));
  const file = openSync(path, 'w');
  try {
    const chunk = Buffer.alloc(1 << 20);
    let filled = pcapHeader().copy(chunk);
    let size = 0;
    for (let i = 0; i < frames; i++) {
      const frame = templates[i % templates.length]!;
      if (filled + 16 + frame.length > chunk.length) {
        size += writeSync(file, chunk, 0, filled);
        filled = 0;
      }
      chunk.writeUInt32LE(1_700_000_000 + Math.floor(i / 100_000), filled);
      chunk.writeUInt32LE((i % 100_000) * 10, filled + 4);
      chunk.writeUInt32LE(frame.length, filled + 8);
      chunk.writeUInt32LE(frame.length, filled + 12);
      frame.copy(chunk, filled + 16);
      setSequence(chunk, filled + 16, i);
      filled += 16 + frame.length;
    }
    return size + writeSync(file, chunk, 0, filled);
  } finally {
    closeSync(file);
  }
}

/** Give each ESP packet directly in IPv4 its own sequence number, so that the bench pays for duplicate detection. */
function setSequence(chunk: Buffer, at: number, sequence: number): void {
  if (chunk[at + 12] === 8 && chunk[at + 13] === 0 && chunk[at + 23] === 50) chunk.writeUInt32BE(sequence, at + 38);
}
