import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cellName, publishedLeak, RESULTS_FILE, type Result, resultSchema, wanted } from '../bench/real-matrix/cells.ts';
import { ROOT } from './tool.ts';

/** Runs against real agents, as a table of docs/verified.md. */
export function realRunsTable(): string {
  const file = join(ROOT, RESULTS_FILE);
  const results = existsSync(file) ? z.array(resultSchema).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  const rows = results.map((result) => {
    const { exitCode, seconds, at, toolVersion, others } = result;
    const asWanted = exitCode === wanted(result) ? 'yes' : 'no';
    const leak = publishedLeak(result);
    const name = leak === undefined ? cellName(result) : `${cellName(result)} (the release has ${leak})`;
    return `| ${[name, String(exitCode), asWanted, `${seconds} s`, at.slice(0, 10), toolVersion, othersOf(others)].join(' | ')} |`;
  });
  return [
    '| release, mode, routing, what was done | exit code | as it must be | time | date | version | checks that are neither green nor without a subject |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Ids by verdict; the reasons are in the file. */
function othersOf(others: Result['others']): string {
  const byVerdict = Map.groupBy(others, (text) => text.split(/[ :]/)[1] ?? '');
  return [...byVerdict].map(([verdict, all]) => `${verdict}: ${all.map((text) => text.split(' ')[0]).join(', ')}`).join('; ') || 'none';
}
