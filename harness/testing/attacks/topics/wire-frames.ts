import type { ClusterDescription } from '../../../model/cluster.ts';
import { type LeakEnds, leakingFrames } from '../../leaking-frames.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { CaptureChoice, RecordingDraft } from '../draft.ts';
import type { CapturedFrame } from '../frames.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const WIREGUARD: readonly BaseName[] = ['wireguard', 'wireguard-native'];
const TAP = { phase: 'encrypted', vantage: 'wire' } as const satisfies CaptureChoice;
const SENTINEL = { phase: 'window', vantage: 'wire', kind: 'sentinel' } as const satisfies CaptureChoice;
const TEXT = Buffer.from('the account number is 4111 1111 1111 1111, in plain English. '.repeat(40));
const PLACES = ['first', 'middle', 'last'] as const;

/** Names only; the addresses are those of each recording. */
const NAMES = leakingFrames({ nodes: ['192.0.2.1', '192.0.2.2'], pods: ['198.51.100.1', '198.51.100.2'], neighbour: '198.51.100.3' }).map(
  ([name]) => name,
);
/** What a sentinel keeps: it leaves out what has the shape of ciphertext. */
const KEPT = NAMES.filter((name) => !/ESP|WireGuard|handshake/.test(name));

/** Two nodes of a recording with a pod on each. @throws RangeError when there are none */
function endsOf({ nodes, pods }: Pick<ClusterDescription, 'nodes' | 'pods'>): LeakEnds {
  const ipv4 = (addresses: readonly string[] | undefined): string => addresses?.find((address) => address.includes('.')) ?? '';
  const [one, two] = nodes.filter((node) => pods.some((pod) => pod.node === node.name));
  const podOf = (node: string | undefined): string => ipv4(pods.find((pod) => pod.node === node)?.addresses);
  if (one === undefined || two === undefined) throw new RangeError('the recording has no two nodes with pods');
  const pod = podOf(one.name);
  return { nodes: [ipv4(one.addresses), ipv4(two.addresses)], pods: [pod, podOf(two.name)], neighbour: pod.replace(/\d+$/, '231') };
}

/** Put frames into the middle of a capture, at the time of the frame before them. */
function insert(draft: RecordingDraft, choice: CaptureChoice, name: string): void {
  const added = leakingFrames(endsOf(draft.manifest.cluster)).find(([known]) => known === name)?.[1] ?? [];
  draft.frames(choice, (frames) => {
    const middle = frames.length >> 1;
    const us = frames[middle - 1]?.us ?? 0n;
    return [...frames.slice(0, middle), ...added.map((bytes): CapturedFrame => ({ us, bytes })), ...frames.slice(middle)];
  });
}

/** Where the content of ESP or of a WireGuard data message begins, with its header; -1 for another frame. Ethernet, IPv4 without options, at any depth of VXLAN. */
function contentOf(bytes: Uint8Array, at = 14): number {
  if (bytes[at] !== 0x45) return -1;
  const [protocol, inner] = [bytes[at + 9], at + 20];
  if (protocol === 50) return inner + 8;
  if (protocol !== 17) return -1;
  const port = ((bytes[inner + 2] ?? 0) << 8) | (bytes[inner + 3] ?? 0);
  if (port === 51_871) return bytes[inner + 8] === 4 && bytes.length > inner + 8 + 32 + 40 ? inner + 8 + 16 : -1;
  return port === 8472 ? contentOf(bytes, inner + 8 + 8 + 14) : -1;
}

/** Change one frame of ciphertext of the tap: the first, the middle one, the last. */
function changeOne(draft: RecordingDraft, place: string, change: (bytes: Buffer, content: number, pods: LeakEnds) => void): void {
  draft.frames(TAP, (frames) => {
    const ciphertext = frames.map(({ bytes }, index) => ({ index, content: contentOf(bytes) })).filter(({ content }) => content >= 0);
    const chosen = ciphertext[place === 'first' ? 0 : place === 'last' ? ciphertext.length - 1 : ciphertext.length >> 1];
    if (chosen === undefined) throw new RangeError('the capture has no ciphertext');
    return frames.map((frame, index) => {
      if (index !== chosen.index) return frame;
      const bytes = Buffer.from(frame.bytes);
      change(bytes, chosen.content, endsOf(draft.manifest.cluster));
      return { ...frame, bytes };
    });
  });
}

