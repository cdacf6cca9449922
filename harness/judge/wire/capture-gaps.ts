import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord, JournalEvent, Recording } from '../../model/recording.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import type { StateFacts } from '../state/state-facts.ts';
import type { AddressOwners } from './address-owners.ts';
import type { BeaconOrder } from './beacon-watch.ts';
import { completenessGaps, neighbourParts } from './completeness.ts';
import { coverageGaps, frameTimeGaps } from './coverage.ts';
import { instrumentGaps } from './instrument.ts';
import type { SequenceHole, SequenceWatch } from './sequence-watch.ts';
import { uplinkGaps, uplinkRoutes } from './uplinks.ts';

/** What a capture is compared with besides its own record and file. */
export interface GapContext {
  readonly owners: AddressOwners;
  readonly beacons: BeaconOrder;
  readonly sequences: SequenceWatch;
  /** The journal. */
  readonly events: readonly JournalEvent[];
  /** The nodes' routes show which device is an uplink. */
  readonly state: StateFacts | null;
}

/** Why a capture does not prove that it saw every frame that it should see, one sentence each; empty if it does. */
export async function captureGaps(
  recording: Recording,
  record: CaptureRecord,
  ledger: Ledger,
  { owners, beacons, sequences, events, state }: GapContext,
): Promise<readonly string[]> {
  const { manifest } = recording;
  return [
    ...instrumentGaps(record, await logOf(recording, record), ledger),
    ...uplinkGaps(record, manifest.cluster, uplinkRoutes(manifest.cluster.nodes, state?.nodes ?? [])),
    ...completenessGaps(record, ledger, beacons, neighbourParts(record, manifest.captures)),
    ...holesOf(record, owners, sequences, { scenario: manifest.run.scenario, events }).map(describeHole),
    ...(sequences.unfollowed > 0
      ? [`${sequences.unfollowed} frame(s) are of SAs or sessions beyond the limit of those that are followed`]
      : []),
    ...coverageGaps(record, manifest, events),
    ...frameTimeGaps(record, beacons),
  ];
}

/** What tcpdump printed; null where the recording does not have it. */
async function logOf(recording: Recording, { file }: CaptureRecord): Promise<string | null> {
  const path = file.replace(/\.pcap$/, '.log');
  return recording.manifest.files.some((known) => known.path === path) ? recording.text(path) : null;
}

/**
 * Missing numbers that the capture should have seen: a tap sees what every node sends, an uplink what its own node sends. Frames from other
 * nodes may have been lost on the way, and devices inside a node show only a part of the ciphertext.
 */
export function holesOf(
  { vantage, node }: CaptureRecord,
  owners: AddressOwners,
  sequences: SequenceWatch,
  { scenario, events }: { readonly scenario: ScenarioName; readonly events: readonly JournalEvent[] },
): readonly SequenceHole[] {
  const off = scenario === 'node-restart' ? events : [];
  if (vantage !== 'wire' && vantage !== 'nic') return [];
  return sequences.holes().filter((hole) => {
    const [from, to] = [owners.ownerOf(hole.src).node, owners.ownerOf(hole.dst).node];
    return from !== null && to !== null && (vantage === 'wire' || from === node) && !isWhileOff(hole, to, off);
  });
}

/** Largest difference between the clocks of a capture and of the journal, milliseconds. */
const CLOCKS_MS = 1000;

/**
 * While a node is off nobody answers ARP or ND for its address: packets to it get a number but never reach the wire. Only in the scenario
 * that restarts a node.
 */
function isWhileOff({ missing, largest, ms, untilMs }: SequenceHole, to: string, events: readonly JournalEvent[]): boolean {
  const at = (name: string): number => Date.parse(events.find(({ event, detail }) => event === name && detail.node === to)?.at.utc ?? '');
  const [begun, off, back] = [at('node-restarting'), at('node-off'), at('node-restarted')];
  return largest === missing && untilMs - ms >= begun - CLOCKS_MS && untilMs >= off && untilMs <= back + CLOCKS_MS;
}

function describeHole({ kind, src, dst, session, missing, span, after, before, ms }: SequenceHole): string {
  const name = kind === 'esp' ? `SPI ${session}` : `WireGuard session ${session}`;
  return `${missing} of ${span} packets of ${name} ${src} > ${dst} are missing, the most between frames ${after} and ${before} (${ms} ms)`;
}
