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

/** The recipe by which payload is removed; a new one gets a new name. */
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
  /** Files of an interrupted recording that its manifest does not know: not evidence of anything. */
  readonly leftOut: readonly string[];
}

/**
 * Copy a recording to a folder of its own, payload cut out of its captures, and write a manifest that fits the copy: only sizes
 * and digests differ from the original's, so that the copy can be judged as the original was.
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
  // The copy keeps the names that the recording was written with.
  const { cluster } = manifestOfToday(manifest) as RecordingManifest;
  const space = podSpace(cluster);
  const captures = new Set(manifest.captures.map(({ file }) => file));
  const files: FileRecord[] = [];
  const cuts: CutRecord[] = [];
  for (const { path, sha256 } of manifest.files) {
    const [source, target] = [join(from, path), join(to, path)];
    await mkdir(dirname(target), { recursive: true });
    // The copy is what is sealed: it must be of what was opened and judged. A journal grows in a run that was killed.
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

/** A file that is no capture can't be cut, so nothing of it is taken; the judge then finds it as unreadable as before. */
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
