import type { FrameClass, Ledger, Tally } from '../../harness/model/ledger.ts';
import type { Report } from '../../harness/model/report.ts';
import { compareIds } from '../topics.ts';
import { evidenceLink } from './evidence.ts';
import { html, type Markup } from './markup.ts';
import { count } from './number.ts';

type ReportLedger = Report['ledger'][string];

/** A ledger with the parts of its key `<phase>/<vantage>/<node or '-'>/<interface>`. */
interface Capture {
  readonly ledger: ReportLedger;
  readonly node: string;
  readonly name: string;
}

/** From best protected to least decoded. */
const CLASSES: readonly FrameClass[] = ['esp', 'wireguard', 'ike', 'ah', 'tls', 'control', 'clear', 'unknown', 'malformed', 'truncated'];

/** From outside the nodes to inside. */
const VANTAGES = ['wire', 'nic', 'tunnel', 'wireguard', 'pod'];

/** The count of every frame: a row for each capture, a column for each class, the sum beside the count of the file. */
export function ledgersSection(report: Report): Markup {
  const captures = Object.entries(report.ledger).map(([key, ledger]) => capture(key, ledger));
  captures.sort((a, b) => rank(a) - rank(b) || compareIds(a.name, b.name) || compareIds(a.ledger.phase, b.ledger.phase));
  const used = CLASSES.filter((name) => captures.some(({ ledger }) => ledger.classes[name] !== undefined));
  return html`<section id="ledger" aria-labelledby="ledger-h"><h2 id="ledger-h">Every frame accounted for</h2>
${
  captures.length === 0
    ? html`<p>No capture was judged.</p>`
    : html`<p class="lead">Frames, with bytes below. A frame's class is the outermost protection met on the way in; the classes of a row add up to its file. The <em>clear</em> phase is the control: un-encrypted on purpose, the same capture must see plaintext there.</p>
<div class="scroll"><table class="list ledgers"><thead><tr><th scope="col">Capture</th><th scope="col">Phase</th><th scope="col">Share</th>${used.map(
        (name) => html`<th scope="col" class="n"><span class="key k-${name}" aria-hidden="true"></span>${name}</th>`,
      )}<th scope="col" class="n">file</th></tr></thead><tbody>${captures.map((item) => row(item, used))}</tbody></table></div>
${captures.map((item) => messagesOf(`${item.name}, ${item.ledger.phase} phase`, item.ledger))}`
}</section>`;
}

function capture(key: string, ledger: ReportLedger): Capture {
  const [, , node = '-', ...rest] = key.split('/');
  const place = node === '-' ? rest.join('/') : `${node} ${rest.join('/')}`;
  return { ledger, node, name: `${ledger.vantage} ${place}` };
}

function rank({ ledger }: Capture): number {
  const index = VANTAGES.indexOf(ledger.vantage);
  return index === -1 ? VANTAGES.length : index;
}

function row({ ledger, name }: Capture, used: readonly FrameClass[]): Markup {
  const tallies = used.map((item) => [item, ledger.classes[item] ?? { frames: 0, bytes: 0 }] as const);
  const sum = tallies.reduce((total, [, tally]) => total + tally.frames, 0);
  return html`<tr><th scope="row">${name}<br><small>${evidenceLink(ledger.file)} ${ledger.format}</small>
${sum !== ledger.frames && html`<p class="warn">The classes add up to ${count(sum)} frames, not to the file's ${count(ledger.frames)}.</p>`}
${ledger.truncatedTail && html`<p class="warn">The file ends inside a record.</p>`}</th><td>${ledger.phase}</td><td class="share">${bar(tallies, sum)}</td>
${tallies.map(([, tally]) => (tally.frames === 0 ? html`<td class="n zero">0</td>` : html`<td class="n">${figures(tally)}</td>`))}
<td class="n total">${figures({ frames: ledger.frames, bytes: ledger.wireBytes })}</td></tr>`;
}

function figures(tally: Tally): Markup {
  return html`${count(tally.frames)}<br><small>${count(tally.bytes)}</small>`;
}

function bar(tallies: readonly (readonly [FrameClass, Tally])[], sum: number): Markup {
  let x = 0;
  const parts = tallies.map(([name, tally]) => {
    const width = sum === 0 ? 0 : (tally.frames / sum) * 1000;
    const left = x;
    x += width;
    return width === 0
      ? null
      : html`<rect class="k-${name}" x="${left.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"><title>${name}: ${tally.frames} frames</title></rect>`;
  });
  const label = tallies.map(([name, tally]) => `${name} ${tally.frames}`).join(', ') || 'no frames';
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${label}">${parts}</svg>`;
}

/** The IPsec SAs and WireGuard messages of one capture, folded; nothing if it has none. */
function messagesOf(title: string, ledger: Ledger): readonly (Markup | null)[] {
  return [ledger.esp.length > 0 ? esp(title, ledger) : null, ledger.wireguard.length > 0 ? wireguard(title, ledger) : null];
}

function esp(title: string, ledger: Ledger): Markup {
  return html`<details><summary>${ledger.esp.length} IPsec SAs: ${title}</summary><div class="scroll"><table class="list tight"><thead><tr><th scope="col">SPI</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="n">Frames</th><th scope="col" class="n">Sequence</th><th scope="col" class="n">Repeats</th></tr></thead>
<tbody>${ledger.esp.map((sa) => html`<tr><th scope="row"><code>${sa.spi}</code></th><td>${sa.src}</td><td>${sa.dst}</td><td class="n">${count(sa.frames)}</td><td class="n">${count(sa.firstSeq)} to ${count(sa.lastSeq)}</td><td class="n">${count(sa.duplicates)}</td></tr>`)}</tbody></table></div></details>`;
}

function wireguard(title: string, ledger: Ledger): Markup {
  return html`<details><summary>WireGuard messages: ${title}</summary><div class="scroll"><table class="list tight"><thead><tr><th scope="col">Message</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="n">Frames</th></tr></thead>
<tbody>${ledger.wireguard.map((item) => html`<tr><th scope="row">${item.type}</th><td>${item.src}</td><td>${item.dst}</td><td class="n">${count(item.frames)}</td></tr>`)}</tbody></table></div></details>`;
}
