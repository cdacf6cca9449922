import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type {
  CaptureCounters,
  CaptureRecord,
  CommandRecord,
  FlowEnd,
  FlowPath,
  Phase,
  TrafficRecord,
  Vantage,
} from '../model/recording.ts';
import { UNKNOWN_TIME } from './cilium-traffic.ts';
import { fileRecordsOf, type MemoryRecording, memoryRecording } from './memory-recording.ts';
import { echo, esp, ethernet, ipv4, pcap, udp, vxlan, wireguardData, wireguardInitiation } from './packets.ts';
import { type TcpdumpWords, tcpdumpLog, tcpdumpWords } from './tcpdump-words.ts';

const NODE1 = '192.168.77.11';
const NODE2 = '192.168.77.12';
const POD1 = '10.244.1.10';
const POD2 = '10.244.2.20';

/** Two nodes with a pod each. */
export const twoNodes: ClusterDescription = {
  name: 'two-nodes',
  provider: 'test',
  environmentClass: 'lab',
  nodes: [
    { name: 'node1', addresses: [NODE1], podCidrs: ['10.244.1.0/24'], ciliumInternal: ['10.244.1.1'], uplink: 'eth0' },
    { name: 'node2', addresses: [NODE2], podCidrs: ['10.244.2.0/24'], ciliumInternal: ['10.244.2.1'], uplink: 'eth0' },
  ],
  pods: [
    { name: 'a', namespace: 'demo', node: 'node1', addresses: [POD1], labels: {} },
    { name: 'b', namespace: 'demo', node: 'node2', addresses: [POD2], labels: {} },
  ],
  services: [],
  versions: {},
  capabilities: {},
};

/** Tokens of the one capture of each phase. */
const BEACONS = { start: '11'.repeat(16), end: '22'.repeat(16) };

/** A frame of a flow in the clear inside VXLAN, as an un-encrypted cluster sends it. */
export function clearPing(type: 8 | 0, canary: string): Buffer {
  const [from, to, src, dst] = type === 8 ? [NODE1, NODE2, POD1, POD2] : [NODE2, NODE1, POD2, POD1];
  const inner = ethernet(ipv4(src, dst, 1, echo(type, Buffer.from(canary, 'hex'))));
  return ethernet(ipv4(from, to, 17, udp(40000, 8472, vxlan(inner))));
}

/** ESP between the nodes, as 1.18 lays it out. */
export function espFrame(direction: 'out' | 'back', sequence: number, spi = 3, size = 64): Buffer {
  const [from, to] = direction === 'out' ? [NODE1, NODE2] : [NODE2, NODE1];
  return ethernet(ipv4(from, to, 50, esp(spi, sequence, size)));
}

/** ESP between the routers inside VXLAN, as 1.17 lays it out. */
export function espInVxlan(direction: 'out' | 'back', sequence: number): Buffer {
  const [from, to, src, dst] =
    direction === 'out' ? [NODE1, NODE2, '10.244.1.1', '10.244.2.1'] : [NODE2, NODE1, '10.244.2.1', '10.244.1.1'];
  return ethernet(ipv4(from, to, 17, udp(40000, 8472, vxlan(ethernet(ipv4(src, dst, 50, esp(3, sequence)))))));
}

export function wireguardFrame(direction: 'out' | 'back', counter: number, size = 48): Buffer {
  const [from, to] = direction === 'out' ? [NODE1, NODE2] : [NODE2, NODE1];
  return ethernet(ipv4(from, to, 17, udp(51871, 51871, wireguardData(counter, size))));
}

/** A handshake initiation from node1 to node2, made for the owner of a public key (base64). */
export function initiationFrame(publicKey: string): Buffer {
  return ethernet(ipv4(NODE1, NODE2, 17, udp(51871, 51871, wireguardInitiation(publicKey))));
}

export function beacon(end: 'start' | 'end'): Buffer {
  return ethernet(ipv4(NODE1, '255.255.255.255', 17, udp(9, 9, Buffer.from(`wirewitness-beacon:${BEACONS[end]}`))));
}

/** One conversation of the demo pods. */
export function flow(phase: Phase, canary: string, more: Partial<TrafficRecord> = {}): TrafficRecord {
  const end = (name: string, node: string, address: string): FlowEnd => ({ name, kind: 'pod', node, address });
  const path: FlowPath = 'pod-pod';
  return {
    phase,
    id: 'pod-pod/icmp/a/b',
    path,
    family: 'ipv4',
    protocol: 'icmp',
    source: end('demo/a', 'node1', POD1),
    destination: end('demo/b', 'node2', POD2),
    port: null,
    canary,
    sent: 1,
    answered: 1,
    answeredBy: [],
    startedAt: UNKNOWN_TIME,
    endedAt: UNKNOWN_TIME,
    note: '',
    ...more,
  };
}

