import { createPublicKey, randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ustarHeader } from '../archive/ustar-header.ts';
import { CHECKSUMS, MANIFEST, SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';
import { archiveOf, entriesOf, packEntries, repack, sampleFiles, sampleKey, sealSample } from '../testdata/sample-pack.ts';
import { verifyPack } from './verify-pack.ts';

const key = sampleKey();
const publicKey = createPublicKey(key.publicPem);
let folder: string;
let good: string;
let changed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewitness-verify-'));
  good = join(folder, 'good.tar.gz');
  changed = join(folder, 'changed.tar.gz');
  await sealSample(good, key);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(path: string, trusted = publicKey): Promise<PackRefusal> {
  const found = await verifyPack(path, trusted).then(
    (pack) => {
      throw new Error(`was accepted: ${JSON.stringify(pack)}`);
    },
    (error: unknown) => error,
  );
  expect(found).toBeInstanceOf(PackRefusal);
  return found as PackRefusal;
}

test('a good pack is verified with the key and is only intact without it', async () => {
  const verified = await verifyPack(good, publicKey);
  expect(verified).toMatchObject({ keyId: key.keyId, signerChecked: true, files: sampleFiles().length + 6 });
  expect(await verifyPack(good, null)).toEqual({ ...verified, signerChecked: false });
});

test('200 packs with one byte of the archive changed are refused, each naming the file or header that was hit', async () => {
  const archive = await archiveOf(good);
  const { entries } = await entriesOf(good);
  const places = entryPlaces(entries);
  const seen = new Set<string>();
  for (let round = 0; round < 200; round++) {
    const at = randomInt(archive.length);
    const copy = Buffer.from(archive);
    copy[at] = (copy[at]! + randomInt(1, 256)) % 256;
    await repack(changed, copy);
    const { message } = await refusal(changed);
    const place = places.find(({ from, to }) => at >= from && at < to);
    seen.add(place?.kind ?? 'end');
    if (place === undefined) expect(message, `byte ${at}`).toMatch(/^end of the archive|^header at byte/);
    else if (place.kind === 'header') expect(message, `byte ${at}`).toMatch(/header|is there twice|not in order|outside|climb|twice|block/);
    else expect(message, `byte ${at} of ${place.path}`).toContain(place.path.slice(place.path.indexOf('/') + 1));
  }
  expect([...seen].sort()).toEqual(['content', 'end', 'header', 'padding']);
});

/** Where each entry's header, content and padding stand. */
function entryPlaces(entries: readonly { path: string; size: number }[]) {
  let at = 0;
  return entries.flatMap(({ path, size }) => {
    const [header, content, end] = [at, at + 512, at + 512 + Math.ceil(size / 512) * 512];
    at = end;
    return [
      { kind: 'header', path, from: header, to: content },
      { kind: 'content', path, from: content, to: content + size },
      { kind: 'padding', path, from: content + size, to: end },
    ];
  });
}

test('every byte of a header and of the end is held', async () => {
  const archive = await archiveOf(good);
  const bytes = [...Array.from({ length: 512 }, (_, i) => i), ...Array.from({ length: 64 }, (_, i) => archive.length - 1 - i * 16)];
  for (const at of bytes) {
    const copy = Buffer.from(archive);
    copy[at]! ^= 1;
    await repack(changed, copy);
    await refusal(changed);
  }
});

describe('entries', () => {
  test('added', async () => {
    const { entries, mtime } = await entriesOf(good);
    const path = `${entries[0]!.path.split('/')[0]}/reports/more.txt`;
    await packEntries(changed, [...entries, { path, size: 3, source: Buffer.from('abc') }], mtime);
    expect((await refusal(changed)).message).toMatch(/^reports\/more\.txt: is not named in the manifest: it was added/);
  });

  test('removed, one by one', async () => {
    const { entries, mtime } = await entriesOf(good);
    for (const gone of entries) {
      await packEntries(
        changed,
        entries.filter((entry) => entry !== gone),
        mtime,
      );
      const { message } = await refusal(changed);
      expect(message).toContain(gone.path.slice(gone.path.indexOf('/') + 1));
      expect(message).toMatch(/is not there/);
    }
  });

  test('renamed', async () => {
    const { entries, mtime } = await entriesOf(good);
    const renamed = entries.map((entry) => ({ ...entry, path: entry.path.replace('report.html', 'report2.html') }));
    await packEntries(changed, renamed, mtime);
    const { message } = await refusal(changed);
    expect(message).toMatch(/reports\/report\.html: .*removed or renamed/);
    expect(message).toMatch(/reports\/report2\.html: .*added or renamed/);
  });

  test('exchanged', async () => {
    const { entries, mtime } = await entriesOf(good);
    const [a, b] = entries.filter(({ path }) => /xfrm-state/.test(path));
    await packEntries(
      changed,
      entries.map((e) => (e === a ? { ...b!, path: a.path } : e === b ? { ...a!, path: b.path } : e)),
      mtime,
    );
    expect((await refusal(changed)).message).toContain('00-xfrm-state.txt: has 0 bytes');
  });

  test('in another order, twice, climbing, absolute, outside the folder, with other times', async () => {
    const { entries, mtime } = await entriesOf(good);
    const written = async (list: readonly { path: string; size: number; source: string | Uint8Array }[]): Promise<string> => {
      const parts = list.flatMap(({ path, size, source }) => [
        ustarHeader({ path, size, mtime }),
        source as Uint8Array,
        Buffer.alloc((512 - (size % 512)) % 512),
      ]);
      await repack(changed, Buffer.concat([...parts, Buffer.alloc(1024)]));
      return (await refusal(changed)).message;
    };
    const folderName = entries[0]!.path.split('/')[0]!;
    const file = (path: string) => ({ path, size: 1, source: Buffer.from('x') });
    expect(await written(entries.toReversed())).toMatch(/the entries are not in order/);
    expect(await written([entries[0]!, entries[0]!, ...entries.slice(1)])).toMatch(/MANIFEST\.json: is there twice/);
    expect(await written([file(`${folderName}/../etc/passwd`), ...entries])).toMatch(/climb/);
    expect(await written([file('/etc/passwd'), ...entries])).toMatch(/absolute/);
    expect(await written([...entries, file('zzz/more')])).toMatch(/zzz\/more: is outside the pack's folder/);
    await packEntries(changed, entries, mtime + 1);
    expect((await refusal(changed)).message).toMatch(/^header of MANIFEST\.json: its time is/);
  });

  test('bytes behind the archive, behind the compressed data and a cut file', async () => {
    const archive = await archiveOf(good);
    await repack(changed, Buffer.concat([archive, Buffer.alloc(512)]));
    expect((await refusal(changed)).message).toMatch(/bytes follow the closing blocks/);
    const packed = await readFile(good);
    await writeFile(changed, Buffer.concat([packed, Buffer.from('x')]));
    expect((await refusal(changed)).subject).toBe('compression');
    await writeFile(changed, Buffer.concat([packed.subarray(0, -8), Buffer.alloc(100), packed.subarray(-8)]));
    expect((await refusal(changed)).message).toMatch(/100 bytes follow the end of the compressed data/);
    await writeFile(changed, Buffer.concat([packed, packed]));
    expect((await refusal(changed)).subject).toBe('compression');
    for (const length of [0, 9, 18, 100, packed.length - 1]) {
      await writeFile(changed, packed.subarray(0, length));
      expect((await refusal(changed)).subject).toBe('compression');
    }
  });
});

describe('signatures', () => {
  test('of an unknown key', async () => {
    const other = sampleKey();
    expect((await refusal(good, createPublicKey(other.publicPem))).message).toContain(`was signed by the unknown key ${key.keyId}`);
  });

  test('of another run under the same key', async () => {
    const foreign = join(folder, 'foreign.tar.gz');
    await sealSample(foreign, key, 'another-run');
    const { entries, mtime } = await entriesOf(good);
    const theirs = (await entriesOf(foreign)).entries;
    const taken = entries.map((entry) => {
      const same = theirs.find(({ path }) => path.split('/').slice(1).join('/') === entry.path.split('/').slice(1).join('/'));
      return entry.path.includes('/signature/') ? { ...same!, path: entry.path } : entry;
    });
    await packEntries(changed, taken, mtime);
    expect((await refusal(changed)).message).toMatch(/^signature\/statement\.json: is the statement of run another-run/);
  });

  test('none', async () => {
    const { entries, mtime } = await entriesOf(good);
    await packEntries(
      changed,
      entries.filter(({ path }) => !path.includes('/signature/')),
      mtime,
    );
    expect((await refusal(changed)).message).toBe(`${SIGNATURE.envelope}: is not there: the pack is not signed`);
  });

  test('of whoever changed a file and signed again: refused with the key, and named without it', async () => {
    const forged = join(folder, 'forged.tar.gz');
    const forger = sampleKey();
    await sealSample(forged, forger);
    expect((await refusal(forged)).message).toContain(forger.keyId);
    expect(await verifyPack(forged, null)).toMatchObject({ signerChecked: false, keyId: forger.keyId });
  });

  test('lists that do not agree', async () => {
    for (const name of [MANIFEST, CHECKSUMS]) {
      const { entries, mtime } = await entriesOf(good);
      const edited = entries.map((entry) => {
        if (!entry.path.endsWith(`/${name}`)) return entry;
        const source = Buffer.from((entry.source as Buffer).toString().replace('README.txt', 'README.txu'));
        return { ...entry, source };
      });
      await packEntries(changed, edited, mtime);
      expect((await refusal(changed)).message).toMatch(new RegExp(`^${name.replace('.', '\\.')}: .*it was changed`));
    }
  });
});

test('two packs of the same files are the same bytes, and with another key differ only in the signature', async () => {
  const again = join(folder, 'again.tar.gz');
  await sealSample(again, key, undefined, sampleFiles().toReversed());
  expect((await readFile(again)).equals(await readFile(good))).toBe(true);
  await sealSample(again, sampleKey());
  const [ours, theirs] = [(await entriesOf(good)).entries, (await entriesOf(again)).entries];
  const differing = ours
    .filter((entry, i) => !(entry.source as Buffer).equals(theirs[i]!.source as Buffer))
    .map(({ path }) => path.slice(path.indexOf('/') + 1));
  expect(differing).toEqual([SIGNATURE.publicKey, SIGNATURE.envelope, SIGNATURE.signature]);
});
