import type { FileRecord } from '../../harness/model/recording.ts';
import type { Report } from '../../harness/model/report.ts';
import type { HistorySeries } from '../history/trend.ts';
import { limitLines } from '../limits.ts';
import { effectiveVerdict, modeName } from '../summary.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import type { AppliedWaivers } from '../waivers/apply-waivers.ts';
import { waiverSubject } from '../waivers/waiver.ts';
import { aboutSection } from './about.ts';
import { advisoriesSection } from './advisories.ts';
import { checksSection } from './checks.ts';
import { controlsSection } from './controls.ts';
import { cover } from './cover.ts';
import { cryptoSection } from './crypto.ts';
import { driftSection } from './drift.ts';
import { evidenceLink } from './evidence.ts';
import { POLICY, SCRIPT } from './filter.ts';
import { folded } from './folded.ts';
import { ledgersSection } from './ledgers.ts';
import { html, Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import { count } from './number.ts';
import type { PageInputs } from './page-inputs.ts';
import { HTML_ROOT } from './print-style.ts';
import { problemsSection } from './problems.ts';
import { STYLE } from './style.ts';
import { timelineSection } from './timeline.ts';
import { windowSection } from './window.ts';

/**
 * `report.html`: one file that fetches nothing (its content security policy forbids it), follows the reader's light or dark setting and
 * prints. It is complete without its script, which only searches checks. Links to evidence are relative: the report lies beside
 * `recording/`.
 */
export function writeHtml(inputs: PageInputs): string {
  const { report } = inputs;
  const sections = bodyOf(inputs);
  const title = `${VERDICT_SIGNS[effectiveVerdict(report)].word}: ${modeName(report.intent.mode)}, ${report.environment.class}, run ${report.run.id}`;
  const page = html`<!doctype html>
${new Markup(HTML_ROOT)}<head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>wirewitness · ${title}</title><style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the verdict</a>
<header class="top"><p><strong>wirewitness</strong> <span>Evidence of encryption between Kubernetes nodes</span></p>
<nav aria-label="Sections">${sections.filter(([, , body]) => body !== null).map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</nav></header>
<main id="main">${cover(report, inputs.leaks)}${sections.map(([, , body]) => body)}</main>
<footer><p>Run ${report.run.id} · environment class ${report.environment.class} · ${report.tool.name} ${report.tool.version}. Judged from the recording alone; judging it again gives the same verdicts.</p><p class="short">This print is short: facts and files of the green checks, checks that do not apply, all flows, the advisories’ observables and links, timeline, ledger, hashes and frameworks stand in report.html, and in the print that report --format pdf --full makes.</p></footer>
<script>${new Markup(SCRIPT)}</script>
</body></html>
`;
  return page.text;
}

/** The sections in reading order: id, name in the navigation, content; null if there is nothing to show. */
function bodyOf({
  report,
  controls,
  waivers,
  leaks,
  files,
  drift,
  trend,
}: PageInputs): readonly (readonly [id: string, name: string, body: Markup | null])[] {
  return [
    ['waivers', 'Exceptions', waiversSection(waivers)],
    ['problems', 'Problems', problemsSection(report, waivers, leaks)],
    ['flows', 'Flows', matrixSection(report)],
    ['window', 'Under load', windowSection(report)],
    ['limits', 'Limits', limitsSection(report)],
    ['checks', 'Checks', checksSection(report)],
    ['advisories', 'Published leaks', advisoriesSection(report)],
    ['drift', 'Baseline', driftSection(drift)],
    ['trend', 'Trend', trendSection(trend)],
    ['crypto', 'Cryptography', cryptoSection(report.crypto)],
    ['about', 'Run', aboutSection(report)],
    ['timeline', 'Timeline', timelineSection(report.timeline)],
    ['ledger', 'Ledger', ledgersSection(report)],
    ['evidence', 'Evidence', evidenceIndexSection(files)],
    ['controls', 'Frameworks', controlsSection(controls)],
  ];
}

/** What the run does and does not prove. */
function limitsSection(report: Report): Markup {
  const lines = report.limits.length > 0 ? report.limits : limitLines(report);
  return html`<section id="limits" aria-labelledby="limits-h"><h2 id="limits-h">What this does and does not prove</h2><ul class="limits">${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}

/** The runs before this one, by series: the verdicts in order, gaps, and what changed in the cryptography. */
function trendSection(series: readonly HistorySeries[] | undefined): Markup | null {
  if (series === undefined || series.length === 0) return null;
  return html`<section id="trend" aria-labelledby="trend-h"><h2 id="trend-h">Trend</h2>${series.map(
    (one) =>
      html`<h3>${one.name}</h3><ol class="trend">${one.points.map((point) => html`<li class="s-${point.verdict}"><span class="sq s-${point.verdict}" title="${point.recordedAt} ${VERDICT_SIGNS[point.verdict].word}: ${point.supporting} of ${point.exercised} checks support"><span aria-hidden="true">${VERDICT_SIGNS[point.verdict].symbol}</span><span class="sr">${point.recordedAt}: ${VERDICT_SIGNS[point.verdict].word}. </span></span></li>`)}</ol>
${one.gaps.length > 0 && html`<p class="warn">Gaps: ${one.gaps.map((gap) => `${gap.from} to ${gap.to} (${gap.hours.toFixed(0)} h)`).join('; ')}</p>`}
${one.drift.length > 0 && html`<ul class="why">${one.drift.map((drift) => html`<li><b>${drift.recordedAt}</b> cryptography changed: ${[...drift.added.map((name) => `+ ${name}`), ...drift.removed.map((name) => `− ${name}`)].join('; ')}</li>`)}</ul>`}`,
  )}</section>`;
}

/** Every file of the recording with its hash, from its manifest. */
function evidenceIndexSection(files: readonly FileRecord[] | undefined): Markup | null {
  if (files === undefined || files.length === 0) return null;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return html`<section id="evidence" aria-labelledby="evidence-h"><h2 id="evidence-h">Evidence</h2><p class="lead">The recording this report was judged from: ${count(files.length)} files, ${count(bytes)} bytes. Each hash was checked before it was judged.</p>
<details><summary>All ${count(files.length)} files</summary><div class="scroll"><table class="list tight"><caption class="sr">Files of the recording</caption><thead><tr><th scope="col">File</th><th scope="col" class="n">Bytes</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${files.map((file) => html`<tr><th scope="row">${evidenceLink(file.path)}</th><td class="n">${count(file.bytes)}</td><td><code>${file.sha256}</code></td></tr>`)}</tbody></table></div></details></section>`;
}

const STATES = { 'in-force': 'in force', expired: 'expired', unneeded: 'in force, but nothing that it is about is red' } as const;

/** The exceptions, at the top of the report: what was accepted, by whom and until when, and red results without an exception. */
function waiversSection(held: AppliedWaivers | undefined): Markup | null {
  if (held === undefined || held.waivers.length === 0) return null;
  return html`<section id="waivers" aria-labelledby="waivers-h"><h2 id="waivers-h">Exceptions</h2><p class="lead">Accepted by their owners until the day named, judged against the day of the recording. The verdicts stay what the evidence says; an expired exception counts as none.</p>
<div class="scroll"><table class="list"><caption class="sr">Exceptions</caption><thead><tr><th scope="col">Check</th><th scope="col">About</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Reason</th><th scope="col">Until</th></tr></thead>
<tbody>${held.waivers.map(({ waiver, state }) => html`<tr><th scope="row"><a href="#${waiver.check}">${waiver.check}</a></th><td>${waiverSubject(waiver).slice(waiver.check.length + 2)}</td><td>${state === 'expired' ? html`<span class="warn">${STATES[state]}</span>` : STATES[state]}</td><td>${waiver.owner}</td><td>${waiver.reason}</td><td class="nw">${waiver.expires}</td></tr>`)}</tbody></table></div>${openItems(held)}</section>`;
}

function openItems({ open }: AppliedWaivers): Markup {
  if (open.length === 0) return html`<p>Everything that is red has an exception in force.</p>`;
  return html`<h3>Red, and no exception is about it</h3>${folded(open.map(({ check, text }) => `${check === null ? '' : `${check}: `}${text}`))}`;
}
