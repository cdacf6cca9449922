import { createHash, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { writeReportJson } from '../../json.ts';
import { sampleReport } from '../../testdata/sample-report.ts';
import { gzipFrame, openGzipFrame } from '../archive/gzip-frame.ts';
import { readArchive } from '../archive/read-archive.ts';
import type { ArchiveFile } from '../archive/write-archive.ts';
import { tarBytes } from '../archive/write-archive.ts';
import { packName } from '../layout.ts';
import type { PackManifest } from '../manifest.ts';
import { mediaTypeOf } from '../media-types.ts';
import { type StagedFile, sealPack } from '../seal.ts';
import { type SigningKey, signingKeyOf } from '../sign/signing-key.ts';

/** A fresh signing key. */
export function sampleKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'sample key');
}

function staged(path: string, content: string | Uint8Array): StagedFile {
  const source = Buffer.from(content as string);
  const sha256 = createHash('sha256').update(source).digest('hex');
  return {
    path,
    bytes: source.length,
    sha256,
    mediaType: mediaTypeOf(path),
    producer: 'pack',
    acquiredAt: null,
    classification: 'synthetic',
    source,
  };
}

/** The files of a small pack: an empty one, one of exactly a block, one above it, a long path. */
export function sampleFiles(run?: string): StagedFile[] {
  const long = `recording/captures/${'encrypted-'.repeat(6)}/wire-tap-${'b'.repeat(60)}.pcap`;
  return [
    staged('PLAN.json', '{}\n'),
    staged('README.txt', 'Read me.\n'),
    staged('recording/commands/before/node1/00-xfrm-state.err', ''),
    staged('recording/commands/before/node1/00-xfrm-state.txt', 'x'.repeat(512)),
    staged('reports/report.html', '<p>ü</p>\n'.repeat(200)),
    staged('reports/report.json', writeReportJson({ ...sampleReport(), run: sampleHead(run).run })),
    staged(long, Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251))),
  ];
}

/** Everything of the manifest but its list. */
export function sampleHead(run = sampleReport().run.id): Omit<PackManifest, 'evidence'> {
  const report = sampleReport();
  return {
    schema: 1,
    name: packName(run),
    run: { ...report.run, id: run },
    tool: report.tool,
    environmentClass: report.environment.class,
    versions: {},
    verdict: report.verdict,
    plan: { path: 'PLAN.json', sha256: staged('PLAN.json', '{}\n').sha256, journalled: false, hashedAt: null },
    retentionMonths: 12,
  };
}

/** Seal the sample files into `out`. */
export function sealSample(out: string, key: SigningKey, run?: string, files = sampleFiles(run)): Promise<PackManifest> {
  const head = sampleHead(run);
  return sealPack({ head, files, report: { ...sampleReport(), run: head.run }, key, out });
}

/** The uncompressed archive of a pack. */
export async function archiveOf(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openGzipFrame(path)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Write an uncompressed archive as a pack, whatever it holds. */
export async function repack(path: string, archive: Uint8Array): Promise<void> {
  await writeFile(
    path,
    gzipFrame(
      (async function* () {
        yield archive;
      })(),
    ),
  );
}

/** The entries of a pack, to be written again in another way. */
export async function entriesOf(path: string): Promise<{ entries: ArchiveFile[]; mtime: number }> {
  const entries: ArchiveFile[] = [];
  let mtime = 0;
  let kept: Uint8Array[] = [];
  let current = { path: '', size: 0 };
  await readArchive(openGzipFrame(path), {
    begin: (entry) => {
      current = entry;
      mtime = entry.mtime;
      kept = [];
    },
    data: (chunk) => kept.push(Uint8Array.from(chunk)),
    end: () => entries.push({ path: current.path, size: current.size, source: Buffer.concat(kept) }),
  });
  return { entries, mtime };
}

/** Write entries in canonical form. */
export async function packEntries(path: string, entries: readonly ArchiveFile[], mtime: number): Promise<void> {
  await writeFile(path, gzipFrame(tarBytes(entries, mtime)));
}
