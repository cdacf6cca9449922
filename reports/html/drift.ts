import { html, type Markup } from './markup.ts';

/** One difference from the baseline. */
export interface DriftRow {
  readonly what: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** `worse`, `unclear`, `better`, `other`. */
  readonly effect: string;
  readonly reason: string;
}

/** This report compared with an earlier one. */
export interface Drift {
  readonly baseline: { readonly run: string; readonly verdict: string };
  readonly differences: readonly DriftRow[];
}

const SIGNS: Readonly<Record<string, readonly [tone: string, symbol: string]>> = {
  worse: ['contradicts', '✖'],
  unclear: ['inconclusive', '?'],
  better: ['supports', '✔'],
};

/** What changed since the baseline, most important first. */
export function driftSection(drift: Drift | undefined): Markup | null {
  if (drift === undefined) return null;
  const { baseline, differences } = drift;
  return html`<section id="drift" aria-labelledby="drift-h"><h2 id="drift-h">Against the baseline</h2><p class="lead">Baseline: run ${baseline.run}, ${baseline.verdict}. ${differences.length === 0 ? 'Checks, flows and cryptography are as they were.' : `${differences.length} differences.`}</p>
${differences.length > 0 && html`<div class="scroll"><table class="list"><caption class="sr">Differences from the baseline</caption><thead><tr><th scope="col">What</th><th scope="col">Was</th><th scope="col">Is</th><th scope="col">Effect</th><th scope="col">Reason</th></tr></thead><tbody>${differences.map(row)}</tbody></table></div>`}</section>`;
}

function row({ what, name, before, after, effect, reason }: DriftRow): Markup {
  const [tone, symbol] = SIGNS[effect] ?? ['not-exercised', '·'];
  return html`<tr><th scope="row">${what} ${name}</th><td>${before}</td><td>${after}</td><td><span class="badge s-${tone}"><span class="shape" aria-hidden="true">${symbol}</span>${effect}</span></td><td><small>${reason}</small></td></tr>`;
}
