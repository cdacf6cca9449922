import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitError } from '../exit-error.ts';
import { parseYaml } from './parse-yaml.ts';
import { type Config, ConfigSchema } from './schema.ts';

/**
 * Read wirewitness.yaml.
 * @throws ExitError (usage) when it cannot be read, is not YAML, or is not valid: one line `file:line:column: …` for each mistake
 */
export async function loadConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(`${path}: cannot be read: ${error.code ?? error.message}`);
  });
  return parseConfig(text, path);
}

/** The default file name. */
export const DEFAULT_FILE = 'wirewitness.yaml';

/**
 * The named file, else wirewitness.yaml of `folder` (default: the working directory) if it exists, else an empty configuration. Messages
 * name the file as it was found: relative in the working directory.
 * @throws as loadConfig
 */
export async function configFor(named: string | undefined, folder = ''): Promise<Config> {
  if (named !== undefined) return loadConfig(named);
  return existsSync(join(folder, DEFAULT_FILE)) ? loadConfig(join(folder, DEFAULT_FILE)) : {};
}

/** As loadConfig, for text already read; `path` is for the messages. */
export function parseConfig(text: string, path: string): Config {
  return parseYaml(text, path, ConfigSchema, (at) =>
    Object.keys(at[0] === 'intent' ? ConfigSchema.shape.intent.unwrap().shape : ConfigSchema.shape),
  );
}
