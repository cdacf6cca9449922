import type { Decoded, UnparsedLine } from '../decoded.ts';
import { textLines, unparsedLine } from './lines.ts';

/** One counter of the kernel's network stack, by its name in the MIBs: `IpReasmFails`, `Ip6OutNoRoutes`. */
export interface IpCounter {
  readonly name: string;
  readonly value: number;
}

/** Reads /proc/net/snmp (for each protocol a line of names, then a line of values) and /proc/net/snmp6 (one counter on each line). */
export function decodeIpStat(text: string): Decoded<IpCounter> {
  const items: IpCounter[] = [];
  const unparsed: UnparsedLine[] = [];
  let names: readonly string[] = [];
  for (const line of textLines(text)) {
    const words = line.words.split(' ');
    const [head = '', ...fields] = words;
    const single = /^(\w+) (\d+)$/.exec(line.words);
    if (single !== null) items.push({ name: single[1] ?? '', value: Number(single[2]) });
    else if (!/^\w+:$/.test(head)) unparsed.push(unparsedLine(line.line, line.text));
    else if (fields.every((field) => /^-?\d+$/.test(field)) && names[0] === head && names.length === words.length) {
      for (const [index, value] of fields.entries())
        items.push({ name: `${head.slice(0, -1)}${names[index + 1] ?? ''}`, value: Number(value) });
      names = [];
    } else if (names.length === 0 && fields.every((field) => /^[A-Za-z]\w*$/.test(field))) names = words;
    else unparsed.push(unparsedLine(line.line, line.text));
  }
  if (names.length > 0) unparsed.push({ line: 0, text: `${names[0]} has no values` });
  return { items, unparsed };
}

/** Counters of packets that the kernel dropped (RFC 4293, RFC 4113; net/ipv4/proc.c). */
export const LOSS_COUNTERS: ReadonlySet<string> = new Set(
  ['Ip', 'Ip6'].flatMap((ip) =>
    [
      'InHdrErrors',
      'InAddrErrors',
      'InUnknownProtos',
      'InDiscards',
      'OutDiscards',
      'OutNoRoutes',
      'ReasmTimeout',
      'ReasmFails',
      'FragFails',
    ]
      .map((name) => `${ip}${name}`)
      .concat(['NoPorts', 'RcvbufErrors', 'SndbufErrors', 'InCsumErrors'].map((name) => `${ip === 'Ip' ? 'Udp' : 'Udp6'}${name}`)),
  ),
);
