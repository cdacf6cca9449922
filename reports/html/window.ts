import type { JournalEvent } from '../../harness/model/recording.ts';
import type { Report, SpiUse, WindowLoad, WindowReport } from '../../harness/model/report.ts';
import type { ScenarioName } from '../../harness/model/scenario.ts';
import { html, type Markup } from './markup.ts';
import { count } from './number.ts';

/** Steps of the journal that are drawn, with their text. */
const STEPS: Readonly<Record<string, string>> = {
  'rotation-started': 'rotation begins',
  'rotation-step': 'step',
  'rotation-ended': 'rotation is done',
  'agent-starting': 'agent starts',
  'agent-started': 'agent is there',
  'agent-restart': 'agent restarts',
  'pod-added': 'pod added',
  'pod-deleted': 'pod deleted',
  'node-joined': 'node joined',
  'node-left': 'node left',
  'node-off': 'node is off',
  'node-restarted': 'node is back',
  'fault-opened': 'fault begins',
  'fault-closed': 'fault ends',
  'agent-restarted': 'agent is back',
  upgrading: 'upgrade begins',
  upgraded: 'upgrade is done',
  disabled: 'encryption disabled',
};

/** Title of the section for each scenario. */
const TITLES: Readonly<Record<ScenarioName, string>> = {
  steady: 'Under load',
  rotation: 'Key rotation under load',
  'agent-start': 'Agent starting under load',
  'agent-restart': 'Agent restart under load',
  'pod-churn': 'Pods coming and going under load',
  'pod-delete': 'A pod deleted while it sends, and its address used again',
  'node-join': 'A node joining under load',
  'node-leave': 'A node leaving under load',
  'node-restart': 'A node restarting without drain, under load',
  disable: 'Disabling encryption under load',
  upgrade: 'Upgrade under load',
  observe: 'What others changed under load',
};

function titleOf({ run: { scenario }, intent }: Report): string {
  return scenario === 'rotation' && intent.mode === 'tls' ? 'Certificates renewed under load' : TITLES[scenario];
}

/** Width of the drawing, and the place of the time axis. */
const WIDTH = 1000;
const LEFT = 150;
const LANE = 30;

/**
 * What happened while something was changed under load: which SPI each node sent with and when, the steps of the change, the requests that
 * were lost; as a drawing and, for those who cannot see it, as tables.
 */
export function windowSection(report: Report): Markup | null {
  const window = report.rotation;
  if (window === undefined) return null;
  const { startedMs, endedMs } = window;
  const steps = stepsOf(report.timeline);
  const sent = window.loads.reduce((sum, load) => sum + load.sent, 0);
  const lost = window.loads.reduce((sum, load) => sum + load.sent - load.answered, 0);
  const gap = window.loads.reduce((most, load) => Math.max(most, load.longestGapMs), 0);
  return html`<section id="window" aria-labelledby="window-h"><h2 id="window-h">${titleOf(report)}</h2>
<p class="lead">${count(sent)} requests were sent while the change was made, ${count(lost)} of them lost; the longest time without an answer in any stream was ${count(Math.round(gap))} ms. ${count(window.clearFrames)} readable frames of traffic that must be encrypted were seen in the whole window${firstClearWords(window)}.</p>
${startedMs !== null && endedMs !== null && endedMs > startedMs ? drawing(window, steps, startedMs, endedMs) : html`<p class="warn">The journal does not say when the window began or ended: it can’t be drawn.</p>`}
${spiTable(window.spis, startedMs)}${loadTable(window.loads, startedMs)}</section>`;
}

/** `, the first 3.412 s into it, 0.120 s after fault-opened`. */
function firstClearWords({ firstClear, startedMs }: WindowReport): string {
  if (firstClear === undefined) return '';
  const { atMs, after, capture, frame } = firstClear;
  const into = startedMs === null ? '' : ` ${((atMs - startedMs) / 1000).toFixed(3)} s into it`;
  const since = after === null ? '' : `, ${(after.ms / 1000).toFixed(3)} s after ${after.event}`;
  return `, the first${into}${since} (frame ${frame} of ${capture})`;
}

interface Step {
  readonly ms: number;
  readonly name: string;
}

function stepsOf(events: readonly JournalEvent[]): Step[] {
  return events.flatMap(({ event, detail, at }) => {
    const stepName = STEPS[event];
    if (stepName === undefined) return [];
    const name = typeof detail.name === 'string' && event === 'rotation-step' ? detail.name.replaceAll('-', ' ') : stepName;
    const where = [detail.node, detail.pod].filter((value) => typeof value === 'string').join(' ');
    const key = typeof detail.spi === 'number' ? `key ${detail.spi}` : '';
    return [{ ms: Date.parse(at.utc), name: [name, where, key].filter((part) => part !== '').join(', ') }];
  });
}

