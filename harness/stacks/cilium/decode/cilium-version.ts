import type { Decoded } from '../../../decode/decoded.ts';
import { textLines, unparsedLine } from '../../../decode/kernel/lines.ts';

/** `Client: 1.18.3 go version go1.26.8 linux/amd64`, the same of the daemon, or the version alone. */
const LINE = /^(?:(Client|Daemon): )?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)(?: .*)?$/;

/** Reads `cilium-dbg version`: the daemon's line, else the client's. One item, none for a text without a version. */
export function decodeCiliumVersion(text: string): Decoded<string> {
  const lines = textLines(text).map((line) => ({ ...line, match: LINE.exec(line.words) }));
  const found = lines.find(({ match }) => match?.[1] === 'Daemon') ?? lines.find(({ match }) => match !== null);
  const version = found?.match?.[2];
  return {
    items: version === undefined ? [] : [version],
    unparsed: lines.filter(({ match }) => match === null).map(({ line, text: words }) => unparsedLine(line, words)),
  };
}
