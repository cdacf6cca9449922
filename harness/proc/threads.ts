import { availableParallelism, freemem } from 'node:os';
import { parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';

/** Threads of one module that answer tasks. Leaving its scope ends them. */
export interface ThreadPool<Task, Result> extends AsyncDisposable {
  /**
   * The answer of the next free thread; tasks are begun in the order in which they are given.
   * @throws the first error of any task or thread, or the reason of the signal: it ends every thread and every other task
   */
  run(task: Task, transfer?: readonly Transferable[]): Promise<Result>;
  /** Why no thread answers any more; null while they do. */
  ended(): { readonly error: unknown } | null;
}

export interface ThreadPoolOptions {
  /** The module of a thread; it calls {@link answerTasks}. */
  readonly entry: URL;
  /** What every thread gets when it starts: {@link givenToThread}. */
  readonly given?: unknown;
  /** Most threads. One is started when a task waits and none is free. */
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** What a thread says about its task. */
type Answer<Result> = { readonly result: Result } | { readonly error: Pick<Error, 'name' | 'message' | 'stack'> };

interface Waiting<Task, Result> {
  readonly task: Task;
  readonly transfer: readonly Transferable[];
  readonly settle: PromiseWithResolvers<Result>;
}

export function threadPool<Task, Result>({ entry, given, threads, signal }: ThreadPoolOptions): ThreadPool<Task, Result> {
  const queue: Waiting<Task, Result>[] = [];
  /** Every thread, with the task that it has. */
  const busy = new Map<Worker, Waiting<Task, Result> | null>();
  let ended: { readonly error: unknown; readonly gone: Promise<void> } | undefined;

  const end = (error: unknown): Promise<void> => {
    if (ended !== undefined) return ended.gone;
    signal?.removeEventListener('abort', onAbort);
    const open = [...[...busy.values()].filter((waiting) => waiting !== null), ...queue.splice(0)];
    const gone = Promise.all([...busy.keys()].map((thread) => thread.terminate())).then(() => {
      for (const { settle } of open) settle.reject(error);
    });
    ended = { error, gone };
    return gone;
  };
  const onAbort = (): void => void end(signal?.reason);
  const give = (thread: Worker): void => {
    const next = queue.shift();
    busy.set(thread, next ?? null);
    if (next === undefined) return;
    try {
      thread.postMessage(next.task, next.transfer);
    } catch (error) {
      // The task cannot be copied.
      void end(error);
    }
  };
  const start = (): void => {
    const thread = new Worker(entry, { workerData: given });
    busy.set(thread, null);
    thread.on('message', (answer: Answer<Result>) => {
      if ('error' in answer) return void end(Object.assign(new Error(answer.error.message), answer.error));
      busy.get(thread)?.settle.resolve(answer.result);
      give(thread);
    });
    thread.on('messageerror', (error) => void end(error));
    thread.on('error', (error) => void end(error));
    thread.on('exit', (code) => void end(new Error(`a thread of ${entry.pathname} ended with exit code ${code}`)));
    give(thread);
  };
  const begin = (): void => {
    const free = [...busy].find(([, waiting]) => waiting === null)?.[0];
    if (free !== undefined) give(free);
    else if (busy.size < threads) start();
  };

  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  return {
    run(task, transfer = []) {
      const settle = Promise.withResolvers<Result>();
      // Whoever asked sees the error; a caller who awaits one answer after the other must not end the process by the others.
      settle.promise.catch(() => {});
      if (ended !== undefined) settle.reject(ended.error);
      else {
        queue.push({ task, transfer, settle });
        try {
          begin();
        } catch (error) {
          // No further thread could be started.
          void end(error);
        }
      }
      return settle.promise;
    },
    ended: () => ended ?? null,
    [Symbol.asyncDispose]: () => end(new Error('the threads were ended before this task was done')),
  };
}

/** In the module of a thread: answer each task of the pool. Task and result are copied: only plain data, maps, sets and typed arrays stay what they are. */
export function answerTasks<Task, Result>(answer: (task: Task) => Promise<Result>): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a thread only');
  const fail = (thrown: unknown): void => {
    const { name, message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    port.postMessage({ error: { name, message, ...(stack === undefined ? {} : { stack }) } } satisfies Answer<Result>);
  };
  port.on('message', (task: Task) => {
    // Also a result that cannot be copied is an error of its task.
    answer(task)
      .then((result) => port.postMessage({ result } satisfies Answer<Result>))
      .catch(fail);
  });
}

/** In the module of a thread: what the pool was given for all threads. */
export function givenToThread<Given>(): Given {
  return workerData as Given;
}

/** What limits the number of threads. */
interface Machine {
  readonly cores: number;
  /** Bytes of memory that this process may still take. */
  readonly memory: number;
}

/** More threads than this make no difference on the disks and captures of today, and each takes memory. */
const MOST_THREADS = 8;

/** How many threads pay off here: at most one a core, and together at most half of the memory. */
export function usefulThreads(bytesEach: number, { cores, memory }: Machine = thisMachine()): number {
  return Math.max(1, Math.min(MOST_THREADS, cores, Math.floor(memory / 2 / bytesEach)));
}

function thisMachine(): Machine {
  // The limit of a container; without one it is 0 or more than any machine has. Its free memory is not asked: files in the page cache count as used there.
  const limit = process.constrainedMemory();
  const left = limit > 0 ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return { cores: availableParallelism(), memory: Math.min(freemem(), left) };
}
