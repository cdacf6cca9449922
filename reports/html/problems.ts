import type { Report } from '../../harness/model/report.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import type { LeakFile } from '../leak-file.ts';
import { problemsOf } from '../problems.ts';
import type { CheckRow } from '../topics.ts';
import { type AppliedWaivers, NO_WAIVERS, waiverLines } from '../waivers/apply-waivers.ts';
import { checkBasis, checkHeading, withCode } from './check-parts.ts';
import { foldedFacts } from './folded.ts';
import { frameList } from './frames.ts';
import { html, type Markup } from './markup.ts';

/** Each check that contradicts or is inconclusive: what must hold, the facts, the packets, what to do. Null if there is none. */
export function problemsSection(report: Report, held: AppliedWaivers = NO_WAIVERS, leaks: readonly LeakFile[] = []): Markup | null {
  const problems = problemsOf(report);
  if (problems.length === 0) return null;
  const shown: Shown = { facts: new Map(), frames: new Set(), leaks };
  return html`<section id="problems" aria-labelledby="problems-h"><h2 id="problems-h">Problems</h2>${problems.map((row) => problem(row, report, shown, waiverLines(held, row.finding.id)))}</section>`;
}

/** What an earlier problem already shows, facts with its id, so that the same leak is shown once. */
interface Shown {
  readonly facts: Map<string, string>;
  readonly frames: Set<string>;
  readonly leaks: readonly LeakFile[];
}

function problem(row: CheckRow, report: Report, shown: Shown, exceptions: readonly string[]): Markup {
  const { statement, finding } = row;
  const fresh = finding.facts.filter(({ text }) => !shown.facts.has(text));
  const first = finding.facts.map(({ text }) => shown.facts.get(text)).find((id) => id !== undefined);
  for (const { text } of fresh) shown.facts.set(text, finding.id);
  return html`<article class="check problem c-${finding.verdict}" id="${finding.id}"><h3>${checkHeading(row)}</h3>
<div class="reason">${factsOf({ ...finding, facts: fresh }, finding.facts.length - fresh.length, first)}</div>
${frameList({ ...finding, facts: fresh }, report.flows, shown.frames, shown.leaks)}
${exceptions.map((line) => html`<p class="waived">Exception in force: ${line}</p>`)}
${statement.remedy !== '' && html`<div class="remedy"><h4>What to do</h4><p>${withCode(statement.remedy)}</p></div>`}
<details class="more basis"><summary>Expected, observed, evidence, control</summary>${checkBasis(row)}</details></article>`;
}

function factsOf(finding: Finding, repeated: number, first: string | undefined): Markup {
  if (first === undefined) return foldedFacts(finding);
  const elsewhere = html`<p>${repeated} ${repeated === 1 ? 'fact stands' : 'facts stand'} under <a href="#${first}">${first}</a> already.</p>`;
  return html`${(finding.facts.length > 0 || finding.notes.length > 0) && foldedFacts({ ...finding, omitted: 0 })}${elsewhere}`;
}
