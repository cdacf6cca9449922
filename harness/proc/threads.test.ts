import { describe, expect, test } from 'vitest';
import type { ThreadTask } from './testdata/thread.ts';
import { threadPool, usefulThreads } from './threads.ts';

const entry = new URL('./testdata/thread.ts', import.meta.url);
const pool = (threads = 2, signal?: AbortSignal) =>
  threadPool<ThreadTask, unknown>({ entry, given: 40, threads, ...(signal === undefined ? {} : { signal }) });
const threadsOf = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

describe('a pool of threads', () => {
  test('answers each task with its own result', async () => {
    const before = threadsOf();
    {
      await using threads = pool();
      const tasks = Array.from({ length: 20 }, (_, to) => threads.run({ do: 'add', to }));
      expect(await Promise.all(tasks)).toEqual(Array.from({ length: 20 }, (_, to) => 40 + to));
      expect(threadsOf()).toBeGreaterThan(before);
      expect(threads.ended()).toBeNull();
    }
    expect(threadsOf()).toBe(before);
  });

  test('works in as many threads as asked, and in no more', async () => {
    const meet = (threads: number): ThreadTask => ({ do: 'meet', arrived: new Int32Array(new SharedArrayBuffer(4)), threads });
    await using three = pool(3);
    const together = meet(3);
    expect(new Set(await Promise.all([together, together, together].map((task) => three.run(task)))).size).toBe(3);
    const alone = Array.from({ length: 9 }, () => three.run(meet(1)));
    expect(new Set(await Promise.all(alone)).size).toBeLessThanOrEqual(3);
    await using one = pool(1);
    expect(new Set([await one.run(meet(1)), await one.run(meet(1))]).size).toBe(1);
  });

  test('hands over the memory of what is transferred', async () => {
    await using threads = pool(1);
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await threads.run({ do: 'sum', bytes }, [bytes.buffer])).toBe(6);
    expect(bytes.length).toBe(0);
  });

  test.each([
    ['throw', { name: 'RangeError', message: 'the task failed' }],
    ['function', { name: 'DataCloneError' }],
    ['exit', { message: expect.stringMatching(/thread\.ts ended with exit code 3/) }],
    ['crash', { name: 'TypeError', message: 'the thread crashed' }],
  ] as const)('ends every task and thread with the first error: %s', async (what, error) => {
    const before = threadsOf();
    await using threads = pool();
    const hanging = threads.run({ do: 'hang' });
    const failing = threads.run({ do: what });
    const waiting = threads.run({ do: 'add', to: 1 });
    await expect(failing).rejects.toMatchObject(error);
    expect(threadsOf()).toBe(before);
    await expect(hanging).rejects.toMatchObject(error);
    await expect(waiting).rejects.toMatchObject(error);
    await expect(threads.run({ do: 'add', to: 1 })).rejects.toMatchObject(error);
    expect(threads.ended()).toMatchObject({ error });
  });

  test('a task that cannot be copied, and a module that is not there, are errors', async () => {
    await using threads = pool();
    await expect(threads.run({ do: 'add', to: (() => {}) as never })).rejects.toMatchObject({ name: 'DataCloneError' });
    await using none = threadPool({ entry: new URL('./no-such-module.ts', import.meta.url), threads: 1 });
    await expect(none.run(1)).rejects.toThrow(/no-such-module/);
  });

  test('is ended by its signal, with the reason', async () => {
    const stop = new AbortController();
    await using threads = pool(2, stop.signal);
    const hanging = [threads.run({ do: 'hang' }), threads.run({ do: 'hang' })];
    await expect.poll(threadsOf).toBeGreaterThan(0);
    stop.abort(new Error('enough'));
    for (const task of hanging) await expect(task).rejects.toThrow('enough');
    await using late = pool(1, stop.signal);
    await expect(late.run({ do: 'add', to: 1 })).rejects.toThrow('enough');
  });

  test('leaving its scope ends a task that is not done', async () => {
    let hanging: Promise<unknown>;
    {
      await using threads = pool();
      hanging = threads.run({ do: 'hang' });
    }
    await expect(hanging).rejects.toThrow(/ended before/);
  });
});

test.each([
  [{ cores: 4, memory: 8000 }, 4],
  [{ cores: 64, memory: 8000 }, 8],
  [{ cores: 4, memory: 500 }, 2],
  [{ cores: 4, memory: 50 }, 1],
  [{ cores: 4, memory: -1 }, 1],
])('of 100 bytes for each thread %j allows %i', (machine, threads) => expect(usefulThreads(100, machine)).toBe(threads));
