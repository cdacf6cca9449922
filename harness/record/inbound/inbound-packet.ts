import type { Routing } from '../../model/mode.ts';
import { ethernetBytes, geneveBytes, ipv4Bytes, PROTOCOL, TUNNEL_PORT, udpBytes, vxlanBytes } from '../../stacks/frame-bytes.ts';

/** The ends of a packet between pods of two nodes, IPv4 addresses. */
export interface InboundEnds {
  readonly pods: readonly [source: string, destination: string];
  readonly nodes: readonly [source: string, destination: string];
  readonly ports: readonly [source: number, destination: number];
}

/** Source port of a tunnel packet; any is valid (RFC 7348, §5). */
const TUNNEL_SOURCE_PORT = 50_000;

/** A UDP packet between two pods as it would be on the wire without encryption: bare with native routing, else in the tunnel. */
export function inboundPacket({ pods, nodes, ports }: InboundEnds, routing: Routing, text: string): Buffer {
  const packet = ipv4Bytes(...pods, PROTOCOL.udp, udpBytes(...ports, Buffer.from(text, 'latin1')));
  if (routing === 'native') return packet;
  const tunnel = routing === 'vxlan' ? vxlanBytes : geneveBytes;
  return ipv4Bytes(...nodes, PROTOCOL.udp, udpBytes(TUNNEL_SOURCE_PORT, TUNNEL_PORT[routing], tunnel(ethernetBytes(packet))));
}
