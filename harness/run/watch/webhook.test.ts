import { expect, test } from 'vitest';
import { testHook } from './test-hook.ts';
import { type Alert, postAlert } from './webhook.ts';

const ALERT: Alert = {
  tool: 'wirewitness',
  alert: 'readable-frames',
  mode: 'ipsec',
  routing: 'vxlan',
  profile: '1.18',
  at: '2026-01-01T00:00:00.000Z',
  count: 3,
};

test('posts the alert as JSON', async () => {
  await using hook = await testHook(204);
  await postAlert(hook.url, ALERT);
  expect(hook.bodies).toEqual([`POST ${JSON.stringify(ALERT)}`]);
});

test.each([500, 302])('rejects for an answer with %i, without naming the address', async (status) => {
  await using hook = await testHook(status);
  const error = await postAlert(hook.url, ALERT).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).not.toMatch(/token|127/);
});

test('rejects where nobody answers', async () => {
  await expect(postAlert(new URL('http://127.0.0.1:1/token'), ALERT)).rejects.toThrow(/^it could not be reached$/);
});
