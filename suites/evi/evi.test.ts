import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RANDOM_TAGS, SecretMarker } from '../../harness/decode/secrets/secret-marks.ts';
import { type JournalEvent, type RecordingManifest, SECRET_MARKS } from '../../harness/model/recording.ts';

import { type EvidenceChange, eviVerdict } from './testdata/evidence-recording.ts';

const KEY = 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=';

describe('EVI-01', () => {
  const hex = randomBytes(20).toString('hex');
  const xfrm = `aead rfc4106(gcm(aes)) 0x${hex} 128\n`;

  test('a clean recording supports, with the search’s own control', async () => {
    const found = await eviVerdict('EVI-01');
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/6 files examined.*(\d+) of \1 planted secrets found/);
  });
  test.each<[string, EvidenceChange]>([
    ['L34 a key as ip xfrm prints it', { output: xfrm }],
    ['a key file in base64', { output: Buffer.from(`3+ rfc4106(gcm(aes)) ${hex} 128`).toString('base64') }],
    ['a private key', { output: `-----BEGIN ${'PRIVATE'} KEY-----\n` }],
    [
      'a private key in base64 over lines',
      {
        output: `key: ${Buffer.from(`-----BEGIN EC ${'PRIVATE'} KEY-----\nMHcCAQ`)
          .toString('base64')
          .replace(/(.{20})/g, '$1\n   ')}`,
      },
    ],
    ['a token', { output: `${['eyJhbGciOiJSUzI1NiJ9', 'eyJpc3MiOiJrdWJlcm5ldGVzIn0', 'c2lnbmF0dXJlLW9mLXRoZS10b2tlbg'].join('.')}\n` }],
    ['L34 a WireGuard key that nobody publishes', { output: `Debug:   private-key ${KEY}\n` }],
    ['in an argument', { manifest: (m) => ({ ...m, run: { ...m.run, note: xfrm } }) }],
  ])('%s contradicts and is not quoted', async (_, change) => {
    const found = await eviVerdict('EVI-01', change);
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(/byte \d+: /);
    expect(JSON.stringify(found)).not.toContain(hex.slice(0, 12));
  });
  test('a marked secret in a capture contradicts, raw', async () => {
    const secret = randomBytes(16);
    const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
    marker.add(secret);
    const extra = { [SECRET_MARKS]: JSON.stringify(marker.marks()) };
    const found = await eviVerdict('EVI-01', { payload: secret.toString('hex'), extra });
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(/captures\/0\.pcap, byte \d+: known-secret/);
    const clean = await eviVerdict('EVI-01', { extra });
    expect(clean.verdict, clean.reason).toBe('supports');
    expect(clean.reason).toMatch(/marks of the run's own secrets/);
  });
  test('a published key is no secret', async () =>
    expect((await eviVerdict('EVI-01', { output: `${KEY}\n`, collector: 'wg-peers' })).verdict).toBe('supports'));
  test('a file that can’t be read is inconclusive', async () => {
    const gone = (m: RecordingManifest) => ({ ...m, files: [...m.files, { path: 'gone.txt', bytes: 1, sha256: 'a'.repeat(64) }] });
    const found = await eviVerdict('EVI-01', { manifest: gone });
    expect(found.verdict).toBe('inconclusive');
    expect(found.reason).toMatch(/gone\.txt could not be searched/);
  });
});

