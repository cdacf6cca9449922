import { expect, test } from 'vitest';
import type { EnvironmentClass } from '../model/cluster.ts';
import { buildRecording } from '../testing/recording.ts';
import { twoNodes } from '../testing/two-nodes.ts';
import type { Check } from './check.ts';
import { judge } from './judge.ts';

/** A check whose expectation is never met. */
const wrong: Check = {
  id: 'XFR-99',
  must: 'What the profile says',
  modes: ['ipsec'],
  evidence: 'none',
  needs: [],
  remedy: 'none',
  judge(x) {
    x.fault('node1 before: an SA that the profile does not know');
    return x.conclude('SAs');
  },
};

async function verdictOf(restsOnProfile: boolean, profile: string, environmentClass: EnvironmentClass) {
  const check: Check = restsOnProfile ? { ...wrong, restsOnProfile } : wrong;
  const recording = buildRecording({
    intent: { mode: 'ipsec', routing: 'vxlan', profile },
    cluster: { ...twoNodes, environmentClass },
  });
  return (await judge(recording, [check])).verdicts[0];
}

test('a contradiction that rests on a profile nobody saw on a real agent is inconclusive, and says both', async () => {
  const found = await verdictOf(true, '1.6', 'pre-production');
  expect(found?.verdict).toBe('inconclusive');
  expect(found?.facts.map(({ text }) => text)).toEqual([
    'profile 1.6 was not yet confirmed on a real agent with ipsec and vxlan: the profile itself may be wrong',
    'node1 before: an SA that the profile does not know',
  ]);
});

test.each([
  ['a profile that was seen', true, '1.18', 'pre-production'],
  ['the lab, set up by the profile', true, '1.6', 'lab'],
  ['a check that does not rest on the profile', false, '1.6', 'pre-production'],
] as const)('it contradicts: %s', async (_what, restsOnProfile, profile, environmentClass) => {
  expect((await verdictOf(restsOnProfile, profile, environmentClass))?.verdict).toBe('contradicts');
});
