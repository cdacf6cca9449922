import type { HistorySeries } from '../history/trend.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { html, type Markup } from './markup.ts';

/** The runs before this one, by series: the verdicts in order, gaps, and what changed in the cryptography. */
export function trendSection(series: readonly HistorySeries[] | undefined): Markup | null {
  if (series === undefined || series.length === 0) return null;
  return html`<section id="trend" aria-labelledby="trend-h"><h2 id="trend-h">Trend</h2>${series.map(
    (one) =>
      html`<h3>${one.name}</h3><ol class="trend">${one.points.map((point) => html`<li class="s-${point.verdict}"><span class="sq s-${point.verdict}" title="${point.recordedAt} ${VERDICT_SIGNS[point.verdict].word}: ${point.supporting} of ${point.exercised} checks support"><span aria-hidden="true">${VERDICT_SIGNS[point.verdict].symbol}</span><span class="sr">${point.recordedAt}: ${VERDICT_SIGNS[point.verdict].word}. </span></span></li>`)}</ol>
${one.gaps.length > 0 && html`<p class="warn">Gaps: ${one.gaps.map((gap) => `${gap.from} to ${gap.to} (${gap.hours.toFixed(0)} h)`).join('; ')}</p>`}
${one.drift.length > 0 && html`<ul class="why">${one.drift.map((drift) => html`<li><b>${drift.recordedAt}</b> cryptography changed: ${[...drift.added.map((name) => `+ ${name}`), ...drift.removed.map((name) => `− ${name}`)].join('; ')}</li>`)}</ul>`}`,
  )}</section>`;
}
