import { expect, test } from 'vitest';
import { planKeys } from './plan-keys.ts';

test('a key id is a number from 1 to 15, and without one the lab has its own', () => {
  expect(planKeys({})).toEqual({});
  expect(planKeys({ keyId: '15', wireguardRotation: 'session' })).toEqual({ keyId: 15, wireguardRotation: 'session' });
  for (const keyId of ['0', '16', '1.5', 'x', ''])
    expect(() => planKeys({ keyId })).toThrow(`--key-id ${keyId}: must be a whole number from 1 to 15`);
});
