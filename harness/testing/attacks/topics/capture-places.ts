import { ethernetFrame } from '../../packets.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { isCarrier, keepFrames, TAP } from '../captured.ts';
import { type CapturedFrame, inserted } from '../frames.ts';
import { inTunnel, podPacket } from '../wire-packets.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const CONTROL = { phase: 'clear', vantage: 'wire' } as const;

/** Whether the packet inside the tunnel is of two pods that were driven: Ethernet, IPv4, UDP, VXLAN and Ethernet take 64 bytes. */
function isOfPods({ bytes }: CapturedFrame): boolean {
  const ends = [bytes.subarray(76, 80), bytes.subarray(80, 84)].map((address) => [...address].join('.'));
  return ends.includes('10.0.1.11') && ends.includes('10.0.2.11');
}

export const capturePlaces: AttackTopic = {
  topic: 'capture-places',
  root: 'a capture is taken for one of the place and phase that is needed, and a place without a capture is not missed',
  manipulations: [
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
      id: 'control-gone',
      what: 'the un-encrypted phase shows no plaintext: it is not known whether the captures can see any',
      on: BOTH,
      variants: ['no capture', 'empty captures'],
      turns: [],
      edit: (draft, what) => {
        const places = ['wire', 'nic', 'tunnel', 'pod'] as const;
        for (const vantage of places) {
          if (what === 'no capture') draft.forgetCaptures({ phase: 'clear', vantage });
          else keepFrames(draft, { phase: 'clear', vantage }, () => false);
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
      what: 'one file is recorded as two captures',
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
  ],
};
