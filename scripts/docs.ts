/** `npm run docs`: writes the generated files again. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED } from './generated.ts';
import { ROOT, tool } from './tool.ts';

for (const { file, write } of GENERATED) {
  const path = join(ROOT, file);
  writeFileSync(path, write(existsSync(path) ? readFileSync(path, 'utf8') : ''));
}
const { status } = spawnSync(process.execPath, [tool('@biomejs/biome', 'biome'), 'format', '--write', 'biome.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 2;
