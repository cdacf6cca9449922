import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../decode/wire/capture.ts';
import { Dissector } from '../decode/wire/dissect.ts';
import { CLASS_NAMES } from '../decode/wire/frame-class.ts';
import { captureLimits } from './capture-filter.ts';

const FIXTURES = fileURLToPath(new URL('../../../shared/fixtures/', import.meta.url));
const TCPDUMP = 'tcpdump';
const LARGEST = 3_000_000;
/** ESP with the null cipher: the sentinel leaves it out by its protocol number, and the capture of ciphertext shows it. */
const NULL_CIPHER = 'zeek__ip6_esp.pcap';
const hasTcpdump = spawnSync(TCPDUMP, ['--version']).status === 0;
const files = existsSync(FIXTURES) ? globSync(`${FIXTURES}**/*.pcap`).filter((file) => statSync(file).size < LARGEST) : [];
const why = !hasTcpdump ? ' (no tcpdump here)' : files.length === 0 ? ' (the captures in shared/fixtures are not here)' : '';

/** Frames of a capture by class, of those that a filter keeps; null where tcpdump cannot read the file to its end. */
async function classes(file: string, filter: string): Promise<Map<string, number> | null> {
  const run = spawnSync(TCPDUMP, ['-n', '-r', file, '-w', '-', filter], { maxBuffer: 1 << 26 });
  if (run.status !== 0) return null;
  const counts = new Map<string, number>();
  const dissector = new Dissector({});
  await readCapture(
    (async function* () {
      yield run.stdout as Uint8Array;
    })(),
    (raw) => {
      const name = CLASS_NAMES[dissector.dissect(raw).classCode] ?? 'unknown';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
  );
  return counts;
}

describe.skipIf(why !== '')(`filters on captures of the fixtures${why}`, () => {
  test('whatever the sentinel leaves out has the shape of ciphertext', async () => {
    const sentinel = captureLimits('sentinel').filter;
    const wrong: string[] = [];
    let left = 0;
    for (const file of files) {
      const excluded = await classes(file, `not (${sentinel})`);
      if (excluded === null) continue;
      for (const [name, frames] of excluded) {
        left += frames;
        if (!['esp', 'wireguard'].includes(name) && !(name === 'clear' && file.endsWith(NULL_CIPHER)))
          wrong.push(`${file.slice(FIXTURES.length)}: ${frames} ${name}`);
      }
    }
    expect(left).toBeGreaterThan(1000);
    expect(wrong).toEqual([]);
  });

  test('the captures of encrypted traffic of the lab leave nothing of it in the sentinel', async () => {
    const own = files.filter((file) => file.startsWith(`${FIXTURES}lab/`) || file.includes('/cilium/'));
    const [sentinel, cipher] = [captureLimits('sentinel').filter, captureLimits('cipher').filter];
    const missed: string[] = [];
    let seen = 0;
    for (const file of own) {
      const kept = await classes(file, sentinel);
      const headers = await classes(file, cipher);
      for (const name of ['esp', 'wireguard']) {
        if ((kept?.get(name) ?? 0) > 0) missed.push(`${file.slice(FIXTURES.length)}: ${kept?.get(name)} ${name}`);
        seen += headers?.get(name) ?? 0;
      }
    }
    expect(seen).toBeGreaterThan(100);
    expect(missed).toEqual([]);
  });
});

test('a full capture has no filter, and only the headers of ciphertext are cut', () => {
  expect(captureLimits('full')).toEqual({ filter: '', snapLength: 262_144 });
  expect(captureLimits('sentinel').snapLength).toBe(262_144);
  expect(captureLimits('cipher').snapLength).toBe(256);
});
