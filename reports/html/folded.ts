import { factsOf } from '../facts.ts';
import { html, type Markup, type Part } from './markup.ts';

/** How many facts, or files, stand before the fold. */
const SHOWN = 3;

/** The first `shown` of the items, the others on demand behind their number. One item alone is never folded away. */
export function folded(items: readonly Part[], noun = '', shown = SHOWN): Markup {
  const rest = items.length > shown + 1 ? items.slice(shown) : [];
  const first = rest.length === 0 ? items : items.slice(0, shown);
  return html`${list(first)}${rest.length > 0 && html`<details class="more"><summary>+${rest.length} more${noun === '' ? '' : ` ${noun}`}</summary>${list(rest)}</details>`}`;
}

/** A text of several facts: each on a line, the first in sight, the rest on demand; what is only counted stays in sight. */
export function foldedFacts(text: string, shown = SHOWN): Markup {
  const { facts, unnamed } = factsOf(text);
  return html`${folded(facts, '', shown)}${unnamed > 0 && html`<p class="unnamed">and ${unnamed} more of the kind, counted and not named</p>`}`;
}

/** The first fact of a text, and how many others there are; both may be shortened by the style sheet only on a screen. */
export function firstFact(text: string): { readonly fact: string; readonly others: number } {
  const { facts, unnamed } = factsOf(text);
  return { fact: facts[0]!, others: facts.length - 1 + unnamed };
}

function list(items: readonly Part[]): Markup {
  if (items.length === 1) return html`<p>${items[0]!}</p>`;
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