function drawing(window: WindowReport, steps: readonly Step[], from: number, to: number): Markup {
  const x = (ms: number) => LEFT + (Math.min(Math.max(ms - from, 0), to - from) / (to - from)) * (WIDTH - LEFT - 12);
  const lanes = [...Map.groupBy(window.spis, (use) => `${use.from} → ${use.to}`).entries()];
  const order = [...new Set(window.spis.toSorted((a, b) => a.firstMs - b.firstMs).map((use) => use.spi))];
  const losing = window.loads.filter((load) => load.lostAtMs.length > 0);
  const bottom = 14 + (lanes.length + Math.max(losing.length, 1)) * LANE;
  const seconds = Math.max(1, Math.round((to - from) / 8000));
  const ticks = Array.from({ length: Math.floor((to - from) / 1000 / seconds) + 1 }, (_, index) => index * seconds);
  return html`<div class="scroll"><svg class="window" viewBox="0 0 ${WIDTH} ${bottom + 34}" role="img" aria-labelledby="window-t window-d"><title id="window-t">SPI by direction over time</title>
<desc id="window-d">${lanes.map(([name, uses]) => `${name}: ${uses.map((use) => `SPI ${short(use.spi)} from ${since(use.firstMs, from)} to ${since(use.lastMs, from)}`).join(', then ')}`).join('. ')}</desc>
${steps.map((step, index) => html`<line class="step" x1="${x(step.ms).toFixed(1)}" x2="${x(step.ms).toFixed(1)}" y1="4" y2="${bottom}"><title>${index + 1}. ${since(step.ms, from)} ${step.name}</title></line>`)}
${lanes.map(([name, uses], lane) => html`<text class="lane" x="0" y="${14 + lane * LANE + 15}">${name}</text>${uses.map((use, row) => bar(use, order.indexOf(use.spi), 14 + lane * LANE, row, x))}`)}
${losing.length === 0 ? html`<text class="lane" x="0" y="${14 + lanes.length * LANE + 15}">lost requests</text><text class="none" x="${LEFT}" y="${14 + lanes.length * LANE + 15}">none</text>` : losing.map((load, index) => losses(load, 14 + (lanes.length + index) * LANE, x))}
<line class="axis-line" x1="${LEFT}" x2="${WIDTH - 12}" y1="${bottom}" y2="${bottom}"/>
${ticks.map((tick) => html`<text class="tick-text" x="${x(from + tick * 1000).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${tick} s</text>`)}</svg></div>
${steps.length > 0 && html`<details><summary>${steps.length} steps of the change (dashed lines)</summary><ol class="steps">${steps.map((step) => html`<li><b>${since(step.ms, from)}</b> ${step.name}</li>`)}</ol></details>`}`;
}

/** A bar of one SPI. SPIs of one direction are drawn below each other, so that an overlap is visible. */
function bar(use: SpiUse, tone: number, top: number, row: number, x: (ms: number) => number): Markup {
  const start = x(use.firstMs);
  const width = Math.max(2, x(use.lastMs) - start);
  const y = top + 2 + (row % 2) * 9;
  const label = `SPI ${short(use.spi)}`;
  return html`<g class="spi-${tone % 3}"><rect x="${start.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="13" rx="2"><title>${use.from} to ${use.to}, ${label}, ${count(use.frames)} frames</title></rect>${width > 60 && html`<text class="in" x="${(start + 5).toFixed(1)}" y="${y + 10}">${label}</text>`}</g>`;
}

function losses(load: WindowLoad, top: number, x: (ms: number) => number): Markup {
  return html`<text class="lane" x="0" y="${top + 15}">lost, ${load.protocol}</text>${load.lostAtMs.map((ms) => html`<text class="loss" x="${x(ms).toFixed(1)}" y="${top + 16}" text-anchor="middle">✕<title>${load.source} to ${load.destination}</title></text>`)}`;
}

function spiTable(spis: readonly SpiUse[], from: number | null): Markup | null {
  if (spis.length === 0) return null;
  return html`<details><summary>${spis.length} SPIs by direction</summary><div class="scroll"><table class="list tight"><caption class="sr">SPIs on the wire by direction</caption><thead><tr><th scope="col">Direction</th><th scope="col">SPI</th><th scope="col">SA</th><th scope="col" class="n">Frames</th><th scope="col" class="n">First</th><th scope="col" class="n">Last</th></tr></thead>
<tbody>${spis.map((use) => html`<tr><th scope="row">${use.from} → ${use.to}</th><td><code>${use.spi}</code></td><td>${use.src} → ${use.dst}</td><td class="n">${count(use.frames)}</td><td class="n">${from === null ? '—' : since(use.firstMs, from)}</td><td class="n">${from === null ? '—' : since(use.lastMs, from)}</td></tr>`)}</tbody></table></div></details>`;
}

function loadTable(loads: readonly WindowLoad[], from: number | null): Markup | null {
  if (loads.length === 0) return null;
  return html`<h3>Streams of requests</h3><div class="scroll"><table class="list"><caption class="sr">Requests sent, answered and lost by stream</caption><thead><tr><th scope="col">From → to</th><th scope="col">Kind</th><th scope="col" class="n">Sent</th><th scope="col" class="n">Lost</th><th scope="col" class="n">Longest gap</th><th scope="col">Lost at</th></tr></thead>
<tbody>${loads.map((load) => html`<tr><th scope="row">${load.source} → ${load.destination}</th><td>${load.protocol.toUpperCase()} over ${load.family === 'ipv4' ? 'IPv4' : 'IPv6'}</td><td class="n">${count(load.sent)}</td><td class="n">${count(load.sent - load.answered)}</td><td class="n">${count(Math.round(load.longestGapMs))} ms</td><td><small>${lostAt(load, from)}</small></td></tr>`)}</tbody></table></div>`;
}

function lostAt(load: WindowLoad, from: number | null): string {
  const [first] = load.lostAtMs;
  const last = load.lostAtMs.at(-1);
  if (first === undefined || last === undefined || from === null) return load.sent === load.answered ? '—' : 'not known';
  return first === last ? since(first, from) : `${since(first, from)} to ${since(last, from)}`;
}

function since(ms: number, from: number): string {
  return `${((ms - from) / 1000).toFixed(2)} s`;
}

/** `0x00000003` as a decimal number: 3. */
function short(spi: string): string {
  return String(Number.parseInt(spi, 16));
}
