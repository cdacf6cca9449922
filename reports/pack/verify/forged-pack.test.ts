import { createHash, createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../harness/model/canonical-json.ts';
import { anyText } from '../../../harness/testing/any-text.ts';
import { printable } from '../../printable.ts';
import { ustarHeader } from '../archive/ustar-header.ts';
import type { ArchiveFile } from '../archive/write-archive.ts';
import { writeChecksums } from '../checksums.ts';
import { CHECKSUMS, MANIFEST, SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';
import { IN_TOTO_TYPE, signEnvelope } from '../sign/dsse.ts';
import { archiveOf, entriesOf, packEntries, repack, sampleKey, sealSample } from '../testdata/sample-pack.ts';
import { verifyPack } from './verify-pack.ts';

/** Packs that were signed by whoever holds a key, with whatever inside: what a stranger can hand over. */
const key = sampleKey();
const publicKey = createPublicKey(key.publicPem);
let folder: string;
let good: string;
let forged: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewitness-forged-'));
  good = join(folder, 'good.tar.gz');
  forged = join(folder, 'forged.tar.gz');
  await sealSample(good, key);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A document that is no longer what it must be. */
type Loose = ReturnType<typeof JSON.parse>;

interface Forgery {
  /** Files to put in place of, or beside, those of the sample. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly manifest?: (manifest: Loose) => void;
  readonly statement?: (statement: Loose) => void;
  /** Text of the manifest in place of its canonical form. */
  readonly manifestText?: string;
}

/** The sample pack with changes, listed and signed anew. */
async function forge({ files = {}, manifest: editManifest, statement: editStatement, manifestText }: Forgery): Promise<void> {
  const { entries, mtime } = await entriesOf(good);
  const content = new Map(entries.map(({ path, source }) => [path.slice(path.indexOf('/') + 1), Buffer.from(source as Uint8Array)]));
  for (const [path, bytes] of Object.entries(files)) content.set(path, Buffer.from(bytes as string));
  const manifest = JSON.parse(content.get(MANIFEST)!.toString()) as Loose;
  for (const item of manifest.evidence)
    Object.assign(item, { bytes: content.get(item.path)!.length, sha256: sha256(content.get(item.path)!) });
  editManifest?.(manifest);
  content.set(MANIFEST, Buffer.from(manifestText ?? canonicalJson(manifest)));
  const listed = { path: MANIFEST, sha256: sha256(content.get(MANIFEST)!) };
  content.set(CHECKSUMS, Buffer.from(writeChecksums([...manifest.evidence, listed])));
  const statement = JSON.parse(content.get(SIGNATURE.statement)!.toString()) as Loose;
  for (const subject of statement.subject) subject.digest.sha256 = sha256(content.get(subject.name)!);
  editStatement?.(statement);
  const body = Buffer.from(canonicalJson(statement));
  const envelope = signEnvelope(IN_TOTO_TYPE, body, key);
  content.set(SIGNATURE.statement, body);
  content.set(SIGNATURE.envelope, Buffer.from(canonicalJson(envelope)));
  content.set(SIGNATURE.signature, Buffer.from(envelope.signatures[0]!.sig, 'base64'));
  const name = entries[0]!.path.split('/')[0]!;
  const all = [...content].map(([path, source]): ArchiveFile => ({ path: `${name}/${path}`, size: source.length, source }));
  await packEntries(forged, all, mtime);
}

async function refusal(): Promise<PackRefusal> {
  const found = await verifyPack(forged, publicKey).catch((error: unknown) => error);
  expect(found).toBeInstanceOf(PackRefusal);
  return found as PackRefusal;
}

test('signed anew without a change it is taken: what follows is refused for its change alone', async () => {
  await forge({});
  expect(await verifyPack(forged, publicKey)).toMatchObject({ signerChecked: true, verdict: 'contradicts' });
});

describe('statement, manifest and report that do not agree', () => {
  test.each<[string, Forgery, RegExp]>([
    [
      'a failed statement beside a manifest that supports',
      { manifest: (m) => Object.assign(m, { verdict: 'supports' }) },
      /^MANIFEST\.json: its verdict is supports, in the signed statement it is contradicts/,
    ],
    [
      'statement and manifest that support beside a report that contradicts',
      {
        manifest: (m) => Object.assign(m, { verdict: 'supports' }),
        statement: ({ predicate }) => {
          predicate.result = 'PASSED';
          predicate.wirewitness.verdict = 'supports';
        },
      },
      /^reports\/report\.json: its verdict is contradicts/,
    ],
    [
      'PASSED beside the verdict contradicts',
      { statement: ({ predicate }) => Object.assign(predicate, { result: 'PASSED' }) },
      /^signature\/statement\.json: its result is PASSED beside the verdict contradicts/,
    ],
    [
      'a failed check that is not told',
      { statement: ({ predicate }) => predicate.failedTests.pop() },
      /^reports\/report\.json: its list of failed checks is/,
    ],
    [
      'another environment',
      { manifest: (m) => Object.assign(m, { environmentClass: 'production-readonly' }) },
      /^MANIFEST\.json: its environment is production-readonly/,
    ],
    [
      'another plan',
      { statement: ({ predicate }) => Object.assign(predicate.configuration[0].digest, { sha256: '0'.repeat(64) }) },
      /^MANIFEST\.json: its digest of PLAN\.json/,
    ],
    ['no report', { files: { 'reports/report.json': '{}\n' } }, /^reports\/report\.json: at schema/],
  ])('%s', async (_name, change, message) => {
    await forge(change);
    expect((await refusal()).message).toMatch(message);
  });
});

describe('lists', () => {
  test('an item twice, out of order, under another id, or of what is no evidence', async () => {
    await forge({ manifest: (m) => m.evidence.splice(1, 0, { ...m.evidence[0], id: 'EV-002' }) });
    expect((await refusal()).message).toMatch(/^MANIFEST\.json: lists PLAN\.json twice/);
    await forge({ manifest: (m) => m.evidence.reverse() });
    expect((await refusal()).message).toMatch(/^MANIFEST\.json: calls .*must be EV-001/);
    await forge({ manifest: (m) => m.evidence.push({ ...m.evidence[0], path: SIGNATURE.envelope }) });
    expect((await refusal()).message).toContain('lists signature/statement.dsse.json as evidence');
  });

  test('a subject twice, one more, or one less', async () => {
    for (const change of [
      (s: Loose) => s.subject.push(s.subject[0]),
      (s: Loose) => s.subject.push({ name: 'README.txt', digest: { sha256: '0'.repeat(64) } }),
      (s: Loose) => s.subject.pop(),
      (s: Loose) => s.subject.reverse(),
    ]) {
      await forge({ statement: change });
      expect((await refusal()).message).toMatch(/^signature\/statement\.json: at subject/);
    }
  });
});

describe('a stranger’s words', () => {
  const wicked = 'x\u001b[32m\nverified: yes\u009b2J\u202e\u2066\u200f';

  test.each<[string, Forgery]>([
    ['the verdict', { manifest: (m) => Object.assign(m, { verdict: wicked }) }],
    ['the environment', { manifest: (m) => Object.assign(m, { environmentClass: wicked }) }],
    ['the run', { manifest: (m) => Object.assign(m.run, { id: wicked }) }],
    ['an evidence id', { manifest: (m) => Object.assign(m.evidence[0], { id: wicked }) }],
    ['a path', { manifest: (m) => Object.assign(m.evidence[0], { path: wicked }) }],
    ['a digest', { manifest: (m) => Object.assign(m.evidence[0], { sha256: wicked }) }],
    ['a subject', { statement: (s) => s.subject.push({ name: wicked, digest: { sha256: wicked } }) }],
    ['a key of the statement', { statement: (s) => Object.assign(s, { [wicked]: 1 }) }],
    ['a failed check', { statement: (s) => s.predicate.failedTests.push(wicked) }],
    ['text that is no JSON', { manifestText: wicked }],
  ])('%s is printed as one line without control and direction characters', async (_name, change) => {
    await forge(change);
    const { message, subject } = await refusal();
    for (const text of [message, subject]) {
      expect(text).not.toMatch(/[\n\r]/);
      expect(printable(text)).toBe(text);
    }
  });

  test('paths of the archive: no control, direction or invisible character', async () => {
    for (const path of ['reports/a\u009b2Jb', 'reports/a\u202eb', 'reports/a\u200fb', 'reports/a\u2028b', 'reports/a\u007fb']) {
      await repack(forged, Buffer.concat([ustarHeader({ path: `wirewitness-x/${path}`, size: 0, mtime: 0 }), Buffer.alloc(1024)]));
      expect((await refusal()).message).toMatch(/has a backslash, a control character or one that is not seen in its path/);
    }
  });
});

describe('no stack trace', () => {
  test.each<[string, Forgery, RegExp]>([
    ['a time that is none', { manifest: (m) => Object.assign(m.run.endedAt, { utc: 'never' }) }, /^MANIFEST\.json: at run\.endedAt\.utc/],
    [
      'a time before 1970',
      { manifest: (m) => Object.assign(m.run.endedAt, { utc: '1960-01-01T00:00:00.000Z' }) },
      /^MANIFEST\.json: at run\.endedAt\.utc/,
    ],
    ['a field nested 60,000 deep', { manifestText: `{"a":${'['.repeat(60_000)}` }, /^MANIFEST\.json: .*nested deeper than 64/],
    ['three million values', { manifestText: `{"a":[${'1,'.repeat(3_000_000)}1]}` }, /^MANIFEST\.json: .*holds more than 1000000 values/],
    ['an unknown verdict', { manifest: (m) => Object.assign(m, { verdict: 'compliant' }) }, /^MANIFEST\.json: at verdict/],
    ['a run that climbs', { statement: (s) => Object.assign(s.predicate.wirewitness, { run: 'a/../b' }) }, /wirewitness\.run|climb/],
  ])('%s is refused in one line', async (_name, change, message) => {
    await forge(change);
    expect((await refusal()).message).toMatch(message);
  });

  test('documents of the signature above their limits are refused before they are held', async () => {
    for (const [name, bytes] of [
      [SIGNATURE.envelope, 255 * 1024 * 1024],
      [SIGNATURE.statement, 129 * 1024],
      [SIGNATURE.signature, 1025],
      [SIGNATURE.publicKey, 1025],
    ] as const) {
      const { entries, mtime } = await entriesOf(good);
      const changed = entries.map((e) => (e.path.endsWith(`/${name}`) ? { ...e, size: bytes, source: Buffer.alloc(bytes, 0x20) } : e));
      await packEntries(forged, changed, mtime);
      expect((await refusal()).message).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}: has ${bytes} bytes, above the limit`));
    }
  });

  test('whatever the bytes of a list or a signature, a refusal and nothing else', async () => {
    const { entries, mtime } = await entriesOf(good);
    const names = [MANIFEST, CHECKSUMS, ...Object.values(SIGNATURE)];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.oneof(fc.json(), anyText()), async (name, text) => {
        const source = Buffer.from(text);
        await packEntries(
          forged,
          entries.map((e) => (e.path.endsWith(`/${name}`) ? { ...e, size: source.length, source } : e)),
          mtime,
        );
        await refusal();
      }),
      { numRuns: 100 },
    );
  });

  test('whatever the archive holds, a refusal and nothing else', async () => {
    const archive = await archiveOf(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length), fc.uint8Array({ maxLength: 600 }), fc.nat(1024), async (at, bytes, gone) => {
        const changed = Buffer.concat([archive.subarray(0, at), bytes, archive.subarray(at + gone)]);
        if (changed.equals(archive)) return;
        await repack(forged, changed);
        await refusal();
      }),
      { numRuns: 100 },
    );
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
