import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureRecord, Recording } from '../../model/recording.ts';
import { examineCapture } from '../ledger/ledger.ts';
import { SpiBook } from '../window/spi-book.ts';
import { type AddressBook, addressBook } from './address-book.ts';
import { BeaconWatch } from './beacon-watch.ts';
import { CanaryWatch } from './canary-watch.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { CipherBook } from './cipher-book.ts';
import { ClearBook } from './clear-book.ts';
import { completenessGaps } from './completeness.ts';
import { CounterBook } from './counter-book.ts';
import { EspConflicts } from './esp-conflicts.ts';
import { flowIndex } from './flow-index.ts';
import { HandshakeBook } from './handshakes.ts';
import { StrangerBook } from './stranger-book.ts';

/** Read one capture of a recording in one pass. A file that is no capture gives an entry without a ledger that says why. */
export async function readCapture(recording: Recording, record: CaptureRecord): Promise<CaptureFacts> {
  const { manifest } = recording;
  const book = addressBook(manifest.cluster);
  const index = flowIndex(manifest, record.phase);
  const isCopy = inboundCopyTest(record, book);
  const beacons = new BeaconWatch(
    record,
    new Set(manifest.captures.flatMap((c) => [c.beacons.start, c.beacons.end]).filter((t) => t !== '')),
  );
  const canaries = new CanaryWatch(index.canaries, isCopy);
  const clear = new ClearBook(index, isCopy);
  const cipher = new CipherBook(book);
  const conflicts = new EspConflicts();
  const counters = new CounterBook();
  const strangers = new StrangerBook();
  const spis = new SpiBook();
  const isWindow = record.phase === 'window';
  const handshakes = new HandshakeBook();
  const visit = (frame: DissectedFrame): void => {
    const carried = canaries.note(frame);
    switch (frame.class) {
      case 'esp':
        // A cut frame shows no content to compare: repetitions are then the ledger's to count.
        if (record.kind !== 'cipher') conflicts.note(frame);
        if (isWindow) spis.note(frame);
        cipher.note(frame);
        return;
      case 'wireguard':
        handshakes.note(frame);
        counters.note(frame);
        cipher.note(frame);
        return;
      case 'control':
        return;
      default:
        if (beacons.take(frame)) return;
        strangers.note(frame);
        if (frame.class === 'clear' || frame.class === 'tls' || frame.class === 'ah' || carried.length > 0 || isPodFragment(frame, book))
          clear.note(frame, carried);
    }
  };
  const facts = (ledger: CaptureFacts['ledger'], gaps: readonly string[]): CaptureFacts => ({
    key: keyOf(record),
    record,
    ledger,
    complete: gaps.length === 0,
    gaps,
    beacons: beacons.seen,
    canaries: canaries.sightings(),
    clear: clear.accounts(),
    cipher: cipher.accounts(),
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
    const ledger = await examineCapture(recording.bytes(record.file), { file: record.file }, visit);
    return facts(ledger, completenessGaps(record, ledger, beacons.seen));
  } catch (error) {
    return facts(null, [`the file could not be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/**
 * A later fragment whose first was not seen could be of anything, but where both its addresses are pods' it was encrypted by nobody:
 * ciphertext between nodes carries the addresses of nodes and routers.
 */
function isPodFragment({ laterFragment, src, dst }: DissectedFrame, book: AddressBook): boolean {
  return laterFragment && src !== null && dst !== null && [src, dst].every((address) => book.ownerOf(address).kind === 'pod');
}

/** `<phase>/<vantage>/<node or '-'>/<interface>`. */
export function keyOf(record: CaptureRecord): string {
  return `${record.phase}/${record.vantage}/${record.node ?? '-'}/${record.interface}`;
}

/**
 * Inside a node, a packet that was decrypted passes its devices again on the way to the pod. Such a copy comes from another
 * node, never leaves, and is no leak. Outside the nodes there is no such thing.
 */
function inboundCopyTest(record: CaptureRecord, book: AddressBook): (outerSrc: string, src: string) => boolean {
  if (record.vantage === 'wire' || record.node === null) return () => false;
  return (outerSrc, src) => {
    const from = book.ownerOf(outerSrc).node ?? book.ownerOf(src).node;
    return from !== null && from !== record.node;
  };
}
