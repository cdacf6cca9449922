import type { TrafficRecord } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';
import type { Examination } from '../state/examination.ts';
import { since } from './moments.ts';

/** Losses that a sentence names by time. */
const NAMED = 4;

/** Requests of the window that were not answered, by flow. */
export function windowTraffic(facts: Facts): readonly TrafficRecord[] {
  return facts.manifest.traffic.filter((t) => t.phase === 'window');
}

/** Hold every flow of the window to a budget of lost requests, and note what was sent and lost over all. */
export function expectLossWithin(x: Examination, budget: number): void {
  const flows = windowTraffic(x.facts);
  if (flows.length === 0) x.gap('no traffic was driven in the window');
  for (const flow of flows) {
    if (flow.sent === 0) x.gap(`${nameOf(flow)}: no request was sent${flow.note === '' ? '' : `: ${flow.note}`}`);
    else if (flow.answered > flow.sent) x.gap(`${nameOf(flow)}: ${flow.answered} answers to ${flow.sent} requests`);
    else x.expect(flow.sent - flow.answered <= budget, describeLoss(x.facts, flow, budget));
  }
  const [sent, answered] = [flows.reduce((n, f) => n + f.sent, 0), flows.reduce((n, f) => n + f.answered, 0)];
  const gap = Math.max(0, ...flows.map((f) => f.load?.longestGapMs ?? 0));
  x.note(`${sent} request(s) of ${flows.length} flow(s), ${sent - answered} lost, longest time without an answer ${gap} ms`);
}

function describeLoss(facts: Facts, flow: TrafficRecord, budget: number): string {
  const lost = flow.sent - flow.answered;
  const losses = flow.load?.losses ?? [];
  const times = losses.slice(0, NAMED).map((l) => `request ${l.sequence} at ${since(facts, Date.parse(l.at.utc))}`);
  const when = times.length === 0 ? '' : `: ${times.join(', ')}${lost > times.length ? ` and ${lost - times.length} more` : ''}`;
  return `${nameOf(flow)}: ${lost} of ${flow.sent} requests lost, allowed ${budget}${when}`;
}

function nameOf(flow: TrafficRecord): string {
  return `${flow.source.name} -> ${flow.destination.name} ${flow.family} ${flow.protocol}`;
}
