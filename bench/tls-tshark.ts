/**
 * TLS as this project reads it, held against tshark: `node bench/tls-tshark.ts FOLDER…` reads every capture file in the folders that may have a
 * ClientHello, each content once, and compares, for each connection, versions, suite, group, ALPN, server name, and the certificates of TLS 1.2 with their names.
 * One line a capture, and a total. Exit code 1 at a difference that nothing explains, 3 without a folder.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClientHello } from '../harness/decode/tls/hello.ts';
import { byDecoder } from './tls-tshark/by-decoder.ts';
import { byTshark, firstPayloads } from './tls-tshark/by-tshark.ts';
import { compareHandshakes } from './tls-tshark/compare.ts';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('usage: node bench/tls-tshark.ts FOLDER…, each with capture files of any kind\n');
  process.exit(3);
}

/** The bytes of a record header with a ClientHello are somewhere in the file. */
function mayHaveTls(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(22); at >= 0; at = bytes.indexOf(22, at + 1))
    if (bytes[at + 1] === 3 && bytes[at + 2]! <= 4 && bytes[at + 5] === 1) return true;
  return false;
}

/** Why the ClientHello at the beginning of a stream cannot be read; null if it can, or goes on in another record. */
function malformed(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex');
  const length = bytes.readUIntBE(6, 3);
  try {
    if (bytes.length >= 9 + length) readClientHello(bytes.subarray(9, 9 + length));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const total = { captures: 0, both: 0, equal: 0, unexplained: 0, unread: 0 };
const reasons = new Map<string, number>();
/** Test suites have the same capture under several names. */
const digests = new Set<string>();
for (const folder of folders)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, name);
    if (!/\.(pcap|pcapng|cap|trace)$/.test(name)) continue;
    const bytes = readFileSync(file);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digests.has(digest) || !mayHaveTls(bytes)) continue;
    digests.add(digest);
    try {
      const [ours, theirs] = [await byDecoder(file), await byTshark(file)];
      // tshark guesses by ports, and takes TLS on the port of another protocol for that protocol.
      const missed = ours.filter(({ ends }) => !theirs.some((other) => other.ends === ends));
      const ports = new Set(missed.map(({ connection }) => connection.serverPort));
      const known =
        missed.length === 0
          ? theirs
          : [...theirs, ...(await byTshark(file, [...ports])).filter(({ ends }) => missed.some((own) => own.ends === ends))];
      const payloads = known.length > 0 ? await firstPayloads(file) : new Map<number, string>();
      const { both, equal, differences } = compareHandshakes(ours, known, (stream) => payloads.get(stream) ?? '', malformed);
      const open = differences.filter(({ because }) => because === null);
      for (const { because } of differences) if (because !== null) reasons.set(because, (reasons.get(because) ?? 0) + 1);
      total.captures++;
      total.both += both;
      total.equal += equal;
      total.unexplained += open.length;
      process.stdout.write(
        `${name}: ${both} connection(s), ${equal} equal fact(s), ${differences.length - open.length} explained, ${open.length} not\n`,
      );
      for (const { text } of open) process.stdout.write(`  ${text}\n`);
    } catch (error) {
      total.unread++;
      process.stdout.write(`${name}: not compared: ${String(error).split('\n').at(-1)?.slice(0, 200)}\n`);
    }
  }
const { captures, both, equal, unexplained, unread } = total;
process.stdout.write(
  `\n${captures} captures, ${both} connections, ${equal} equal facts, ${unexplained} differences without explanation; ${unread} files not compared\n`,
);
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`explained ${String(count).padStart(5)}: ${reason}\n`);
process.exitCode = unexplained > 0 || captures === 0 ? 1 : 0;
