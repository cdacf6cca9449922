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

/** Search every file of a recording for secrets. A file that can't be read is a gap. */
export async function readEvidence(recording: Recording): Promise<EvidenceFacts> {
  const { manifest } = recording;
  const gaps: string[] = [];
  const marks = await marksOf(recording, gaps);
  const publicKeys = await publicKeysOf(recording);
  const knowledge: SecretKnowledge = { marks: marks === null ? null : new MarkSearch(marks), isPublic: (value) => publicKeys.has(value) };
  const secrets: (SecretFinding & { path: string })[] = [];
  let bytes = 0;
  const digests = new Map(manifest.files.map(({ path, sha256: digest }) => [path, digest]));
  const searched = new Map<string, { readonly bytes: number; readonly found: readonly SecretFinding[] }>();
  const search = async (path: string, source: AsyncIterable<Uint8Array>): Promise<void> => {
    // Files with the same digest have the same content: often the outputs of a node before and after, and all empty files.
    const digest = digests.get(path);
    const same = digest === undefined ? undefined : searched.get(digest);
    if (same !== undefined) {
      bytes += same.bytes;
      secrets.push(...same.found.map((finding) => ({ path, ...finding })));
      return;
    }
    const before = bytes;
    try {
      const found = await scanFile(
        counted(source, (n) => (bytes += n)),
        knowledge,
      );
      secrets.push(...found.map((finding) => ({ path, ...finding })));
      if (digest !== undefined) searched.set(digest, { bytes: bytes - before, found });
    } catch (error) {
      gaps.push(`${path} could not be searched: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  // The marks are salted digests of the secrets and contain no secret: they are not searched.
  const paths = pathsOf(recording).filter((path) => path !== SECRET_MARKS);
  await search('manifest.json', once(Buffer.from(JSON.stringify(manifest))));
  bytes = 0;
  for (const path of paths) await search(path, recording.bytes(path));
  control ??= controlScan(sha256(Buffer.from('wirewitness: the control of the search for secrets')).subarray(0, 24));
  return { files: paths.length, bytes, secrets, gaps, control: await control, knownWindows: marks?.windows.length ?? null };
}

/** Every file that the manifest names: in its list, and in its records of commands and captures. */
function pathsOf({ manifest }: Recording): readonly string[] {
  const named = [
    ...manifest.files.map((f) => f.path),
    ...manifest.commands.flatMap((c) => [c.stdout, c.stderr]),
    ...manifest.captures.map((c) => c.file),
  ];
  return [...new Set(named)];
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
