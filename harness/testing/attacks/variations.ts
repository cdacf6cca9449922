import type { AllowedTraffic } from '../../model/allowed-traffic.ts';
import { espPacket, ethernetFrame, ipv4Packet, udpDatagram, wireguardData } from '../packets.ts';
import { NODE1, NODE2, POD1 } from '../two-nodes.ts';
import type { BaseName } from './base.ts';
import { addBlock, addLine, putFirst } from './blocks.ts';
import type { RecordingDraft } from './draft.ts';
import { datagram, hex, onTheWire, TEXT } from './wire-packets.ts';

/** What may be so in a healthy cluster: the recording must stay green. */
export interface HealthyVariation {
  readonly id: string;
  /** What is so, and why it says nothing against the claim. */
  readonly what: string;
  readonly on: readonly BaseName[];
  readonly edit: (draft: RecordingDraft) => void;
}

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const OUTSIDE = '203.0.113.7';

/** What nodes may speak with each other beside the claim, once somebody answers for it. */
const ALLOWED: readonly (readonly [id: string, what: string, allow: Omit<AllowedTraffic, 'reason' | 'owner'>, frame: () => Uint8Array])[] =
  [
    ['wireguard', 'another WireGuard between the nodes', { protocol: 'udp', port: 41_641 }, () => datagram(41_641, wireguardData(3), 41_641)],
    ['ike', 'IKE between the nodes', { protocol: 'udp', port: 500 }, () => datagram(500, Buffer.concat([espPacket(1, 2, 8), hex('2120 2208 00000000 0000001c')]), 500)],
    ['nat-traversal', 'ESP in UDP between the nodes', { protocol: 'udp', port: 4500, address: '172.18.0.0/24' }, () => datagram(4500, espPacket(0xbeef, 9), 4500)],
  ]; // biome-ignore format: a table

