import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { FrameworkError } from './framework-error.ts';
import { type Framework, FrameworkSchema } from './framework-schema.ts';

const SHIPPED = new URL('./', import.meta.url);

/**
 * The included frameworks, by file name, then those of a user's files in their order.
 *
 * @throws FrameworkError for a file that cannot be read or does not match {@link FrameworkSchema}, and for a duplicate id
 */
export async function loadFrameworks(files: readonly string[] = []): Promise<readonly Framework[]> {
  const shipped = (await readdir(SHIPPED)).filter((name) => name.endsWith('.yaml')).sort();
  const frameworks: Framework[] = [];
  const origin = new Map<string, string>();
  for (const path of [...shipped.map((name) => fileURLToPath(new URL(name, SHIPPED))), ...files]) {
    const framework = await loadFramework(path);
    const other = origin.get(framework.id);
    if (other !== undefined) throw new FrameworkError(`${path}: id: ${framework.id} is the id of ${other} too`);
    origin.set(framework.id, path);
    frameworks.push(framework);
  }
  return frameworks;
}

async function loadFramework(path: string): Promise<Framework> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FrameworkError(`${path}: cannot be read: ${error.code ?? error.message}`);
  });
  return parseFramework(text, path);
}

/** Parses the text of one file; `path` is for the messages. */
export function parseFramework(text: string, path: string): Framework {
  const result = FrameworkSchema.safeParse(document(text, path));
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${path}: ${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`);
  throw new FrameworkError(lines.join('\n'));
}

function document(text: string, path: string): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    throw new FrameworkError(`${path}: ${(error as Error).message.split('\n')[0] ?? 'is no YAML'}`);
  }
}
