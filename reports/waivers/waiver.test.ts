import { describe, expect, test } from 'vitest';
import { allWaived, holdWaivers, type Waiver, WaiversSchema } from './waiver.ts';

const WAIVER: Waiver = {
  check: 'WIR-11',
  owner: 'platform team',
  reason: 'host network is left out of this cluster',
  expires: '2026-03-31',
};
const RED = [{ id: 'WIR-11', verdict: 'inconclusive' as const }];

describe('a waiver', () => {
  test('holds on its last day and not on the next', () => {
    expect(holdWaivers([WAIVER], RED, '2026-03-31T23:59:59.000Z')[0]?.state).toBe('in-force');
    expect(holdWaivers([WAIVER], RED, '2026-04-01T00:00:00.000Z')[0]?.state).toBe('expired');
  });

  test('of a check that is green is not needed', () => {
    expect(holdWaivers([WAIVER], [{ id: 'WIR-11', verdict: 'supports' }], '2026-01-01T00:00:00Z')[0]?.state).toBe('unneeded');
  });

  test('covers its check and no other, and an expired one covers nothing', () => {
    const held = holdWaivers([WAIVER], RED, '2026-01-01T00:00:00Z');
    expect(allWaived(held, RED)).toBe(true);
    expect(allWaived(held, [...RED, { id: 'WIR-01', verdict: 'contradicts' }])).toBe(false);
    expect(allWaived(holdWaivers([WAIVER], RED, '2027-01-01T00:00:00Z'), RED)).toBe(false);
  });

  test.each([
    { ...WAIVER, check: 'everything' },
    { ...WAIVER, owner: '' },
    { ...WAIVER, reason: 'no' },
    { ...WAIVER, expires: '2026-02-30' },
    { ...WAIVER, flow: '*' },
  ])('that says less or more than it must is refused: %o', (waiver) => {
    expect(WaiversSchema.safeParse({ waivers: [waiver] }).success).toBe(false);
  });
});
