import { decodeTcpdumpArgv } from '../../decode/tcpdump/tcpdump-argv.ts';
import { decodeReadyLine, decodeTcpdumpLog } from '../../decode/tcpdump/tcpdump-log.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import { captureLimits } from '../../stacks/capture-filter.ts';

/** tcpdump takes 0 for its default, which holds every frame whole. */
const WHOLE_FRAMES = 262_144;

/**
 * Compare what the record says of a capture with the command line, with what tcpdump printed, and with the file: a capture that
 * was told to listen elsewhere, to leave frames out or to cut them proves nothing by what it does not show. One sentence for each difference.
 *
 * @param log what tcpdump printed; null when the recording does not have it
 */
export function instrumentGaps(record: CaptureRecord, log: string | null, ledger: Ledger): readonly string[] {
  return [...orderGaps(record), ...limitGaps(record), ...logGaps(record, log), ...cutGaps(record, ledger)];
}

/** The command line against the record. */
function orderGaps({ argv, filter, snapLength, interface: device }: CaptureRecord): string[] {
  const order = decodeTcpdumpArgv(argv);
  if (order === null) return [`its command is ${quoted(argv.join(' '))}, which is no tcpdump`];
  return [
    ...(order.interface === device ? [] : [`tcpdump was told to listen on ${order.interface ?? 'no interface by name'}, not on ${device}`]),
    ...(order.filter === filter ? [] : [`tcpdump was given the filter ${quoted(order.filter)}, the record says ${quoted(filter)}`]),
    ...(whole(order.snapLength ?? 0) === whole(snapLength)
      ? []
      : [`tcpdump was given the snap length ${order.snapLength ?? 'none'}, the record says ${snapLength}`]),
    ...order.others.map((option) => `tcpdump ran with ${option}, which may leave frames out`),
  ];
}

/** The record against what a capture of its kind must be. */
function limitGaps({ kind, filter, snapLength }: CaptureRecord): string[] {
  const wanted = captureLimits(kind);
  const least = kind === 'cipher' ? wanted.snapLength : WHOLE_FRAMES;
  return [
    ...(filter === wanted.filter
      ? []
      : [`the filter ${quoted(filter)} is not that of a ${kind} capture${wanted.filter === '' ? ', which has none' : ''}`]),
    ...(whole(snapLength) >= least ? [] : [`snap length ${snapLength} cuts frames`]),
  ];
}

/** What tcpdump itself said against the record. */
function logGaps(record: CaptureRecord, log: string | null): string[] {
  const gaps: string[] = [];
  const recorded = record.readyLine === null ? null : decodeReadyLine(record.readyLine);
  if (recorded === null) gaps.push('tcpdump never said that it was listening');
  else gaps.push(...readyGaps(record, recorded));
  if (log === null) return [...gaps, 'what tcpdump printed is not in the recording'];
  const said = decodeTcpdumpLog(log);
  if (said.droppedByInterface > 0) gaps.push(`the interface dropped ${said.droppedByInterface} packet(s)`);
  if (recorded !== null && said.ready?.line !== recorded.line)
    gaps.push(`tcpdump printed ${quoted(said.ready?.line ?? 'no ready line')}, the record says ${quoted(recorded.line)}`);
  if (JSON.stringify(said.counters) !== JSON.stringify(countersOf(record)))
    gaps.push(`the closing counters of the record are not those that tcpdump printed`);
  return gaps;
}

function readyGaps(record: CaptureRecord, said: NonNullable<ReturnType<typeof decodeReadyLine>>): string[] {
  return [
    ...(said.interface === record.interface ? [] : [`tcpdump listened on ${said.interface}, the record says ${record.interface}`]),
    ...(said.snapLength === null || said.snapLength === whole(record.snapLength)
      ? []
      : [`tcpdump listened with snap length ${said.snapLength}, the record says ${record.snapLength}`]),
  ];
}

/** The same order of fields as the decoder gives. */
function countersOf({ counters }: CaptureRecord): CaptureRecord['counters'] {
  if (counters === null) return null;
  const { captured, receivedByFilter, droppedByKernel } = counters;
  return { captured, receivedByFilter, droppedByKernel };
}

/** The file itself: it must be tcpdump's, and a capture that says whole frames must hold them. A cipher capture is cut behind the headers on purpose. */
function cutGaps({ kind, snapLength }: CaptureRecord, { format, bytes, wireBytes }: Ledger): string[] {
  // A pcapng file has filters, losses and interfaces of its own, of which tcpdump's log says nothing.
  if (format === 'pcapng') return ['the file is pcapng, and tcpdump writes pcap: another program made it, of which nothing is on record'];
  if (kind === 'cipher' || bytes === wireBytes) return [];
  return [`${wireBytes - bytes} of ${wireBytes} bytes of its frames were cut off, although the record says snap length ${snapLength}`];
}

function whole(snapLength: number): number {
  return snapLength === 0 ? WHOLE_FRAMES : snapLength;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
