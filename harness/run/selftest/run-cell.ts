import { join } from 'node:path';
import type { Lab } from '../../../clusters/lab/lab.ts';
import { openInLab } from '../../../clusters/lab/provider.ts';
import type { CellResult, SelftestCell } from '../../model/selftest.ts';
import { RunClock } from '../../record/run-clock.ts';
import { recordRun } from '../record-run.ts';
import { toolVersion } from '../tool-version.ts';
import { judgeFolder } from './judge-cell.ts';
import { meanwhile } from './meanwhile.ts';
import type { LabSource } from './planned-cell.ts';

export interface CellRun {
  readonly cell: SelftestCell;
  readonly source: LabSource;
  readonly lab: Lab;
  /** Empty; receives `recording/`. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** The result of a cell, and why the lab cannot be used for the next one; empty when it is clean. */
export interface CellEnd {
  readonly result: CellResult;
  readonly unclean: string;
}

/** Others are observed in a watch that is short, with readings and captures that are short as well. */
const SHORT_WATCH = {
  observation: {
    forMs: 20_000,
    disruptions: [],
    watch: { readingMs: 5000, partMs: 10_000, keptBytes: 64 * 1024 ** 2 },
  },
} as const;

/**
 * Record a cell in a running lab and judge the recording. A complete recording counts even if the lab could not be cleaned after it; with
 * an incomplete one the cell is broken.
 * @throws the signal's reason when it was aborted
 */
export async function runCell({ cell, source, lab, folder, signal, progress }: CellRun): Promise<CellEnd> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const { meanwhile: kind } = source;
  let unclean = '';
  try {
    const { intent, scenario } = cell;
    const { kind: _, meanwhile: __, flows, clearPhase, ...keys } = source;
    const choice = { ...keys, clear: clearPhase, scenario };
    await recordRun({
      ...{ intent, scenario, fault: cell.kind === 'fault' ? cell.subject : null, folder, signal, progress, flows, clearPhase },
      clock: new RunClock(),
      open: () => openInLab(lab, intent, choice),
      ...(scenario === 'observe' ? SHORT_WATCH : {}),
      ...(kind === undefined ? {} : { meanwhile: () => meanwhile(kind, lab, signal) }),
    });
  } catch (error) {
    signal.throwIfAborted();
    unclean = error instanceof Error ? error.message : String(error);
  }
  const judgement = await judgeFolder(cell, join(folder, 'recording'), unclean);
  const seconds = (performance.now() - began) / 1000;
  return { unclean, result: { schema: 1, toolVersion: toolVersion(), cell, ...judgement, startedAt, seconds, rebooted: '' } };
}
