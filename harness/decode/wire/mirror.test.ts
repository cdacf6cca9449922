import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inChunks, pcapFile } from '../../testing/capture-file.ts';
import { readCapture } from './capture.ts';
import { MirrorFilter } from './mirror.ts';
import { emptyRawFrame } from './record.ts';

/** What a filter passes on, and how many copies it removed. */
function filtered(frames: readonly string[]): { passed: string[]; copies: number } {
  const passed: string[] = [];
  const filter = new MirrorFilter(
    ({ buffer, start, caplen }) => void passed.push(Buffer.from(buffer.subarray(start, start + caplen)).toString()),
  );
  for (const text of frames) {
    const buffer = Buffer.from(text);
    filter.add({ ...emptyRawFrame(), buffer, caplen: buffer.length, len: buffer.length });
  }
  filter.end();
  return { passed, copies: filter.copies };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `frame ${i}`);

test('when a capture shows each frame twice, one copy is passed on', () => {
  for (const count of [2, 5, 300, 1000]) {
    const twice = names(count).flatMap((name) => [name, name]);
    expect(filtered(twice)).toEqual({ passed: names(count), copies: count });
  }
  const apart = names(400).flatMap((name, i) => (i % 2 === 0 ? [name, `frame ${i + 1}`, name, `frame ${i + 1}`] : []));
  expect(filtered(apart)).toEqual({ passed: names(400), copies: 400 });
});

test('frames that repeat in a capture not from a mirror port are replays, and stay', () => {
  const replayed = [...names(300), ...names(40), ...names(300)];
  expect(filtered(replayed)).toEqual({ passed: replayed, copies: 0 });
  expect(filtered(['a', 'a'])).toEqual({ passed: ['a', 'a'], copies: 0 });
});

test('on a mirror port a frame that came three times is still a replay', () => {
  const twice = names(300).flatMap((name) => [name, name]);
  expect(filtered([...twice, 'frame 299']).passed).toEqual([...names(300), 'frame 299']);
});

test('with any frames only copies are removed, and the order stays', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 600 }), (frames) => {
      const { passed, copies } = filtered(frames);
      expect(passed.length + copies).toBe(frames.length);
      expect([...new Set(passed)]).toEqual([...new Set(frames)]);
    }),
  );
});

test('what is passed on keeps its number in the file', async () => {
  const numbers: number[] = [];
  const filter = new MirrorFilter(({ number }) => void numbers.push(number));
  const frames = names(300).flatMap((name) => [Buffer.from(name), Buffer.from(name)]);
  await readCapture(inChunks(pcapFile(frames), 1000), filter.add);
  filter.end();
  expect(numbers).toEqual(names(300).map((_, i) => 2 * i + 1));
});
