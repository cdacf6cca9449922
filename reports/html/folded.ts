import type { Finding } from '../../harness/model/verdict.ts';
import { html, type Markup, type Part } from './markup.ts';

/** How many facts, or files, stand before the fold. */
const SHOWN = 3;

/** The first `shown` of the items, the others on demand behind their number. One item alone is never folded away. */
export function folded(items: readonly Part[], noun = '', shown = SHOWN): Markup {
  const rest = items.length > shown + 1 ? items.slice(shown) : [];
  const first = rest.length === 0 ? items : items.slice(0, shown);
  return html`${list(first)}${rest.length > 0 && html`<details class="more"><summary>+${rest.length} more${noun === '' ? '' : ` ${noun}`}</summary>${list(rest)}</details>`}`;
}

/** A finding's facts and notes, each on a line, the first in sight, the rest on demand; what is only counted stays in sight. */
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
