import { describe, expect, test } from 'vitest';
import { planRun } from './plan-run.ts';
import type { RunFlags } from './run-flags.ts';

const CLAIM = { target: 'existing', mode: 'ipsec', routing: 'vxlan', profile: '1.18', yes: true } as const;
const TEST = { ...CLAIM, environment: 'ephemeral-test' } as const;

test('others are observed for ten minutes unless it is said for how long', async () => {
  expect(await planRun({ ...CLAIM, scenario: 'observe' }, '/nowhere')).toMatchObject({
    scenario: 'observe',
    observation: { forMs: 600_000, disruptions: [] },
  });
  expect((await planRun({ ...CLAIM, scenario: 'observe', for: '90s' }, '/nowhere')).observation?.forMs).toBe(90_000);
});

test('a watch lasts up to a week, with a reading a minute', async () => {
  const plan = await planRun({ ...CLAIM, scenario: 'observe', watch: '24h' }, '/nowhere');
  expect(plan.observation).toMatchObject({ forMs: 86_400_000, watch: { readingMs: 60_000 } });
  expect((await planRun({ ...CLAIM, scenario: 'observe' }, '/nowhere')).observation?.watch).toBeUndefined();
});

test('one named change is made in its own scenario, several in one window', async () => {
  const one = await planRun({ ...TEST, disruptive: 'rotation' }, '/nowhere');
  expect([one.scenario, one.observation, one.existing?.disruptions]).toEqual(['rotation', undefined, ['rotation']]);
  const both = await planRun({ ...TEST, disruptive: 'rotation,agent-restart' }, '/nowhere');
  expect([both.scenario, both.observation?.disruptions]).toEqual(['observe', ['rotation', 'agent-restart']]);
});

describe('refuses, with the words to say', () => {
  test.each<[string, RunFlags, RegExp]>([
    [
      'a change that was not named',
      { ...TEST, scenario: 'rotation' },
      /name it with --disruptive rotation, or observe a change by other people/,
    ],
    [
      'what is for the lab',
      { ...TEST, scenario: 'disable' },
      /^--scenario disable: this scenario is for the lab and kind; an existing cluster is only observed$/,
    ],
    [
      'a cluster that nobody called one for tests',
      { ...CLAIM, disruptive: 'rotation' },
      /refused in a cluster of production; say --environment/,
    ],
    ['production', { ...CLAIM, environment: 'production-readonly', disruptive: 'agent-restart' }, /refused in a cluster of production/],
    ['a change nobody knows', { ...TEST, disruptive: 'rotation,reboot' }, /^--disruptive rotation,reboot: "reboot"; each of/],
    ['a change twice', { ...TEST, disruptive: 'rotation,rotation' }, /at most once$/],
    ['steady with a change', { ...TEST, scenario: 'steady', disruptive: 'rotation' }, /leave --scenario out$/],
    ['a rotation of WireGuard', { ...TEST, mode: 'wireguard', disruptive: 'rotation' }, /only IPsec has a key that users rotate/],
    ['to observe without pods', { ...CLAIM, scenario: 'observe', observeOnly: true }, /--observe-only creates nothing$/],
    ['a time without a unit', { ...CLAIM, scenario: 'observe', for: '10' }, /^--for 10: must be a time from 10s to 1h/],
    ['a time too long', { ...CLAIM, scenario: 'observe', for: '2h' }, /^--for 2h: /],
    ['a watch too long', { ...CLAIM, scenario: 'observe', watch: '169h' }, /^--watch 169h: must be a time from 10s to 168h/],
    ['a watch of another scenario', { ...CLAIM, watch: '1h' }, /^--watch 1h: this is for --scenario observe/],
    ['an alert without a watch', { ...CLAIM, scenario: 'observe', alertUrl: 'https://a/b' }, /^--alert-url: this is for --watch$/],
    [
      'an alert elsewhere',
      { ...CLAIM, scenario: 'observe', watch: '1h', alertUrl: 'file:///secret' },
      /^--alert-url: must be an http or https address$/,
    ],
    ['two times', { ...CLAIM, scenario: 'observe', watch: '1h', for: '1m' }, /^--watch 1h: a time already, so --for 1m has no effect/],
    ['a time for another scenario', { ...CLAIM, for: '1m' }, /^--for 1m: this is for --scenario observe/],
    ['a kind cluster of its own', { target: 'kind', ciliumVersion: '1.18.3', scenario: 'observe' }, /use --target existing$/],
    ['changes of the lab', { disruptive: 'rotation' }, /^--disruptive rotation: this is for --target existing/],
  ])('%s', async (_, flags, message) => {
    await expect(planRun(flags, '/nowhere')).rejects.toMatchObject({ exitCode: 3, message: expect.stringMatching(message) });
  });
});
