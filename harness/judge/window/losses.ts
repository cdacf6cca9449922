import type { TrafficRecord } from '../../model/recording.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import type { Facts } from '../facts.ts';
import type { Examination } from '../state/examination.ts';
import { changeGaps, changeOf, changesIn } from './change.ts';
import { eventsOf, since } from './moments.ts';

/** Largest number of losses that a sentence names with their time. */
const NAMED = 4;
/** If requests are also lost without a change, the change is blamed only for a share of losses above this multiple of that share. */
const OF_THE_CHANGE = 2;

/** Requests of the window that were not answered, by flow. */
export function windowTraffic(facts: Facts): readonly TrafficRecord[] {
  return facts.manifest.traffic.filter((t) => t.phase === 'window');
}

/** At least this many requests of each flow are sent after the change is complete. */
const LAST_REQUESTS = 5;

/** Whether one of the last requests got an answer. Losses beyond those that are kept are unknown. */
export function answersAtTheEnd({ sent, answered, load }: TrafficRecord): boolean {
  const losses = load?.losses ?? [];
  return (
    answered > 0 &&
    losses.length === sent - answered &&
    losses.filter(({ sequence }) => sequence > sent - LAST_REQUESTS).length < LAST_REQUESTS
  );
}

/** Requests of one flow before the change began and from then on. */
interface Losses {
  readonly flow: TrafficRecord;
  readonly sentBefore: number;
  readonly lostBefore: number;
  readonly sent: number;
  readonly lost: number;
}

/** Changes that may lose requests, each within its budget. */
export type CostlyChange = keyof typeof LOSS_BUDGETS;

/**
 * Requests a flow may lose. Rotation: agents 1.14.5 and 1.18.3 lost none of 2045 and 2910 pings. Restart of the agents, each once: agent
 * 1.14.5 lost 3 pings one way and 5 the other at five a second; an upgrade is such a restart.
 */
export const LOSS_BUDGETS = { rotation: 0, 'agent-restart': 5, upgrade: 5 } as const satisfies Partial<Record<ScenarioName, number>>;

/**
 * Compare the requests of every flow that were lost after a change began with the budget of the change. Requests that were lost earlier are
 * not caused by it, and show how many the cluster loses without a change: if it loses as many without the change, nothing can be said about
 * the change. Requests that were lost after another change began belong to that change.
 */
export function expectLossWithin(x: Examination, change: CostlyChange): void {
  const flows = windowTraffic(x.facts);
  if (flows.length === 0) x.gap('no traffic was driven in the window');
  for (const gap of changeGaps(x.facts, change)) x.gap(gap);
  const account = accountOf(x.facts, change);
  const counted = flows.filter((flow) => flow.sent > 0 && flow.answered <= flow.sent).map((flow) => lossesOf(flow, account));
  for (const flow of flows) {
    if (flow.sent === 0) x.gap(`${nameOf(flow)}: no request was sent${flow.note === '' ? '' : `: ${flow.note}`}`);
    else if (flow.answered > flow.sent) x.gap(`${nameOf(flow)}: ${flow.answered} answers to ${flow.sent} requests`);
  }
  for (const own of counted) {
    const before = counted.filter(({ flow }) => flow.protocol === own.flow.protocol);
    judge(x, own, shareLostBefore(before), account);
  }
  const [sent, answered] = [flows.reduce((n, f) => n + f.sent, 0), flows.reduce((n, f) => n + f.answered, 0)];
  const gap = Math.max(0, ...flows.map((f) => f.load?.longestGapMs ?? 0));
  x.note(`${sent} request(s) of ${flows.length} flow(s), ${sent - answered} lost, longest time without an answer ${gap} ms`);
  const early = counted.reduce((n, { lostBefore }) => n + lostBefore, 0);
  if (early > 0) x.note(`${early} of them lost before the change began`);
}

/** The losses of a change, by monotonic milliseconds of the run. */
interface Account {
  readonly began: number;
  readonly budget: number;
  /** Losses that other changes at the same time may have caused; 0 if there was none. */
  readonly others: number;
  isOwn(ms: number): boolean;
}

