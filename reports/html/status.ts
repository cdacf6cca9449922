import type { Verdict } from '../../harness/model/verdict.ts';
import type { SquareState } from '../flow-matrix.ts';
import { SQUARE_SIGNS, VERDICT_SIGNS } from '../symbols.ts';
import { html, type Markup } from './markup.ts';

/** A verdict as shape and word; colour is additional. */
export function badge(verdict: Verdict): Markup {
  const { symbol, word } = VERDICT_SIGNS[verdict];
  return html`<span class="badge s-${verdict}"><span class="shape" aria-hidden="true">${symbol}</span>${word}</span>`;
}

/** A square of the matrix: a shape to see, words for a screen reader. */
export function square(state: SquareState, label: string): Markup {
  return html`<span class="sq s-${state}" title="${label}"><span aria-hidden="true">${SQUARE_SIGNS[state].symbol}</span><span class="sr">${label}. </span></span>`;
}
