import type { SpiUse, WindowReport } from '../../model/report.ts';
import type { Facts } from '../facts.ts';
import { windowTraffic } from './losses.ts';
import { firstMoment, lastMoment } from './moments.ts';
import { readSentinel } from './sentinel.ts';
import { spiTimelineOf } from './timeline.ts';

/** The window for those who draw it; nothing where the recording has none. */
export function windowReport(facts: Facts): { rotation?: WindowReport } {
  if (facts.wire.captures.every((c) => c.record.phase !== 'window')) return {};
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
      clearFrames: readSentinel(facts).leaks.reduce((n, leak) => n + leak.frames, 0),
    },
  };
}
