import { afterEach, expect, test, vi } from 'vitest';
import { InterruptedError, Interruption } from './interruption.ts';

afterEach(() => vi.restoreAllMocks());

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listeners = () => NAMES.map((name) => process.listenerCount(name));

/** The listener that the interruption put up, so that nobody else's is called. */
function signalTo(name: (typeof NAMES)[number]): void {
  process.listeners(name).at(-1)?.(name);
}

test.each(NAMES)('%s aborts the run and says so; a second signal ends the process at once', (name) => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const said: string[] = [];
  using interruption = new Interruption((line) => said.push(line));
  expect(interruption.signal.aborted).toBe(false);
  signalTo(name);
  expect(said).toEqual([expect.stringMatching(`^${name}: the run ends, .* another signal ends it at once`)]);
  expect(interruption.signal.reason).toBeInstanceOf(InterruptedError);
  expect(interruption.signal.reason).toMatchObject({ message: `interrupted by ${name}` });
  expect(exit).not.toHaveBeenCalled();
  expect(() => signalTo('SIGINT')).toThrow('exit 130');
});

test('takes its listeners away when the run is over', () => {
  const before = listeners();
  {
    using _ = new Interruption();
    expect(listeners()).toEqual(before.map((count) => count + 1));
  }
  expect(listeners()).toEqual(before);
});

test('the first Ctrl-C ends what may be ended early, the second one aborts the run', () => {
  const said: string[] = [];
  using interruption = new Interruption((line) => said.push(line));
  const ends: string[] = [];
  {
    using _ = interruption.endsEarly(() => ends.push('first'));
  }
  using _ = interruption.endsEarly(() => ends.push('second'));
  signalTo('SIGINT');
  expect(ends).toEqual(['second']);
  expect(said).toEqual([expect.stringContaining('ending early')]);
  expect(interruption.signal.aborted).toBe(false);
  signalTo('SIGINT');
  expect(interruption.signal.aborted).toBe(true);
});

test('SIGTERM ends nothing early: it aborts', () => {
  using interruption = new Interruption();
  using _ = interruption.endsEarly(() => {
    throw new Error('not by this signal');
  });
  signalTo('SIGTERM');
  expect(interruption.signal.aborted).toBe(true);
});
