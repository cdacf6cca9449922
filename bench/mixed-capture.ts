import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapHeader, pcapngInterface, pcapngPacket, pcapngSection, pcapRecord } from '../harness/testing/capture-file.ts';
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

/** How a capture is written. */
export interface CaptureShape {
  readonly format: 'pcap' | 'pcapng';
  /** Bytes by which its frames are longer than the shortest usual ones. */
  readonly moreBytes: number;
}

/** A frame of the mix. */
interface Shape {
  readonly frame: Buffer;
  /** Where it has the sequence number of TCP, or of ESP, so that the bench pays for finding repetitions. */
  readonly tcpAt?: number;
  readonly espAt?: number;
}

/** Frame shapes of Cilium's modes on a wire, in the mix of the bench. */
function shapes(flow: number, more: number): Shape[] {
  const src = `10.244.1.${flow}`;
  const dst = `10.244.2.${flow}`;
  const nodes = { src: `172.18.0.${flow & 7}`, dst: `172.18.1.${flow >> 3}` };
  const body = noise(160 + more, flow + 1);
  const tcp = tcpSegment(32768 + flow, 80, flow, body);
  const pod = ipv4Packet(src, dst, 6, tcp);
  const podUdp = ipv4Packet(src, dst, 17, udpDatagram(40000 + flow, 53, noise(60 + more, flow)));
  const esp = ipv4Packet(nodes.src, nodes.dst, 50, espPacket(3 + (flow & 1), 1, noise(200 + more, flow)));
  const eth = (inner: Buffer): Buffer => ethernetFrame(inner);
  const eth6 = (protocol: number, payload: Buffer): Buffer =>
    ethernetFrame(ipv6Packet(`fd00::${flow.toString(16)}`, `fd00::${(flow + 1).toString(16)}`, protocol, payload), 0x86dd);
  const vxlan = (inner: Buffer): Buffer =>
    eth(ipv4Packet(nodes.src, nodes.dst, 17, udpDatagram(50000 + flow, 8472, vxlanPacket(inner, flow))));
  return [
    { frame: eth(esp), espAt: 14 + 20 + 4 },
    { frame: vxlan(eth(esp)) },
    { frame: eth(ipv4Packet(nodes.src, nodes.dst, 17, udpDatagram(51871, 51871, wireguardData(1, noise(192 + more, flow), flow + 1)))) },
    { frame: vxlan(eth(pod)), tcpAt: 14 + 20 + 8 + 8 + 14 + 20 + 4 },
    { frame: eth(ipv4Packet(nodes.src, nodes.dst, 17, udpDatagram(50000 + flow, 6081, genevePacket(0x6558, noise(8, 1), eth(podUdp))))) },
    { frame: eth(pod), tcpAt: 14 + 20 + 4 },
    { frame: eth6(6, tcp), tcpAt: 14 + 40 + 4 },
    { frame: eth6(50, espPacket(3, 1, noise(120 + more, flow))) },
    { frame: eth(ipv4Packet(nodes.src, nodes.dst, 4, podUdp)) },
    { frame: ethernetFrame(Buffer.from([0, 1, 8, 0, 6, 4, 0, 1, ...new Array(20).fill(1)]), 0x0806) },
  ];
}

/** Write a capture of `frames` frames, one every 10 microseconds, streamed. Returns its size in bytes. */
export function writeMixedCapture(path: string, frames: number, { format, moreBytes }: CaptureShape): number {
  const templates: Shape[] = [];
  for (let flow = 0; flow < FLOWS; flow++) templates.push(...shapes(flow, moreBytes));
  const file = openSync(path, 'w');
  try {
    const chunk = Buffer.alloc(1 << 20);
    const header = format === 'pcap' ? pcapHeader() : Buffer.concat([pcapngSection(), pcapngInterface(1, 6)]);
    let filled = header.copy(chunk);
    let size = 0;
    for (let i = 0; i < frames; i++) {
      const { frame, tcpAt, espAt } = templates[i % templates.length]!;
      if (espAt !== undefined) frame.writeUInt32BE(i, espAt);
      if (tcpAt !== undefined) frame.writeUInt32BE(Math.floor(i / templates.length) * (160 + moreBytes), tcpAt);
      const [seconds, fraction] = [1_700_000_000 + Math.floor(i / 100_000), (i % 100_000) * 10];
      const record =
        format === 'pcap'
          ? pcapRecord(frame, { seconds, fraction })
          : pcapngPacket(0, BigInt(seconds) * 1_000_000n + BigInt(fraction), frame);
      if (filled + record.length > chunk.length) {
        size += writeSync(file, chunk, 0, filled);
        filled = 0;
      }
      filled += record.copy(chunk, filled);
    }
    return size + writeSync(file, chunk, 0, filled);
  } finally {
    closeSync(file);
  }
}
