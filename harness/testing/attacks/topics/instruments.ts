import { pcapngInterface, pcapngPacket, pcapngSection } from '../../capture-file.ts';
import { ethernetFrame } from '../../packets.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft } from '../draft.ts';
import { type CapturedFrame, inserted, readFrames } from '../frames.ts';
import { inTunnel, podPacket } from '../wire-packets.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const TAP = { phase: 'encrypted', vantage: 'wire' } as const;
const CONTROL = { phase: 'clear', vantage: 'wire' } as const;

/** The same frames as another program would have written them. */
function pcapngOf(frames: readonly CapturedFrame[]): Buffer {
  return Buffer.concat([pcapngSection(), pcapngInterface(1, 6), ...frames.map(({ us, bytes }) => pcapngPacket(0, us, bytes))]);
}

/** Protocol of a frame's outermost IPv4 header; 0 for what is none. */
function protocolOf({ bytes }: CapturedFrame): number {
  return bytes[12] === 8 && bytes[13] === 0 ? (bytes[23] ?? 0) : 0;
}

function portOf({ bytes }: CapturedFrame): number {
  return ((bytes[36] ?? 0) << 8) | (bytes[37] ?? 0);
}

/** Whether a frame is what carries pods of this recording: ESP, the tunnel, or WireGuard. */
function isCarrier(frame: CapturedFrame): boolean {
  const protocol = protocolOf(frame);
  return protocol === 50 || (protocol === 17 && (portOf(frame) === 8472 || portOf(frame) === 51_871));
}

/** Whether the packet inside the tunnel is of two pods that were driven: Ethernet, IPv4, UDP, VXLAN and Ethernet take 64 bytes. */
function isOfPods({ bytes }: CapturedFrame): boolean {
  const ends = [bytes.subarray(76, 80), bytes.subarray(80, 84)].map((address) => [...address].join('.'));
  return ends.includes('10.0.1.11') && ends.includes('10.0.2.11');
}

function isBeacon({ bytes }: CapturedFrame): boolean {
  return Buffer.from(bytes).includes('wirewitness-beacon');
}

/** What a capture that was told to look away does not see, by the words that told it. */
const FILTERS: Readonly<Record<string, (frame: CapturedFrame) => boolean>> = {
  'esp or udp port 8472 or udp port 51871': isCarrier,
  'not tcp': (frame) => protocolOf(frame) !== 6,
  'not icmp': (frame) => protocolOf(frame) !== 1,
  'not host 172.18.0.1': (frame) =>
    !Buffer.from(frame.bytes)
      .subarray(26, 34)
      .includes(Buffer.from([172, 18, 0, 1])),
  'less 200': (frame) => frame.bytes.length < 200,
  'greater 100': (frame) => frame.bytes.length > 100,
};

const LINES: Readonly<Record<string, string>> = {
  '5 packets dropped by interface': '5 packets dropped by interface',
  '12 packets dropped by kernel': '12 packets dropped by kernel',
};

function keep(
  draft: RecordingDraft,
  choice: Parameters<RecordingDraft['frames']>[0],
  holds: (frame: CapturedFrame, at: number, all: readonly CapturedFrame[]) => boolean,
): void {
  draft.frames(choice, (frames) => frames.filter((frame, at, all) => isBeacon(frame) || holds(frame, at, all)));
}

