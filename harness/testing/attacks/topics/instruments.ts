import { pcapngInterface, pcapngPacket, pcapngSection } from '../../capture-file.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { isCarrier, keepFrames, outerProtocol, TAP } from '../captured.ts';
import { type CapturedFrame, readFrames } from '../frames.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];

/** The same frames as another program would have written them. */
function pcapngOf(frames: readonly CapturedFrame[]): Buffer {
  return Buffer.concat([pcapngSection(), pcapngInterface(1, 6), ...frames.map(({ us, bytes }) => pcapngPacket(0, us, bytes))]);
}

/** The frames that a capture with a filter sees, by the filter. */
const FILTERS: Readonly<Record<string, (frame: CapturedFrame) => boolean>> = {
  'esp or udp port 8472 or udp port 51871': isCarrier,
  'not tcp': (frame) => outerProtocol(frame) !== 6,
  'not icmp': (frame) => outerProtocol(frame) !== 1,
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

export const instruments: AttackTopic = {
  topic: 'instruments',
  root: 'what a capture says of itself is believed: how it was started, what it printed, and what wrote its file',
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
        keepFrames(draft, TAP, FILTERS[filter] ?? (() => true));
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
        keepFrames(draft, TAP, FILTERS[filter] ?? (() => true));
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
