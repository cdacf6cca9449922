import type { Ledger } from '../../harness/model/ledger.ts';
import { html, type Markup } from './markup.ts';
import { count } from './number.ts';

/** The IPsec SAs and WireGuard messages of one capture, folded; nothing if it has none. */
export function messagesOf(title: string, ledger: Ledger): readonly (Markup | null)[] {
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
