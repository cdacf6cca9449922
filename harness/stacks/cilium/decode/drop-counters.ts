import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import { textLines, unparsedLine } from '../../../decode/kernel/lines.ts';
import type { DropCounter } from '../../agent-items.ts';

/** Reasons of the same map that count packets that were not dropped (pkg/monitor/api/drop.go, below 130). */
const WENT_ON: ReadonlySet<string> = new Set([
  'Success',
  'Interface',
  'Interface Decrypted',
  'Fragmented packet',
  'Plaintext',
  'LB, sock cgroup: No backend slot entry found',
]);

/** Reads `cilium-dbg bpf metrics list`; from 1.16 each line also names the place in the program, and a reason has several lines. */
export function decodeDropCounters(text: string): Decoded<DropCounter> {
  const found = new Map<string, DropCounter>();
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    if (/^REASON\s+DIRECTION\s+PACKETS/.test(line.words)) continue;
    const match = /^(\S.*?) (EGRESS|INGRESS|UNKNOWN|SERVICE) (\d+) \d+(?: \d+ \S+)?$/.exec(line.words);
    if (match === null) {
      unparsed.push(unparsedLine(line.line, line.text));
      continue;
    }
    const [, reason = '', direction = '', packets] = match;
    if (WENT_ON.has(reason)) continue;
    const key = `${reason} ${direction}`;
    found.set(key, { reason, direction, packets: (found.get(key)?.packets ?? 0) + Number(packets) });
  }
  return { items: [...found.values()], unparsed };
}
