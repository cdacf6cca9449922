import type { Finding } from '../../harness/model/verdict.ts';
import { html, type Markup, type Part } from './markup.ts';

/** Number of facts, or files, that are not folded. */
const SHOWN = 3;

/** The first `shown` items; the others are folded, with their number. A single item is never folded. */
export function folded(items: readonly Part[], noun = '', shown = SHOWN): Markup {
  const rest = items.length > shown + 1 ? items.slice(shown) : [];
  const first = rest.length === 0 ? items : items.slice(0, shown);
  return html`${list(first)}${rest.length > 0 && html`<details class="more"><summary>+${rest.length} more${noun === '' ? '' : ` ${noun}`}</summary>${list(rest)}</details>`}`;
}

/** A finding's facts and notes, each on a line: the first visible, the rest folded; the number of omitted facts is always visible. */
export function foldedFacts({ facts, omitted, notes }: Finding): Markup {
  const lines = [...facts.map(({ text }) => text), ...notes];
  return html`${folded(lines)}${omitted > 0 && html`<p class="unnamed">and ${omitted} more of the kind, counted and not named</p>`}`;
}

/** The first fact of a finding, and how many others there are. */
export function firstFact({ facts, omitted }: Finding): { readonly fact: string; readonly others: number } {
  return { fact: facts[0]?.text ?? '', others: Math.max(0, facts.length - 1) + omitted };
}

function list(items: readonly Part[]): Markup {
  if (items.length === 1) return html`<p>${items[0]!}</p>`;
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
