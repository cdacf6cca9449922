import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { RANDOM_TAGS, SecretMarker } from '../../harness/decode/secrets/secret-marks.ts';
import type { AnyCheck, Check } from '../../harness/judge/check.ts';
import type { ControlRecord } from '../../harness/judge/controls/control-record.ts';
import type { ControlRun } from '../../harness/judge/controls/seen-red.ts';
import { type JournalEvent, type RecordingManifest, SECRET_MARKS } from '../../harness/model/recording.ts';
import { plainFinding } from '../../harness/model/verdict.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { journalOf } from '../../harness/testing/journal.ts';
import { fileRecordsOf, type MemoryRecording, memoryRecording } from '../../harness/testing/memory-recording.ts';
import { clearPing, espFrame } from '../../harness/testing/node-frames.ts';
import { buildRecording, flow } from '../../harness/testing/recording.ts';
import { checksOf } from '../catalogue.ts';
import { evi03 } from './evi-03-repeat.ts';
import { evi04 } from './evi-04-controls.ts';

const wirChecks = checksOf('WIR').filter((check) => 'judge' in check);
const checks = [...wirChecks, ...checksOf('EVI')];
const KEY = 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=';

interface Change {
  readonly manifest?: (manifest: RecordingManifest) => RecordingManifest;
  /** Text of a command's output that is added. */
  readonly output?: string;
  readonly collector?: string;
  /** Bytes that a ping in the clear carries instead of its canary, 16 as hex digits. */
  readonly payload?: string;
  readonly extra?: Readonly<Record<string, string>>;
  readonly plan?: string | null;
  readonly journal?: (lines: readonly JournalEvent[]) => readonly JournalEvent[];
}

/** A recording as the writer leaves it: hashes, the plan's digest, a marked secret. */
function whole({
  manifest = (m) => m,
  output = 'nothing here\n',
  collector = 'cilium-status',
  payload,
  extra = {},
  plan,
  journal = (lines) => lines,
}: Change = {}): MemoryRecording {
  const canary = payload ?? 'ab'.repeat(16);
  const base = buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, canary)] },
      { phase: 'encrypted', frames: [espFrame('out', 1), espFrame('back', 1)] },
    ],
    traffic: [flow('clear', canary), flow('encrypted', 'cd'.repeat(16))],
  });
  const files = new Map<string, string | Uint8Array>([
    ...base.files,
    ['commands/a.txt', output],
    ['commands/a.err', ''],
    ...Object.entries(extra),
  ]);
  const at = base.manifest.run.startedAt;
  const command = {
    snapshot: 'after',
    node: 'node1',
    shell: 'agent',
    argv: ['cilium-dbg', 'status'],
    exitCode: 0,
    startedAt: at,
    endedAt: at,
  } as const;
  const filled: RecordingManifest = {
    ...base.manifest,
    commands: [{ ...command, collector, stdout: 'commands/a.txt', stderr: 'commands/a.err' }],
    files: fileRecordsOf(files),
  };
  const [first, ...others] = journalOf(filled);
  const started = plan === undefined ? first! : { ...first!, detail: { ...first!.detail, plan } };
  return memoryRecording(manifest(filled), files, plan === null ? [] : journal([started, ...others]));
}

async function verdictOf(
  id: string,
  change: Change = {},
  list: readonly AnyCheck[] = checks,
  controls?: ControlRecord,
): Promise<VerdictText> {
  const { verdicts } = await judgeAsText(whole(change), list, controls);
  const found = verdicts.find((v) => v.id === id);
  if (found === undefined) throw new RangeError(`${id} was not judged`);
  return found;
}

describe('EVI-01', () => {
  const hex = randomBytes(20).toString('hex');
  const xfrm = `aead rfc4106(gcm(aes)) 0x${hex} 128\n`;

  test('a clean recording supports, with the search’s own control', async () => {
    const found = await verdictOf('EVI-01');
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/6 files examined.*(\d+) of \1 planted secrets found/);
  });
  test.each<[string, Change]>([
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
    const found = await verdictOf('EVI-01', change);
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(/byte \d+: /);
    expect(JSON.stringify(found)).not.toContain(hex.slice(0, 12));
  });
  test('a marked secret in a capture contradicts, raw', async () => {
    const secret = randomBytes(16);
    const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
    marker.add(secret);
    const extra = { [SECRET_MARKS]: JSON.stringify(marker.marks()) };
    const found = await verdictOf('EVI-01', { payload: secret.toString('hex'), extra });
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(/captures\/0\.pcap, byte \d+: known-secret/);
    const clean = await verdictOf('EVI-01', { extra });
    expect(clean.verdict, clean.reason).toBe('supports');
    expect(clean.reason).toMatch(/marks of the run's own secrets/);
  });
  test('a published key is no secret', async () =>
    expect((await verdictOf('EVI-01', { output: `${KEY}\n`, collector: 'wg-peers' })).verdict).toBe('supports'));
  test('a file that can’t be read is inconclusive', async () => {
    const gone = (m: RecordingManifest) => ({ ...m, files: [...m.files, { path: 'gone.txt', bytes: 1, sha256: 'a'.repeat(64) }] });
    const found = await verdictOf('EVI-01', { manifest: gone });
    expect(found.verdict).toBe('inconclusive');
    expect(found.reason).toMatch(/gone\.txt could not be searched/);
  });
});

