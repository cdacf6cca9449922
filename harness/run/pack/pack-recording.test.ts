import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { writeReportJson } from '../../../reports/json.ts';
import { entriesOf, sampleKey } from '../../../reports/pack/testdata/sample-pack.ts';
import { verifyPack } from '../../../reports/pack/verify/verify-pack.ts';
import { sampleReport } from '../../../reports/testdata/sample-report.ts';
import { RANDOM_TAGS, SecretMarker } from '../../decode/secrets/secret-marks.ts';
import { planOf, planText } from '../../model/plan.ts';
import { SECRET_MARKS } from '../../model/recording.ts';
import type { Report } from '../../model/report.ts';
import { plainFinding } from '../../model/verdict.ts';
import { pcapFile } from '../../testing/capture-file.ts';
import { memoryRecording, storeRecording } from '../../testing/memory-recording.ts';
import { clearPing, espFrame } from '../../testing/node-frames.ts';
import { ethernetFrame, ipv4Packet, udpDatagram } from '../../testing/packets.ts';
import { buildRecording, flow, outputsByNode } from '../../testing/recording.ts';
import { packRecording } from './pack-recording.ts';
import { SecretFoundError } from './search-secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-packing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = sampleKey();
const publicKey = createPublicKey(key.publicPem);
const CANARY = 'ab12'.repeat(8);
const secret = randomBytes(20);
let number = 0;
let folder: string;
let report: Report;
const judge = async (): Promise<Report> => report;
/** What a hostile writer of reports would add, by name. */
let planted: Readonly<Record<string, string>> = {};
const reports = async (judged: Report, to: string): Promise<void> => {
  mkdirSync(to, { recursive: true });
  for (const [name, text] of Object.entries({
    'report.json': writeReportJson(judged),
    'report.html': '<!doctype html><p>All is well.</p>\n',
    ...planted,
  }))
    writeFileSync(join(to, name), text);
};

/** A judged recording on disk. `files` replace or join those of the recording. */
function lay(files: Readonly<Record<string, string | Uint8Array>> = {}): void {
  folder = join(root, String(number++));
  const clear = ethernetFrame(ipv4Packet('10.0.1.11', '10.0.2.11', 17, udpDatagram(40000, 5000, Buffer.from('application data'))));
  const recording = buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, CANARY), clear] },
      { phase: 'encrypted', frames: [espFrame('out', 1), espFrame('back', 1)] },
    ],
    traffic: [flow('clear', CANARY)],
    outputs: outputsByNode('xfrm-state', {
      node1: 'src 1.1.1.1 dst 2.2.2.2\n\taead rfc4106(gcm(aes)) <key:160:0123456789abcdef01234567> 128\n',
      node2: '',
    }),
  });
  const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
  marker.add(secret);
  const { run, tool, intent } = recording.manifest;
  const plan = sha256(planText(planOf(recording.manifest)));
  const events = `${JSON.stringify({ at: run.startedAt, event: 'run-started', detail: { plan } })}\n`;
  const all = new Map([
    ...recording.files,
    [SECRET_MARKS, JSON.stringify(marker.marks())],
    ['events.ndjson', events],
    ...Object.entries(files),
  ]);
  mkdirSync(join(folder, 'recording'), { recursive: true });
  storeRecording(memoryRecording(recording.manifest, all), join(folder, 'recording'));
  report = { ...sampleReport(), run, tool, intent };
  writeFileSync(join(folder, 'report.json'), writeReportJson(report));
  writeFileSync(join(folder, 'report.html'), '<!doctype html><p>All is well.</p>\n');
}

beforeEach(() => {
  planted = {};
  lay();
});

const pack = (more: Partial<Parameters<typeof packRecording>[0]> = {}) => packRecording({ folder, key, judge, reports, ...more });

async function contents(file: string): Promise<Map<string, Buffer>> {
  const { entries } = await entriesOf(file);
  return new Map(entries.map(({ path, source }) => [path.slice(path.indexOf('/') + 1), source as Buffer]));
}

test('a pack holds the recording with payload cut out, every report, and is verified', async () => {
  const packed = await pack();
  expect(await verifyPack(packed.file, publicKey)).toMatchObject({ run: 'test', signerChecked: true });
  const files = await contents(packed.file);
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([
      'MANIFEST.json',
      'PLAN.json',
      'README.txt',
      'REDACTION.json',
      'SHA256SUMS',
      'recording/manifest.json',
      'reports/report.html',
      'reports/report.json',
    ]),
  );
  expect(files.get('recording/captures/0.pcap')!.includes('application data')).toBe(false);
  expect(files.get('recording/captures/0.pcap')!.includes(Buffer.from(CANARY, 'hex'))).toBe(true);
  const { plan, evidence } = packed.manifest;
  expect(plan).toMatchObject({ journalled: true, hashedAt: '2026-01-01T00:00:00.000Z' });
  const original = readFileSync(join(folder, 'recording/captures/0.pcap'));
  expect(evidence.find(({ path }) => path === 'recording/captures/0.pcap')).toMatchObject({
    producer: 'capture',
    command: { place: 'tap/br0', argv: expect.arrayContaining(['tcpdump', '-i', 'br0']), exitCode: 0 },
    classification: 'synthetic',
    original: { bytes: original.length, sha256: sha256(original), recipe: 'headers-and-tokens/3' },
  });
  expect(evidence.map(({ id }) => id)).toEqual(evidence.map((_, i) => `EV-${String(i + 1).padStart(3, '0')}`));
  expect(JSON.parse(files.get('REDACTION.json')!.toString())).toMatchObject({
    fullCaptures: false,
    keys: [{ path: 'commands/after/node1/0-xfrm-state.txt', fingerprints: 1 }],
    search: { findings: [], knownWindows: 2 },
    repetition: { differing: [] },
  });
});

