/**
 * `node bench/real-matrix.ts BED --kubeconfig FILE --out DIR --release 1.18.3 [--only TEXT] [--now CELL] [--upgrade-to VERSION]
 * [--judge-again]`: runs the product, as a user would, against real agents, cell by cell, and keeps what came out in `docs/real-runs.json`, from which docs/verified.md is written. A cell that has a result is
 * not run again (delete it from the file to repeat it), so the matrix can be ended at any time and taken up later.
 *
 * BED is a folder with the programs that change the cluster, each of which ends when the change has arrived; CV names the release (`v1.18.3`):
 *
 *     cilium.sh ipsec|wireguard|wireguard-node|off --routing vxlan|native
 *                                                              install or change Cilium
 *     rotate.sh                                                give the IPsec key the next id
 *     leak.sh policy|bypass|peer|none                          on the first node: delete the IPsec policies out to its peer; let its packets
 *                                                              pass them by; remove its WireGuard peer; make good what was done
 *
 * `--now` names the cell that the cluster is like already, for instance `1.18.3 ipsec vxlan healthy`: without it the first cell changes it.
 * `--judge-again` judges the recordings of the results that are in OUT by the code as it is, and changes nothing on the cluster.
 * `--upgrade-to` names the release that `upgraded while watched` goes to; that cell is not run without it. Exit code 1 when a cell did not end as it must.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Report, reportSchema } from '../harness/model/report.ts';
import { reasonOf } from '../harness/model/verdict.ts';
import { toolVersion } from '../harness/run/tool-version.ts';
import { BY_HAND, type Cell, cellName, cellsOf, RESULTS_FILE, type Result, resultSchema, wanted } from './real-matrix/cells.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/wirewitness', import.meta.url));
const RESULTS = fileURLToPath(new URL(`../${RESULTS_FILE}`, import.meta.url));
const SCENARIO: Readonly<Partial<Record<Cell['done'], readonly string[]>>> = {
  'rotated while watched': ['--scenario', 'observe', '--for', '2m'],
  'upgraded while watched': ['--scenario', 'observe', '--for', '7m'],
  'with node encryption': ['--node-encryption'],
  'rotated by the product': ['--disruptive', 'rotation'],
  'agents restarted by the product': ['--disruptive', 'agent-restart'],
};
const UNREMARKABLE = new Set(['supports', 'not-applicable', 'not-exercised']);

const { values, positionals } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    out: { type: 'string' },
    release: { type: 'string' },
    only: { type: 'string', default: '' },
    now: { type: 'string' },
    'upgrade-to': { type: 'string' },
    'judge-again': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [bed] = positionals;
const { kubeconfig, out, release, only, now, 'upgrade-to': upgradeTo, 'judge-again': judgeAgain } = values;
if (bed === undefined || kubeconfig === undefined || out === undefined || release === undefined) {
  console.error('real-matrix: BED, --kubeconfig FILE, --out DIR and --release VERSION must be given');
  process.exit(3);
}
if (now !== undefined && !cellsOf(release).some((cell) => cellName(cell) === now)) {
  console.error(`real-matrix --now ${now}: no such cell; there are: ${cellsOf(release).map(cellName).join(', ')}`);
  process.exit(3);
}
const env = { ...process.env, KUBECONFIG: resolve(kubeconfig) };

/**
 * Runs a program to its end. Its output goes to the terminal, so that the user sees the progress.
 * @param said gets what it says of its progress
 * @param version of Cilium, for programs of the bed
 */
function exitCodeOf(program: string, args: readonly string[], said: (text: string) => void = () => {}, version = release): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe'], env: { ...env, CV: `v${version}` } });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      said(text);
    });
    child.once('error', failed);
    child.once('close', (code) => done(code ?? -1));
  });
}