describe('EVI-02', () => {
  test('a recording as the writer leaves it supports', async () => {
    const found = await verdictOf('EVI-02');
    expect(found.verdict, found.reason).toBe('supports');
  });
  test.each<[string, Change, RegExp]>([
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
    const found = await verdictOf('EVI-02', change);
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(reason);
  });
  test.each<[string, Change]>([
    ['no plan', { plan: null }],
    [
      'a path that the ends of a flow do not have',
      { manifest: (m) => ({ ...m, traffic: m.traffic.map((t) => ({ ...t, path: 'node-node' })) }) },
    ],
    ['no file list', { manifest: (m) => ({ ...m, files: [] }) }],
    ['no exit code', { manifest: (m) => ({ ...m, captures: m.captures.map((c) => ({ ...c, exitCode: null })) }) }],
  ])('%s is inconclusive', async (_, change) => {
    const found = await verdictOf('EVI-02', change);
    expect(found.verdict, found.reason).toBe('inconclusive');
  });

  const told = (event: string, detail: JournalEvent['detail']) => (lines: readonly JournalEvent[]) =>
    lines.map((line) => (line.event === event ? { ...line, detail: { ...line.detail, ...detail } } : line));
  const late = { utc: '2026-11-21T12:00:00.000Z', monotonicMs: 3_600_000 };
  test('the journal of another run contradicts', async () => {
    const found = await verdictOf('EVI-02', { journal: told('run-started', { run: 'other' }) });
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(/the journal is of run other, the manifest of run test/);
  });
  test.each<[string, Change, RegExp]>([
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
    const found = await verdictOf('EVI-02', change);
    expect(found.verdict, found.reason).toBe('inconclusive');
    expect(found.reason).toMatch(reason);
  });
});

describe('EVI-03', () => {
  test('supports and gives a digest', async () => {
    const found = await verdictOf('EVI-03');
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/16 verdicts examined.*SHA-256 of the verdicts [0-9a-f]{64}/);
    expect(found).toEqual(await verdictOf('EVI-03'));
  });
  test('a check that depends on something else contradicts', async () => {
    let calls = 0;
    const fickle: Check = {
      ...wirChecks[0]!,
      id: 'ZZZ-01',
      judge: () => plainFinding('supports', `call ${calls++}`, ''),
    };
    const found = await verdictOf('EVI-03', {}, [fickle, ...checksOf('EVI')]);
    expect(found.verdict).toBe('contradicts');
    expect(found.reason).toMatch(/ZZZ-01 says supports and then supports: call 0; call 1/);
  });
  test('without other checks it is inconclusive', async () =>
    expect((await verdictOf('EVI-03', {}, [evi03])).verdict).toBe('inconclusive'));
});

describe('EVI-04', () => {
  const run = (...ids: string[]): ControlRun => ({
    schema: 1,
    recordedAt: '2026-11-21T00:00:00.000Z',
    toolVersion: '0.1.0',
    seen: ids.map((check) => ({ check, fault: 'L01', mode: 'ipsec', routing: 'vxlan', profile: '1.18', verdict: 'contradicts' })),
  });
  const faultsOf = (check: string) => (check === 'WIR-05' ? ['L27'] : []);
  const judged = (control: ControlRun) =>
    verdictOf('EVI-04', {}, [...wirChecks, evi04], { faultsOf, whyNone: () => undefined, run: control });

  test('without a control run it was not exercised', async () => expect((await judged(run())).verdict).toBe('not-exercised'));
  test('a run that saw every check red supports', async () => {
    const found = await judged(run(...wirChecks.map((c) => c.id)));
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/control run of 2026-11-21/);
  });
  test('a check that nobody saw red is named', async () => {
    const found = await judged(run('WIR-01'));
    expect(found.verdict).toBe('inconclusive');
    expect(found.reason).toMatch(/WIR-05 was never seen red; its controls are L27/);
    expect(found.reason).not.toMatch(/WIR-03 was never/);
  });
  test.each<[string, Partial<RecordingManifest['captures'][number]>, Partial<RecordingManifest['traffic'][number]>]>([
    ['was never sent', {}, { sent: 0 }],
    ['was seen by a capture that did not end well', { exitCode: 1 }, {}],
    ['was seen inside a node only', { vantage: 'pod', node: 'node1' }, {}],
    ['is of traffic within one node', {}, { path: 'same-node' }],
  ])('a canary of the un-encrypted phase that %s is no control', async (_, capture, sent) => {
    const manifest = (m: RecordingManifest): RecordingManifest => ({
      ...m,
      captures: m.captures.map((c) => (c.phase === 'clear' ? { ...c, ...capture } : c)),
      traffic: m.traffic.map((t) => (t.phase === 'clear' ? { ...t, ...sent } : t)),
    });
    const control = { faultsOf, whyNone: () => undefined, run: run('WIR-01') };
    expect((await verdictOf('EVI-04', {}, [...wirChecks, evi04], control)).reason).not.toMatch(/can turn .*WIR-02/);
    expect((await verdictOf('EVI-04', { manifest }, [...wirChecks, evi04], control)).reason).toMatch(/can turn .*WIR-02/);
  });
});
