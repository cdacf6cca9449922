import { describe, expect, test } from 'vitest';
import { KubeError } from './kube-error.ts';
import { waitFor } from './wait.ts';

/** What a look gives, one after the other; an error is thrown. */
function answers(...all: readonly (Error | string | true)[]) {
  const left = [...all];
  return {
    left,
    look: async () => {
      const next = left.shift();
      if (next instanceof Error) throw next;
      return next === true ? ({ done: 'it' } as const) : { missing: next ?? 'nothing left' };
    },
  };
}

const silent = new KubeError('read Deployment a/b', { message: 'no answer within 60000 ms' });

describe('waiting for a condition', () => {
  test('an API server that does not answer, or cannot now, is asked again', async () => {
    const busy = new KubeError('list Pods', { status: 503, reason: 'ServiceUnavailable', message: 'apiserver is shutting down' });
    const slow = new KubeError('list Pods', { status: 429, reason: 'TooManyRequests', message: 'try again' });
    const { look } = answers(silent, busy, slow, true);
    const lines: string[] = [];
    expect(await waitFor({ what: 'it', look, limitMs: 60_000, progress: (line) => lines.push(line) })).toBe('it');
    expect(lines).toEqual([
      'waiting for it: read Deployment a/b: no answer within 60000 ms',
      'waiting for it: list Pods: apiserver is shutting down (503 ServiceUnavailable)',
      'waiting for it: list Pods: try again (429 TooManyRequests)',
    ]);
  });

  test('at the limit the message has the last reason', async () => {
    await expect(waitFor({ what: 'it', look: answers(silent).look, limitMs: -1 })).rejects.toThrow(
      'for it: read Deployment a/b: no answer within 60000 ms',
    );
  });

  test('what the server refuses, and a defect, end the wait at once', async () => {
    for (const error of [
      new KubeError('list Pods', { status: 403, reason: 'Forbidden', message: 'not allowed' }),
      new TypeError('a defect'),
    ]) {
      const { look, left } = answers(error, true);
      await expect(waitFor({ what: 'it', look, limitMs: 60_000 })).rejects.toBe(error);
      expect(left).toEqual([true]);
    }
  });
});
