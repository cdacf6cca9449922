import * as z from 'zod';
import { type CountReading, decodeCountLine, type InterfaceCount, type TcpdumpStatistics } from '../../decode/tcpdump/count-line.ts';
import { decodeTcpdumpArgv } from '../../decode/tcpdump/tcpdump-argv.ts';
import { decodeReadyLine } from '../../decode/tcpdump/tcpdump-log.ts';
import { type Instant, type JournalEvent, vantageSchema } from '../../model/recording.ts';
import { formerWatchFilters, watchFilters } from '../../stacks/capture-filter.ts';
import { clocksAgree } from '../stretch.ts';

const placeSchema = z.object({ node: z.string().nullable(), interface: z.string() });
const countingSchema = placeSchema.extend({ vantage: vantageSchema, argvs: z.array(z.array(z.string())) });
const readingSchema = placeSchema.extend({ line: z.string() });
const countedSchema = placeSchema.extend({ said: z.array(z.string()) });

/** The time between two readings at one place: mostly a minute. All figures are frames. */
export interface WatchMinute {
  readonly from: Instant;
  readonly to: Instant;
  /** By the sentinel's filter, and by that of ciphertext. */
  readonly kept: number;
  readonly ciphertext: number;
  /** What crossed the interface by its own counters: at least, and at most. They differ by what passed while the counters were read. */
  readonly least: number;
  readonly most: number;
  /** Why the minute does not reconcile, one sentence each; empty when it does. */
  readonly gaps: readonly string[];
  /** Why all the time from the first reading to the end of this minute does not, where the minute itself does. */
  readonly sumGaps: readonly string[];
}

