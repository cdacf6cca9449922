import { readFile } from 'node:fs/promises';
import { type Waiver, WaiverSchema, WaiversSchema } from '../../reports/waivers/waiver.ts';
import { catalogue } from '../../suites/catalogue.ts';
import { parseYaml } from './config/parse-yaml.ts';
import { ExitError } from './exit-error.ts';

/**
 * Read waivers.yaml; without a file there are none.
 * @throws ExitError (usage) when it cannot be read, is not valid, or names an unknown check
 */
export async function loadWaivers(path: string | undefined): Promise<readonly Waiver[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(`--waivers ${path}: cannot be read: ${error.code ?? error.message}`);
  });
  const { waivers } = parseYaml(text, path, WaiversSchema, (at) => Object.keys(at.length === 0 ? WaiversSchema.shape : WaiverSchema.shape));
  const known = new Set(catalogue.map(({ id }) => id));
  const unknown = waivers.filter(({ check }) => !known.has(check)).map(({ check }) => check);
  if (unknown.length > 0)
    throw ExitError.usage(`--waivers ${path}: there is no check ${unknown.join(', ')} (\`wirewitness checks\` lists them)`);
  return waivers;
}
