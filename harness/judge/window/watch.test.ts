import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JournalEvent } from '../../model/recording.ts';
import { watchFilters } from '../../stacks/capture-filter.ts';
import { instantAt } from '../../testing/recording.ts';
import { reconciles, watchedPlaces } from './watch.ts';

/**
 * What count.pl printed every 20 s on a node of Cilium 1.20.2 with WireGuard and native routing: a virtio card with TSO, files copied through the
 * API server. After reading 1 a pod pings one of the other node; between readings 10 and 11 an entry of the ipcache loses its key, and the pings
 * are readable.
 */
const READINGS = readFileSync(new URL('./testdata/node-nic.readings', import.meta.url), 'utf8')
  .trim()
  .split('\n');

const PLACE = { node: 'node1', interface: 'eth0' };

function minutesOf(lines: readonly string[]) {
  const argvs = Object.values(watchFilters('nic')).map((filter) => ['tcpdump', '-i', 'eth0', '-w', '/dev/null', filter]);
  const events = [
    { event: 'watch-counting', detail: { ...PLACE, vantage: 'nic', argvs } },
    ...lines.map((line) => ({ event: 'watch-reading', detail: { ...PLACE, line } })),
  ];
  return watchedPlaces(events.map((line, index): JournalEvent => ({ ...line, at: instantAt(20 * index) }))).flatMap(
    ({ minutes }) => minutes,
  );
}

test('the counters of a real card and of the two filters add up, and so they do when the ciphertext becomes readable', () => {
  const minutes = minutesOf(READINGS);
  expect(minutes).toHaveLength(16);
  expect(minutes.filter((minute) => !reconciles(minute))).toEqual([]);
  expect(minutes[8]).toMatchObject({ kept: 325, ciphertext: 182 });
  expect(minutes[11]).toMatchObject({ kept: 622, ciphertext: 2 });
});

test('frames of the readable ones that the sentinel did not take do not add up', () => {
  const lost = READINGS.map((line) => line.replace(/^(reading 1[1-6] .*? \d+,)(\d+)(,0 )/, (_, a, n, b) => `${a}${Number(n) - 20}${b}`));
  const open = minutesOf(lost).filter((minute) => !reconciles(minute));
  expect(open[0]?.gaps).toEqual([expect.stringMatching(/frame\(s\) or more crossed the interface that neither filter took/)]);
});
