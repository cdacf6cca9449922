import type { Report } from '../../harness/model/report.ts';
import { limitLines } from '../limits.ts';
import { html, type Markup } from './markup.ts';

/** What the run does and does not prove. */
export function limitsSection(report: Report): Markup {
  const lines = report.limits.length > 0 ? report.limits : limitLines(report);
  return html`<section id="limits" aria-labelledby="limits-h"><h2 id="limits-h">What this does and does not prove</h2><ul class="limits">${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}