test('two packs of one recording are the same bytes', async () => {
  const [one, two] = [await pack({ out: join(folder, '1.tar.gz') }), await pack({ out: join(folder, '2.tgz') })];
  expect(readFileSync(one.file).equals(readFileSync(two.file))).toBe(true);
});

test('an earlier pack beside the reports is not packed, and nothing is left behind', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('wirewitness-pack-'));
  await pack();
  const again = await pack();
  expect([...(await contents(again.file)).keys()].filter((name) => name.includes('.tar.gz'))).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('wirewitness-pack-') && !before.includes(name))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['recording', 'report.html', 'report.json', 'wirewitness-test.tar.gz']);
});

test('with full captures they are the original bytes', async () => {
  const packed = await pack({ fullCaptures: true });
  const original = readFileSync(join(folder, 'recording/captures/0.pcap'));
  expect((await contents(packed.file)).get('recording/captures/0.pcap')!.equals(original)).toBe(true);
});

test('a check that cannot be repeated from the copy is named', async () => {
  const [first, ...others] = report.verdicts;
  let calls = 0;
  const packed = await pack({
    judge: async () =>
      ++calls === 1 ? report : { ...report, verdicts: [{ id: first!.id, ...plainFinding('inconclusive', 'it was cut', '') }, ...others] },
  });
  const files = await contents(packed.file);
  expect(JSON.parse(files.get('REDACTION.json')!.toString()).repetition.differing).toMatchObject([
    { id: first!.id, packed: 'inconclusive', why: 'it was cut' },
  ]);
  expect(files.get('README.txt')!.toString()).toContain(`cannot be repeated from it: ${first!.id}.`);
});

describe('a secret in any kind of file is not sealed', () => {
  const hex = secret.toString('hex');
  const base64 = secret.toString('base64');
  const frame = (payload: Uint8Array): Buffer => ethernetFrame(ipv4Packet('1.1.1.1', '2.2.2.2', 17, udpDatagram(1, 2, payload)));
  test.each<[string, string, string | Uint8Array]>([
    ['text', 'commands/after/node1/0-xfrm-state.txt', `\taead rfc4106(gcm(aes)) <key>\n# ${hex}\n`],
    ['standard error', 'commands/after/node1/0-xfrm-state.err', `cannot parse: ${base64}`],
    [
      'the journal',
      'events.ndjson',
      `${JSON.stringify({ at: { utc: '2026-01-01T00:00:00.000Z', monotonicMs: 0 }, event: 'x', detail: { key: base64 } })}\n`,
    ],
    ['octets', 'more/dump.bin', Buffer.concat([randomBytes(50), secret, randomBytes(50)])],
    ['gzip', 'more/log.gz', gzipSync(`before\n${hex.slice(0, 20)}\n${hex.slice(20)}\n`)],
  ])('%s', async (_kind, path, content) => {
    lay({ [path]: content });
    await expect(pack()).rejects.toThrow(new RegExp(`not sealed.*recording/${path.replaceAll('.', '\\.')}, byte \\d+: known-secret`, 's'));
    expect(readdirSync(folder).filter((name) => name.endsWith('.gz'))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['HTML', 'report.html', `<p>${base64.slice(0, 10)}<wbr>${base64.slice(10)}</p>`],
    ['JSON', 'controls-extra.json', JSON.stringify({ deep: [{ key: hex.toUpperCase() }] })],
    ['XML', 'junit.xml', `<testsuites><system-out>${hex.match(/../g)!.join(':')}</system-out></testsuites>`],
    ['Markdown', 'pci-extra.md', `| key | ${Buffer.from(`3+ rfc4106(gcm(aes)) ${hex} 128`).toString('base64')} |`],
  ])('%s of the reports', async (_kind, path, content) => {
    planted = { [path]: content };
    const error = await pack().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SecretFoundError);
    expect((error as Error).message).toContain(`reports/${path}, byte `);
    expect((error as Error).message).not.toContain(hex.slice(0, 12));
  });

  test('a whole capture; cut to its headers it is sealed', async () => {
    lay({ 'captures/0.pcap': pcapFile([frame(secret)]) });
    await expect(pack({ fullCaptures: true })).rejects.toThrow(/recording\/captures\/0\.pcap, byte \d+: known-secret \(raw\)/);
    expect((await contents((await pack()).file)).get('recording/captures/0.pcap')!.includes(secret)).toBe(false);
  });

  test('of which nothing is known but its shape', async () => {
    planted = { 'notes.txt': `-----BEGIN ${'EC'} PRIVATE KEY-----\nMHcCAQEE\n` };
    await expect(pack()).rejects.toThrow('reports/notes.txt, byte 0: private-key-pem (raw)');
  });

  test('in an argument list of the manifest', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'recording/manifest.json'), 'utf8'));
    manifest.commands[0].argv = ['ip', 'xfrm', 'state', 'add', `0x${hex}`];
    writeFileSync(join(folder, 'recording/manifest.json'), JSON.stringify(manifest));
    await expect(pack()).rejects.toThrow(/recording\/manifest\.json, byte.*\n.*MANIFEST\.json, byte/);
  });
});

