import { realpath } from 'node:fs/promises';
import { catalogue } from '../../../suites/catalogue.ts';
import { COLLECTION_KEY_BYTES, type Collection, collectionOf } from '../../judge/digest/collection.ts';
import { parseBoundedJson } from '../../model/bounded-json.ts';
import { manifestOfToday } from '../../model/earlier-names.ts';
import { type RecordingManifest, recordingManifestSchema } from '../../model/recording.ts';
import { readRegularFile } from '../../record/regular-file.ts';
import { ExitError } from '../exit-error.ts';
import { toolVersion } from '../tool-version.ts';

const MAX_PLAN_BYTES = 128 * 1024 * 1024;
const MAX_KEY_BYTES = 1024;

/** `--plan` and `--key` of the commands that make and collect digests. */
export interface DigestFlags {
  readonly plan?: string;
  readonly key?: string;
}

/**
 * The collection that a plan and a key state.
 * @throws ExitError (usage) naming the file and what is wrong with it
 */
export async function loadCollection({ plan, key }: Required<DigestFlags>): Promise<Collection> {
  return collectionWith(await loadPlan(plan), key);
}

/** A collection by the plan of this version. @throws ExitError (usage) for a key file that cannot be used, or a plan of another version */
export async function collectionWith(plan: RecordingManifest, keyFile: string): Promise<Collection> {
  if (plan.tool.version !== toolVersion())
    throw ExitError.usage(`the plan is of wirewitness ${plan.tool.version}, this is ${toolVersion()}: make the plan with this version`);
  return collectionOf(plan, await loadKey(keyFile), catalogue);
}

/** A plan: what a manifest says before anything was recorded. Its lists of what was recorded are empty. */
export function planAlone(manifest: RecordingManifest): RecordingManifest {
  return { ...manifest, commands: [], captures: [], traffic: [], proofs: { decryption: [], derivation: [] }, files: [] };
}

async function loadPlan(file: string): Promise<RecordingManifest> {
  const raw = parse(await read(file, MAX_PLAN_BYTES), file);
  const result = recordingManifestSchema.safeParse(manifestOfToday(raw));
  if (result.success) return planAlone(result.data);
  const [issue] = result.error.issues;
  throw ExitError.usage(
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}; \`wirewitness digest FOLDER\` prints a plan`,
  );
}

async function loadKey(file: string): Promise<Uint8Array> {
  const text = (await read(file, MAX_KEY_BYTES)).trim();
  if (!new RegExp(`^[0-9a-fA-F]{${2 * COLLECTION_KEY_BYTES}}$`).test(text))
    throw ExitError.usage(
      `${file}: must have ${2 * COLLECTION_KEY_BYTES} hex digits and nothing else; make one: openssl rand -hex ${COLLECTION_KEY_BYTES}`,
    );
  return Buffer.from(text, 'hex');
}

/** Files of a mounted ConfigMap or Secret are links. */
async function read(file: string, maxBytes: number): Promise<string> {
  const whole = async (): Promise<string> => readRegularFile(await realpath(file), maxBytes);
  return whole().catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(error.code === 'ENOENT' ? `${file}: there is no such file` : `${file}: ${error.message}`);
  });
}

function parse(text: string, file: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw ExitError.usage(`${file}: is not JSON: ${(error as Error).message}`);
  }
}
