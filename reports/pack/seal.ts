import { createHash } from 'node:crypto';
import { canonicalJson } from '../../harness/model/canonical-json.ts';
import type { Report } from '../../harness/model/report.ts';
import { comparePaths } from './archive/entry-path.ts';
import { type ArchiveFile, writeArchive } from './archive/write-archive.ts';
import { writeChecksums } from './checksums.ts';
import { CHECKSUMS, MANIFEST, MAX_BYTES, PLAN, packFolder, SIGNATURE } from './layout.ts';
import { type EvidenceItem, evidenceId, type PackManifest } from './manifest.ts';
import { IN_TOTO_TYPE, signEnvelope } from './sign/dsse.ts';
import type { SigningKey } from './sign/signing-key.ts';
import { statementOf } from './sign/statement.ts';

/** A file for the pack: its entry in the manifest, and where its bytes are. */
export interface StagedFile extends Omit<EvidenceItem, 'id'> {
  readonly source: string | Uint8Array;
}

export interface SealOptions {
  /** Everything except the list of files, which is made here. */
  readonly head: Omit<PackManifest, 'evidence'>;
  readonly files: readonly StagedFile[];
  readonly report: Report;
  readonly key: SigningKey;
  /** The archive to be written. */
  readonly out: string;
}

/**
 * Number the files, list them, sign the list, write the archive. It contains nothing about the machine, the user or the current time: the
 * same files and key give the same bytes.
 * @throws RangeError for a path or size that the archive can't carry
 */
export async function sealPack({ head, files, report, key, out }: SealOptions): Promise<PackManifest> {
  const sorted = [...files].sort((a, b) => comparePaths(a.path, b.path));
  const manifest: PackManifest = { ...head, evidence: sorted.map(({ source: _, ...item }, index) => ({ id: evidenceId(index), ...item })) };
  const listed = memoryFile(MANIFEST, canonicalJson(manifest));
  const checksums = memoryFile(CHECKSUMS, writeChecksums([...manifest.evidence, listed]));
  const plan = manifest.evidence.find(({ path }) => path === PLAN);
  if (plan === undefined) throw new RangeError(`${PLAN}: is not among the files to be sealed`);
  const statement = Buffer.from(statementOf(report, [listed, checksums], { name: PLAN, sha256: plan.sha256 }));
  const envelope = signEnvelope(IN_TOTO_TYPE, statement, key);
  const all: ArchiveFile[] = [
    ...sorted.map(({ path, bytes, source }) => ({ path, size: bytes, source })),
    listed,
    checksums,
    memoryFile(SIGNATURE.envelope, canonicalJson(envelope)),
    memoryFile(SIGNATURE.statement, statement),
    memoryFile(SIGNATURE.signature, Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64')),
    memoryFile(SIGNATURE.publicKey, key.publicPem),
  ];
  for (const { path, size } of all) {
    const limit = MAX_BYTES[path];
    if (limit !== undefined && size > limit)
      throw new RangeError(`${path}: has ${size} bytes, above the limit of ${limit}: no reader would open this pack`);
  }
  const folder = packFolder(head.run.id);
  const entries = all.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
  await writeArchive(out, entries, packTime(head.run.endedAt.utc));
  return manifest;
}

/** The time that every entry carries: the recording's end, whole seconds. @throws RangeError for what is no time */
export function packTime(utc: string): number {
  const seconds = Math.floor(Date.parse(utc) / 1000);
  if (!Number.isSafeInteger(seconds) || seconds < 0)
    throw new RangeError(`the recording's end ${JSON.stringify(utc)} is no time since 1970`);
  return seconds;
}

function memoryFile(name: string, content: string | Uint8Array): ArchiveFile & { readonly name: string; readonly sha256: string } {
  const source = typeof content === 'string' ? Buffer.from(content) : content;
  return { name, path: name, size: source.length, source, sha256: createHash('sha256').update(source).digest('hex') };
}
