import { expect, test } from 'vitest';
import { planKeys } from './plan-keys.ts';

test('a key id is a number from 1 to 15, and without one the lab has its own', () => {
  expect(planKeys({})).toEqual({});
  expect(planKeys({ keyId: '15', wireguardRotation: 'session' })).toEqual({ keyId: 15, wireguardRotation: 'session' });
  expect(planKeys({ keyGrace: '2.5' })).toEqual({ graceMs: 2500 });
  for (const keyId of ['0', '16', '1.5', 'x', ''])
    expect(() => planKeys({ keyId })).toThrow(`--key-id ${keyId}: must be a whole number from 1 to 15`);
  for (const keyGrace of ['0', '-1', '3601', 'x'])
    expect(() => planKeys({ keyGrace })).toThrow(`--key-grace ${keyGrace}: must be a number of seconds`);
});
