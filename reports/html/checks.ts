import type { Report } from '../../harness/model/report.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { isProblem } from '../problems.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { type CheckRow, type Topic, topicsOf } from '../topics.ts';
import { checkBasis, checkHeading } from './check-parts.ts';
import { FILTER_BOX } from './filter.ts';
import { foldedFacts } from './folded.ts';
import { html, type Markup } from './markup.ts';

/** Every check, folded by topic; a problem is a link to the section with its details. */
export function checksSection(report: Report): Markup {
  const topics = topicsOf(report);
  return html`<section id="checks" aria-labelledby="checks-h"><h2 id="checks-h">Checks</h2>
${topics.length === 0 ? html`<p>No check was judged.</p>` : FILTER_BOX}
${topics.map(topicOf)}</section>`;
}

function topicOf({ id, title, rows }: Topic): Markup {
  const counts = Map.groupBy(rows, (row) => row.finding.verdict);
  const shown = (Object.keys(VERDICT_SIGNS) as Verdict[]).filter((verdict) => counts.has(verdict));
  return html`<details class="topic" id="topic-${id}"><summary><span class="tid">${id}</span> <span class="ct">${title}</span> <span class="of">${shown.map((verdict) => html`<span class="s-${verdict}">${VERDICT_SIGNS[verdict].symbol} ${counts.get(verdict)!.length} ${VERDICT_SIGNS[verdict].word}</span> `)}</span></summary>${rows.map(check)}</details>`;
}

function check(row: CheckRow): Markup {
  const { finding } = row;
  if (isProblem(finding.verdict)) {
    return html`<article class="check c-${finding.verdict}"><h4>${checkHeading(row)}</h4><p><a href="#${finding.id}">Facts, packets and remedy stand under Problems</a></p></article>`;
  }
  return html`<article class="check c-${finding.verdict}" id="${finding.id}"><h4>${checkHeading(row)}</h4><div class="reason">${foldedFacts(finding)}</div>
<details class="more basis"><summary>Expected, observed, evidence, control</summary>${checkBasis(row)}</details></article>`;
}
