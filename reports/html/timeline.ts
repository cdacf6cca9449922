import type { JournalEvent } from '../../harness/model/recording.ts';
import { html, type Markup } from './markup.ts';
import { offset } from './number.ts';

/** The journal: a scale with a tick for each event, and the events as a table. Offsets are of the monotonic clock. */
export function timelineSection(events: readonly JournalEvent[]): Markup {
  return html`<section id="timeline" aria-labelledby="timeline-h"><h2 id="timeline-h">Timeline</h2>
${events.length === 0 ? html`<p>No event was recorded.</p>` : html`${scale(events)}<details><summary>All ${events.length} events</summary>${table(events)}</details>`}</section>`;
}

function scale(events: readonly JournalEvent[]): Markup {
  const times = events.map((event) => event.at.monotonicMs);
  const first = times.reduce((least, time) => Math.min(least, time));
  const span = times.reduce((most, time) => Math.max(most, time)) - first;
  const x = (time: number) => (10 + (span === 0 ? 0 : ((time - first) / span) * 980)).toFixed(1);
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => first + span * part);
  return html`<svg class="scale" viewBox="0 0 1000 44" role="img" aria-label="${events.length} events over ${(span / 1000).toFixed(1)} seconds">
<line class="axis-line" x1="10" x2="990" y1="22" y2="22"/>
${(span === 0 ? [first] : marks).map((mark, index) => html`<text x="${x(mark)}" y="40" text-anchor="${index === 0 ? 'start' : index === 4 ? 'end' : 'middle'}">${(mark / 1000).toFixed(1)} s</text>`)}
${events.map((event) => html`<line class="tick" x1="${x(event.at.monotonicMs)}" x2="${x(event.at.monotonicMs)}" y1="8" y2="22"><title>${offset(event.at.monotonicMs)} ${event.event}</title></line>`)}</svg>`;
}

function table(events: readonly JournalEvent[]): Markup {
  return html`<div class="scroll"><table class="list tight"><thead><tr><th scope="col" class="n">Since start</th><th scope="col">UTC</th><th scope="col">Event</th><th scope="col">Detail</th></tr></thead>
<tbody>${events.map(
    (event) =>
      html`<tr><td class="n">${offset(event.at.monotonicMs)}</td><td class="nw">${event.at.utc.replace('T', ' ')}</td><th scope="row">${event.event}</th><td><small>${detail(event)}</small></td></tr>`,
  )}</tbody></table></div>`;
}

function detail(event: JournalEvent): string {
  return Object.entries(event.detail)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}
