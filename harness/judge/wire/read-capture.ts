import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { plainWindow } from '../../decode/wire/plain.ts';
import { NAT_T_PORT } from '../../decode/wire/udp.ts';
import type { CaptureRecord, Recording } from '../../model/recording.ts';
import { examineMirrored } from '../ledger/ledger.ts';
import { SpiSpans } from '../window/spi-spans.ts';
import { type AddressOwners, isGroup, normalAddress } from './address-owners.ts';
import { BeaconWatch } from './beacon-watch.ts';
import { CanaryWatch } from './canary-watch.ts';
import type { CaptureContext } from './capture-context.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { captureGaps, holesOf } from './capture-gaps.ts';
import { CipherAccounts } from './cipher-accounts.ts';
import type { ClaimedCipher } from './claimed-cipher.ts';
import { ClearAccounts, type HiddenContent } from './clear-accounts.ts';
import { CounterHistory } from './counter-history.ts';
import { edgeTest } from './edge.ts';
import { EspConflicts } from './esp-conflicts.ts';
import { ForeignDatagrams, isForeignDatagram } from './foreign-datagrams.ts';
import { FrameTraits } from './frame-traits.ts';
import { HandshakeCollector } from './handshakes.ts';
import { hiddenPacket, readableContent } from './hidden-packet.ts';
import { inboundCopyTest } from './inbound-copy.ts';
import { SequenceWatch } from './sequence-watch.ts';
import { SplitPackets } from './split-packets.ts';
import { TlsWatch } from './tls-watch.ts';
import { unexplainedFrameTest } from './unexplained-frames.ts';
import { UNREADABLE, UnreadAccounts } from './unread-accounts.ts';

/**
 * Traits of frames: ciphertext of the claim; ESP between nodes in a window; of pods; of unknown content; not an IP packet of anybody's; UDP to
 * a WireGuard port; maybe with readable content behind a header of the claimed encryption.
 */
const EXPLAINED = 1;
const OF_ROTATION = 2;
const OF_PODS = 4;
const UNREAD = 8;
const HOUSEKEEPING = 16;
const FOREIGN = 32;
const BEHIND_HEADER = 64;

