/** `npm run suites -- FOLDER [vitest arguments]`: the catalogue over one recording, as Vitest tests. */
import { spawnSync } from 'node:child_process';
import { ROOT, tool } from './tool.ts';

const [folder, ...args] = process.argv.slice(2);
if (folder === undefined) {
  console.error('suites: name the folder of a recording: npm run suites -- FOLDER [vitest arguments]');
  process.exit(3);
}
const argv = [tool('vitest', 'vitest'), ...(args.includes('--watch') ? [] : ['run']), '--project=suites', ...args];
const { status } = spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, RECORDING: folder } });
process.exitCode = status ?? 2;
