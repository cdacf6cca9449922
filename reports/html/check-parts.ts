import type { ReportedCheck } from '../../harness/model/report.ts';
import type { CheckVerdict } from '../../harness/model/verdict.ts';
import type { CheckRow } from '../topics.ts';
import { evidenceLink } from './evidence.ts';
import { folded } from './folded.ts';
import { html, type Markup, type Part } from './markup.ts';
import { badge } from './status.ts';

/** Id, what must hold, verdict. */
export function checkHeading({ statement, finding }: CheckRow): Markup {
  return html`<span class="cid">${finding.id}</span> <span class="ct">${statement.must}</span> ${badge(finding.verdict)}`;
}

/** The basis of a verdict: expected and observed, the files, the control. */
export function checkBasis({ statement, finding }: CheckRow): Markup {
  return html`<dl><div><dt>Expected</dt><dd>${finding.expected || '—'}</dd></div><div><dt>Observed</dt><dd>${observed(finding)}</dd></div>
<div class="wide files"><dt>Evidence</dt><dd>${finding.evidence.length === 0 ? 'none' : folded(finding.evidence.map(evidenceLink), 'files')}</dd></div>
<div class="wide"><dt>Control</dt><dd>${controls(statement)}${seenRed(statement)}</dd></div></dl>`;
}

/** Text whose commands, in backticks, become code. */
export function withCode(text: string): readonly Part[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}

function controls({ controls: ids, uncontrolled }: ReportedCheck): string {
  if (ids.length > 0) return `must turn red with: ${ids.join('; ')}`;
  return uncontrolled === undefined ? 'none stated: nothing is known to turn this check red' : `no fault of the lab: ${uncontrolled}`;
}

/** Where the control run saw the check red. If it never did, the text says so, because green is then weaker evidence. */
function seenRed({ lastSeenRed: seen }: ReportedCheck): string {
  if (seen === undefined) return '';
  if (seen === null) return '. The control run on record never saw it red';
  return `. Last seen red with ${seen.fault} (${seen.mode}, ${seen.routing}, profile ${seen.profile}; ${seen.verdict}) in the control run of ${seen.recordedAt.slice(0, 10)}, version ${seen.toolVersion}`;
}

/** What was observed; a reference to the facts if it is the same. */
function observed({ observed: items }: CheckVerdict): Part {
  return items.length === 0 ? 'as stated above' : folded(items, '', 2);
}
