import type { KeyObject } from 'node:crypto';
import { openGzipFrame } from '../archive/gzip-frame.ts';
import { readArchive } from '../archive/read-archive.ts';
import { writeChecksums } from '../checksums.ts';
import { CHECKSUMS, MANIFEST, packFolder, SIGNATURE } from '../layout.ts';
import { evidenceId } from '../manifest.ts';
import { PackRefusal } from '../refusal.ts';
import { packTime } from '../seal.ts';
import { type ReadManifest, readManifest } from './documents.ts';
import { EntryCollector } from './entry-collector.ts';
import { checkSignature } from './signature.ts';

/** What `verify` found out about a pack that is whole. */
export interface VerifiedPack {
  readonly run: string;
  readonly verdict: string;
  readonly environmentClass: string;
  readonly files: number;
  /** Bytes of the files, without headers. */
  readonly bytes: number;
  /** SHA-256 of the signer's public key (SPKI DER). */
  readonly keyId: string;
  /** Whether the signer's key was given; if not, whoever made the pack brought the key. */
  readonly signerChecked: boolean;
}

/**
 * Check a pack as it streams by: the compression frame, every byte of the archive, the signature, and that it holds exactly the
 * files that the signed list names. Nothing is unpacked; memory is bounded by the lists.
 * @param trusted the signer's public key; null to take the one inside
 * @throws PackRefusal naming the file or header; Error from the file system
 */
export async function verifyPack(path: string, trusted: KeyObject | null): Promise<VerifiedPack> {
  const collector = new EntryCollector();
  await readArchive(openGzipFrame(path), collector);
  const { folder, entries } = collector;
  const { statement, keyId } = checkSignature((name) => entries.get(name)?.bytes, trusted);
  const listed = entries.get(MANIFEST);
  const checksums = entries.get(CHECKSUMS);
  if (listed?.bytes === undefined) throw new PackRefusal(MANIFEST, 'is not there: it was removed');
  if (checksums?.bytes === undefined) throw new PackRefusal(CHECKSUMS, 'is not there: it was removed');
  const signed = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
  const runOf = statement.predicate.wirewitness.run;
  if (folder !== packFolder(runOf))
    throw new PackRefusal(SIGNATURE.statement, `is the statement of run ${runOf}, the folder of the pack is ${folder}`);
  for (const { name, sha256 } of [listed, checksums])
    if (signed.get(name) !== sha256)
      throw new PackRefusal(
        name,
        `has SHA-256 ${sha256}; the signed statement of run ${runOf} says ${signed.get(name) ?? 'nothing of it'}: it was changed`,
      );
  const manifest = readManifest(MANIFEST, listed.bytes);
  if (manifest.run.id !== runOf)
    throw new PackRefusal(SIGNATURE.statement, `is the statement of run ${runOf}, the pack is of run ${manifest.run.id}`);
  checkFiles(manifest, collector);
  checkTimes(manifest, collector);
  if (writeChecksums([...manifest.evidence, { path: MANIFEST, sha256: listed.sha256 }]) !== checksums.bytes.toString())
    throw new PackRefusal(CHECKSUMS, `does not say what ${MANIFEST} says`);
  return {
    run: runOf,
    verdict: manifest.verdict,
    environmentClass: manifest.environmentClass,
    files: entries.size,
    bytes: [...entries.values()].reduce((sum, { size }) => sum + size, 0),
    keyId,
    signerChecked: trusted !== null,
  };
}

/** Exactly the listed files, each with its digest; every problem is named, the first few in full. */
function checkFiles(manifest: ReadManifest, { entries }: EntryCollector): void {
  const problems: [string, string][] = [];
  const known = new Set<string>([MANIFEST, CHECKSUMS, ...Object.values(SIGNATURE)]);
  for (const [index, { id, path, bytes, sha256 }] of manifest.evidence.entries()) {
    if (id !== evidenceId(index)) problems.push([path, `is ${id} in the manifest, must be ${evidenceId(index)}`]);
    known.add(path);
    const found = entries.get(path);
    if (found === undefined) problems.push([path, 'is named in the manifest but is not there: it was removed or renamed']);
    else if (found.sha256 !== sha256 || found.size !== bytes)
      problems.push([
        path,
        `has ${found.size} bytes and SHA-256 ${found.sha256}; the manifest says ${bytes} and ${sha256}: it was changed`,
      ]);
  }
  for (const path of entries.keys()) if (!known.has(path)) problems.push([path, 'is not named in the manifest: it was added or renamed']);
  const [first, ...others] = problems;
  if (first === undefined) return;
  const more = others.slice(0, 4).map(([path, problem]) => `; ${path}: ${problem}`);
  const rest = others.length > more.length ? `; and ${others.length - more.length} more` : '';
  throw new PackRefusal(first[0], `${first[1]}${more.join('')}${rest}`);
}

function checkTimes(manifest: ReadManifest, { entries }: EntryCollector): void {
  const expected = packTime(manifest.run.endedAt.utc);
  for (const { name, mtime } of entries.values())
    if (mtime !== expected)
      throw new PackRefusal(`header of ${name}`, `its time is ${mtime}, the recording ended at ${expected}: it was changed`);
}
