import { describe, expect, test } from 'vitest';
import { again } from './again.ts';
import { CommandTimeoutError, LostConnectionError } from './errors.ts';
import { asUnanswered } from './unanswered.ts';

const lost = () => new LostConnectionError('node1', ['ip'], 'gone');

/** Fails with these errors one after the other, then gives its number of calls. */
function failing(...errors: readonly Error[]): () => Promise<number> {
  let calls = 0;
  return async () => {
    const error = errors[calls++];
    if (error !== undefined) throw error;
    return calls;
  };
}

describe('an operation that may be done twice', () => {
  test('is repeated after a lost connection, three attempts in total', async () => {
    expect(await again(failing(lost(), lost()), undefined, 0)).toBe(3);
    await expect(again(failing(lost(), lost(), lost()), undefined, 0)).rejects.toThrow(/connection was lost/);
  });

  test('any other error is thrown at once', async () => {
    const attempt = failing(new CommandTimeoutError('node1', ['ip'], 5, ''));
    await expect(again(attempt, undefined, 0)).rejects.toThrow(/limit of 5 ms/);
    expect(await attempt()).toBe(2);
  });

  test('an abort ends the pause', async () => {
    await expect(again(failing(lost()), AbortSignal.abort(new Error('no longer wanted')))).rejects.toThrow(/abort/i);
  });
});

test('a command without a result gives a non-zero exit code and the reason, and other errors stay errors', () => {
  expect(asUnanswered(['ip'])(lost())).toMatchObject({ exitCode: 255, stdout: '', stderr: expect.stringContaining('gone') });
  expect(asUnanswered(['ip'])(new CommandTimeoutError('n', ['ip'], 5, ''))).toMatchObject({ exitCode: 124 });
  expect(() => asUnanswered(['ip'])(new TypeError('x'))).toThrow(TypeError);
});
