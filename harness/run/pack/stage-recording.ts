import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import { podSpace } from '../../judge/wire/pod-space.ts';
import { manifestOfToday } from '../../model/earlier-names.ts';
import type { FileRecord, RecordingManifest } from '../../model/recording.ts';
import { hashFile } from '../../record/file-hash.ts';
import { listFiles } from '../../record/list-files.ts';
import { RecordingError } from '../../record/recording-error.ts';
import { captureTokens } from './capture-tokens.ts';
import { type CaptureCut, CaptureCutter } from './cut-capture.ts';

/** Name of the rules for removing payload; new rules get a new name. */
export const CUT_RECIPE = 'headers-and-tokens/3';
export const WITHHELD_RECIPE = 'withheld-unreadable/1';

/** One capture of the pack and what it was before. */
export interface CutRecord extends CaptureCut {
  readonly path: string;
  readonly recipe: typeof CUT_RECIPE | typeof WITHHELD_RECIPE;
  readonly original: { readonly bytes: number; readonly sha256: string };
  readonly packed: { readonly bytes: number; readonly sha256: string };
  /** Why it was withheld, else empty. */
  readonly note: string;
}

export interface StagedRecording {
  readonly cuts: readonly CutRecord[];
  /** Files of an interrupted recording that are not in its manifest: they are not evidence. */
  readonly leftOut: readonly string[];
}

/**
 * Copy a recording to a new folder, without the payload of its captures, and write a manifest for the copy: only sizes and digests differ
 * from the original, so that the copy can be judged like the original.
 * @param publicKeys WireGuard keys of the run, base64
 * @throws RecordingError for a file that changed since the recording was opened
 */
export async function stageRecording(
  from: string,
  manifest: RecordingManifest,
  to: string,
  fullCaptures: boolean,
  publicKeys: readonly string[],
): Promise<StagedRecording> {
  const tokens = captureTokens(manifest);
  // The copy keeps the field names of the recording.
  const { cluster } = manifestOfToday(manifest) as RecordingManifest;
  const space = podSpace(cluster);
  const captures = new Set(manifest.captures.map(({ file }) => file));
  const files: FileRecord[] = [];
  const cuts: CutRecord[] = [];
  for (const { path, sha256 } of manifest.files) {
    const [source, target] = [join(from, path), join(to, path)];
    await mkdir(dirname(target), { recursive: true });
    // The copy is sealed: it must be of what was opened and judged. The journal of a killed run may be longer.
    await copyFile(source, target);
    const original = await hashFile(target);
    if (original.sha256 !== sha256 && (manifest.run.complete || path !== 'events.ndjson'))
      throw new RecordingError(from, path, 'was changed while it was packed');
    if (captures.has(path) && !fullCaptures) {
      const whole = `${target}.whole`;
      await rename(target, whole);
      const { recipe, note, ...cut } = await cutFile(whole, target, new CaptureCutter(path, tokens, space, publicKeys));
      await rm(whole);
      cuts.push({ path, recipe, original, packed: await hashFile(target), note, ...cut });
    }
    files.push({ path, ...(await hashFile(target)) });
  }
  await mkdir(to, { recursive: true });
  await writeFile(join(to, 'manifest.json'), `${JSON.stringify({ ...manifest, files }, null, 1)}\n`);
  const known = new Set(['manifest.json', ...manifest.files.map(({ path }) => path)]);
  return { cuts, leftOut: (await listFiles(from)).filter((path) => !known.has(path)) };
}

/** A file that is not a capture cannot be cut, so the copy is empty; for the judge it is unreadable as before. */
async function cutFile(source: string, target: string, cutter: CaptureCutter): Promise<CaptureCut & Pick<CutRecord, 'recipe' | 'note'>> {
  try {
    await pipeline(cutter.cut(createReadStream(source) as AsyncIterable<Uint8Array>), createWriteStream(target));
    return { ...cutter.result, recipe: CUT_RECIPE, note: '' };
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error;
    await writeFile(target, '');
    return { frames: 0, cut: 0, bytesOverwritten: 0, changed: 0, recipe: WITHHELD_RECIPE, note: error.message };
  }
}
