import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '..');

/** The script of a development tool's command, so that it runs with this Node and not with the one on the PATH. */
export function tool(packageName: string, command: string): string {
  const manifest = join(ROOT, 'node_modules', packageName, 'package.json');
  const { bin }: { bin?: string | Record<string, string> } = JSON.parse(readFileSync(manifest, 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[command];
  if (file === undefined) throw new Error(`${manifest} names no command ${command}`);
  return join(dirname(manifest), file);
}
