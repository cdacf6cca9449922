import type { Report, ReportedCheck } from '../../harness/model/report.ts';
import type { CheckVerdict } from '../../harness/model/verdict.ts';
import { type CheckRow, topicsOf } from '../topics.ts';
import { evidenceLink } from './evidence.ts';
import { folded, foldedFacts } from './folded.ts';
import { html, type Markup, type Part } from './markup.ts';
import { badge } from './status.ts';

/** Every check by topic: verdict, reason, expected beside observed, evidence, controls. */
export function checksSection(report: Report): Markup {
  const topics = topicsOf(report);
  return html`<section id="checks" aria-labelledby="checks-h"><h2 id="checks-h">Checks</h2>
${topics.length === 0 && html`<p>No check was judged.</p>`}
${topics.map(
  (topic) =>
    html`<section class="topic" aria-labelledby="topic-${topic.id}"><h3 id="topic-${topic.id}"><span class="tid">${topic.id}</span> ${topic.title}</h3>${topic.rows.map(check)}</section>`,
)}</section>`;
}

function check({ statement, finding }: CheckRow): Markup {
  return html`<article class="check c-${finding.verdict}" id="${finding.id}">
<h4><span class="cid">${finding.id}</span> <span class="ct">${statement.must}</span> ${badge(finding.verdict)}</h4>
<div class="reason">${foldedFacts(finding)}</div>
<dl><div><dt>Expected</dt><dd>${finding.expected || '—'}</dd></div><div><dt>Observed</dt><dd>${observed(finding)}</dd></div>
<div class="wide files"><dt>Evidence</dt><dd>${finding.evidence.length === 0 ? 'none' : folded(finding.evidence.map(evidenceLink), 'files')}</dd></div>
<div class="wide"><dt>Control</dt><dd>${controls(statement)}${seenRed(statement)}</dd></div>
${isRed(finding) && statement.remedy !== '' && html`<div class="wide"><dt>Remedy</dt><dd>${withCode(statement.remedy)}</dd></div>`}</dl></article>`;
}

function controls({ controls: ids, uncontrolled }: ReportedCheck): string {
  if (ids.length > 0) return `must turn red with: ${ids.join('; ')}`;
  return uncontrolled === undefined ? 'none stated: nothing is known to turn this check red' : `no fault of the lab: ${uncontrolled}`;
}

function isRed({ verdict }: CheckVerdict): boolean {
  return verdict === 'contradicts' || verdict === 'inconclusive';
}

/** Text with its commands, which stand between backticks, as code. */
function withCode(text: string): readonly Part[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}

/** Where the control run saw the check red; a green of a check that never was is worth less, and says so. */
function seenRed({ lastSeenRed: seen }: ReportedCheck): string {
  if (seen === undefined) return '';
  if (seen === null) return '. The control run on record never saw it red';
  return `. Last seen red with ${seen.fault} (${seen.mode}, ${seen.routing}, Cilium ${seen.profile}; ${seen.verdict}) in the control run of ${seen.recordedAt.slice(0, 10)}, version ${seen.toolVersion}`;
}

/** What was seen; where that is not more than the facts, they are above. */
function observed({ observed: items }: CheckVerdict): Part {
  return items.length === 0 ? 'as stated above' : folded(items, '', 2);
}
