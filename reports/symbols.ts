import type { Verdict } from '../harness/model/verdict.ts';
import type { SquareState } from './flow-matrix.ts';

/** A verdict's shape and word: colour is never the only sign of a status. */
export interface Sign {
  readonly symbol: string;
  readonly word: string;
}

/** In order of attention: problems first. */
export const VERDICT_SIGNS: Readonly<Record<Verdict, Sign>> = {
  contradicts: { symbol: '✖', word: 'contradicts' },
  inconclusive: { symbol: '?', word: 'inconclusive' },
  supports: { symbol: '✔', word: 'supports' },
  'not-exercised': { symbol: '·', word: 'not exercised' },
  'not-applicable': { symbol: '–', word: 'not applicable' },
};

export const SQUARE_SIGNS: Readonly<Record<SquareState, Sign>> = {
  encrypted: { symbol: '✔', word: 'encrypted' },
  mixed: { symbol: '◐', word: 'encrypted, beside flows clear by design' },
  'clear-by-design': { symbol: '○', word: 'clear by design' },
  dropped: { symbol: '⊘', word: 'dropped, as it must be' },
  contradicts: { symbol: '✖', word: 'contradicted' },
  inconclusive: { symbol: '?', word: 'inconclusive' },
  untested: { symbol: '·', word: 'not tested' },
  'not-applicable': { symbol: '–', word: 'not applicable' },
};
