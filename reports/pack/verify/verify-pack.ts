import { createHash, type KeyObject } from 'node:crypto';
import type { EnvironmentClass } from '../../../harness/model/cluster.ts';
import type { Verdict } from '../../../harness/model/verdict.ts';
import { openGzipFrame } from '../archive/gzip-frame.ts';
import { readArchive } from '../archive/read-archive.ts';
import { writeChecksums } from '../checksums.ts';
import { CHECKSUMS, MANIFEST, packFolder, REPORT, SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';
import { packTime } from '../seal.ts';
import { checkAgreement } from './agreement.ts';
import { ContentChecker } from './content-checker.ts';
import { readPackedReport } from './documents.ts';
import { checkSignature } from './signature.ts';
import { SignatureCollector } from './signature-collector.ts';

/** The result of `verify` for a valid pack. */
export interface VerifiedPack {
  readonly run: string;
  /** The same in the signed statement, the manifest and the report. */
  readonly verdict: Verdict;
  readonly environmentClass: EnvironmentClass;
  readonly files: number;
  /** Bytes of the files, without headers. */
  readonly bytes: number;
  /** SHA-256 of the signer's public key (SPKI DER). */
  readonly keyId: string;
  /** Whether the signer's key was given; if not, the key is the one in the pack. */
  readonly signerChecked: boolean;
}

/**
 * Check a pack in two streaming passes: first the compression frame, every byte of the archive and the signature, in a memory that does not
 * depend on the pack; then, because the signed statement covers the lists, that it contains exactly the files they name, and that
 * statement, manifest and report agree. Nothing is unpacked.
 * @param trusted the signer's public key; null to take the one inside
 * @throws PackRefusal naming the file or header; Error from the file system
 */
export async function verifyPack(path: string, trusted: KeyObject | null): Promise<VerifiedPack> {
  const outer = new SignatureCollector();
  await readArchive(openGzipFrame(path), outer);
  const { statement, keyId } = checkSignature((name) => outer.kept.get(name), trusted);
  const { run } = statement.predicate.wirewitness;
  if (outer.folder !== packFolder(run))
    throw new PackRefusal(SIGNATURE.statement, `is the statement of run ${run}, the folder of the pack is ${outer.folder}`);
  const known = new Map([...outer.kept].map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]));
  for (const { name, digest } of statement.subject) {
    const found = outer.digests.get(name);
    if (found === undefined) throw new PackRefusal(name, 'is not there: it was removed');
    if (found !== digest.sha256)
      throw new PackRefusal(name, `has SHA-256 ${found}; the signed statement of run ${run} says ${digest.sha256}: it was changed`);
    known.set(name, found);
  }
  const inner = new ContentChecker(known, (manifest) => packTime(manifest.run.endedAt.utc));
  await readArchive(openGzipFrame(path), inner);
  const { manifest, report, files, bytes } = inner.finish();
  const checksums = writeChecksums([...manifest.evidence, { path: MANIFEST, sha256: known.get(MANIFEST)! }]);
  if (createHash('sha256').update(checksums).digest('hex') !== known.get(CHECKSUMS))
    throw new PackRefusal(CHECKSUMS, `does not say what ${MANIFEST} says`);
  checkAgreement(statement, manifest, readPackedReport(REPORT, report));
  const { verdict, environmentClass } = manifest;
  return { run, verdict, environmentClass, files, bytes, keyId, signerChecked: trusted !== null };
}
