import type { CellResult, SelftestReport } from '../../harness/model/selftest.ts';
import { html, Markup } from '../html/markup.ts';
import { STYLE } from '../html/style.ts';
import { type ColumnGroup, columnsOf } from './columns.ts';
import { type CellSign, OUTCOME_SIGNS, STATE_SIGNS, signOf } from './signs.ts';
import { countOf, selftestSentence, selftestTone } from './tally.ts';

/** `selftest.html`: the matrix as one file that fetches nothing and runs no script, light or dark as the reader's screen. */
export function writeSelftestHtml(report: SelftestReport): string {
  const { tool, startedAt, seconds, extent, results } = report;
  const states = (['failed', 'broken', 'passed', 'absent'] as const).filter((state) => countOf(report, state) > 0);
  const tone = selftestTone(report);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>wirewitness · selftest: ${STATE_SIGNS[tone].word}</title><style>${new Markup(SELFTEST_STYLE)}</style></head>
<body><a class="skip" href="#matrix">Skip to the matrix</a>
<header class="top"><p><strong>wirewitness</strong> <span>Which check sees which fault</span></p></header>
<main><section class="verdict x-${tone}" aria-labelledby="verdict-h">
<p class="kicker"><span class="shape" aria-hidden="true">${STATE_SIGNS[tone].symbol}</span> selftest <span class="class">${extent} matrix</span></p>
<h1 id="verdict-h">${selftestSentence(report)}</h1>
<ul class="counts">${states.map((state) => html`<li class="x-${state}"><b>${countOf(report, state)}</b> <span>${STATE_SIGNS[state].symbol} ${STATE_SIGNS[state].word}</span></li>`)}</ul></section>
${wrongSection(results)}
<section class="wide" id="matrix" aria-labelledby="matrix-h"><h2 id="matrix-h">The matrix</h2>
<p class="lead">A row is a lab that was broken on purpose, or a healthy one; a column is a check. Each row was recorded and judged anew.</p>
<div class="scroll">${matrix(report)}</div>
<ul class="legend">${legend(results).map((sign) => html`<li>${square(sign, '')} ${OUTCOME_SIGNS[sign].word}</li>`)}</ul></section></main>
<footer><p>Started ${startedAt} · ${seconds.toFixed(0)} s · ${tool.name} ${tool.version} · the lab stands in for the control plane; its kernel's ESP and WireGuard are real.</p></footer>
</body></html>
`;
  return page.text;
}

function matrix(report: SelftestReport): Markup {
  const groups = columnsOf(report);
  return html`<table class="m"><thead><tr><th></th><th></th><th></th>${groups.map(({ topic, ids }) => html`<th class="t" colspan="${ids.length}" scope="colgroup">${topic}</th>`)}</tr>
<tr><th></th><th></th><th></th>${groups.map(({ topic, ids }) => ids.map((id, index) => html`<th${index === 0 && new Markup(' class="g"')} scope="col" title="${id}">${id.slice(topic.length + 1)}</th>`))}</tr></thead>
<tbody>${report.results.map((result) => row(result, groups))}</tbody></table>`;
}

function row({ cell, state, checks, seconds }: CellResult, groups: readonly ColumnGroup[]): Markup {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const cells = groups.map(({ ids }) =>
    ids.map((id, index) => {
      const check = byId.get(id);
      const sign = signOf(check);
      const label =
        sign === 'blank'
          ? ''
          : `${cell.id}, ${id}: ${OUTCOME_SIGNS[sign].word}${sign === 'quiet' ? '' : `; ${check?.verdict}: ${short(check?.reason ?? '')}`}`;
      return html`<td${index === 0 && new Markup(' class="g"')}>${square(sign, label)}</td>`;
    }),
  );
  return html`<tr><th scope="row" title="${cell.what}">${cell.id}</th><td class="state x-${state}" title="${STATE_SIGNS[state].word}">${STATE_SIGNS[state].symbol}</td><td class="sec">${seconds.toFixed(0)} s</td>${cells}</tr>
`;
}

const LABEL_MOST = 240;

function short(reason: string): string {
  return reason.length <= LABEL_MOST ? reason : `${reason.slice(0, LABEL_MOST)}…`;
}

function square(sign: CellSign, label: string): Markup | null {
  if (sign === 'blank') return null;
  if (sign === 'quiet') return html`<span class="dot"${label !== '' && html` title="${label}"`}>·</span>`;
  return html`<span class="sq o-${sign}"${label !== '' && html` title="${label}"`}><span aria-hidden="true">${OUTCOME_SIGNS[sign].symbol}</span><span class="sr">${OUTCOME_SIGNS[sign].word} </span></span>`;
}

function legend(results: readonly CellResult[]): CellSign[] {
  const used = new Set(results.flatMap(({ checks }) => checks.map(signOf)));
  return (Object.keys(OUTCOME_SIGNS) as CellSign[]).filter((sign) => sign !== 'blank' && used.has(sign));
}

function wrongSection(results: readonly CellResult[]): Markup | null {
  const wrong = results.filter(({ state, rebooted }) => state !== 'passed' || rebooted !== '');
  if (wrong.length === 0) return null;
  return html`<section aria-labelledby="wrong-h"><h2 id="wrong-h">What is not as it must be</h2>${wrong.map(
    ({ cell, state, checks, reason, rebooted }) => {
      const wrongChecks = checks.filter(({ outcome }) => outcome === 'missed' || outcome === 'false-alarm');
      return html`<div class="wrong x-${state}"><h3>${STATE_SIGNS[state].symbol} ${cell.id}: ${STATE_SIGNS[state].word}</h3><p><small>${cell.what}</small></p><ul>${reason !== '' && html`<li>${reason}</li>`}${rebooted !== '' && html`<li>The lab was booted again after it: ${rebooted}</li>`}${wrongChecks.map((check) => html`<li class="o-${check.outcome}"><b>${OUTCOME_SIGNS[check.outcome].symbol} ${check.id}</b> ${check.outcome === 'missed' ? 'missed' : 'false alarm'}, ${check.verdict ?? 'unknown'}: ${check.reason}</li>`)}</ul></div>`;
    },
  )}</section>`;
}

/** The style sheet of the report, and what a wide matrix of small squares needs on top. */
const SELFTEST_STYLE = `${STYLE}
body{max-width:none}main>section{max-width:68rem}main>.wide{max-width:none}
.m{border-collapse:collapse;font-size:.8rem}.m th{font-weight:500;padding:.1rem .8rem .1rem 0;white-space:nowrap}.m thead th{padding:.1rem .15rem;text-align:center;color:var(--quiet);font-size:.68rem}
.m thead .t{text-align:left;font-weight:650;color:var(--ink);border-left:1px solid var(--rule);padding-left:.3rem}.m td{padding:1px;text-align:center;border-bottom:1px solid var(--hair)}.m .g{border-left:1px solid var(--rule)}
.m tbody th{border-bottom:1px solid var(--hair)}.m tbody tr:hover{background:var(--raise)}.m .state{font-weight:700;color:var(--tone);padding:0 .5rem}.m .sec{color:var(--quiet);padding-right:.6rem;text-align:right;white-space:nowrap}
.m .sq{width:1.15rem;height:1.15rem;font-size:.7rem}.m .dot{color:var(--quiet)}
.o-missed,.o-false-alarm,.x-failed{--tone:var(--bad);--wash:var(--bad-wash);--edge:var(--bad-edge)}.o-caught,.x-passed{--tone:var(--ok);--wash:var(--ok-wash);--edge:var(--ok-edge)}
.o-implied{--tone:var(--calm);--wash:var(--calm-wash);--edge:var(--calm-edge)}.x-broken{--tone:var(--ask);--wash:var(--ask-wash);--edge:var(--ask-edge)}.x-absent,.o-quiet{--tone:var(--off);--wash:var(--off-wash);--edge:var(--off-edge)}
.wrong{margin-top:1.1rem}.wrong h3{margin:0 0 .2rem}.wrong li{padding:.12rem 0 .12rem 1rem;font-size:.9rem;overflow-wrap:anywhere}.wrong b{font:600 .86em ui-monospace,"DejaVu Sans Mono",monospace;color:var(--tone);margin-right:.4rem}
@media print{.m .sq{width:.9rem;height:.9rem}@page{size:A4 landscape}}
`;
