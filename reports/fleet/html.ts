import { type KeyComparisonResult, sharedKeyLines } from '../history/shared-keys.ts';
import { html, Markup } from '../html/markup.ts';
import { STYLE } from '../html/style.ts';
import { worstVerdict } from '../summary.ts';
import { VERDICT_SIGNS } from '../symbols.ts';
import { type FleetRow, fleetReason, fleetSentence, hours } from './fleet.ts';

/** `fleet.html`: one page that fetches nothing and runs no script. @param at UTC of the moment that ages are counted to */
export function writeFleetHtml(rows: readonly FleetRow[], keys: KeyComparisonResult, at: string): string {
  const worst = worstVerdict(rows.map(({ verdict }) => verdict));
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>wirewitness · fleet: ${VERDICT_SIGNS[worst].word}</title><style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#fleet">Skip to the clusters</a>
<header class="top"><p><strong>wirewitness</strong> <span>All clusters, the worst first</span></p></header>
<main><section class="verdict v-${worst}" aria-labelledby="verdict-h">
<p class="kicker"><span class="shape" aria-hidden="true">${VERDICT_SIGNS[worst].symbol}</span> ${VERDICT_SIGNS[worst].word}</p>
<h1 id="verdict-h">${fleetSentence(rows)}</h1></section>
<section id="fleet" aria-labelledby="fleet-h"><h2 id="fleet-h">Clusters</h2><div class="scroll"><table>
<thead><tr><th scope="col">Verdict</th><th scope="col">Cluster and claim</th><th scope="col">Latest run</th><th scope="col">Last supported</th><th scope="col">Runs</th><th scope="col">Why</th></tr></thead>
<tbody>${rows.map(tableRow)}</tbody></table></div></section>
<section id="keys" aria-labelledby="keys-h"><h2 id="keys-h">Keys in common</h2><ul>${sharedKeyLines(keys).map((line) => html`<li>${line.trim()}</li>`)}</ul></section></main>
<footer><p>Ages are counted to ${at}. Each row is the latest run of one cluster, claim and scenario, from its signed history.</p></footer>
</body></html>
`;
  return page.text;
}

function tableRow(row: FleetRow): Markup {
  const { symbol, word } = VERDICT_SIGNS[row.verdict];
  const latest = row.latest === undefined ? '' : `${row.latest.recordedAt}, ${hours(row.ageHours)} ago`;
  return html`<tr><td class="s-${row.verdict}"><span class="shape s-${row.verdict}" aria-hidden="true">${symbol}</span> ${word}</td><th scope="row">${row.name}</th><td>${latest}</td><td>${row.lastSupport ?? 'never'}</td><td>${row.runs}</td><td>${fleetReason(row)}</td></tr>
`;
}