test('an unreadable capture is withheld, and what an interrupted run left unlisted is left out', async () => {
  lay({ 'captures/0.pcap': 'no capture at all, but maybe payload' });
  const manifest = JSON.parse(readFileSync(join(folder, 'recording/manifest.json'), 'utf8'));
  manifest.run = { ...manifest.run, complete: false, note: 'interrupted' };
  writeFileSync(join(folder, 'recording/manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'recording/half.txt'), 'half');
  const files = await contents((await pack()).file);
  expect(files.get('recording/captures/0.pcap')).toHaveLength(0);
  expect(files.has('recording/half.txt')).toBe(false);
  const log = JSON.parse(files.get('REDACTION.json')!.toString());
  expect(log.leftOut).toEqual(['half.txt']);
  expect(log.captures[0]).toMatchObject({ path: 'captures/0.pcap', recipe: 'withheld-unreadable/1' });
  expect(files.get('README.txt')!.toString()).toContain('NOT COMPLETE');
});

describe('what is signed comes from the recording alone', () => {
  test.each<[string, (told: Report) => Report]>([
    ['the verdict', (told) => ({ ...told, verdict: 'supports' })],
    [
      'one check',
      (told) => ({ ...told, verdicts: told.verdicts.map((one, i) => (i === 0 ? { ...one, verdict: 'not-applicable' } : one)) }),
    ],
    ['a check that is left out', (told) => ({ ...told, verdicts: told.verdicts.slice(1) })],
  ])('a report.json that says otherwise is not sealed: %s', async (_name, change) => {
    report = { ...report, verdict: 'contradicts' };
    writeFileSync(join(folder, 'report.json'), writeReportJson(change(report)));
    await expect(pack()).rejects.toThrow(/^not sealed: .*report\.json says .*, the recording beside it is judged contradicts now/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.gz'))).toEqual([]);
  });

  test('reports that lie in the folder are not taken, nor anything else there', async () => {
    mkdirSync(join(folder, '.git'));
    for (const name of ['report.html', 'junit.xml', '.env', '.git/config', 'notes.md', 'report.json.new'])
      writeFileSync(join(folder, name), 'forged: everything is encrypted');
    const files = await contents((await pack()).file);
    expect([...files.keys()].filter((name) => name.startsWith('reports/'))).toEqual(['reports/report.html', 'reports/report.json']);
    for (const content of files.values()) expect(content.includes('forged')).toBe(false);
  });

  test('a file that changes after it was judged is refused', async () => {
    const path = join(folder, 'recording/commands/after/node1/0-xfrm-state.txt');
    let calls = 0;
    const judgedThenChanged = async (): Promise<Report> => {
      if (++calls === 1) writeFileSync(path, 'another output');
      return report;
    };
    await expect(pack({ judge: judgedThenChanged })).rejects.toThrow(
      'commands/after/node1/0-xfrm-state.txt: was changed while it was packed',
    );
  });
});

test('a file whose name no archive carries ends the packing in one line', async () => {
  lay({ 'more/a\u001b[2J b.txt': 'x' });
  await expect(pack()).rejects.toMatchObject({ name: 'ExitError', exitCode: 2, message: expect.stringContaining('not sealed: ') });
});

describe('refused before anything is written', () => {
  test('a recording that was changed', async () => {
    writeFileSync(join(folder, 'recording/captures/0.pcap'), 'x');
    await expect(pack()).rejects.toThrow('captures/0.pcap: has SHA-256');
  });

  test('an archive inside the recording', async () => {
    await expect(pack({ out: join(folder, 'recording', 'a.tar.gz') })).rejects.toThrow('is inside the recording');
    symlinkSync(join(folder, 'recording'), join(folder, 'elsewhere'));
    await expect(pack({ out: join(folder, 'elsewhere', 'a.tar.gz') })).rejects.toThrow('is inside the recording');
    symlinkSync(join(folder, 'recording', 'a.tar.gz'), join(folder, 'link.tar.gz'));
    await expect(pack({ out: join(folder, 'link.tar.gz') })).rejects.toThrow('is inside the recording');
  });

  test('no report, or one of another run', async () => {
    writeFileSync(join(folder, 'report.json'), writeReportJson({ ...report, run: { ...report.run, id: 'other' } }));
    await expect(pack()).rejects.toThrow('is the report of run other, the recording beside it is run test');
    rmSync(join(folder, 'report.json'));
    await expect(pack()).rejects.toThrow('report.json');
  });
});

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
