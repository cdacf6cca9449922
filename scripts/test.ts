/**
 * `npm test`: every check of the code, all of them even when one fails. Ends with the names of those that failed, so that the end of a log
 * is enough, and one closing line `N passed, N failed[, N skipped]`.
 * With `--selftest` also the quick matrix of faults, which takes some minutes; each cell counts as one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSelftestTally } from './selftest-tally.ts';
import { ROOT, tool } from './tool.ts';
import { add, type RunTally, readTally, ZERO } from './vitest-tally.ts';

/** Title, package, command, arguments. Each counts as one. */
const STATIC_CHECKS: readonly (readonly [title: string, packageName: string, command: string, args: readonly string[]])[] = [
  ['format and lint', '@biomejs/biome', 'biome', ['ci', '--error-on-warnings']],
  ['types', 'typescript', 'tsc', ['-p', '.']],
  ['dead code', 'knip', 'knip', ['--no-progress']],
  ['package', 'publint', 'publint', ['--strict']],
];

/** In this order: the lab's tests share two cores and one virtual machine each, so they come last and one file at a time. */
const PROJECTS = ['unit', 'lab'];

function run(title: string, packageName: string, command: string, args: readonly string[]): boolean {
  const started = performance.now();
  console.log(`\n--- ${title}`);
  const { status, error } = spawnSync(process.execPath, [tool(packageName, command), ...args], { cwd: ROOT, stdio: 'inherit' });
  if (error !== undefined) console.error(`${title}: ${error.message}`);
  console.log(`--- ${title}: ${status === 0 ? 'ok' : `FAILED (exit ${status})`} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return status === 0;
}

function runProject(project: string, outputFile: string): RunTally {
  const ok = run(`${project} tests`, 'vitest', 'vitest', [
    'run',
    `--project=${project}`,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${outputFile}`,
  ]);
  return readTally(project, outputFile, ok);
}

function runSelftest(out: string): RunTally {
  console.log('\n--- selftest');
  const argv = [join(ROOT, 'harness/cli/main.ts'), 'selftest', '--quick', '--out', out];
  const { status, error } = spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'inherit' });
  if (error !== undefined) console.error(`selftest: ${error.message}`);
  return readSelftestTally(join(out, 'selftest.json'), status);
}

const scratch = mkdtempSync(join(tmpdir(), 'wirewitness-test-'));
let total: RunTally = ZERO;
try {
  for (const [title, packageName, command, args] of STATIC_CHECKS) {
    const ok = run(title, packageName, command, args);
    total = add(total, ok ? { ...ZERO, passed: 1 } : { ...ZERO, failures: [`${title}: see "--- ${title}" above`] });
  }
  for (const project of PROJECTS) total = add(total, runProject(project, join(scratch, `${project}.json`)));
  if (process.argv.includes('--selftest')) total = add(total, runSelftest(join(scratch, 'selftest')));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const failed = total.failures.length;
if (failed > 0) console.log(`\nFailed:\n${total.failures.map((line) => `  ${line}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
