import type { WatchState } from '../harness/model/watch-state.ts';
import { type MetricFamily, metricsText, seconds, states } from './metrics-text.ts';

/** OpenMetrics of a long watch that goes on, for a textfile collector. A verdict of `supports` says: so far. */
export function writeWatchMetrics({ claim, verdict, readAt, minutes, frames, keptBytes, recorderBytes }: WatchState): string {
  const one = (value: number): MetricFamily['samples'] => [[{}, value]];
  const gauge = (name: string, help: string, samples: MetricFamily['samples']): MetricFamily => ({ name, type: 'gauge', help, samples });
  const name = (rest: string): string => `wirewitness_watch_${rest}`;
  return metricsText(
    [
      {
        name: name('verdict'),
        type: 'stateset',
        help: 'What the watch shows so far.',
        samples: states(name('verdict'), verdict),
      },
      gauge(name('clear_frames'), 'Readable frames that must be encrypted.', one(frames.clear)),
      gauge(name('minutes'), 'Times between two readings of the counters, at all places.', one(minutes.all)),
      gauge(name('minutes_open'), 'Those of them that do not reconcile.', one(minutes.open)),
      gauge(name('frames'), 'Frames by what was done with them.', [
        [{ as: 'kept' }, frames.kept],
        [{ as: 'ciphertext' }, frames.ciphertext],
      ]),
      { ...gauge(name('kept_bytes'), 'Bytes of the sentinel captures so far.', one(keptBytes)), unit: 'bytes' },
      { ...gauge(name('recorder_memory_bytes'), 'Resident memory of this process.', one(recorderBytes)), unit: 'bytes' },
      {
        ...gauge(name('read_timestamp_seconds'), 'Time of the last reading.', readAt === null ? [] : one(seconds(readAt))),
        unit: 'seconds',
      },
    ],
    claim,
  );
}
