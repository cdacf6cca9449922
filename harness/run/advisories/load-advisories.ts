import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULTS } from '../../../clusters/faults.ts';
import { catalogue } from '../../../suites/catalogue.ts';
import { type Advisory, advisorySchema } from '../../model/advisory.ts';
import { parseYaml } from '../config/parse-yaml.ts';
import { ExitError } from '../exit-error.ts';

/** The included records, one file each. */
const SHIPPED = fileURLToPath(new URL('../../../advisories/', import.meta.url));

/**
 * The included published advisories, then those of a user's folders, in the order of file names.
 *
 * @throws ExitError (usage) for a folder or a file that cannot be read, a record that is not as {@link advisorySchema} says, an id that is
 *   there twice, and a check or a fault that there is not
 */
export async function loadAdvisories(folders: readonly string[] = []): Promise<readonly Advisory[]> {
  const advisories: Advisory[] = [];
  const origin = new Map<string, string>();
  for (const folder of [SHIPPED, ...folders]) {
    for (const path of await recordsOf(folder)) {
      const advisory = await load(path);
      const other = origin.get(advisory.id);
      if (other !== undefined) throw ExitError.usage(`${path}: id: ${advisory.id} is also the id of ${other}`);
      origin.set(advisory.id, path);
      advisories.push(advisory);
    }
  }
  return advisories;
}

async function recordsOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(`advisories ${folder}: cannot be read: ${error.code ?? error.message}; name a folder of YAML files`);
  });
  const records = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (records.length === 0)
    throw ExitError.usage(`advisories ${folder}: contains no record: each record is a file with a name that ends in .yaml`);
  return records.map((name) => join(folder, name));
}

async function load(path: string): Promise<Advisory> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(`${path}: cannot be read: ${error.code ?? error.message}`);
  });
  const advisory = parseYaml(text, path, advisorySchema, allowedKeys);
  const checks = unknown(advisory.checks, catalogue);
  if (checks.length > 0)
    throw ExitError.usage(`${path}: checks: there is no check ${checks.join(', ')} (\`wirewitness checks\` lists them)`);
  const faults = unknown(advisory.faults, FAULTS);
  if (faults.length > 0) throw ExitError.usage(`${path}: faults: there is no fault ${faults.join(', ')} (docs/faults.md lists them)`);
  return advisory;
}

function unknown(ids: readonly string[], known: readonly { readonly id: string }[]): readonly string[] {
  return ids.filter((id) => known.every((each) => each.id !== id));
}

/** Keys of the map at a path, for the message about an unknown one. */
function allowedKeys(path: readonly PropertyKey[]): string[] {
  const { affected, conditions, exercised } = advisorySchema.shape;
  const [first, , third] = path;
  if (first === 'affected') return Object.keys(affected.element.shape);
  if (first === 'exercised') return Object.keys(exercised.unwrap().shape);
  if (first !== 'conditions') return Object.keys(advisorySchema.shape);
  return third === undefined ? Object.keys(conditions.unwrap().shape) : ['name', 'values'];
}
