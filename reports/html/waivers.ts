import type { WaivedCheck } from '../waivers/waiver.ts';
import { html, type Markup } from './markup.ts';

/** The exceptions that stand on the cover: what was accepted, by whom and until when. A waiver changes no verdict. */
export function waiversSection(waivers: readonly WaivedCheck[] | undefined): Markup | null {
  if (waivers === undefined || waivers.length === 0) return null;
  return html`<section id="waivers" aria-labelledby="waivers-h"><h2 id="waivers-h">Exceptions</h2><p class="lead">Accepted by their owners until the day named, judged against the day of the recording. The verdicts stay what the evidence says; an expired exception counts as none.</p>
<div class="scroll"><table class="list"><caption class="sr">Exceptions</caption><thead><tr><th scope="col">Check</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Reason</th><th scope="col">Until</th></tr></thead>
<tbody>${waivers.map(({ waiver, state }) => html`<tr><th scope="row"><a href="#${waiver.check}">${waiver.check}</a></th><td>${state === 'expired' ? html`<span class="warn">expired</span>` : state === 'unneeded' ? 'in force, but the check is not red' : 'in force'}</td><td>${waiver.owner}</td><td>${waiver.reason}</td><td class="nw">${waiver.expires}</td></tr>`)}</tbody></table></div></section>`;
}
