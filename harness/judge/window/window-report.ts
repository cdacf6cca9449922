import type { SpiUse, WindowReport } from '../../model/report.ts';
import type { Facts } from '../facts.ts';
import { windowTraffic } from './losses.ts';
import { changeBefore, firstMoment, lastMoment, momentOf } from './moments.ts';
import { readSentinel, type WindowLeak } from './sentinel.ts';
import { spiTimelineOf } from './timeline.ts';

/** The window for the report; nothing if the recording has none. */
export function windowReport(facts: Facts): { rotation?: WindowReport } {
  if (facts.wire.captures.every((c) => c.record.phase !== 'window')) return {};
  const { leaks } = readSentinel(facts);
  const spis = spiTimelineOf(facts).directions.flatMap(({ from, to, spans }) =>
    spans.map((span): SpiUse => ({ from: from ?? span.src, to: to ?? span.dst, ...span })),
  );
  return {
    rotation: {
      startedMs: firstMoment(facts, 'window-started'),
      endedMs: lastMoment(facts, 'window-ended'),
      spis,
      loads: windowTraffic(facts).map((flow) => ({
        id: flow.id,
        source: flow.source.name,
        destination: flow.destination.name,
        family: flow.family,
        protocol: flow.protocol,
        sent: flow.sent,
        answered: flow.answered,
        longestGapMs: flow.load?.longestGapMs ?? 0,
        lostAtMs: (flow.load?.losses ?? []).map(({ at }) => Date.parse(at.utc)),
      })),
      clearFrames: leaks.reduce((n, leak) => n + leak.frames, 0),
      ...firstClear(facts, leaks),
    },
  };
}

/** The first readable frame whose time is known, and the change before it. Leaks are in order of time. */
function firstClear(facts: Facts, leaks: readonly WindowLeak[]): Pick<WindowReport, 'firstClear'> {
  const first = leaks.find(({ firstMs }) => Number.isFinite(firstMs));
  if (first === undefined) return {};
  const cause = changeBefore(facts, first.firstMs);
  const after = cause === null ? null : { event: cause.event, detail: cause.detail, ms: first.firstMs - momentOf(cause) };
  return { firstClear: { atMs: first.firstMs, capture: first.capture, frame: first.frame, after } };
}
