import { describe, expect, test } from 'vitest';
import { formerWatchFilters, type WatchFilters, watchFilters } from '../../harness/stacks/capture-filter.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { nodeFrame } from '../../harness/testing/node-frames.ts';
import { udpDatagram } from '../../harness/testing/packets.ts';
import { type WindowStory, windowRecording } from '../../harness/testing/window-recording.ts';
import { wir08 } from './wir-08-wireguard.ts';
import { wir15 } from './wir-15-minutes.ts';

type Line = NonNullable<WindowStory['events']>[number];

const PLACE = { node: null, interface: 'br-lab' };
const counting = (filters: WatchFilters) => Object.values(filters).map((filter) => ['tcpdump', '-i', 'br-lab', '-w', '/dev/null', filter]);
const argvs = counting(watchFilters('wire'));
const SAID = [0, 1].map((index) => `${index}: tcpdump: listening on br-lab, link-type EN10MB (Ethernet), snapshot length 64 bytes`);

/** One reading: what the interface counted before and after, and what the two filters had taken. */
interface Figures {
  readonly before: number;
  readonly kept: string;
  readonly ciphertext: string;
  readonly after: number;
}

const all = (n: number): Figures => ({ before: 100 * n, kept: `${n},${n},0`, ciphertext: `${99 * n},${99 * n},0`, after: 100 * n });

/** The lines of a watch of three minutes of ten seconds each. */
function lines(
  figures: readonly Figures[],
  more: { readonly argvs?: readonly unknown[]; readonly said?: readonly string[] | null } = {},
): Line[] {
  const readings = figures.map(({ before, kept, ciphertext, after }, number): Line => {
    const final = number === figures.length - 1 ? 1 : 0;
    const line = `reading ${number} ${final} ${1000 + 11 * number} ${before} 0 ${kept} ${ciphertext} ${after} 0`;
    return { event: 'watch-reading', at: -1 + 11 * number, detail: { ...PLACE, line } };
  });
  const { said = SAID } = more;
  return [
    { event: 'watch-started', at: -3 },
    { event: 'watch-counting', at: -2, detail: { ...PLACE, vantage: 'wire', argvs: more.argvs ?? argvs } },
    ...readings,
    ...(said === null ? [] : [{ event: 'watch-counted', at: 33, detail: { ...PLACE, exitCode: 0, said } }]),
  ];
}

async function judged(events: readonly Line[]) {
  const { verdicts } = await judgeAsText(windowRecording({ scenario: 'observe', sentinel: [], cipher: null, events }), [wir15]);
  return verdicts[0];
}

const HEALTHY = [0, 1, 2, 3].map(all);
const changed = (index: number, more: Partial<Figures>): Figures[] =>
  HEALTHY.map((figures, at) => (at === index ? { ...figures, ...more } : figures));

describe('WIR-15', () => {
  test('holds when kept and ciphertext are what the interface counted', async () => {
    expect(await judged(lines(HEALTHY))).toMatchObject({ verdict: 'supports', reason: expect.stringContaining('3 minutes') });
  });

  test('holds with the filters of earlier recordings', async () => {
    const former = counting(formerWatchFilters('wire'));
    expect(await judged(lines(HEALTHY, { argvs: former }))).toMatchObject({ verdict: 'supports' });
  });

  test('is not exercised where ciphertext was kept', async () => {
    expect(await judged([])).toMatchObject({ verdict: 'not-exercised' });
  });

  test('allows what passed while the counters were read, and no frame more', async () => {
    const slow = HEALTHY.map((figures) => ({ ...figures, after: figures.after + 5 }));
    expect(await judged(lines(slow))).toMatchObject({ verdict: 'supports' });
    const late = slow.map((figures, n) => (n < 2 ? figures : { ...figures, before: figures.before + 6, after: figures.after + 6 }));
    expect(await judged(lines(late))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/1 frame\(s\) or more crossed the interface that neither filter took/),
    });
  });

  test('counts on when the 32 bits of tcpdump are full', async () => {
    const wrapped = HEALTHY.map((figures, n) => ({ ...figures, ciphertext: `0,${(2 ** 32 - 150 + 99 * n) % 2 ** 32},0` }));
    expect(await judged(lines(wrapped))).toMatchObject({ verdict: 'supports' });
  });

  test('names the minute of a frame that neither filter took, and those after it for the sum', async () => {
    const leaked = HEALTHY.map((figures, n) => (n < 2 ? figures : { ...figures, before: figures.before + 7, after: figures.after + 7 }));
    const found = await judged(lines(leaked));
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/00:01:10\.000Z to 2026-01-01T00:01:21\.000Z: 7 frame/),
    });
  });

  test.each<[string, Line[], RegExp]>([
    ['more taken than counted', lines(changed(3, { kept: '4,4,0' })), /1 frame\(s\) or more were taken that the interface did not count/],
    ['dropped frames', lines(changed(3, { ciphertext: '290,297,7' })), /dropped 7 frame\(s\) of ciphertext/],
    ['a dead tcpdump', lines(changed(2, { ciphertext: '-' })), /gave no statistics/],
    ['a reading left out', lines(HEALTHY).filter((_, index) => index !== 4), /a reading of the counters is missing/],
    ['a counter that ended early', lines(HEALTHY).filter((_, index) => index !== 5), /nothing was counted after/],
    ['no end', lines(HEALTHY, { said: null }), /does not say what the tcpdumps/],
    [
      'a filter that takes less',
      lines(HEALTHY, { argvs: [argvs[0], [...argvs[1]!.slice(0, -1), 'esp']] }),
      /that counts ciphertext was not told to/,
    ],
    [
      'a tcpdump elsewhere',
      lines(HEALTHY, { said: SAID.map((line) => line.replace('br-lab', 'lo')) }),
      /never said that it was listening on br-lab/,
    ],
    ['no reading', lines([]), /no reading of the counters/],
  ])('is inconclusive with %s', async (_, events, reason) => {
    expect(await judged(events)).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) });
  });
});

test('a datagram to the port of WireGuard that is too short for it is found in the sentinel of a window', async () => {
  const short = { at: 10, bytes: nodeFrame('out', 17, udpDatagram(50_000, 51871, Buffer.from('abc'))) };
  const story = { scenario: 'observe', intent: { mode: 'wireguard' }, cipher: null } as const;
  const { verdicts } = await judgeAsText(windowRecording({ ...story, sentinel: [short] }), [wir08]);
  expect(verdicts[0]).toMatchObject({ verdict: 'contradicts', reason: expect.stringContaining('1 frame(s) 172.18.0.1 > 172.18.0.2') });
});
