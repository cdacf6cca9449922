/** `npm run build`: compiles the sources to dist/ and puts the data files beside the code that reads them. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT, tool } from './tool.ts';

/** The rooms that are shipped. */
const ROOMS = ['harness', 'clusters', 'reports', 'suites', 'advisories'];
const dist = join(ROOT, 'dist');

rmSync(dist, { recursive: true, force: true });
const compiler = spawnSync(process.execPath, [tool('typescript', 'tsc'), '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
if (compiler.status !== 0) process.exit(compiler.status ?? 1);

for (const room of ROOMS) {
  cpSync(join(ROOT, room), join(dist, room), {
    recursive: true,
    filter: (source) => basename(source) !== 'testdata' && !source.endsWith('.ts') && !source.endsWith('.md'),
  });
}
