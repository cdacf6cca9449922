import type { Check } from '../../harness/judge/check.ts';
import { keptFrameGaps, partsAt } from '../../harness/judge/window/kept-frames.ts';
import { isWatch, reconciles, type WatchMinute, watchedPlaces } from '../../harness/judge/window/watch.ts';

/** WIR-15: in a long watch every frame was either kept or counted as ciphertext. */
export const wir15: Check = {
  id: 'WIR-15',
  must: 'In every minute of a long watch the frames that were kept and those that were counted as ciphertext are what the interface counted, and none was lost; the files have the frames that were counted as kept',
  modes: ['ipsec', 'wireguard'],
  evidence:
    'counters of the interface and of two tcpdumps with filters that complement each other, read together every minute (`--watch`), and the files of the sentinel',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Frames that neither filter took: look in the named minute for programs that take packets past captures (XDP). Frames that were counted and are in no file: the recording was damaged or edited, record again. An interface that combines frames counts others than a capture sees: watch a tap outside the node, or turn offloads off for the time (`ethtool -K DEVICE tso off gso off gro off`). Frames that were dropped: give the capture pods more processor time.',
  judge(x) {
    const { window, manifest } = x.facts;
    if (!isWatch(window.events)) return x.set('not-exercised', 'no long watch was recorded (--scenario observe --watch)');
    const places = watchedPlaces(window.events);
    const taps = places.filter(({ node }) => node === null);
    const seen = taps.length > 0 ? taps : places;
    x.observe(...seen.map(({ name, minutes }) => `${name}: ${totals(minutes)}`));
    if (seen.length === 0) x.gap('no place was counted');
    if (taps.length === 0)
      for (const { name } of manifest.cluster.nodes)
        if (!seen.some(({ node }) => node === name)) x.gap(`nothing was counted on ${name}`, { node: name });
    for (const place of seen) {
      const { name, node, minutes, gaps } = place;
      const about = node === null ? {} : { node };
      x.cite(...partsAt(place, x.facts.wire.captures).map(({ record }) => record.file));
      for (const gap of [...gaps, ...keptFrameGaps(place, x.facts.wire.captures, window.events)]) x.gap(`${name}: ${gap}`, about);
      for (const [index, minute] of minutes.entries()) {
        for (const gap of minute.gaps) x.gap(`${name}, ${minute.from.utc} to ${minute.to.utc}: ${gap}`, about);
        // What was missing once is missing in the sum from then on: it is said once.
        if ((minutes[index - 1]?.sumGaps.length ?? 0) === 0)
          for (const gap of minute.sumGaps) x.gap(`${name}, from ${minute.from.utc} on: ${gap}`, about);
        if (reconciles(minute)) x.held();
      }
      const open = minutes.filter((minute) => !reconciles(minute));
      if (open.length > 0)
        x.note(
          `${name}: ${open.length} of ${minutes.length} minute(s) do not reconcile, the first from ${open[0]?.from.utc}, the last until ${open.at(-1)?.to.utc}`,
        );
    }
    return x.conclude(
      'minutes',
      'kept and ciphertext add up to what the interface counted, and the files have what was counted as kept, within the frames that passed while the counters were read',
    );
  },
};

function totals(minutes: readonly WatchMinute[]): string {
  const sum = (of: (minute: WatchMinute) => number): number => minutes.reduce((n, minute) => n + of(minute), 0);
  const width = minutes.reduce((n, { least, most }) => Math.max(n, most - least), 0);
  return `${minutes.length} minute(s), ${sum((m) => m.kept)} frame(s) kept, ${sum((m) => m.ciphertext)} of ciphertext; at most ${width} passed while the counters of a minute were read`;
}
