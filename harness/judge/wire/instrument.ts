import { decodeTcpdumpArgv } from '../../decode/tcpdump/tcpdump-argv.ts';
import { decodeReadyLine, decodeTcpdumpLog } from '../../decode/tcpdump/tcpdump-log.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import { captureLimits, hasFormerFilter, watchFilters } from '../../stacks/capture-filter.ts';

/** For tcpdump 0 means its default, which captures every frame completely. */
const WHOLE_FRAMES = 262_144;

/**
 * Compare the record of a capture with the command line, with what tcpdump printed, and with the file: if a capture listened elsewhere,
 * left frames out or cut them, frames that it does not show prove nothing. One sentence for each difference.
 *
 * @param log what tcpdump printed; null when the recording does not have it
 */
export function instrumentGaps(record: CaptureRecord, log: string | null, ledger: Ledger): readonly string[] {
  return [...commandLineGaps(record), ...limitGaps(record), ...logGaps(record, log), ...cutGaps(record, ledger)];
}

/** Differences between the command line and the record. */
function commandLineGaps({ argv, filter, snapLength, interface: device }: CaptureRecord): string[] {
  const options = decodeTcpdumpArgv(argv);
  if (options === null) return [`its command is ${quoted(argv.join(' '))}, which is no tcpdump`];
  return [
    ...(options.interface === device
      ? []
      : [`the command line of tcpdump says to listen on ${options.interface ?? 'no interface by name'}, not on ${device}`]),
    ...(options.filter === filter ? [] : [`tcpdump was given the filter ${quoted(options.filter)}, the record says ${quoted(filter)}`]),
    ...(whole(options.snapLength ?? 0) === whole(snapLength)
      ? []
      : [`tcpdump was given the snap length ${options.snapLength ?? 'none'}, the record says ${snapLength}`]),
    ...options.others.map((option) => `tcpdump ran with ${option}, which may leave frames out`),
  ];
}

/** Differences between the record and what a capture of its kind must be. */
function limitGaps(record: CaptureRecord): string[] {
  const { kind, filter, snapLength, part, vantage } = record;
  const limits = captureLimits(kind);
  const wanted = kind === 'sentinel' && part !== undefined ? { ...limits, filter: watchFilters(vantage).kept } : limits;
  const least = kind === 'cipher' ? wanted.snapLength : WHOLE_FRAMES;
  return [
    ...(filter === wanted.filter || hasFormerFilter(record)
      ? []
      : [`the filter ${quoted(filter)} is not that of a ${kind} capture${wanted.filter === '' ? ', which has none' : ''}`]),
    ...(whole(snapLength) >= least ? [] : [`snap length ${snapLength} cuts frames`]),
  ];
}

/** Differences between what tcpdump printed and the record. */
function logGaps(record: CaptureRecord, log: string | null): string[] {
  const gaps: string[] = [];
  const recorded = record.readyLine === null ? null : decodeReadyLine(record.readyLine);
  if (recorded === null) gaps.push('tcpdump did not print that it was listening');
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

/** The counters with the same options of fields as from the decoder. */
function countersOf({ counters }: CaptureRecord): CaptureRecord['counters'] {
  if (counters === null) return null;
  const { captured, receivedByFilter, droppedByKernel } = counters;
  return { captured, receivedByFilter, droppedByKernel };
}

/**
 * Defects of the file: tcpdump must have written it, and a capture of whole frames must contain them. A cipher capture is cut behind the
 * headers on purpose.
 */
function cutGaps({ kind, snapLength }: CaptureRecord, { format, bytes, wireBytes }: Ledger): string[] {
  // A pcapng file has its own filters, losses and interfaces, about which tcpdump's log says nothing.
  if (format === 'pcapng')
    return ['the file is pcapng, but tcpdump writes pcap: another program made it, about which nothing is on record'];
  if (kind === 'cipher' || bytes === wireBytes) return [];
  return [`${wireBytes - bytes} of ${wireBytes} bytes of its frames were cut off, although the record says snap length ${snapLength}`];
}

function whole(snapLength: number): number {
  return snapLength === 0 ? WHOLE_FRAMES : snapLength;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