describe('EVI-02', () => {
  test('a recording as the writer leaves it supports', async () => {
    const found = await eviVerdict('EVI-02');
    expect(found.verdict, found.reason).toBe('supports');
  });
  test.each<[string, EvidenceChange, RegExp]>([
    ['a file added', { extra: { 'notes.txt': 'x' } }, /notes\.txt: no command, capture or writer/],
    [
      'a hash taken away',
      { manifest: (m) => ({ ...m, files: m.files.filter((f) => f.path !== 'commands/a.txt') }) },
      /commands\/a\.txt: is named, but has no hash/,
    ],
    ['another plan', { plan: 'a'.repeat(64) }, /the plan of the manifest has SHA-256/],
    [
      'another intent afterwards',
      { manifest: (m) => ({ ...m, intent: { ...m.intent, nodeEncryption: true } }) },
      /the plan of the manifest/,
    ],
    [
      'more answers than requests',
      { manifest: (m) => ({ ...m, traffic: m.traffic.map((t) => ({ ...t, answered: 9 })) }) },
      /9 answers to 1 requests/,
    ],
    ['no command line', { manifest: (m) => ({ ...m, commands: m.commands.map((c) => ({ ...c, argv: [] })) }) }, /has no command line/],
  ])('%s contradicts', async (_, change, reason) => {
    const found = await eviVerdict('EVI-02', change);
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(reason);
  });
  test.each<[string, EvidenceChange]>([
    ['no plan', { plan: null }],
    [
      'a path that the ends of a flow do not have',
      { manifest: (m) => ({ ...m, traffic: m.traffic.map((t) => ({ ...t, path: 'node-node' })) }) },
    ],
    ['no file list', { manifest: (m) => ({ ...m, files: [] }) }],
    ['no exit code', { manifest: (m) => ({ ...m, captures: m.captures.map((c) => ({ ...c, exitCode: null })) }) }],
  ])('%s is inconclusive', async (_, change) => {
    const found = await eviVerdict('EVI-02', change);
    expect(found.verdict, found.reason).toBe('inconclusive');
  });

  const told = (event: string, detail: JournalEvent['detail']) => (lines: readonly JournalEvent[]) =>
    lines.map((line) => (line.event === event ? { ...line, detail: { ...line.detail, ...detail } } : line));
  const late = { utc: '2026-11-21T12:00:00.000Z', monotonicMs: 3_600_000 };
  test('the journal of another run contradicts', async () => {
    const found = await eviVerdict('EVI-02', { journal: told('run-started', { run: 'other' }) });
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(/the journal is of run other, the manifest of run test/);
  });
  test.each<[string, EvidenceChange, RegExp]>([
    [
      'the last word is that it did not complete',
      { journal: told('run-ended', { complete: false }) },
      /ends with complete: false, the manifest says true/,
    ],
    ['the journal breaks off', { journal: (lines) => lines.slice(0, -1) }, /no end of the run, its last line is snapshot-ended/],
    [
      'a capture that nobody started',
      { journal: told('captures-starting', { interfaces: [] }) },
      /a capture of tap\/br0, the journal does not/,
    ],
    [
      'a capture that is gone',
      { journal: told('captures-starting', { interfaces: ['tap/br0', 'node1/eth0'] }) },
      /a capture of node1\/eth0, the manifest does not/,
    ],
    [
      'no line says that the captures were ready',
      { journal: (lines) => lines.filter((l) => l.event !== 'captures-ready') },
      /no captures-ready/,
    ],
    ['no line says that the traffic ended', { journal: (lines) => lines.filter((l) => l.event !== 'traffic-ended') }, /no traffic-ended/],
    [
      'a planned flow is gone',
      { manifest: (m) => ({ ...m, traffic: m.traffic.slice(1) }) },
      /the journal has the planned flow .*, the manifest does not/,
    ],
    [
      'a flow with another canary',
      { manifest: (m) => ({ ...m, traffic: m.traffic.map((t, n) => (n === 0 ? { ...t, canary: 'ee'.repeat(16) } : t)) }) },
      /has another canary in the manifest/,
    ],
    [
      'a flow that was not planned',
      { manifest: (m) => ({ ...m, traffic: m.traffic.flatMap((t, n) => (n === 0 ? [t, { ...t, id: `${t.id}/more` }] : [t])) }) },
      /which is no planned flow of the journal/,
    ],
    [
      'a flow that is listed twice',
      { manifest: (m) => ({ ...m, traffic: m.traffic.flatMap((t, n) => (n === 0 ? [t, t] : [t])) }) },
      /the manifest has .* 2 times/,
    ],
    [
      'no line names the flows',
      { journal: (lines) => lines.filter((l) => l.event !== 'traffic-planned') },
      /does not name the planned flows/,
    ],
    [
      'a reading after its snapshot',
      { manifest: (m) => ({ ...m, commands: m.commands.map((c) => ({ ...c, endedAt: late })) }) },
      /1 of 1 command\(s\) ran outside/,
    ],
    [
      'flows an hour later',
      { manifest: (m) => ({ ...m, traffic: m.traffic.map((t) => ({ ...t, startedAt: late, endedAt: late })) }) },
      /driven outside its time/,
    ],
    [
      'lines in another order',
      { journal: (lines) => lines.map((l, n) => (n === 2 ? { ...l, at: late } : l)) },
      /the journal has .* after /,
    ],
  ])('%s is inconclusive', async (_, change, reason) => {
    const found = await eviVerdict('EVI-02', change);
    expect(found.verdict, found.reason).toBe('inconclusive');
    expect(found.reason).toMatch(reason);
  });
});