/** Read one capture of a recording in one pass. A file that is no capture gives an entry without a ledger, with the reason. */
export async function readCaptureFacts(recording: Recording, record: CaptureRecord, context: CaptureContext): Promise<CaptureFacts> {
  const { manifest } = recording;
  const { owners, space, claimed, ports } = context;
  const { index, needles } = context.driven(record.phase);
  const isCopy = inboundCopyTest(record, owners, manifest.intent.mode);
  const isAtEdge = edgeTest(manifest.cluster);
  const isStray = unexplainedFrameTest(owners, claimed, manifest.intent, manifest.cluster.outside?.addresses ?? [], ports);
  const beacons = new BeaconWatch(
    record,
    new Set(manifest.captures.flatMap((c) => [c.beacons.start, c.beacons.end]).filter((t) => t !== '')),
  );
  const canaries = new CanaryWatch(index.canaries, needles, isCopy, isAtEdge);
  const clear = new ClearAccounts(index, isCopy, isAtEdge);
  const cipher = new CipherAccounts(owners);
  const conflicts = new EspConflicts();
  const counters = new CounterHistory();
  const strangers = new ForeignDatagrams();
  const spis = new SpiSpans();
  const isWindow = record.phase === 'window';
  // A cut frame shows no content: then only the ledger counts repetitions.
  const isWhole = record.kind !== 'cipher';
  const handshakes = new HandshakeCollector();
  const unread = new UnreadAccounts();
  const split = new SplitPackets(space);
  const sequences = new SequenceWatch();
  const port = manifest.intent.mode === 'tls' ? context.profile?.tls?.port.value : undefined;
  const enrolled = new Set(manifest.cluster.pods.flatMap(({ addresses }) => addresses.map(normalAddress)));
  const mesh =
    port === undefined ? null : new TlsWatch(port, owners, enrolled, (frame, carried, found) => clear.note(frame, carried, found));
  const noteCipher = (frame: DissectedFrame): void => {
    cipher.note(frame, beacons.covering);
    sequences.note(frame);
    if (frame.class === 'wireguard') {
      handshakes.note(frame);
      counters.note(frame);
    } else if (isWhole) conflicts.note(frame);
  };
  const traits = new FrameTraits((frame) => {
    const isUnread = UNREADABLE.has(frame.class);
    return (
      ((frame.class === 'esp' || frame.class === 'wireguard') && claimed.explains(frame) ? EXPLAINED : 0) |
      // The checks of the rotation judge which SPIs of the window belong to it.
      (isWindow && frame.class === 'esp' && claimed.betweenNodes(frame.src, frame.dst) ? OF_ROTATION : 0) |
      (isOfPods(frame, owners) ? OF_PODS : 0) |
      (isUnread || claimed.isUnexplained(frame) || isStray(frame) ? UNREAD : 0) |
      (frame.class === 'control' || isUnread ? HOUSEKEEPING : 0) |
      (isForeignDatagram(frame, claimed) ? FOREIGN : 0) |
      (mayBeReadable(frame, claimed) ? BEHIND_HEADER : 0)
    );
  });
  const visit = (frame: DissectedFrame): void => {
    const carried = canaries.note(frame);
    if (carried.length > 0) beacons.driven(frame);
    const is = traits.of(frame);
    if ((is & OF_ROTATION) !== 0) spis.note(frame);
    if ((is & EXPLAINED) !== 0) {
      const content = readableContent(frame, space);
      if (content === null) noteCipher(frame);
      else clear.note(frame, carried, content);
      return;
    }
    if (beacons.take(frame)) return;
    if (mesh?.takes(frame, carried, beacons.covering)) return;
    if ((is & FOREIGN) !== 0) strangers.note(frame);
    const ofPods = (is & OF_PODS) !== 0;
    const completed = ofPods ? null : split.note(frame);
    const found = ofPods
      ? null
      : (hiddenPacket(frame, space) ?? completed ?? ((is & BEHIND_HEADER) === 0 ? null : readableBehindHeader(frame, claimed)));
    if ((is & UNREAD) !== 0) unread.note(frame, beacons.start === 0 && record.beacons.start !== '');
    if ((is & HOUSEKEEPING) === 0 || ofPods || found !== null || carried.length > 0) clear.note(frame, carried, found);
  };
  const facts = (ledger: CaptureFacts['ledger'], copies: number, gaps: readonly string[]): CaptureFacts => ({
    key: captureName(record),
    record,
    ledger,
    copies,
    complete: gaps.length === 0,
    gaps,
    beacons: beacons.order(),
    holes: holesOf(record, owners, sequences, { scenario: manifest.run.scenario, events: context.events }),
    canaries: canaries.sightings(),
    // The last frames of the mesh are decided at the end, and some of them may be clear.
    ...(mesh?.end() ?? { tls: [], olderTls: [], cipher: cipher.accounts() }),
    clear: clear.accounts(),
    unread: unread.accounts(),
    espConflicts: conflicts.found,
    espRepeatedIvs: conflicts.repeatedIvs,
    espUncompared: conflicts.uncompared,
    wireguardRepeats: counters.repeats,
    wireguardUncompared: counters.uncompared,
    notWireguard: strangers.accounts(),
    spis: spis.spans(),
    handshakes: handshakes.kept,
  });
  try {
    const { ledger, copies } = await examineMirrored(recording.bytes(record.file), { file: record.file, ...ports }, visit);
    // tcpdump counted the copies too.
    const counted = { ...ledger, frames: ledger.frames + copies };
    return facts(ledger, copies, await captureGaps(recording, record, counted, { ...context, sequences, beacons: beacons.order() }));
  } catch (error) {
    return facts(null, 0, [`the file could not be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/**
 * Both addresses are of pods, or one is, and the other is a multicast group that may have pods of any node. Such a frame is not encrypted:
 * ciphertext between nodes has the addresses of nodes and routers. This is also true of a later fragment whose first fragment was not seen.
 */
function isOfPods({ src, dst }: DissectedFrame, owners: AddressOwners): boolean {
  if (src === null || dst === null || owners.ownerOf(src).kind !== 'pod') return false;
  return owners.ownerOf(dst).kind === 'pod' || isGroup(dst);
}

/** A frame between two nodes that was not recognised as ciphertext. */
function mayBeReadable({ class: name, src, dst }: DissectedFrame, claimed: ClaimedCipher): boolean {
  return name === 'clear' && claimed.kind !== null && claimed.betweenNodes(src, dst);
}

/**
 * Content that has the header of an encryption between two nodes but is readable: ESP, alone or on the port of NAT traversal, with a null
 * cipher or plain text in it; a WireGuard message by type and port whose content is no ciphertext.
 */
function readableBehindHeader(frame: DissectedFrame, claimed: ClaimedCipher): HiddenContent | null {
  const { protocol, bytes, payloadOffset, payloadLength } = frame;
  const content: HiddenContent = { readBy: 'content', at: payloadOffset, ends: null };
  if (protocol === 'esp' || (protocol === 'udp' && isWireguardMessage(frame, claimed))) return content;
  if (protocol !== 'udp' || (frame.sport !== NAT_T_PORT && frame.dport !== NAT_T_PORT)) return null;
  return plainWindow(bytes, payloadOffset, payloadOffset + payloadLength) < 0 ? null : content;
}

/** Type, zeros, minimum length, and a port of WireGuard at either end. */
function isWireguardMessage({ sport, dport, payload }: DissectedFrame, claimed: ClaimedCipher): boolean {
  if (!claimed.knowsWireguardPort(sport) && !claimed.knowsWireguardPort(dport)) return false;
  return payload.length >= 32 && payload[0]! >= 1 && payload[0]! <= 4 && (payload[1]! | payload[2]! | payload[3]!) === 0;
}

/** `<phase>/<vantage>/<node or '-'>/<interface>`. */
export function captureName(record: CaptureRecord): string {
  return `${record.phase}/${record.vantage}/${record.node ?? '-'}/${record.interface}`;
}
