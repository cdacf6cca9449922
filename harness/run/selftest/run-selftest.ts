import { join } from 'node:path';
import { catalogue } from '../../../suites/catalogue.ts';
import type { CellResult, SelftestReport } from '../../model/selftest.ts';
import { toolVersion } from '../tool-version.ts';
import { CellStore } from './cell-store.ts';
import { judgeCell, judgeFolder } from './judge-cell.ts';
import { type LabCell, LabQueue } from './lab-queue.ts';
import { workInLab } from './lab-worker.ts';
import type { PlannedCell } from './planned-cell.ts';

export interface SelftestOptions {
  readonly cells: readonly PlannedCell[];
  readonly extent: SelftestReport['extent'];
  /** Number of labs at the same time. */
  readonly jobs: number;
  /** Receives one folder for each cell. */
  readonly out: string;
  /** Leave out what an earlier run in the same folder has done. */
  readonly resume: boolean;
  /** Judge the recordings of an earlier run in the same folder, and record only what is missing. */
  readonly judgeAgain: boolean;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  /** Called as each cell ends. */
  readonly ended: (result: CellResult, number: number) => void;
}

/** Run the matrix. Rejects when a lab cannot be started or the signal is aborted; finished results stay on disk. */
export async function runSelftest(options: SelftestOptions): Promise<SelftestReport> {
  const { cells, jobs, out, resume, judgeAgain, progress, ended } = options;
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const store = new CellStore(out, toolVersion());
  const results = new Map<string, CellResult>();
  const done = async (result: CellResult): Promise<void> => {
    await store.keep(result);
    results.set(result.cell.id, result);
    ended(result, results.size);
  };
  const forLab: LabCell[] = [];
  for (const planned of cells) {
    options.signal.throwIfAborted();
    const earlier = resume ? await store.done(planned.cell) : undefined;
    const recorded = judgeAgain ? await store.recorded(planned.cell) : undefined;
    if (earlier !== undefined) results.set(planned.cell.id, earlier);
    else if (planned.source.kind === 'lab' && recorded !== undefined)
      await done(await judgedAgain(planned.cell, recorded, join(store.folderOf(planned.cell), 'recording')));
    else if (planned.source.kind === 'lab') forLab.push({ cell: planned.cell, source: planned.source });
    else await done(await withoutLab(planned));
  }
  if (results.size > 0) progress(`${results.size} cells need no lab or were done before`);
  const queue = new LabQueue(forLab);
  // If a worker fails, the others must stop too.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const workers = Array.from({ length: Math.min(jobs, forLab.length) }, async () => {
    try {
      await workInLab({ queue, store, signal, progress, done });
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(workers);
  if (signal.aborted) throw signal.reason;
  return {
    schema: 1,
    tool: { name: 'wirewitness', version: toolVersion() },
    startedAt,
    seconds: (performance.now() - began) / 1000,
    extent: options.extent,
    results: cells.flatMap(({ cell }) => results.get(cell.id) ?? []),
    checks: catalogue.map(({ id }) => id),
  };
}

/** What an earlier recording of a cell says to the checks of this version. Its times stay those of the recording. */
async function judgedAgain(cell: CellResult['cell'], earlier: CellResult, folder: string): Promise<CellResult> {
  return { ...earlier, ...(await judgeFolder(cell, folder)), toolVersion: toolVersion(), cell };
}

async function withoutLab({ cell, source }: PlannedCell): Promise<CellResult> {
  const began = performance.now();
  const common = { schema: 1 as const, toolVersion: toolVersion(), cell, startedAt: new Date().toISOString(), rebooted: '' };
  const judged =
    source.kind === 'recording'
      ? await judgeCell(cell, await source.read())
      : { state: 'absent' as const, verdict: null, checks: [], reason: source.kind === 'absent' ? source.reason : 'needs a lab' };
  return { ...common, ...judged, seconds: (performance.now() - began) / 1000 };
}
