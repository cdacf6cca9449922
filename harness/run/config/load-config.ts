import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ExitError } from '../exit-error.ts';
import { locate } from './locate.ts';
import { type Config, ConfigSchema } from './schema.ts';

/**
 * Read wirewitness.yaml.
 * @throws ExitError (usage) when it cannot be read, is no YAML, or says what is not allowed: one line `file:line:column: …` for each mistake
 */
export async function loadConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(`${path}: cannot be read: ${error.code ?? error.message}`);
  });
  return parseConfig(text, path);
}

/** The file that is read when none is named. */
export const DEFAULT_FILE = 'wirewitness.yaml';

/**
 * The named file, else wirewitness.yaml of `folder` (default: the working directory) where there is one, else a configuration
 * that says nothing. Messages name the file as it was found: relative in the working directory.
 * @throws as loadConfig
 */
export async function configFor(named: string | undefined, folder = ''): Promise<Config> {
  if (named !== undefined) return loadConfig(named);
  return existsSync(join(folder, DEFAULT_FILE)) ? loadConfig(join(folder, DEFAULT_FILE)) : {};
}

/** As loadConfig, for text already read; `path` is for the messages. */
export function parseConfig(text: string, path: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw mistakes(document.errors.map((error) => ({ path, ...lines.linePos(error.pos[0]), message: error.message })));
  if (document.contents === null) throw mistakes([{ path, line: 1, col: 1, message: 'the file is empty: it claims nothing' }]);
  const result = ConfigSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw mistakes(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path, ...locate(document, lines, issue.path, key), message: unknownKey(key, issue.path) }))
        : [{ path, ...locate(document, lines, issue.path), message: describe(issue) }],
    ),
  );
}

interface Mistake {
  readonly path: string;
  readonly line: number;
  readonly col: number;
  readonly message: string;
}

function mistakes(found: readonly Mistake[]): ExitError {
  return ExitError.usage(found.map(({ path, line, col, message }) => `${path}:${line}:${col}: ${message}`).join('\n'));
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return `${where}${issue.message}`;
}

function unknownKey(key: string, path: readonly PropertyKey[]): string {
  const shape = path[0] === 'intent' ? ConfigSchema.shape.intent.unwrap().shape : ConfigSchema.shape;
  return `unknown key "${key}"; allowed here: ${Object.keys(shape).join(', ')}`;
}
