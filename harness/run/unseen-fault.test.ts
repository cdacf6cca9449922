import { expect, test } from 'vitest';
import { plainFinding, type Verdict } from '../model/verdict.ts';
import { sampleIntent } from '../testing/two-nodes.ts';
import { unseenFault } from './unseen-fault.ts';

const intent = sampleIntent('wireguard', { routing: 'native', profile: '1.18' });
const judged = (all: Record<string, Verdict>) => ({
  intent,
  verdicts: Object.entries(all).map(([id, verdict]) => ({ id, ...plainFinding(verdict, id, '') })),
});

test('a fault that left one of its checks green is named with them', () => {
  expect(unseenFault('L35', judged({ 'WIR-01': 'contradicts', 'WIR-03': 'supports', 'WIR-10': 'not-exercised' }))).toBe(
    'wireguard: fault L35 must turn WIR-03, WIR-10 red, and it did not: it had no effect in this cluster, or the checks do not see it',
  );
});

test('nothing is said of a fault that was seen, and without a fault', () => {
  const seen = judged({ 'WIR-01': 'contradicts', 'WIR-03': 'contradicts', 'WIR-10': 'inconclusive' });
  expect([unseenFault('L35', seen), unseenFault(null, judged({ 'WIR-01': 'supports' }))]).toEqual([null, null]);
});