/** One reading of the frames that the sentinel's filter took, and when it was made by the clock of the journal. */
export interface KeptCount {
  /** Since the first reading; null where the tcpdump gave no statistics. */
  readonly kept: number | null;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Whether a minute, and the time from the first reading to its end, add up. */
export function reconciles({ gaps, sumGaps }: WatchMinute): boolean {
  return gaps.length === 0 && sumGaps.length === 0;
}

/** What was counted at one place of a long watch. */
export interface WatchedPlaceFacts {
  /** `br-lab`, `node1/eth0`. */
  readonly name: string;
  readonly node: string | null;
  readonly interface: string;
  readonly minutes: readonly WatchMinute[];
  /** Each reading, in order. */
  readonly counts: readonly KeptCount[];
  /** Why it was not counted all the time or not by the right filters, one sentence each. */
  readonly gaps: readonly string[];
}

/** Why a check of the headers of ciphertext is not exercised by a long watch. */
export const NOT_KEPT = 'in a long watch ciphertext is counted and not kept: when each SPI was on the wire is not known';

/** Whether a window is a long watch: ciphertext was counted and not kept. */
export function isWatch(events: readonly JournalEvent[]): boolean {
  return events.some(({ event }) => event === 'watch-started');
}

/** What the journal says was counted, by place. A line that is not understood is missing, and that is a gap of its place. */
export function watchedPlaces(events: readonly JournalEvent[]): readonly WatchedPlaceFacts[] {
  return of(events, 'watch-counting', countingSchema).map(({ detail: place }) => {
    const same = ({ detail }: { detail: z.output<typeof placeSchema> }) =>
      detail.node === place.node && detail.interface === place.interface;
    const name = place.node === null ? place.interface : `${place.node}/${place.interface}`;
    const readings = of(events, 'watch-reading', readingSchema)
      .filter(same)
      .flatMap(({ at, detail }): Taken[] => {
        const reading = decodeCountLine(detail.line);
        return reading === null ? [] : [{ at, ...reading }];
      });
    const asked = of(events, 'watch-asked', placeSchema).filter(same);
    const said = of(events, 'watch-counted', countedSchema).find(same)?.detail.said;
    const bothWays = place.vantage === 'wire';
    return {
      name,
      node: place.node,
      interface: place.interface,
      minutes: minutesOf(readings, bothWays),
      counts: countsOf(
        readings,
        asked.map(({ at }) => at.monotonicMs),
        events.find(({ event }) => event === 'watch-started')?.at.monotonicMs ?? 0,
      ),
      gaps: [...instrumentGaps(place, said ?? null), ...timeGaps(readings, events)],
    };
  });
}

type Taken = CountReading & { readonly at: Instant };

function of<S extends z.ZodType>(events: readonly JournalEvent[], name: string, schema: S): { at: Instant; detail: z.output<S> }[] {
  return events.flatMap(({ at, event, detail }) => {
    if (event !== name) return [];
    const read = schema.safeParse(detail);
    return read.success ? [{ at, detail: read.data }] : [];
  });
}

/** The two tcpdumps must have been told to take each frame once, on the interface, and must have listened. */
function instrumentGaps({ vantage, interface: device, argvs }: z.output<typeof countingSchema>, said: readonly string[] | null): string[] {
  // What the former filters both leave out is missing in the sum.
  const known = [watchFilters(vantage), formerWatchFilters(vantage)];
  const wrong = (['kept', 'counted'] as const).flatMap((which, index) => {
    const order = decodeTcpdumpArgv(argvs[index] ?? []);
    const isKnown = known.some((filters) => order?.filter === filters[which]);
    if (order?.interface === device && isKnown && order.others.length === 0) {
      const ready = said?.find((line) => line.startsWith(`${index}: `) && line.includes('listening on '));
      if (said === null || (ready !== undefined && decodeReadyLine(ready)?.interface === device)) return [];
      return [
        `the tcpdump that counts ${index === 0 ? 'what is not ciphertext' : 'ciphertext'} never said that it was listening on ${device}`,
      ];
    }
    return [
      `the tcpdump that counts ${index === 0 ? 'what is not ciphertext' : 'ciphertext'} was not told to: ${(argvs[index] ?? []).join(' ').slice(0, 120)}`,
    ];
  });
  return [...wrong, ...(said === null ? ['the journal does not say what the tcpdumps that count printed'] : [])];
}

/** The first reading must come before the window begins and the last after it has ended, and none may be missing between them. */
function timeGaps(readings: readonly Taken[], events: readonly JournalEvent[]): string[] {
  const [began, ended] = ['window-started', 'window-ended'].map((name) => events.find(({ event }) => event === name)?.at);
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return ['no reading of the counters is in the journal'];
  const gaps: string[] = [];
  const lacking = readings.find(({ number }, index) => number !== index);
  if (lacking !== undefined) gaps.push(`a reading of the counters is missing before that of ${lacking.at.utc}`);
  if (began === undefined || first.at.monotonicMs > began.monotonicMs) gaps.push(`nothing was counted before ${first.at.utc}`);
  if (!last.final || ended === undefined || last.at.monotonicMs < ended.monotonicMs) gaps.push(`nothing was counted after ${last.at.utc}`);
  // The program's own clock: a reading that was printed once and read twice would be of the same time.
  else if (began !== undefined && (last.uptime - first.uptime) * 1000 < ended.monotonicMs - began.monotonicMs)
    gaps.push(`the readings cover ${(last.uptime - first.uptime).toFixed(0)} s, and the window lasted longer`);
  if (!clocksAgree(first.at, last.at)) gaps.push(`the clock was set between the readings of ${first.at.utc} and ${last.at.utc}`);
  return gaps;
}

function minutesOf(readings: readonly Taken[], bothWays: boolean): WatchMinute[] {
  const first = readings[0];
  return readings.slice(1).map((to, index): WatchMinute => {
    const from = readings[index]!;
    const minute = between(from, to, bothWays);
    // Small differences must not add up: from the first reading to this one it must be right as well.
    const sum = first === undefined || first === from ? minute : between(first, to, bothWays);
    const sumGaps = minute.gaps.length === 0 ? sum.gaps.map((gap) => `since ${first?.at.utc}: ${gap}`) : [];
    return { ...minute, sumGaps };
  });
}

/** Largest difference between the rates of two clocks, and the resolution of /proc/uptime, milliseconds. */
const [CLOCK_RATE, UPTIME_MS] = [0.001, 10];

/**
 * A reading was made before its line came, after it was asked for, and as long after an earlier one as the machine's own clock says.
 * @param asked when readings were asked for: the nth that says so was made after the nth of them
 * @param started nothing was read before, milliseconds
 */
function countsOf(readings: readonly Taken[], asked: readonly number[], started: number): readonly KeptCount[] {
  let [kept, earliestMs, answers]: [number | null, number, number] = [0, started, 0];
  return readings.map((reading, index): KeptCount => {
    const before = readings[index - 1];
    if (before !== undefined) {
      const more = counted(before.statistics[0] ?? null, reading.statistics[0] ?? null);
      kept = kept === null || more === null ? null : kept + more.frames;
      earliestMs += Math.max(0, (reading.uptime - before.uptime) * 1000 * (1 - CLOCK_RATE) - UPTIME_MS);
    }
    if (reading.asked) earliestMs = Math.max(earliestMs, asked[answers++] ?? 0);
    return { kept, earliestMs, latestMs: reading.at.monotonicMs };
  });
}

/**
 * The interface's counters and those of the tcpdumps are not read in the same moment: before, the tcpdumps, after. So what the tcpdumps counted between
 * two readings lies between what the interface counted from the end of the first to the beginning of the second, and from the beginning of the first to
 * the end of the second. Nothing more is allowed.
 */
function between(from: Taken, to: Taken, bothWays: boolean): Omit<WatchMinute, 'sumGaps'> {
  const [kept, ciphertext] = [0, 1].map((index) => counted(from.statistics[index] ?? null, to.statistics[index] ?? null));
  const least = crossed(from.after, to.before, bothWays);
  const most = crossed(from.before, to.after, bothWays);
  const figures = {
    from: from.at,
    to: to.at,
    kept: kept?.frames ?? 0,
    ciphertext: ciphertext?.frames ?? 0,
    least: least ?? 0,
    most: most ?? 0,
  };
  if (kept === undefined || kept === null || ciphertext === undefined || ciphertext === null)
    return { ...figures, gaps: ['a tcpdump that counts gave no statistics'] };
  if (least === null || most === null) return { ...figures, gaps: ['the counters of the interface could not be read'] };
  const sum = kept.frames + ciphertext.frames;
  const gaps: string[] = [];
  if (kept.dropped > 0) gaps.push(`the kernel dropped ${kept.dropped} frame(s) that are not ciphertext while they were counted`);
  if (ciphertext.dropped > 0) gaps.push(`the kernel dropped ${ciphertext.dropped} frame(s) of ciphertext while they were counted`);
  if (sum < least) gaps.push(`${least - sum} frame(s) or more crossed the interface that neither filter took`);
  if (sum > most) gaps.push(`${sum - most} frame(s) or more were taken that the interface did not count`);
  return { ...figures, gaps };
}

/** tcpdump's count of received frames has 32 bits. */
const WRAP = 2 ** 32;

function counted(from: TcpdumpStatistics | null, to: TcpdumpStatistics | null): { frames: number; dropped: number } | null {
  if (from === null || to === null) return null;
  const since = (a: number, b: number): number => (((b - a) % WRAP) + WRAP) % WRAP;
  return { frames: since(from.received, to.received), dropped: since(from.dropped, to.dropped) };
}

function crossed(from: InterfaceCount | null, to: InterfaceCount | null, bothWays: boolean): number | null {
  if (from === null || to === null) return null;
  return to.sent - from.sent + (bothWays ? to.received - from.received : 0);
}
