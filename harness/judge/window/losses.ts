import type { TrafficRecord } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';
import type { Examination } from '../state/examination.ts';
import { changeGaps, changeOf } from './change.ts';
import { since } from './moments.ts';

/** Losses that a sentence names by time. */
const NAMED = 4;
/** Where requests are lost without any change too, only a share of losses above this multiple of that is the change's. */
const OF_THE_CHANGE = 2;

/** Requests of the window that were not answered, by flow. */
export function windowTraffic(facts: Facts): readonly TrafficRecord[] {
  return facts.manifest.traffic.filter((t) => t.phase === 'window');
}

/** Requests of one flow before the change began and from then on. */
interface Losses {
  readonly flow: TrafficRecord;
  readonly sentBefore: number;
  readonly lostBefore: number;
  readonly sent: number;
  readonly lost: number;
}

/**
 * Hold every flow of the window to a budget of lost requests from when the change began. What was lost before is not the change's, and
 * shows how much the cluster loses by itself: where it loses as much without the change, nothing can be said of it.
 */
export function expectLossWithin(x: Examination, budget: number): void {
  const flows = windowTraffic(x.facts);
  if (flows.length === 0) x.gap('no traffic was driven in the window');
  for (const gap of changeGaps(x.facts)) x.gap(gap);
  const began = changeOf(x.facts)?.from.monotonicMs ?? Number.NEGATIVE_INFINITY;
  const counted = flows.filter((flow) => flow.sent > 0 && flow.answered <= flow.sent).map((flow) => lossesOf(flow, began));
  for (const flow of flows) {
    if (flow.sent === 0) x.gap(`${nameOf(flow)}: no request was sent${flow.note === '' ? '' : `: ${flow.note}`}`);
    else if (flow.answered > flow.sent) x.gap(`${nameOf(flow)}: ${flow.answered} answers to ${flow.sent} requests`);
  }
  for (const own of counted) {
    const before = counted.filter(({ flow }) => flow.protocol === own.flow.protocol);
    judge(x, own, shareLostBefore(before), budget, began);
  }
  const [sent, answered] = [flows.reduce((n, f) => n + f.sent, 0), flows.reduce((n, f) => n + f.answered, 0)];
  const gap = Math.max(0, ...flows.map((f) => f.load?.longestGapMs ?? 0));
  x.note(`${sent} request(s) of ${flows.length} flow(s), ${sent - answered} lost, longest time without an answer ${gap} ms`);
  const early = counted.reduce((n, { lostBefore }) => n + lostBefore, 0);
  if (early > 0) x.note(`${early} of them lost before the change began`);
}

function judge(x: Examination, own: Losses, before: number, budget: number, began: number): void {
  const text = describeLoss(x.facts, own, budget, began);
  if (own.lost <= budget) x.held();
  else if (before > 0 && own.lost / Math.max(1, own.sent) <= OF_THE_CHANGE * before)
    x.gap(
      `${text}; but ${(before * 100).toFixed(1)} % of ${own.flow.protocol} requests were lost before the change too: it cannot be told apart`,
    );
  else x.fault(text);
}

function lossesOf(flow: TrafficRecord, began: number): Losses {
  const lostBefore = (flow.load?.losses ?? []).filter(({ at }) => at.monotonicMs < began).length;
  const interval = flow.load?.intervalMs ?? 0;
  const milliseconds = began - flow.startedAt.monotonicMs;
  const sentBefore = interval > 0 && milliseconds > 0 ? Math.min(flow.sent, Math.ceil(milliseconds / interval)) : lostBefore;
  return { flow, sentBefore, lostBefore, sent: flow.sent - sentBefore, lost: flow.sent - flow.answered - lostBefore };
}

function shareLostBefore(list: readonly Losses[]): number {
  const sent = list.reduce((n, { sentBefore }) => n + sentBefore, 0);
  return sent === 0 ? 0 : list.reduce((n, { lostBefore }) => n + lostBefore, 0) / sent;
}

function describeLoss(facts: Facts, { flow, lost }: Losses, budget: number, began: number): string {
  const losses = (flow.load?.losses ?? []).filter(({ at }) => at.monotonicMs >= began);
  const times = losses.slice(0, NAMED).map((l) => `request ${l.sequence} at ${since(facts, Date.parse(l.at.utc))}`);
  const when = times.length === 0 ? '' : `: ${times.join(', ')}${lost > times.length ? ` and ${lost - times.length} more` : ''}`;
  return `${nameOf(flow)}: ${lost} of ${flow.sent} requests lost, allowed ${budget}${when}`;
}

function nameOf(flow: TrafficRecord): string {
  return `${flow.source.name} -> ${flow.destination.name} ${flow.family} ${flow.protocol}`;
}
