/** What a tcpdump command line asks for. */
export interface TcpdumpOrder {
  readonly interface: string | null;
  /** Bytes; null where the command line does not say. */
  readonly snapLength: number | null;
  /** pcap filter expression; empty for none. */
  readonly filter: string;
  /** Options that may leave out frames, as written: `-Q out`, `-c 100`, `-p`. */
  readonly others: readonly string[];
}

/** Options that change how frames are stored, not which ones. */
const HARMLESS = new Set(['-n', '-nn', '-U', '--immediate-mode']);
const HARMLESS_WITH_VALUE = new Set(['-Z', '-B', '-w']);

/** Read a command line of tcpdump; null when it is of another program. */
export function decodeTcpdumpArgv(argv: readonly string[]): TcpdumpOrder | null {
  const [program, ...words] = argv;
  if (program === undefined || program.split('/').at(-1) !== 'tcpdump') return null;
  const others: string[] = [];
  let at = 0;
  let device: string | null = null;
  let snapLength: number | null = null;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) break;
    if (HARMLESS.has(word)) continue;
    const value = words[at + 1];
    if (word === '-i' && value !== undefined) device = value;
    else if (word === '-s' && value !== undefined && /^\d+$/.test(value)) snapLength = Number(value);
    else if (!HARMLESS_WITH_VALUE.has(word)) {
      const hasValue = value !== undefined && !value.startsWith('-') && at + 2 < words.length;
      others.push(hasValue ? `${word} ${value}` : word);
      if (!hasValue) continue;
    }
    at += 1;
  }
  return { interface: device, snapLength, filter: words.slice(at).join(' '), others };
}
