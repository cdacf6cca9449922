import type { AppliedWaivers } from '../waivers/apply-waivers.ts';
import { waiverSubject } from '../waivers/waiver.ts';
import { folded } from './folded.ts';
import { html, type Markup } from './markup.ts';

const STATES = { 'in-force': 'in force', expired: 'expired', unneeded: 'in force, but nothing that it is about is red' } as const;

/** The exceptions, at the top of the report: what was accepted, by whom and until when, and red results without an exception. */
export function waiversSection(held: AppliedWaivers | undefined): Markup | null {
  if (held === undefined || held.waivers.length === 0) return null;
  return html`<section id="waivers" aria-labelledby="waivers-h"><h2 id="waivers-h">Exceptions</h2><p class="lead">Accepted by their owners until the day named, judged against the day of the recording. The verdicts stay what the evidence says; an expired exception counts as none.</p>
<div class="scroll"><table class="list"><caption class="sr">Exceptions</caption><thead><tr><th scope="col">Check</th><th scope="col">About</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Reason</th><th scope="col">Until</th></tr></thead>
<tbody>${held.waivers.map(({ waiver, state }) => html`<tr><th scope="row"><a href="#${waiver.check}">${waiver.check}</a></th><td>${waiverSubject(waiver).slice(waiver.check.length + 2)}</td><td>${state === 'expired' ? html`<span class="warn">${STATES[state]}</span>` : STATES[state]}</td><td>${waiver.owner}</td><td>${waiver.reason}</td><td class="nw">${waiver.expires}</td></tr>`)}</tbody></table></div>${openItems(held)}</section>`;
}

function openItems({ open }: AppliedWaivers): Markup {
  if (open.length === 0) return html`<p>Everything that is red has an exception in force.</p>`;
  return html`<h3>Red, and no exception is about it</h3>${folded(open.map(({ check, text }) => `${check === null ? '' : `${check}: `}${text}`))}`;
}
