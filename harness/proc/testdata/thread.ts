import { threadId } from 'node:worker_threads';
import { answerTasks, givenToThread } from '../threads.ts';

/** What the tests of threads ask for. */
export type ThreadTask =
  | { readonly do: 'add'; readonly to: number }
  | { readonly do: 'throw' | 'exit' | 'crash' | 'hang' | 'function' }
  | { readonly do: 'sum'; readonly bytes: Uint8Array }
  /** Announces itself in `arrived`, and waits until so many threads did. */
  | { readonly do: 'meet'; readonly arrived: Int32Array; readonly threads: number };

answerTasks<ThreadTask, unknown>(async (task) => {
  switch (task.do) {
    case 'add':
      return givenToThread<number>() + task.to;
    case 'sum':
      return task.bytes.reduce((sum, byte) => sum + byte, 0);
    case 'throw':
      throw new RangeError('the task failed');
    case 'exit':
      return process.exit(3);
    case 'crash':
      setImmediate(() => {
        throw new TypeError('the thread crashed');
      });
      return new Promise(() => {});
    case 'hang':
      for (;;);
    case 'function':
      return () => {};
    case 'meet': {
      Atomics.add(task.arrived, 0, 1);
      Atomics.notify(task.arrived, 0);
      for (let seen = Atomics.load(task.arrived, 0); seen < task.threads; seen = Atomics.load(task.arrived, 0))
        Atomics.wait(task.arrived, 0, seen);
      return threadId;
    }
  }
});
