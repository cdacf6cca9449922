import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

test('no more than the limit run at once, every action runs, and a failure frees its place', async () => {
  const gate = new Gate(2);
  let inside = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 7 }, (_, index) =>
      gate.pass(async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        if (index % 3 === 0) throw new Error(`failed ${index}`);
        return index;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(results.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'rejected',
  ]);
});
