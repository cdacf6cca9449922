import { isIPv6 } from 'node:net';
import type { Routing } from '../../model/mode.ts';
import {
  ethernetBytes,
  geneveBytes,
  ipv4Bytes,
  ipv6UdpBytes,
  PROTOCOL,
  TUNNEL_PORT,
  udpBytes,
  vxlanBytes,
} from '../../stacks/frame-bytes.ts';

/** The ends of a packet between pods of two nodes: addresses of pods of one family, and IPv4 addresses of nodes. */
export interface InboundEnds {
  readonly pods: readonly [source: string, destination: string];
  readonly nodes: readonly [source: string, destination: string];
  readonly ports: readonly [source: number, destination: number];
}

/** Source port of a tunnel packet; any is valid (RFC 7348, §5). */
export const TUNNEL_SOURCE_PORT = 50_000;

/** A UDP packet between two pods as it would be on the wire without encryption: bare with native routing, else in the tunnel. */
export function inboundPacket({ pods, nodes, ports }: InboundEnds, routing: Routing, text: string): Buffer {
  const packet = udpPacket(pods, udpBytes(...ports, Buffer.from(text, 'latin1')));
  if (routing === 'native') return packet;
  const tunnel = routing === 'vxlan' ? vxlanBytes : geneveBytes;
  return udpPacket(nodes, udpBytes(TUNNEL_SOURCE_PORT, TUNNEL_PORT[routing], tunnel(ethernetBytes(packet))));
}

function udpPacket([source, destination]: readonly [string, string], datagram: Buffer): Buffer {
  return isIPv6(source) ? ipv6UdpBytes(source, destination, datagram) : ipv4Bytes(source, destination, PROTOCOL.udp, datagram);
}
