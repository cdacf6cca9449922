import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { isBeacon, isCarrier, keepFrames, outerProtocol, TAP } from '../captured.ts';
import type { CapturedFrame } from '../frames.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];

export const missingFrames: AttackTopic = {
  topic: 'missing-frames',
  root: 'it is not counted which frames a capture must have seen',
  manipulations: [
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
          'all TCP': (frame) => outerProtocol(frame) !== 6,
          'all ICMP': (frame) => outerProtocol(frame) !== 1,
          'one direction': (frame) => source(frame) !== '172.18.0.2',
          'everything of one node': (frame) => source(frame) !== '172.18.0.1',
          'large frames': (frame) => frame.bytes.length < 1000,
        };
        keepFrames(draft, TAP, seen[what] ?? (() => true));
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
        keepFrames(draft, TAP, (_, at, all) => at < all.length * (0.5 - part / 2) || at > all.length * (0.5 + part / 2));
      },
    },
    {
      id: 'thinned',
      what: 'the tap lost every third frame of ciphertext, and its counters do not show it',
      on: BOTH,
      turns: [],
      edit: (draft) => keepFrames(draft, TAP, (frame, at) => !isCarrier(frame) || at % 3 !== 0),
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
      id: 'empty',
      what: 'the tap saw nothing but its own beacons',
      on: ['ipsec-1.17'],
      turns: ['WIR-13'],
      edit: (draft) => keepFrames(draft, TAP, () => false),
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
      what: 'the beacons of start and end both come before all traffic: it is not known whether later frames were seen',
      on: BOTH,
      turns: [],
      edit: (draft) => draft.frames(TAP, (frames) => [...frames.filter(isBeacon), ...frames.filter((frame) => !isBeacon(frame))]),
    },
    {
      id: 'beacons-late',
      what: 'both beacons come after all traffic',
      on: BOTH,
      turns: [],
      edit: (draft) => draft.frames(TAP, (frames) => [...frames.filter((frame) => !isBeacon(frame)), ...frames.filter(isBeacon)]),
    },
  ],
};
