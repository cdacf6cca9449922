import { sha256 } from '@noble/hashes/sha2.js';
import type { SecretFinding, SecretKnowledge } from '../../decode/secrets/scan-bytes.ts';
import { controlScan, type ScanControl } from '../../decode/secrets/scan-control.ts';
import { scanFile } from '../../decode/secrets/scan-file.ts';
import { MarkSearch, readSecretMarks, type SecretMarks } from '../../decode/secrets/secret-marks.ts';
import { type Recording, SECRET_MARKS } from '../../model/recording.ts';
import { publicKeysOf } from './public-keys.ts';

/** What the recording's own files show: secrets that should not be in them. */
export interface EvidenceFacts {
  /** Files that were searched, and their bytes; the manifest is searched beside them and not counted. */
  readonly files: number;
  readonly bytes: number;
  readonly secrets: readonly (SecretFinding & { readonly path: string })[];
  /** Why a file was not searched, one sentence each. */
  readonly gaps: readonly string[];
  /** The search for secrets that were planted in memory: if it missed one, finding nothing proves nothing. */
  readonly control: ScanControl;
  /** Hashed parts of the run's own secrets; null if the recording has none: then only formats of secrets were searched for. */
  readonly knownWindows: number | null;
}

/** It is the same for every recording, so it is made once. The planted values are not real secrets. */
let control: Promise<ScanControl> | undefined;

/** What was found in a file, and its bytes. */
export interface FileFindings {
  readonly bytes: number;
  readonly found: readonly SecretFinding[];
}

/** @throws Error saying why a file was not searched */
export type FileSearch = (path: string) => Promise<FileFindings>;

/**
 * Search every file of a recording for secrets. A file that can't be read is a gap.
 * @param searchFile searches one file; it is asked for the same files in the same order as {@link contentsOf} gives, and for a file of the
 *   same content as another one only where that one was not searched
 */
export async function readEvidence(recording: Recording, searchFile?: FileSearch): Promise<EvidenceFacts> {
  const { manifest } = recording;
  const gaps: string[] = [];
  const { knowledge, windows } = await readKnowledge(recording, gaps);
  const secrets: (SecretFinding & { path: string })[] = [];
  let bytes = 0;
  const digests = digestsOf(recording);
  const searched = new Map<string, FileFindings>();
  const search = async (path: string, searchIt: FileSearch): Promise<void> => {
    const digest = digests.get(path);
    try {
      const file = searched.get(digest ?? '') ?? (await searchIt(path));
      bytes += file.bytes;
      secrets.push(...file.found.map((finding) => ({ path, ...finding })));
      if (digest !== undefined) searched.set(digest, file);
    } catch (error) {
      gaps.push(`${path} could not be searched: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const paths = pathsOf(recording);
  await search('manifest.json', () => searchBytes(once(Buffer.from(JSON.stringify(manifest))), knowledge));
  bytes = 0;
  for (const path of paths) await search(path, searchFile ?? (() => searchBytes(recording.bytes(path), knowledge)));
  control ??= controlScan(sha256(Buffer.from('wirewitness: the control of the search for secrets')).subarray(0, 24));
  return { files: paths.length, bytes, secrets, gaps, control: await control, knownWindows: windows };
}

/** What to look for in a recording, and how many windows of its own secrets are marked: null if it has no marks. */
export async function readKnowledge(recording: Recording, gaps: string[]): Promise<{ knowledge: SecretKnowledge; windows: number | null }> {
  const marks = await marksOf(recording, gaps);
  const publicKeys = await publicKeysOf(recording);
  return {
    knowledge: { marks: marks === null ? null : new MarkSearch(marks), isPublic: (value) => publicKeys.has(value) },
    windows: marks?.windows.length ?? null,
  };
}

/** Search a file that comes in chunks. */
export async function searchBytes(source: AsyncIterable<Uint8Array>, knowledge: SecretKnowledge): Promise<FileFindings> {
  let bytes = 0;
  const found = await scanFile(
    counted(source, (n) => (bytes += n)),
    knowledge,
  );
  return { bytes, found };
}

/** The files that are searched, of those with the same digest the first one: often the outputs of a node before and after, and all empty files. */
export function contentsOf(recording: Recording): readonly string[] {
  const digests = digestsOf(recording);
  const seen = new Set<string>();
  return pathsOf(recording).filter((path) => {
    const digest = digests.get(path) ?? path;
    return !seen.has(digest) && seen.add(digest);
  });
}

function digestsOf({ manifest }: Recording): ReadonlyMap<string, string> {
  return new Map(manifest.files.map(({ path, sha256: digest }) => [path, digest]));
}

/**
 * Every file that the manifest names: in its list, and in its records of commands and captures. The marks are salted digests of the secrets
 * and contain no secret: they are not searched.
 */
function pathsOf({ manifest }: Recording): readonly string[] {
  const named = [
    ...manifest.files.map((f) => f.path),
    ...manifest.commands.flatMap((c) => [c.stdout, c.stderr]),
    ...manifest.captures.map((c) => c.file),
  ];
  return [...new Set(named)].filter((path) => path !== SECRET_MARKS);
}

async function marksOf(recording: Recording, gaps: string[]): Promise<SecretMarks | null> {
  if (!recording.manifest.files.some(({ path }) => path === SECRET_MARKS)) return null;
  try {
    return readSecretMarks(await recording.text(SECRET_MARKS));
  } catch (error) {
    gaps.push(`${SECRET_MARKS} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* counted(source: AsyncIterable<Uint8Array>, note: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    note(chunk.length);
    yield chunk;
  }
}