export interface SyntheticCapture {
  readonly phase: Phase;
  readonly vantage?: Vantage;
  readonly node?: string;
  /** Frames between the beacons. */
  readonly frames: readonly Uint8Array[];
  /** Leave out the beacons, although they were sent. */
  readonly blind?: boolean;
  readonly counters?: CaptureCounters | null;
  /** What the record says of its tcpdump in place of the truth. */
  readonly tcpdump?: Partial<TcpdumpWords>;
  /** What tcpdump printed, where it is not what the record says. */
  readonly log?: string;
  /** Bytes to cut off the end of the file. */
  readonly cut?: number;
}

/** What a synthetic recording is made of. */
export interface Synthetic {
  readonly intent?: Partial<Intent>;
  /** Default {@link twoNodes}. */
  readonly cluster?: ClusterDescription;
  readonly captures: readonly SyntheticCapture[];
  readonly traffic: readonly TrafficRecord[];
  /** Text of `ip -s xfrm state` by node, for the snapshot after. */
  readonly xfrmState?: Readonly<Record<string, string>>;
  /** WireGuard public keys that the CiliumNodes publish, by node. */
  readonly publishedKeys?: Readonly<Record<string, string>>;
}

/** A complete recording in memory, as the recorder would have written it. */
export function syntheticRecording({
  intent = {},
  cluster = twoNodes,
  captures,
  traffic,
  xfrmState = {},
  publishedKeys,
}: Synthetic): MemoryRecording {
  const files = new Map<string, string | Uint8Array>();
  const records = captures.map((capture, index): CaptureRecord => {
    const frames = capture.blind === true ? capture.frames : [beacon('start'), ...capture.frames, beacon('end')];
    const file = `captures/${index}.pcap`;
    const bytes = pcap(frames);
    files.set(file, bytes.subarray(0, bytes.length - (capture.cut ?? 0)));
    const words = tcpdumpWords(capture.node === undefined ? 'br0' : 'eth0', 'full', frames.length);
    const record: CaptureRecord = {
      ...words,
      ...capture.tcpdump,
      phase: capture.phase,
      vantage: capture.vantage ?? 'wire',
      node: capture.node ?? null,
      kind: 'full',
      file,
      startedAt: UNKNOWN_TIME,
      stoppedAt: UNKNOWN_TIME,
      exitCode: 0,
      ...(capture.counters === undefined ? {} : { counters: capture.counters }),
      beacons: BEACONS,
    };
    files.set(`captures/${index}.log`, capture.log ?? tcpdumpLog(record));
    return record;
  });
  const commands: CommandRecord[] = [];
  const read = (node: string | null, collector: string, text: string): void => {
    const stdout = `commands/after/${node ?? 'api'}/${collector}.txt`;
    files.set(stdout, text);
    files.set(`${stdout}.err`, '');
    commands.push({
      snapshot: 'after',
      node,
      shell: node === null ? 'api' : 'host',
      collector,
      argv: [collector],
      exitCode: 0,
      stdout,
      stderr: `${stdout}.err`,
      startedAt: UNKNOWN_TIME,
      endedAt: UNKNOWN_TIME,
    });
  };
  for (const [node, text] of Object.entries(xfrmState)) read(node, 'xfrm-state', text);
  if (publishedKeys !== undefined) read(null, 'cilium-nodes', JSON.stringify({ items: Object.entries(publishedKeys).map(ciliumNode) }));
  return memoryRecording(
    {
      schema: 1,
      run: { id: 'test', scenario: 'steady', fault: null, startedAt: UNKNOWN_TIME, endedAt: UNKNOWN_TIME, complete: true, note: '' },
      tool: { name: 'wirewitness', version: '0.0.0', node: 'v24' },
      intent: {
        stack: 'cilium',
        mode: 'ipsec',
        routing: 'vxlan',
        profile: '1.18',
        nodeEncryption: false,
        strictMode: false,
        perTunnelKeys: true,
        families: ['ipv4'],
        ...intent,
      },
      cluster,
      commands,
      captures: records,
      traffic,
      proofs: { decryption: [], derivation: [] },
      files: fileRecordsOf(files),
    },
    files,
  );
}

function ciliumNode([name, key]: [string, string]): object {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNode',
    metadata: { name, annotations: { 'network.cilium.io/wg-pub-key': key } },
    spec: { addresses: [], ipam: { podCIDRs: [] } },
  };
}
