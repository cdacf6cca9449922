import type { Decoded, UnparsedLine } from '../decoded.ts';
import { textLines, unparsedLine } from './lines.ts';
import type { XfrmCounter } from './xfrm-items.ts';

/** Reads /proc/net/xfrm_stat and `nstat -az 'Xfrm*'`. No counter means not available, never zero. */
export function decodeXfrmStat(text: string): Decoded<XfrmCounter> {
  const items: XfrmCounter[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    const match = /^(Xfrm\w+) (\d+)(?: \d+\.\d+)?$/.exec(line.words);
    if (match === null) unparsed.push(unparsedLine(line.line, line.text));
    else items.push({ name: match[1] ?? '', value: Number(match[2]) });
  }
  return { items, unparsed };
}
