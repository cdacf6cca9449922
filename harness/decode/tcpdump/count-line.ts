/** What one tcpdump had counted at a moment: frames taken out of its ring, frames that passed its filter, and those of them that were lost. */
export interface TcpdumpStatistics {
  readonly captured: number;
  /** The kernel's own count; it wraps at 2^32. */
  readonly received: number;
  readonly dropped: number;
}

/** Frames that an interface has received and sent. */
export interface InterfaceCount {
  readonly received: number;
  readonly sent: number;
}

/** One reading of all counters of a place, as the counting program prints it. */
export interface CountReading {
  /** From 0. */
  readonly number: number;
  /** The one that was asked for at the end. */
  readonly final: boolean;
  /** Asked for in between; else it was made by the clock. */
  readonly asked: boolean;
  /** Seconds since the machine was started. */
  readonly uptime: number;
  /** The interface's counters before and after the others were read; null where there is no such interface. */
  readonly before: InterfaceCount | null;
  readonly after: InterfaceCount | null;
  /** In the order of the filters; null for a tcpdump that gave no statistics. */
  readonly statistics: readonly (TcpdumpStatistics | null)[];
}

const COUNT = String.raw`(?:\d+ \d+|- -)`;
const READING = new RegExp(String.raw`^reading (\d+) ([012]) (\d+(?:\.\d+)?) (${COUNT})((?: (?:-|\d+,\d+,\d+(?:,\d+)?))*) (${COUNT})$`);

/** Read a line `reading N why uptime rx tx captured,received,dropped … rx tx`; null for any other line. */
export function decodeCountLine(line: string): CountReading | null {
  const match = READING.exec(line);
  if (match === null) return null;
  const [, number, why, uptime, before = '', statistics = '', after = ''] = match;
  return {
    number: Number(number),
    final: why === '1',
    asked: why === '2',
    uptime: Number(uptime),
    before: interfaceCount(before),
    after: interfaceCount(after),
    statistics: statistics
      .split(' ')
      .filter((word) => word !== '')
      .map(statisticsOf),
  };
}

function interfaceCount(text: string): InterfaceCount | null {
  const [received, sent] = text.split(' ').map(Number);
  return received === undefined || sent === undefined || Number.isNaN(received) ? null : { received, sent };
}

/** What the interface itself dropped (a fourth number) is lost as well. */
function statisticsOf(word: string): TcpdumpStatistics | null {
  if (word === '-') return null;
  const [captured = 0, received = 0, dropped = 0, byInterface = 0] = word.split(',').map(Number);
  return { captured, received, dropped: dropped + byInterface };
}