function accountOf(facts: Facts, change: CostlyChange): Account {
  const own = changeOf(facts, change);
  const [began, ended] = [own?.from.monotonicMs ?? Number.NEGATIVE_INFINITY, own?.to.monotonicMs ?? Number.POSITIVE_INFINITY];
  const others = [...changesIn(facts)].flatMap((name) => {
    const stretch = name === change || !(name in LOSS_BUDGETS) ? null : changeOf(facts, name);
    const [from, to] = [stretch?.from.monotonicMs, stretch?.to.monotonicMs];
    return from === undefined || to === undefined ? [] : [{ from, to, budget: budgetOf(facts, name as CostlyChange) }];
  });
  const atOnce = others.filter(({ from, to }) => from <= ended && to >= began);
  return {
    began,
    budget: budgetOf(facts, change),
    others: atOnce.reduce((sum, { budget }) => sum + budget, 0),
    isOwn: (ms) => ms >= began && (ms <= ended || !others.some(({ from }) => from > began && ms >= from)),
  };
}

/** Each restart of the agents has this budget. */
function budgetOf(facts: Facts, change: CostlyChange): number {
  const restarts = Map.groupBy(eventsOf(facts, 'agent-restart'), ({ detail }) => detail.node);
  const rounds = change === 'agent-restart' ? Math.max(1, ...[...restarts.values()].map((list) => list.length)) : 1;
  return LOSS_BUDGETS[change] * rounds;
}

function judge(x: Examination, own: Losses, before: number, account: Account): void {
  const { budget, others } = account;
  const text = describeLoss(x.facts, own, account);
  if (own.lost <= budget) x.held();
  else if (own.lost <= budget + others) x.gap(`${text}; but something else was changed at the same time, which may lose ${others}`);
  else if (before > 0 && own.lost / Math.max(1, own.sent) <= OF_THE_CHANGE * before)
    x.gap(
      `${text}; but ${(before * 100).toFixed(1)} % of ${own.flow.protocol} requests were lost before the change too, so its own losses are not known`,
    );
  else x.fault(text);
}

function lossesOf(flow: TrafficRecord, { began, isOwn }: Account): Losses {
  const times = (flow.load?.losses ?? []).map(({ at }) => at.monotonicMs);
  const lostBefore = times.filter((ms) => ms < began).length;
  const ofOthers = times.filter((ms) => ms >= began && !isOwn(ms)).length;
  const interval = flow.load?.intervalMs ?? 0;
  const milliseconds = began - flow.startedAt.monotonicMs;
  const sentBefore = interval > 0 && milliseconds > 0 ? Math.min(flow.sent, Math.ceil(milliseconds / interval)) : lostBefore;
  return { flow, sentBefore, lostBefore, sent: flow.sent - sentBefore, lost: flow.sent - flow.answered - lostBefore - ofOthers };
}

function shareLostBefore(list: readonly Losses[]): number {
  const sent = list.reduce((n, { sentBefore }) => n + sentBefore, 0);
  return sent === 0 ? 0 : list.reduce((n, { lostBefore }) => n + lostBefore, 0) / sent;
}

function describeLoss(facts: Facts, { flow, lost }: Losses, { isOwn, budget }: Account): string {
  const losses = (flow.load?.losses ?? []).filter(({ at }) => isOwn(at.monotonicMs));
  const times = losses.slice(0, NAMED).map((l) => `request ${l.sequence} at ${since(facts, Date.parse(l.at.utc))}`);
  const when = times.length === 0 ? '' : `: ${times.join(', ')}${lost > times.length ? ` and ${lost - times.length} more` : ''}`;
  return `${nameOf(flow)}: ${lost} of ${flow.sent} requests lost, allowed ${budget}${when}`;
}

function nameOf(flow: TrafficRecord): string {
  return `${flow.source.name} -> ${flow.destination.name} ${flow.family} ${flow.protocol}`;
}
