import { effectiveVerdict, modeName } from '../summary.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { aboutSection } from './about.ts';
import { advisoriesSection } from './advisories.ts';
import { checksSection } from './checks.ts';
import { controlsSection } from './controls.ts';
import { cover } from './cover.ts';
import { cryptoSection } from './crypto.ts';
import { driftSection } from './drift.ts';
import { evidenceIndexSection } from './evidence-index.ts';
import { POLICY, SCRIPT } from './filter.ts';
import { ledgersSection } from './ledgers.ts';
import { limitsSection } from './limits.ts';
import { html, Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import type { PageInputs } from './page-inputs.ts';
import { HTML_ROOT } from './print-style.ts';
import { problemsSection } from './problems.ts';
import { STYLE } from './style.ts';
import { timelineSection } from './timeline.ts';
import { trendSection } from './trend.ts';
import { waiversSection } from './waivers.ts';
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
