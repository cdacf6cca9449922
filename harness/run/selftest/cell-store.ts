import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellResult, SelftestCell } from '../../model/selftest.ts';
import { replaceFile } from '../../record/replace-file.ts';

/** The results of a matrix on disk: one folder for each cell, with its recording and, when it is done, `result.json`. */
export class CellStore {
  readonly #folder: string;
  readonly #toolVersion: string;

  constructor(folder: string, toolVersion: string) {
    this.#folder = folder;
    this.#toolVersion = toolVersion;
  }

  folderOf(cell: SelftestCell): string {
    return join(this.#folder, 'cells', cell.id.replaceAll(' ', '-'));
  }

  /** An empty folder for a cell: files of an interrupted run are removed. */
  async fresh(cell: SelftestCell): Promise<string> {
    const folder = this.folderOf(cell);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** The result of an earlier run by the same tool version for the same statement of the cell; broken ones do not count as done. */
  async done(cell: SelftestCell): Promise<CellResult | undefined> {
    const result = await this.#earlier(cell);
    return result?.toolVersion === this.#toolVersion && JSON.stringify(result.cell) === JSON.stringify(cell) ? result : undefined;
  }

  /** The same, of any version, for the same set-up: its recording can be judged again by other checks, and for other expectations. */
  async recorded(cell: SelftestCell): Promise<CellResult | undefined> {
    const result = await this.#earlier(cell);
    const setUp = ({ reddens: _, implies: __, what: ___, ...rest }: SelftestCell) => JSON.stringify(rest);
    return result !== undefined && setUp(result.cell) === setUp(cell) ? result : undefined;
  }

  async #earlier(cell: SelftestCell): Promise<CellResult | undefined> {
    const text = await readFile(join(this.folderOf(cell), 'result.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const result = JSON.parse(text) as CellResult;
    return result.schema === 1 && (result.state === 'passed' || result.state === 'failed') ? result : undefined;
  }

  /** Written completely or not at all, when the cell is done. */
  async keep(result: CellResult): Promise<void> {
    const folder = this.folderOf(result.cell);
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  }
}