async function change(program: string, args: readonly string[], version = release): Promise<void> {
  const code = await exitCodeOf(join(resolve(bed ?? ''), program), args, undefined, version);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${code}`);
}

/** Brings the cluster where the cell wants it. `before` is the cell that left it as it is now; undefined: nobody knows. */
async function prepare(cell: Cell, before: Cell | undefined): Promise<void> {
  const encrypted = (one: Cell) => (one.done === 'off' ? 'off' : one.done === 'with node encryption' ? `${one.mode}-node` : one.mode);
  if (before !== undefined && BY_HAND[before.done] !== undefined) await change('leak.sh', ['none']);
  if (before === undefined || encrypted(before) !== encrypted(cell) || before.routing !== cell.routing)
    await change('cilium.sh', [encrypted(cell), '--routing', cell.routing]);
  if (cell.done === 'rotated') await change('rotate.sh', []);
  if (cell.done === 'agents restarted') await change('cilium.sh', [cell.mode, '--routing', cell.routing]);
  const leak = BY_HAND[cell.done];
  if (leak !== undefined) await change('leak.sh', [leak]);
}

function folderOf(cell: Cell): string {
  return join(resolve(out ?? ''), cellName(cell).replaceAll(' ', '-'));
}

async function runCell(cell: Cell): Promise<Result> {
  const { mode, routing } = cell;
  const folder = folderOf(cell);
  await rm(folder, { recursive: true, force: true });
  const began = Date.now();
  const claim = ['--mode', mode, '--routing', routing, '--profile', cell.release];
  const where = ['--target', 'existing', '--environment', 'ephemeral-test', '--yes', '--out', folder];
  const meanwhile: Readonly<Partial<Record<Cell['done'], () => Promise<void>>>> = {
    'rotated while watched': () => change('rotate.sh', []),
    'upgraded while watched': () => change('cilium.sh', [mode, '--routing', routing], upgradeTo),
  };
  let changed: Promise<unknown> | undefined;
  const exitCode = await exitCodeOf(LAUNCHER, ['run', ...where, ...claim, ...(SCENARIO[cell.done] ?? [])], (text) => {
    if (text.includes('window: watching')) changed ??= meanwhile[cell.done]?.().catch((error: unknown) => error);
  });
  const failed = await changed;
  if (failed !== undefined) throw failed;
  const seconds = Math.round((Date.now() - began) / 1000);
  return { ...cell, seconds, at: new Date(began).toISOString(), ...(await outcomeIn(join(folder, mode), exitCode)) };
}

/** A result whose recording is there, by the verdicts of the code as it is. */
async function judgedAgain(result: Result): Promise<Result> {
  const folder = join(folderOf(result), result.mode);
  if (!existsSync(join(folder, 'recording'))) return result;
  const again = join(folderOf(result), 'judged-again');
  await rm(again, { recursive: true, force: true });
  const exitCode = await exitCodeOf(LAUNCHER, ['assess', join(folder, 'recording'), '--out', again]);
  return { ...result, ...(await outcomeIn(again, exitCode)) };
}

async function outcomeIn(folder: string, exitCode: number): Promise<Pick<Result, 'exitCode' | 'toolVersion' | 'verdict' | 'others'>> {
  const report = await reportIn(folder);
  const others = report?.verdicts.filter(({ verdict }) => !UNREMARKABLE.has(verdict)) ?? [];
  return {
    exitCode,
    toolVersion: toolVersion(),
    verdict: report?.verdict ?? 'no report',
    others: others.map((found) => `${found.id} ${found.verdict}: ${reasonOf(found)}`),
  };
}

async function reportIn(folder: string): Promise<Report | undefined> {
  const file = join(folder, 'report.json');
  return existsSync(file) ? reportSchema.parse(JSON.parse(await readFile(file, 'utf8'))) : undefined;
}

const results: Result[] = existsSync(RESULTS) ? z.array(resultSchema).parse(JSON.parse(readFileSync(RESULTS, 'utf8'))) : [];
await mkdir(out, { recursive: true });
if (judgeAgain) {
  for (const [index, result] of results.entries()) if (result.release === release) results[index] = await judgedAgain(result);
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
let before = cellsOf(release).find((cell) => cellName(cell) === now);
for (const cell of (judgeAgain ? [] : cellsOf(release)).filter((one) => cellName(one).includes(only))) {
  if (cell.done === 'upgraded while watched' && upgradeTo === undefined) continue;
  if (results.some((result) => cellName(result) === cellName(cell))) {
    console.log(`${cellName(cell)}: has a result`);
    continue;
  }
  await prepare(cell, before);
  before = cell;
  const result = await runCell(cell);
  results.push(result);
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`${cellName(cell)}: exit code ${result.exitCode} after ${result.seconds} s, wanted ${wanted(cell)}`);
}
const wrong = results.filter((result) => result.release === release && result.exitCode !== wanted(result));
for (const result of wrong) console.log(`not as it must be: ${cellName(result)}\n  ${result.others.join('\n  ')}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
