import type { FrameClass, Tally } from '../../harness/model/ledger.ts';
import type { Report } from '../../harness/model/report.ts';
import { evidenceLink } from './evidence.ts';
import { html, type Markup } from './markup.ts';
import { count } from './number.ts';

type ReportLedger = Report['ledger'][string];

/** From the best protected to the least understood. */
const ORDER: readonly FrameClass[] = ['esp', 'wireguard', 'ike', 'ah', 'tls', 'control', 'clear', 'unknown', 'malformed', 'truncated'];

/** The account of every frame, a table row a capture, with its ESP SAs and WireGuard messages on demand. */
export function ledgersSection(report: Report): Markup {
  const ledgers = Object.entries(report.ledger).sort(([a], [b]) => (a < b ? -1 : 1));
  return html`<section id="ledger" aria-labelledby="ledger-h"><h2 id="ledger-h">Every frame accounted for</h2>
${
  ledgers.length === 0
    ? html`<p>No capture was judged.</p>`
    : html`<p class="lead">A frame's class is the outermost protection met on the way in. Classes add up to the file. The un-encrypted phase (<em>clear</em>) is the control: the same capture must see plaintext there.</p>
${ledgers.map(([key, ledger]) => capture(key, ledger))}`
}</section>`;
}

function capture(key: string, ledger: ReportLedger): Markup {
  const [, , node = '-', ...rest] = key.split('/');
  const at = node === '-' ? rest.join('/') : `${node}, ${rest.join('/')}`;
  const classes = ORDER.flatMap((name) => (ledger.classes[name] ? [[name, ledger.classes[name]] as const] : []));
  const sum = classes.reduce((total, [, tally]) => total + tally.frames, 0);
  return html`<article class="capture"><h3>${ledger.vantage} <small>${at} · ${ledger.phase} phase</small></h3>
${bar(classes, sum)}
<div class="scroll"><table class="list tight"><thead><tr><th scope="col">Class</th><th scope="col" class="n">Frames</th><th scope="col" class="n">Bytes</th></tr></thead>
<tbody>${classes.map(([name, tally]) => html`<tr><th scope="row"><span class="key k-${name}" aria-hidden="true"></span>${name}</th><td class="n">${count(tally.frames)}</td><td class="n">${count(tally.bytes)}</td></tr>`)}</tbody>
<tfoot><tr><th scope="row">file</th><td class="n">${count(ledger.frames)}</td><td class="n">${count(ledger.wireBytes)}</td></tr></tfoot></table></div>
${sum !== ledger.frames && html`<p class="warn">The classes add up to ${count(sum)} frames, not to the file's ${count(ledger.frames)}.</p>`}
${ledger.truncatedTail && html`<p class="warn">The file ends inside a record.</p>`}
<p class="src">${evidenceLink(ledger.file)} (${ledger.format})</p>${espTable(ledger)}${wireguardTable(ledger)}</article>`;
}

function bar(classes: readonly (readonly [FrameClass, Tally])[], sum: number): Markup {
  let x = 0;
  const parts = classes.map(([name, tally]) => {
    const width = sum === 0 ? 0 : (tally.frames / sum) * 1000;
    const left = x;
    x += width;
    return html`<rect class="k-${name}" x="${left.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"><title>${name}: ${tally.frames} frames</title></rect>`;
  });
  const label = classes.map(([name, tally]) => `${name} ${tally.frames}`).join(', ') || 'no frames';
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${label}">${parts}</svg>`;
}

function espTable(ledger: ReportLedger): Markup | null {
  if (ledger.esp.length === 0) return null;
  return html`<details><summary>${ledger.esp.length} IPsec SAs on this capture</summary><div class="scroll"><table class="list tight"><thead><tr><th scope="col">SPI</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="n">Frames</th><th scope="col" class="n">Sequence</th><th scope="col" class="n">Repeats</th></tr></thead>
<tbody>${ledger.esp.map((sa) => html`<tr><th scope="row"><code>${sa.spi}</code></th><td>${sa.src}</td><td>${sa.dst}</td><td class="n">${count(sa.frames)}</td><td class="n">${count(sa.firstSeq)}–${count(sa.lastSeq)}</td><td class="n">${count(sa.duplicates)}</td></tr>`)}</tbody></table></div></details>`;
}

function wireguardTable(ledger: ReportLedger): Markup | null {
  if (ledger.wireguard.length === 0) return null;
  return html`<details><summary>WireGuard messages on this capture</summary><div class="scroll"><table class="list tight"><thead><tr><th scope="col">Message</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="n">Frames</th></tr></thead>
<tbody>${ledger.wireguard.map((item) => html`<tr><th scope="row">${item.type}</th><td>${item.src}</td><td>${item.dst}</td><td class="n">${count(item.frames)}</td></tr>`)}</tbody></table></div></details>`;
}
