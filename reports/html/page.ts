import type { Report } from '../../harness/model/report.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { limitLines } from '../limits.ts';
import { effectiveVerdict, modeName, verdictSentence } from '../summary.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { tallyOf } from '../tally.ts';
import { topicsOf } from '../topics.ts';
import { aboutSection } from './about.ts';
import { checksSection } from './checks.ts';
import { controlsSection } from './controls.ts';
import { cryptoSection } from './crypto.ts';
import { driftSection } from './drift.ts';
import { evidenceIndexSection } from './evidence-index.ts';
import { firstFact } from './folded.ts';
import { ledgersSection } from './ledgers.ts';
import { html, Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import type { PageInputs } from './page-inputs.ts';
import { STYLE } from './style.ts';
import { timelineSection } from './timeline.ts';
import { trendSection } from './trend.ts';
import { waiversSection } from './waivers.ts';
import { windowSection } from './window.ts';

/**
 * `report.html`: one file that fetches nothing (its content security policy forbids it), runs no script, follows the
 * reader's light or dark setting and prints. Links to evidence are relative: the report lies beside `recording/`.
 */
export function writeHtml(inputs: PageInputs): string {
  const { report } = inputs;
  const sections = bodyOf(inputs);
  const title = `${VERDICT_SIGNS[effectiveVerdict(report)].word}: ${modeName(report.intent.mode)}, ${report.environment.class}, run ${report.run.id}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>wirewitness · ${title}</title><style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the verdict</a>
<header class="top"><p><strong>wirewitness</strong> <span>Evidence of encryption between Kubernetes nodes</span></p>
<nav aria-label="Sections">${sections.filter(([, , body]) => body !== null).map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</nav></header>
<main id="main">${verdict(report)}${sections.map(([, , body]) => body)}</main>
<footer><p>Run ${report.run.id} · environment class ${report.environment.class} · ${report.tool.name} ${report.tool.version}. Judged from the recording alone; judging it again gives the same verdicts.</p></footer>
</body></html>
`;
  return page.text;
}

/** The sections in reading order: id, name in the navigation, content; null where there is nothing to show. */
function bodyOf({
  report,
  controls,
  waivers,
  files,
  drift,
  trend,
}: PageInputs): readonly (readonly [id: string, name: string, body: Markup | null])[] {
  return [
    ['waivers', 'Exceptions', waiversSection(waivers)],
    ['limits', 'Limits', limits(report)],
    ['controls', 'Controls', controlsSection(controls)],
    ['flows', 'Flows', matrixSection(report)],
    ['window', 'Under load', windowSection(report)],
    ['checks', 'Checks', checksSection(report)],
    ['crypto', 'Cryptography', cryptoSection(report.crypto)],
    ['ledger', 'Ledger', ledgersSection(report)],
    ['timeline', 'Timeline', timelineSection(report.timeline)],
    ['drift', 'Baseline', driftSection(drift)],
    ['trend', 'Trend', trendSection(trend)],
    ['about', 'Run', aboutSection(report)],
    ['evidence', 'Evidence', evidenceIndexSection(files)],
  ];
}

function verdict(report: Report): Markup {
  const worst = effectiveVerdict(report);
  const counts = tallyOf(report).verdicts;
  const shown = (Object.keys(VERDICT_SIGNS) as Verdict[]).filter((key) => counts[key] > 0);
  return html`<section class="verdict v-${worst}" aria-labelledby="verdict-h">
<p class="kicker"><span class="shape" aria-hidden="true">${VERDICT_SIGNS[worst].symbol}</span> ${VERDICT_SIGNS[worst].word} <span class="class">environment: ${report.environment.class}</span></p>
<h1 id="verdict-h">${verdictSentence(report)}</h1>
<ul class="counts">${shown.map((key) => html`<li class="s-${key}"><b>${counts[key]}</b> <span>${VERDICT_SIGNS[key].symbol} ${VERDICT_SIGNS[key].word}</span></li>`)}</ul>${attention(report)}</section>`;
}

/** The checks that keep the verdict from being good, worst first. */
function attention(report: Report): Markup | null {
  const rows = topicsOf(report).flatMap((topic) => topic.rows);
  const open = (['contradicts', 'inconclusive'] as const).flatMap((key) => rows.filter((row) => row.finding.verdict === key));
  if (open.length === 0) return null;
  return html`<ul class="attention" aria-label="Checks that need reading">${open.map(({ finding }) => {
    const { fact, others } = firstFact(finding);
    return html`<li><span class="shape s-${finding.verdict}" title="${VERDICT_SIGNS[finding.verdict].word}">${VERDICT_SIGNS[finding.verdict].symbol}</span> <a href="#${finding.id}">${finding.id}</a> <span class="fact">${fact}</span>${others > 0 && html`<a class="others" href="#${finding.id}">+${others} more</a>`}</li>`;
  })}</ul>`;
}

function limits(report: Report): Markup {
  const lines = report.limits.length > 0 ? report.limits : limitLines(report);
  return html`<section id="limits" aria-labelledby="limits-h"><h2 id="limits-h">What this does and does not prove</h2><ul class="limits">${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}
