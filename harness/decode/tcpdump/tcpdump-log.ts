import type { CaptureCounters } from '../../model/recording.ts';

/** What tcpdump printed on its standard error while it captured. */
export interface TcpdumpLog {
  /** The `listening on` line as printed, and its values; null when there is none. */
  readonly ready: TcpdumpReady | null;
  /** Null unless all three closing counters were printed. */
  readonly counters: CaptureCounters | null;
  /** `packets dropped by interface`, which tcpdump prints only when there were some (tcpdump.c, info()). */
  readonly droppedByInterface: number;
}

/** `listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes`; before tcpdump 4.99 `capture size`. */
export interface TcpdumpReady {
  readonly line: string;
  readonly interface: string;
  /** Bytes; null where the line does not say. */
  readonly snapLength: number | null;
}

/** Read the messages of a tcpdump. Other lines are ignored. */
export function decodeTcpdumpLog(text: string): TcpdumpLog {
  const line = text.split('\n').find((candidate) => candidate.includes('listening on '));
  const captured = countIn(text, 'captured');
  const receivedByFilter = countIn(text, 'received by filter');
  const droppedByKernel = countIn(text, 'dropped by kernel');
  return {
    ready: line === undefined ? null : decodeReadyLine(line),
    counters:
      captured === null || receivedByFilter === null || droppedByKernel === null ? null : { captured, receivedByFilter, droppedByKernel },
    droppedByInterface: countIn(text, 'dropped by interface') ?? 0,
  };
}

/** Read one `listening on` line; null when it names no interface. */
export function decodeReadyLine(line: string): TcpdumpReady | null {
  const match = /listening on ([^\s,]+)(?:.*?(?:snapshot length|capture size) (\d+))?/.exec(line);
  if (match?.[1] === undefined) return null;
  return { line: line.trim(), interface: match[1], snapLength: match[2] === undefined ? null : Number(match[2]) };
}

function countIn(text: string, what: string): number | null {
  const match = new RegExp(`^(\\d+) packets? ${what}$`, 'm').exec(text);
  return match?.[1] === undefined ? null : Number(match[1]);
}