export const HEALTHY_VARIATIONS: readonly HealthyVariation[] = [
  {
    id: 'ike-daemon',
    what: 'an IKE daemon runs on a node: its sockets have policies of their own, which touch no packet of pods',
    on: IPSEC,
    edit: (draft) =>
      draft.output(
        { node: 'node1', collector: 'xfrm-policy' },
        addBlock(
          'src 0.0.0.0/0 dst 0.0.0.0/0 \n\tsocket in priority 0 ptype main \nsrc 0.0.0.0/0 dst 0.0.0.0/0 \n\tsocket out priority 0 ptype main ',
        ),
      ),
  },
  {
    id: 'outside-peer',
    what: 'a node has a tunnel to a peer outside of the cluster, with an SA and a policy of its own',
    on: [...IPSEC, 'wireguard'],
    edit: (draft) => addTunnel(draft, OUTSIDE, '203.0.113.0/24'),
  },
  {
    id: 'allowed-tunnel',
    what: 'two nodes have an IPsec tunnel of their own beside WireGuard, for which somebody answers',
    on: ['wireguard'],
    edit: (draft) => {
      draft.manifest.intent.allow = [{ protocol: 'esp', address: NODE1, reason: 'storage replication', owner: 'storage team' }];
      addTunnel(draft, NODE2, `${NODE2}/32`);
    },
  },
  {
    id: 'key-id-without-plus',
    what: 'the id of the key Secret has no +: from 1.17 agents derive a key for each tunnel in any case (seen on agent 1.18.3)',
    on: IPSEC,
    edit: (draft) => draft.replace({ node: null, collector: 'key-secret' }, '3+', '3'),
  },
  {
    id: 'local-rule-first',
    what: 'the rule of the local table stands at priority 0, where the kernel puts it and agents without an L7 proxy leave it',
    on: BOTH,
    edit: (draft) => draft.replace({ collector: 'ip-rule' }, /^100:/m, '0:'),
  },
  {
    id: 'vpn-rules',
    what: 'a VPN of the host has rules and an empty table of its own',
    on: BOTH,
    edit: (draft) => draft.output({ node: 'node1', collector: 'ip-rule' }, addLine('5270:\tfrom all lookup 52')),
  },
  {
    id: 'wide-route',
    what: 'a route of the host to a wider network stands beside the more specific ones to the pods',
    on: BOTH,
    edit: (draft) => draft.output({ node: 'node1', collector: 'ip-route' }, putFirst('10.0.0.0/8 via 172.18.0.254 dev eth0 ')),
  },
  {
    id: 'old-errors',
    what: 'error counters are not 0, and stay as they are: what they counted was before this run',
    on: ['ipsec-1.17'],
    edit: (draft) => {
      draft.replace({ node: 'node1', collector: 'xfrm-stat' }, /^(XfrmInNoStates\s+)0$/m, '$142');
      draft.replace({ node: 'node1', collector: 'encrypt-status' }, 'Errors: 0', 'Errors: 42');
    },
  },
  {
    id: 'newer-kernel',
    what: 'a newer kernel prints counters that older ones do not have',
    on: BOTH,
    edit: (draft) =>
      draft.output(
        { collector: 'xfrm-stat' },
        addLine('XfrmInStateDirError     \t0\nXfrmOutStateDirError    \t0\nXfrmInIptfsError        \t0'),
      ),
  },
  {
    id: 'sa-directions',
    what: 'a newer kernel prints the direction of each SA',
    on: ['ipsec-1.17'],
    edit: (draft) =>
      draft.replace(
        { node: 'node1', collector: 'xfrm-state' },
        /^(src 10\.0\.1\.1 dst 10\.0\.2\.1\n(?:\t.*\n)*?)(\tsel )/m,
        '$1\tdir out\n$2',
      ),
  },
  {
    id: 'external-address',
    what: 'a node publishes an address outside of the cluster as well',
    on: BOTH,
    edit: (draft) =>
      draft.replace(
        { node: null, collector: 'cilium-nodes' },
        / {6}addresses:\n/,
        `      addresses:\n        - ip: ${OUTSIDE}\n          type: ExternalIP\n`,
      ),
  },
  {
    id: 'quiet-log',
    what: 'the log of an agent has warnings that say nothing of encryption, and lines about encryption that warn of nothing',
    on: BOTH,
    edit: (draft) =>
      draft.output(
        { node: 'node2', collector: 'agent-log', snapshot: 'after' },
        addLine(
          'level=warning msg="Unable to update endpoint" subsys=endpoint\nlevel=info msg="Loading IPsec keys" subsys=ipsec\n{"level":"info","msg":"WireGuard device is up"}',
        ),
      ),
  },
  {
    id: 'same-status-twice',
    what: 'an agent was asked twice in one snapshot and said the same',
    on: BOTH,
    edit: (draft) => {
      for (const command of draft.commands({ node: 'node2', collector: 'cilium-status', snapshot: 'before' })) {
        const again = { ...command, stdout: `${command.stdout}.again.txt`, stderr: `${command.stdout}.again.err` };
        draft.write(again.stdout, draft.text(command.stdout));
        draft.write(again.stderr, '');
        draft.manifest.commands.push(again);
      }
    },
  },
  {
    id: 'ipcache-of-nodes',
    what: 'the ipcache has entries of nodes, of the API server and of the world, which have no key',
    on: BOTH,
    edit: (draft) =>
      draft.output(
        { collector: 'ipcache' },
        addLine(
          '192.168.77.1/32     identity=16777217 encryptkey=0 tunnelendpoint=0.0.0.0 flags=<none>\nfd00::1/128         identity=6 encryptkey=0 tunnelendpoint=0.0.0.0 flags=<none>',
        ),
      ),
  },
  {
    id: 'foreign-esp',
    what: 'a node speaks ESP with a peer outside of the cluster',
    on: BOTH,
    edit: (draft) => onTheWire(draft, ethernetFrame(ipv4Packet(NODE1, OUTSIDE, 50, espPacket(0xc0ffee01, 7)))),
  },
  {
    id: 'foreign-wireguard',
    what: 'a node has a WireGuard of its own to a peer outside of the cluster',
    on: BOTH,
    edit: (draft) => onTheWire(draft, ethernetFrame(ipv4Packet(NODE1, OUTSIDE, 17, udpDatagram(41_641, 41_641, wireguardData(3))))),
  },
  ...ALLOWED.map(
    ([id, what, allow, frame]): HealthyVariation => ({
      id: `allowed-${id}`,
      what: `${what}, which the intent allows`,
      on: BOTH,
      edit: (draft) => {
        draft.manifest.intent.allow = [{ ...allow, reason: 'a VPN of the nodes', owner: 'platform team' }];
        onTheWire(draft, frame());
      },
    }),
  ),
  {
    id: 'scan',
    what: 'somebody outside sent one packet to the port of WireGuard',
    on: BOTH,
    edit: (draft) => onTheWire(draft, ethernetFrame(ipv4Packet(OUTSIDE, NODE1, 17, udpDatagram(40_000, 51_871, hex('00'))))),
  },
  {
    id: 'egress',
    what: 'a pod communicates with addresses outside the cluster, which encryption between nodes does not cover',
    on: BOTH,
    edit: (draft) => onTheWire(draft, ethernetFrame(ipv4Packet(POD1, OUTSIDE, 17, udpDatagram(40_000, 53, TEXT)))),
  },
];

/** An SA and an out policy of node1 to a peer, of no agent. */
export function addTunnel(draft: RecordingDraft, peer: string, network: string): void {
  const node = 'node1';
  draft.output(
    { node, collector: 'xfrm-policy' },
    addBlock(
      `src ${NODE1}/32 dst ${network} \n\tdir out priority 375423 ptype main \n\ttmpl src ${NODE1} dst ${peer}\n\t\tproto esp spi 0xc0ffee01 reqid 9 mode tunnel`,
    ),
  );
  draft.output(
    { node, collector: 'xfrm-state' },
    addBlock(
      `src ${NODE1} dst ${peer}\n\tproto esp spi 0xc0ffee01(3237998081) reqid 9(0x00000009) mode tunnel\n\treplay-window 32 seq 0x00000000 flag af-unspec (0x00100000)\n\tauth-trunc hmac(sha1) <key:160:aabbccddeeff001122334455> (160 bits) 96\n\tenc cbc(aes) <key:128:aabbccddeeff001122334466> (128 bits)\n\tanti-replay context: seq 0x0, oseq 0x7, bitmap 0x00000000\n\tsel src 0.0.0.0/0 dst 0.0.0.0/0 uid 0`,
    ),
  );
}
