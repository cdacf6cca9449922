import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { SECRET_PATTERNS } from '../../decode/secrets/patterns.ts';
import type { SecretFinding, SecretKnowledge } from '../../decode/secrets/scan-bytes.ts';
import { controlScan } from '../../decode/secrets/scan-control.ts';
import { scanFile } from '../../decode/secrets/scan-file.ts';
import { MarkSearch, readSecretMarks, type SecretMarks } from '../../decode/secrets/secret-marks.ts';
import { publicKeysOf } from '../../judge/evidence/public-keys.ts';
import { type Recording, SECRET_MARKS } from '../../model/recording.ts';
import { EXIT } from '../exit-codes.ts';
import { ExitError } from '../exit-error.ts';

/** The search for secrets, for the redaction log. */
export interface SecretSearch {
  /** Secrets planted in memory to test the scanner, and how many of them it found. */
  readonly control: { readonly planted: number; readonly found: number };
  readonly files: number;
  readonly bytes: number;
  /** Marked windows of the run's secrets; null when the recording has none: then only shapes were looked for. */
  readonly knownWindows: number | null;
  /** Secrets of the run that were too short to be marked. */
  readonly unmarked: number;
  readonly patterns: readonly string[];
  readonly findings: readonly [];
}

/** A pack is not sealed: names every file and offset, without the secret. */
export class SecretFoundError extends Error {
  override readonly name = 'SecretFoundError';
  readonly findings: readonly (SecretFinding & { readonly path: string })[];

  constructor(findings: readonly (SecretFinding & { readonly path: string })[]) {
    const lines = findings.map(({ path, offset, rule, form }) => `  ${path}, byte ${offset}: ${rule} (${form})`);
    super(
      `not sealed: ${findings.length} place${findings.length === 1 ? ' holds' : 's hold'} what is or looks like a secret\n${lines.join('\n')}`,
    );
    this.findings = findings;
  }
}

export interface SearchedFile {
  readonly path: string;
  readonly bytes: number;
  readonly source: string | Uint8Array;
}

/**
 * Search every file of the pack, after the scanner has found each secret planted to test it.
 * @throws SecretFoundError; Error when the scanner missed a plant
 */
export async function searchSecrets(files: readonly SearchedFile[], recording: Recording): Promise<SecretSearch> {
  const control = await controlScan(randomBytes(24));
  if (control.missed.length > 0) throw new Error(`not sealed: the search for secrets missed test secrets: ${control.missed.join('; ')}`);
  const marks = await marksOf(recording);
  const publicKeys = await publicKeysOf(recording);
  const knowledge: SecretKnowledge = { marks: marks === null ? null : new MarkSearch(marks), isPublic: (value) => publicKeys.has(value) };
  const findings: (SecretFinding & { path: string })[] = [];
  for (const { path, source } of files) {
    const content = typeof source === 'string' ? (createReadStream(source) as AsyncIterable<Uint8Array>) : once(source);
    for (const finding of await scanFile(content, knowledge)) findings.push({ path, ...finding });
  }
  if (findings.length > 0) throw new SecretFoundError(findings);
  return {
    control: { planted: control.planted, found: control.planted },
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    knownWindows: marks?.windows.length ?? null,
    unmarked: marks?.unmarked ?? 0,
    patterns: SECRET_PATTERNS.map(({ rule }) => rule),
    findings: [],
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function marksOf(recording: Recording): Promise<SecretMarks | null> {
  if (!recording.manifest.files.some(({ path }) => path === SECRET_MARKS)) return null;
  try {
    return readSecretMarks(await recording.text(SECRET_MARKS));
  } catch (error) {
    throw new ExitError(EXIT.inconclusive, `not sealed: ${SECRET_MARKS} of the recording: ${(error as Error).message}`);
  }
}