/** Change every frame of ciphertext of the tap. */
function changeAll(draft: RecordingDraft, change: (bytes: Buffer, content: number) => void): void {
  draft.frames(TAP, (frames) =>
    frames.map((frame) => {
      const bytes = Buffer.from(frame.bytes);
      const content = contentOf(bytes);
      if (content >= 0) change(bytes, content);
      return { ...frame, bytes };
    }),
  );
}

export const wireFrames: AttackTopic = {
  topic: 'wire-frames',
  root: 'a frame is believed by its shape, its port or its EtherType, and what no decoder reads is taken for nothing',
  manipulations: [
    {
      id: 'pod-packet',
      what: 'the tap also saw a readable packet of two pods, in this shape, tunnel or fragment',
      on: BOTH,
      variants: NAMES,
      turns: ['WIR-01'],
      edit: (draft, name) => insert(draft, TAP, name),
    },
    {
      id: 'pod-packet-in-window',
      what: 'while the key was rotated a readable packet of two pods was on the wire',
      on: ['rotation'],
      variants: KEPT,
      turns: ['ROT-04'],
      edit: (draft, name) => insert(draft, SENTINEL, name),
    },
    {
      id: 'text-in-ciphertext',
      what: 'one frame behind a valid header carries text in place of ciphertext',
      on: [...IPSEC, ...WIREGUARD],
      variants: PLACES,
      turns: ['WIR-01'],
      edit: (draft, place) => changeOne(draft, place, (bytes, content) => bytes.set(TEXT.subarray(0, bytes.length - content), content)),
    },
    {
      id: 'packet-in-ciphertext',
      what: 'one frame behind a valid header carries the readable packet',
      on: [...IPSEC, ...WIREGUARD],
      variants: PLACES,
      turns: ['WIR-01'],
      edit: (draft, place) =>
        changeOne(draft, place, (bytes, content, ends) => {
          const [, [frame]] = leakingFrames(ends).find(([name]) => name === 'IP in IP') ?? ['', []];
          const packet = frame?.subarray(14 + 20) ?? Buffer.alloc(0);
          bytes.set(packet.subarray(0, bytes.length - content), content);
        }),
    },
    {
      id: 'behind-ciphertext',
      what: 'behind the end of one encrypted packet, where a link has its padding, the frame goes on with text, or with a readable packet',
      on: [...IPSEC, ...WIREGUARD],
      variants: ['text', 'packet'],
      turns: ['WIR-01'],
      edit: (draft, variant) => {
        const [, [leak]] = leakingFrames(endsOf(draft.manifest.cluster)).find(([name]) => name === 'IP in IP') ?? ['', []];
        const behind = variant === 'text' ? TEXT.subarray(0, 96) : (leak?.subarray(14 + 20) ?? Buffer.alloc(0));
        draft.frames(TAP, (frames) => {
          const at = frames.findIndex(({ bytes }) => contentOf(bytes) >= 0);
          return frames.map((frame, index) => (index === at ? { ...frame, bytes: Buffer.concat([frame.bytes, behind]) } : frame));
        });
      },
    },
    {
      id: 'text-at-the-end',
      what: 'the last bytes of one encrypted packet are text',
      on: [...IPSEC, ...WIREGUARD],
      variants: PLACES,
      turns: ['WIR-01'],
      edit: (draft, place) =>
        changeOne(draft, place, (bytes, content) =>
          bytes.set(TEXT.subarray(0, Math.min(96, bytes.length - content)), Math.max(content, bytes.length - 96)),
        ),
    },
    {
      id: 'other-association',
      what: 'the ciphertext on the wire is of an SPI that no kernel has',
      on: IPSEC,
      turns: ['WIR-02', 'WIR-06'],
      edit: (draft) => changeAll(draft, (bytes, content) => void bytes.writeUInt32BE(0x0badcafe, content - 8)),
    },
    {
      id: 'other-wireguard',
      what: 'the ciphertext on the wire is of another WireGuard of the nodes, on a port of its own',
      on: WIREGUARD,
      turns: ['WIR-02', 'WIR-08'],
      edit: (draft) =>
        changeAll(draft, (bytes, content) => {
          bytes.writeUInt16BE(41_641, content - 24);
          bytes.writeUInt16BE(41_641, content - 22);
        }),
    },
  ],
};