export const instruments: AttackTopic = {
  topic: 'instruments',
  root: 'what a capture says of itself is believed, and what it must have seen is not counted',
  manipulations: [
    {
      id: 'filter',
      what: 'the tap was started with a filter, which the record names: it saw a part of the frames',
      on: BOTH,
      variants: Object.keys(FILTERS),
      turns: ['WIR-13'],
      edit: (draft, filter) => {
        for (const capture of draft.captures(TAP)) {
          capture.filter = filter;
          capture.argv = [...capture.argv, filter];
        }
        keep(draft, TAP, FILTERS[filter] ?? (() => true));
      },
    },
    {
      id: 'filter-in-command',
      what: 'the tap was started with a filter, which only its command line shows',
      on: ['ipsec-1.17'],
      variants: Object.keys(FILTERS),
      turns: ['WIR-13'],
      edit: (draft, filter) => {
        for (const capture of draft.captures(TAP)) capture.argv = [...capture.argv, ...filter.split(' ')];
        keep(draft, TAP, FILTERS[filter] ?? (() => true));
      },
    },
    {
      id: 'options',
      what: 'the tap was started with an option by which it saw a part of the frames',
      on: ['ipsec-1.17'],
      variants: ['-Q in', '-c 100', '-s 96', '-p', '--direction=out', '-G 1', '-C 1', '-F /tmp/filter', '-i lo'],
      turns: ['WIR-13'],
      edit: (draft, option) => {
        for (const capture of draft.captures(TAP)) capture.argv = [...capture.argv, ...option.split(' ')];
      },
    },
    {
      id: 'blind',
      what: 'the tap did not see a kind of frame that the run certainly sent (an access list, one leg of a bond), and nothing says so',
      on: BOTH,
      variants: ['clear frames of nodes', 'all TCP', 'all ICMP', 'one direction', 'everything of one node', 'large frames'],
      turns: [],
      edit: (draft, what) => {
        const source = (frame: CapturedFrame) => Buffer.from(frame.bytes).subarray(26, 30).join('.');
        const seen: Readonly<Record<string, (frame: CapturedFrame) => boolean>> = {
          'clear frames of nodes': isCarrier,
          'all TCP': (frame) => protocolOf(frame) !== 6,
          'all ICMP': (frame) => protocolOf(frame) !== 1,
          'one direction': (frame) => source(frame) !== '172.18.0.2',
          'everything of one node': (frame) => source(frame) !== '172.18.0.1',
          'large frames': (frame) => frame.bytes.length < 1000,
        };
        keep(draft, TAP, seen[what] ?? (() => true));
      },
    },
    {
      id: 'hole',
      what: 'the tap lost a stretch of frames, and its counters do not show it: sequence numbers do',
      on: BOTH,
      variants: ['5 %', '20 %', '60 %'],
      turns: [],
      edit: (draft, share) => {
        const part = Number.parseInt(share, 10) / 100;
        keep(draft, TAP, (_, at, all) => at < all.length * (0.5 - part / 2) || at > all.length * (0.5 + part / 2));
      },
    },
    {
      id: 'thinned',
      what: 'the tap lost every third frame of ciphertext, and its counters do not show it',
      on: BOTH,
      turns: [],
      edit: (draft) => keep(draft, TAP, (frame, at) => !isCarrier(frame) || at % 3 !== 0),
    },
    {
      id: 'cut-frames',
      what: 'frames were cut, though the record says that they are whole',
      on: ['ipsec-1.17'],
      variants: ['60', '96', '128'],
      turns: ['WIR-04'],
      edit: (draft, length) =>
        draft.frames(TAP, (frames) =>
          frames.map((frame) =>
            isBeacon(frame) ? frame : { ...frame, bytes: frame.bytes.subarray(0, Number(length)), wireLength: frame.bytes.length },
          ),
        ),
    },
    {
      id: 'snap-length',
      what: 'the record says that frames were cut',
      on: ['ipsec-1.17'],
      variants: ['64', '96', '262'],
      turns: ['WIR-04'],
      edit: (draft, length) => {
        for (const capture of draft.captures(TAP)) capture.snapLength = Number(length);
      },
    },
    {
      id: 'dropped',
      what: 'the kernel dropped packets of the tap',
      on: ['ipsec-1.17'],
      variants: ['1', '500'],
      turns: ['WIR-04'],
      edit: (draft, count) => {
        for (const { counters } of draft.captures(TAP)) if (counters !== null) counters.droppedByKernel = Number(count);
      },
    },
    {
      id: 'log',
      what: 'tcpdump itself said that packets were dropped, and the record does not',
      on: ['ipsec-1.17'],
      variants: Object.keys(LINES),
      turns: [],
      edit: (draft, line) => {
        for (const { file } of draft.captures(TAP)) {
          const log = file.replace(/\.pcap$/, '.log');
          draft.write(
            log,
            draft
              .text(log)
              .replace(
                /0 packets dropped by kernel\n?/,
                `${line.includes('kernel') ? '' : '0 packets dropped by kernel\n'}${LINES[line]}\n`,
              ),
          );
        }
      },
    },
    {
      id: 'counters',
      what: 'tcpdump counted another number of frames than the file has',
      on: ['ipsec-1.17'],
      variants: ['captured +50', 'captured -50', 'received +50'],
      turns: ['WIR-04'],
      edit: (draft, which) => {
        const [field, by] = which.split(' ');
        for (const { counters } of draft.captures(TAP)) {
          if (counters === null) continue;
          if (field === 'captured') counters.captured += Number(by);
          else counters.receivedByFilter += Number(by);
        }
      },
    },
    {
      id: 'no-counters',
      what: 'the tap did not end properly',
      on: ['ipsec-1.17'],
      variants: ['no counters', 'exit code 1', 'no exit code', 'no ready line'],
      turns: [],
      edit: (draft, what) => {
        for (const capture of draft.captures(TAP)) {
          if (what === 'no counters') capture.counters = null;
          else if (what === 'exit code 1') capture.exitCode = 1;
          else if (what === 'no exit code') capture.exitCode = null;
          else capture.readyLine = null;
        }
      },
    },
    {
      id: 'ready-line',
      what: 'tcpdump said that it listens somewhere else, or in another way, than the record says',
      on: ['ipsec-1.17'],
      variants: [
        'tcpdump: listening on lo, link-type EN10MB (Ethernet), snapshot length 262144 bytes',
        'tcpdump: listening on br-lab, link-type EN10MB (Ethernet), snapshot length 96 bytes',
        'tcpdump: listening on br-lab, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes',
        'tcpdump: eth9: No such device exists',
      ],
      turns: [],
      edit: (draft, line) => {
        for (const capture of draft.captures(TAP)) capture.readyLine = line;
      },
    },
    {
      id: 'interface',
      what: 'the tap was not between the nodes',
      on: ['ipsec-1.17'],
      variants: ['lo', 'docker0', 'eth1'],
      turns: [],
      edit: (draft, name) => {
        for (const capture of draft.captures(TAP)) capture.interface = name;
      },
    },
    {
      id: 'uplink-elsewhere',
      what: 'there was no tap, and the capture of node1 is of another device than its uplink',
      on: BOTH,
      variants: ['eth1', 'lo'],
      turns: [],
      edit: (draft, name) => {
        draft.forgetCaptures({ vantage: 'wire' });
        for (const capture of draft.captures({ phase: 'encrypted', vantage: 'nic', node: 'node1' })) capture.interface = name;
      },
    },
    {
      id: 'one-uplink',
      what: 'there was no tap, and one node’s uplink was not captured',
      on: BOTH,
      variants: ['node1', 'node2'],
      turns: [],
      edit: (draft, node) => {
        draft.forgetCaptures({ vantage: 'wire' });
        draft.forgetCaptures({ phase: 'encrypted', vantage: 'nic', node });
      },
    },
    {
      id: 'no-capture',
      what: 'nothing was captured of the judged traffic where it can be judged',
      on: ['ipsec-1.17'],
      variants: ['no tap and no uplink', 'nothing at all'],
      turns: [],
      edit: (draft, what) => {
        draft.forgetCaptures({ phase: 'encrypted', vantage: 'wire' });
        draft.forgetCaptures({ phase: 'encrypted', vantage: 'nic' });
        if (what === 'nothing at all')
          for (const vantage of ['tunnel', 'pod'] as const) draft.forgetCaptures({ phase: 'encrypted', vantage });
      },
    },
    {
      id: 'uplink-plaintext',
      what: 'a node’s own uplink shows a readable packet of its pods leave that the tap did not see',
      on: BOTH,
      variants: ['node1', 'node2'],
      turns: ['WIR-01'],
      edit: (draft, node) => {
        let [leak]: CapturedFrame[] = [];
        const own = draft.manifest.cluster.nodes.find(({ name }) => name === node)?.addresses ?? [];
        const leaves = ({ bytes }: CapturedFrame): boolean => own.includes(bytes.subarray(26, 30).join('.'));
        draft.frames({ phase: 'clear', vantage: 'nic', node }, (frames) => {
          leak = frames.find((frame) => isCarrier(frame) && isOfPods(frame) && leaves(frame));
          return [...frames, ...(leak === undefined ? [] : [leak])];
        });
        if (leak === undefined) throw new RangeError(`${node} sent nothing in the tunnel in the clear phase`);
        const { bytes } = leak;
        draft.frames({ phase: 'encrypted', vantage: 'nic', node }, (frames) => {
          const middle = Math.floor(frames.length / 2);
          return [...frames.slice(0, middle), { us: frames[middle]?.us ?? 0n, bytes }, ...frames.slice(middle)];
        });
      },
    },
    {
      id: 'uplink-plaintext-in',
      what: 'under WireGuard a readable packet for a pod of the node comes in by its uplink, which no decrypted packet passes',
      on: ['wireguard', 'wireguard-native'],
      variants: ['bare', 'in the tunnel'],
      turns: ['WIR-01'],
      edit: (draft, how) =>
        draft.frames({ phase: 'encrypted', vantage: 'nic', node: 'node2' }, (seen) =>
          inserted(seen, [how === 'bare' ? ethernetFrame(podPacket()) : inTunnel(podPacket())]),
        ),
    },
    {
      id: 'empty',
      what: 'the tap saw nothing but its own beacons',
      on: ['ipsec-1.17'],
      turns: ['WIR-13'],
      edit: (draft) => keep(draft, TAP, () => false),
    },
    {
      id: 'beacon',
      what: 'a frame that was sent in the clear on purpose was not seen by the tap',
      on: ['ipsec-1.17'],
      variants: ['first', 'last', 'both'],
      turns: [],
      edit: (draft, which) =>
        draft.frames(TAP, (frames) => {
          const beacons = frames.filter(isBeacon);
          const gone = new Set(
            which === 'both' ? beacons : which === 'first' ? beacons.slice(0, beacons.length / 2) : beacons.slice(beacons.length / 2),
          );
          return frames.filter((frame) => !gone.has(frame));
        }),
    },
    {
      id: 'beacons-early',
      what: 'the beacons of start and end both stand before all traffic: of what came later nobody knows whether it was seen',
      on: BOTH,
      turns: [],
      edit: (draft) => draft.frames(TAP, (frames) => [...frames.filter(isBeacon), ...frames.filter((frame) => !isBeacon(frame))]),
    },
    {
      id: 'beacons-late',
      what: 'both beacons stand behind all traffic',
      on: BOTH,
      turns: [],
      edit: (draft) => draft.frames(TAP, (frames) => [...frames.filter((frame) => !isBeacon(frame)), ...frames.filter(isBeacon)]),
    },
    {
      id: 'control-gone',
      what: 'the un-encrypted phase shows no plaintext: nobody knows whether the captures can see any',
      on: BOTH,
      variants: ['no capture', 'empty captures'],
      turns: [],
      edit: (draft, what) => {
        const places = ['wire', 'nic', 'tunnel', 'pod'] as const;
        for (const vantage of places) {
          if (what === 'no capture') draft.forgetCaptures({ phase: 'clear', vantage });
          else keep(draft, { phase: 'clear', vantage }, () => false);
        }
        draft.forgetCaptures({ phase: 'encrypted', vantage: 'pod' });
        draft.forgetCaptures({ phase: 'encrypted', vantage: 'tunnel' });
      },
    },
    {
      id: 'swapped',
      what: 'the capture that is judged is that of the un-encrypted phase',
      on: BOTH,
      turns: [],
      edit: (draft) => {
        const [judged] = draft.captures(TAP);
        const [control] = draft.captures(CONTROL);
        if (judged !== undefined && control !== undefined) [judged.file, control.file] = [control.file, judged.file];
      },
    },
    {
      id: 'two-records',
      what: 'one file stands for two captures',
      on: ['ipsec-1.17'],
      turns: [],
      edit: (draft) => {
        const [tap] = draft.captures(TAP);
        for (const capture of draft.captures({ phase: 'encrypted', vantage: 'nic' })) if (tap !== undefined) capture.file = tap.file;
      },
    },
    {
      id: 'copied',
      what: 'the capture of one place is a copy of that of another',
      on: BOTH,
      variants: ['node1 of the tap', 'node2 of node1'],
      turns: ['EVI-02'],
      edit: (draft, which) => {
        const [from] = which.endsWith('tap') ? draft.captures(TAP) : draft.captures({ phase: 'encrypted', vantage: 'nic', node: 'node1' });
        const [to] = draft.captures({ phase: 'encrypted', vantage: 'nic', node: which.slice(0, 5) });
        if (from === undefined || to === undefined) throw new RangeError('there is no such capture');
        draft.write(to.file, draft.bytes(from.file));
      },
    },
    {
      id: 'pcapng',
      what: 'the file of the tap was written by another program than tcpdump: it can have been filtered, lost frames or come from elsewhere',
      on: BOTH,
      turns: ['WIR-01', 'WIR-04'],
      edit: (draft) => {
        for (const { file } of draft.captures(TAP)) draft.write(file, pcapngOf(readFrames(draft.bytes(file))));
      },
    },
    {
      id: 'not-pcap',
      what: 'the file of the tap is no capture, or ends inside a frame',
      on: ['ipsec-1.17'],
      variants: ['empty', 'header only', 'text', 'cut'],
      turns: ['WIR-04'],
      edit: (draft, what) => {
        for (const { file } of draft.captures(TAP)) {
          const bytes = draft.bytes(file);
          const made: Readonly<Record<string, Uint8Array>> = {
            empty: bytes.subarray(0, 0),
            'header only': bytes.subarray(0, 24),
            text: Buffer.from('no capture here\n'),
          };
          draft.write(file, made[what] ?? bytes.subarray(0, bytes.length - 9));
        }
      },
    },
  ],
};
