import { type Lab, startLab } from '../../../clusters/lab/lab.ts';
import type { CellResult } from '../../model/selftest.ts';
import type { CellStore } from './cell-store.ts';
import { type LabQueue, labKind } from './lab-queue.ts';
import { runCell } from './run-cell.ts';

export interface LabWorkerOptions {
  readonly queue: LabQueue;
  readonly store: CellStore;
  readonly signal: AbortSignal;
  /** Messages of the lab while it boots. */
  readonly progress: (line: string) => void;
  readonly done: (result: CellResult) => Promise<void>;
}

/** Take cells from the queue until it is empty, in one lab as long as its kind matches and it stays clean. No lab is left at the end. */
export async function workInLab({ queue, store, signal, progress, done }: LabWorkerOptions): Promise<void> {
  let lab: Lab | undefined;
  let kind: string | undefined;
  const takeDown = async (): Promise<void> => {
    const old = lab;
    lab = undefined;
    await old?.[Symbol.asyncDispose]();
  };
  try {
    for (let next = queue.take(kind); next !== undefined; next = queue.take(kind)) {
      signal.throwIfAborted();
      const { cell, source } = next;
      if (kind !== labKind(cell)) await takeDown();
      kind = labKind(cell);
      lab ??= await startLab({ nodes: cell.nodes, families: cell.intent.families, signal, progress });
      const { result, unclean } = await runCell({ cell, source, lab, folder: await store.fresh(cell), signal, progress: () => {} });
      if (unclean !== '') await takeDown();
      await done({ ...result, rebooted: unclean });
    }
  } finally {
    await takeDown();
  }
}
