import { expect, test } from 'vitest';
import { setGuestClock } from './clock.ts';

/** A guest whose clock differs by so much, and in which the program that sets it acts late by each of these in turn, then in time; in ms. */
function guest(ahead: number, ...late: readonly number[]) {
  const set: number[] = [];
  let difference = ahead;
  const run = async (argv: readonly string[]) => {
    const to = /^@(.*)$/.exec(argv[2] ?? '')?.[1];
    if (to !== undefined) {
      difference = Number(to) * 1000 - Date.now() - (late[set.length] ?? 0);
      set.push(difference);
    }
    return { argv, exitCode: 0, stdout: `${((Date.now() + difference) / 1000).toFixed(6)}\n`, stderr: '' };
  };
  return { root: { name: 'guest', run }, set };
}

const middle = ({ low, high }: { readonly low: number; readonly high: number }): number => (low + high) / 2;

test('a clock that is off is set, one that is right is left alone', async () => {
  const off = guest(700);
  expect(Math.abs(middle(await setGuestClock(off.root)))).toBeLessThan(400);
  expect(off.set.length).toBeGreaterThanOrEqual(1);
  const right = guest(0);
  await setGuestClock(right.root);
  expect(right.set).toEqual([]);
});

test('a clock that was set late is set again, a few times at most, and its difference is told', async () => {
  const late = guest(700, 5000, 5000);
  expect(Math.abs(middle(await setGuestClock(late.root)))).toBeLessThan(4000);
  expect(late.set.length).toBeGreaterThanOrEqual(3);
  const always = guest(700, ...Array.from({ length: 9 }, () => 5000));
  expect(middle(await setGuestClock(always.root))).toBeLessThan(-4000);
  expect(always.set).toHaveLength(5);
});
