import { type KeyComparisonResult, sharedKeyLines } from '../history/shared-keys.ts';
import { oneLine, printableJson } from '../printable.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { type FleetRow, fleetReason, fleetSentence, hours } from './fleet.ts';

/** The fleet for a terminal: a line a series, the worst first, then the keys that several runs have. */
export function writeFleetText(rows: readonly FleetRow[], keys: KeyComparisonResult): string {
  const lines = rows.map((row) => {
    const { symbol, word } = VERDICT_SIGNS[row.verdict];
    const age = row.latest === undefined ? '' : `  ${hours(row.ageHours)} ago, ${row.runs} ${row.runs === 1 ? 'run' : 'runs'}`;
    const reason = fleetReason(row);
    return `${symbol} ${word.padEnd(13)} ${oneLine(row.name)}${age}${reason === '' ? '' : `\n    ${oneLine(reason)}`}`;
  });
  return `${[fleetSentence(rows), '', ...lines, '', ...sharedKeyLines(keys)].join('\n')}\n`;
}

/** The same for programs. */
export function writeFleetJson(rows: readonly FleetRow[], keys: KeyComparisonResult): string {
  return `${printableJson({ schema: 1, rows, keys })}\n`;
}
