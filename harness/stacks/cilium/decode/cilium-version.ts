import type { Decoded } from '../../../decode/decoded.ts';

/** Reads `cilium-dbg version`: the daemon's line, else the client's. One item, none for a text without a version. */
export function decodeCiliumVersion(text: string): Decoded<string> {
  const lines = text.split('\n');
  const line = lines.find((l) => /^\s*Daemon:/.test(l)) ?? lines.find((l) => /\d+\.\d+\.\d+/.test(l)) ?? '';
  const version = /v?\d+\.\d+\.\d+(?:-[\w.]+)?/.exec(line)?.[0];
  return { items: version === undefined ? [] : [version], unparsed: [] };
}
