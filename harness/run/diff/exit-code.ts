import { EXIT } from '../exit-codes.ts';
import type { Comparison } from './difference.ts';

/**
 * For CI: 1 when something is worse or the current report contradicts its claim, 2 when something that was shown is not shown now or the
 * current report is inconclusive, else 0. A red baseline does not change this.
 */
export function diffExitCode({ current, differences }: Comparison): number {
  if (current.verdict === 'contradicts' || differences.some(({ effect }) => effect === 'worse')) return EXIT.contradicts;
  if (current.verdict !== 'supports' || differences.some(({ effect }) => effect === 'unclear')) return EXIT.inconclusive;
  return EXIT.supports;
}
