import { espPacket, ethernetFrame, ipv4Packet, ipv6Packet, udpDatagram, vxlanPacket } from '../../packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../two-nodes.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { type FrameVariants, withFrames } from '../frame-manipulation.ts';
import { between, datagram, hex, inTunnel, inTunnelOf, join, onTheWire, podPacket, TEXT } from '../wire-packets.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const inner = podPacket();
const frame = ethernetFrame(inner);

/** What nothing on record explains between two nodes, though it is read to its end. */
const UNEXPLAINED: FrameVariants = {
  'strangers in the tunnel': () => inTunnel(ipv4Packet('192.168.99.2', '192.168.99.3', 17, udpDatagram(1, 2, TEXT))),
  'link-local addresses in the tunnel': () => inTunnel(ipv4Packet('169.254.1.2', '169.254.1.3', 17, udpDatagram(1, 2, TEXT))),
  'link-local IPv6 in the tunnel': () => inTunnelOf(0x86dd, ipv6Packet('fe80::1', 'fe80::2', 17, udpDatagram(1, 2, TEXT))),
  'DHCP in the tunnel': () => inTunnel(ipv4Packet('0.0.0.0', '255.255.255.255', 17, udpDatagram(68, 67, TEXT))),
  'ARP in the tunnel': () => inTunnelOf(0x0806, hex('0001 0800 06 04 0001 020000000001 0a00010b 000000000000 0a00020b')),
  'LLDP in the tunnel': () => inTunnelOf(0x88cc, hex('0207040200000000 09 040303 65 74 060200780000')),
  'neighbour discovery in the tunnel': () =>
    inTunnelOf(0x86dd, ipv6Packet('fe80::1', 'ff02::1', 58, hex('8800 0000 6000 0000 fe80 0000 0000 0000 0000 0000 0000 0001'))),
  'an unknown EtherType in the tunnel': () => inTunnelOf(0x9123, TEXT),
  'text in the tunnel': () => datagram(8472, join(hex('08000000 00000100'), TEXT)),
  'text on the port of the tunnel': () => datagram(8472, TEXT),
  'IP mobility of pods (RFC 2004)': () => between(55, join(hex('1180 0000 0a00020b 0a00010b'), inner.subarray(20))),
  'text as spanning tree': () => ethernetFrame(join(hex('424203'), TEXT), TEXT.length + 3),
  'text as CDP': () => ethernetFrame(join(hex('aaaa03 00000c 2000'), TEXT), TEXT.length + 8),
  'a pod and a group': () => ethernetFrame(ipv4Packet(POD1, '224.0.0.251', 17, udpDatagram(5353, 5353, TEXT))),
  'a pod and a group, in the tunnel': () => inTunnel(ipv4Packet(POD1, '239.1.2.3', 17, udpDatagram(5000, 5000, TEXT))),
  'a pod and everybody': () => ethernetFrame(ipv4Packet(POD1, '255.255.255.255', 17, udpDatagram(68, 67, TEXT))),
  'a pod and a service, in the tunnel': () => inTunnel(ipv4Packet(POD1, '10.96.0.10', 17, udpDatagram(68, 53, TEXT))),
  'strangers in 6in4': () => between(41, ipv6Packet('fd00::1', 'fd00::2', 17, udpDatagram(1, 2, TEXT))),
  'strangers in IP in IP': () => between(4, ipv4Packet('192.168.99.2', '192.168.99.3', 17, udpDatagram(1, 2, TEXT))),
  'strangers in GRE': () => between(47, join(hex('00000800'), ipv4Packet('192.168.99.2', '192.168.99.3', 17, udpDatagram(1, 2, TEXT)))),
  'a pod and the world, in the tunnel': () => inTunnel(ipv4Packet(POD1, '203.0.113.7', 17, udpDatagram(68, 53, TEXT))),
  'the world and a pod, in the tunnel': () => inTunnel(ipv4Packet('203.0.113.7', POD2, 17, udpDatagram(68, 53, TEXT))),
};

const STRANGERS: FrameVariants = {
  'ESP between the nodes with an SPI of nobody': () => between(50, espPacket(0xdeadbeef, 5)),
  'a packet of pods to a stranger': () =>
    ethernetFrame(ipv4Packet(NODE1, '172.18.0.99', 17, udpDatagram(45_000, 8472, vxlanPacket(frame)))),
  'a packet of two pods of one node': () => ethernetFrame(ipv4Packet(POD1, '10.0.1.12', 17, udpDatagram(40_000, 9000, TEXT))),
  'a packet of two pods of one node, in the tunnel': () => inTunnel(ipv4Packet(POD1, '10.0.1.12', 17, udpDatagram(40_000, 9000, TEXT))),
  'a packet back from a pod': () =>
    ethernetFrame(
      ipv4Packet(
        NODE2,
        NODE1,
        17,
        udpDatagram(45_000, 8472, vxlanPacket(ethernetFrame(ipv4Packet(POD2, POD1, 17, udpDatagram(9000, 40_000, TEXT))))),
      ),
    ),
};

export const unexplainedFrames: AttackTopic = {
  topic: 'unexplained-frames',
  root: 'a frame that was read to its end is accepted, though nothing on record explains it',
  manipulations: [
    withFrames('unexplained', 'a readable frame goes from node to node that nothing on record explains', UNEXPLAINED, []),
    withFrames('strangers', 'a frame goes where none should', STRANGERS, []),
    {
      id: 'service',
      what: 'a readable packet of a pod and a service is between the nodes: a node puts a pod in the place of the service before it sends',
      on: BOTH,
      variants: ['to', 'from', 'to, in the tunnel'],
      turns: ['WIR-01'],
      edit: (draft, how) => {
        const address = draft.manifest.cluster.services[0]?.addresses[0] ?? '';
        const packet =
          how === 'from'
            ? ipv4Packet(address, POD2, 17, udpDatagram(53, 1, TEXT))
            : ipv4Packet(POD1, address, 17, udpDatagram(1, 53, TEXT));
        onTheWire(draft, how.includes('tunnel') ? inTunnel(packet) : ethernetFrame(packet));
      },
    },
  ],
};
