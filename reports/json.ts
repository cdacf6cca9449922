import type { Report } from '../harness/model/report.ts';
import { compareIds } from './topics.ts';

/** The first keys, in this order; all others follow by name. */
const FIRST = [
  ...['schema', 'tool', 'run', 'intent', 'environment', 'verdict', 'verdicts', 'checks', 'flows', 'ledger', 'timeline', 'limits'],
  ...[
    'id',
    'must',
    'title',
    'name',
    'class',
    'facts',
    'text',
    'omitted',
    'notes',
    'reason',
    'expected',
    'observed',
    'evidence',
    'path',
    'family',
    'protocol',
    'source',
    'destination',
  ],
  ...['src', 'dst', 'spi', 'at', 'event', 'detail', 'format', 'frames', 'bytes', 'wireBytes', 'truncatedTail'],
];

/**
 * `report.json` (schema: docs/report.schema.json). The same report gives the same bytes: keys in a fixed order, checks,
 * verdicts and flows by id, two-space indent, one line end at the end. The order of the timeline, of the limits and of
 * addresses is meaningful and stays. Throws a TypeError that names the place of a value JSON cannot carry.
 */
export function writeReportJson(report: Report): string {
  const sorted: Report = {
    ...report,
    checks: [...report.checks].sort(byId),
    verdicts: [...report.verdicts].sort(byId),
    flows: [...report.flows].sort(byId),
  };
  return `${JSON.stringify(ordered(sorted, 'report'), null, 2)}\n`;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareIds(a.id, b.id);
}

function ordered(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => ordered(item, `${place}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(entries.map(([key, item]) => [key, ordered(item, `${place}.${key}`)]));
  }
  const carried = value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (!carried) throw new TypeError(`${place} is ${String(value)}, which JSON cannot carry`);
  return value;
}

function rank(key: string): number {
  const index = FIRST.indexOf(key);
  return index === -1 ? FIRST.length : index;
}
