import { expect, test } from 'vitest';
import { advisorySchema } from '../../model/advisory.ts';
import type { Verdict } from '../../model/verdict.ts';
import { healthyOutputs } from '../../testing/healthy-outputs.ts';
import { buildRecording } from '../../testing/recording.ts';
import type { Judgement } from '../judge.ts';
import { readState } from '../state/state-facts.ts';
import { compareAdvisories } from './compare-advisories.ts';

const record = (change: object = {}) =>
  advisorySchema.parse({
    id: 'CVE-1',
    component: 'cilium',
    title: 'a leak',
    harm: 'plaintext',
    mechanism: 'a mark is lost',
    affected: [{ from: '1.16.9', fixed: '1.16.10' }, { fixed: '1.99.0' }],
    observable: 'readable packets',
    checks: ['WIR-01', 'CFG-08'],
    notImitated: 'for the test',
    links: ['https://example.com/1'],
    ...change,
  });

/** A judgement of the sample cluster in which the checks of the record have these verdicts. */
async function judgement(
  verdicts: Readonly<Record<string, Verdict>>,
  paths: readonly string[] = ['pod-pod'],
  fact: object = {},
): Promise<Judgement> {
  const recording = buildRecording({ outputs: healthyOutputs('ipsec') });
  const facts = { manifest: recording.manifest, state: await readState(recording) };
  const end = (node: string) => ({ node });
  return {
    facts,
    verdicts: Object.entries(verdicts).map(([id, verdict]) => ({
      ...{ id, verdict, facts: [{ text: `${id} says so`, ...fact }], omitted: 0, notes: [], expected: '', observed: [], evidence: [] },
    })),
    flows: paths.map((path) => ({ id: `${path}/1`, path, verdict: 'supports', source: end('a'), destination: end('b') })),
  } as unknown as Judgement;
}

const sighting = async (verdicts: Readonly<Record<string, Verdict>>, change: object = {}, paths?: readonly string[]) =>
  compareAdvisories([record(change)], await judgement(verdicts, paths))[0]?.sighting;

test('seen where one of its checks contradicts, whatever else is missing', async () => {
  expect(await sighting({ 'WIR-01': 'contradicts', 'CFG-08': 'inconclusive' }, { exercised: { never: 'nothing drives it' } })).toEqual({
    state: 'seen',
    reason: 'WIR-01 contradicts: WIR-01 says so; another cause can look the same',
  });
});

test.each([
  ['another path', { paths: ['pod-health'] }, 'pod-pod/1', 'WIR-01 contradicts for other flows only'],
  ['what no run drives', { never: 'nothing drives it' }, 'pod-pod/1', 'nothing drives it'],
] as const)('a readable flow is no sighting of an advisory about %s', async (_, exercised, flow, reason) => {
  const judged = await judgement({ 'WIR-01': 'contradicts', 'CFG-08': 'supports' }, ['pod-pod', 'pod-health'], { flow });
  const [compared] = compareAdvisories([record({ exercised })], judged);
  expect(compared?.sighting).toEqual({ state: 'not-exercised', reason });
});

test.each([
  [['node-pod', 'pod-health'], 0, 'seen', /^WIR-01 contradicts: WIR-01 says so/],
  [['outside-pod', 'pod-egress'], 0, 'not-exercised', /^WIR-01 contradicts for other flows only$/],
  [['outside-pod', 'pod-egress'], 3, 'not-exercised', /^WIR-01 contradicts for other flows, as far as its facts are listed$/],
] as const)(
  'readable traffic that nobody drove is one if it may belong to its paths: %j, %i more',
  async (paths, omitted, state, reason) => {
    const { verdicts, ...rest } = await judgement({ 'WIR-01': 'contradicts' }, ['pod-health'], { paths });
    const judged = { ...rest, verdicts: verdicts.map((verdict) => ({ ...verdict, omitted })) };
    const [compared] = compareAdvisories([record({ exercised: { paths: ['pod-health'] } })], judged);
    expect(compared?.sighting).toEqual({ state, reason: expect.stringMatching(reason) });
  },
);

test.each(['pod-health/1', 'a flow of no row'])('a readable flow of its path, or of no row of the matrix, is one: %s', async (flow) => {
  const judged = await judgement({ 'WIR-01': 'contradicts' }, ['pod-pod', 'pod-health'], { flow });
  expect(compareAdvisories([record({ exercised: { paths: ['pod-health'] } })], judged)[0]?.sighting.state).toBe('seen');
});

test('not seen only where each check that applies supports', async () => {
  expect(await sighting({ 'WIR-01': 'supports', 'CFG-08': 'not-applicable' })).toEqual({ state: 'not-seen', reason: 'WIR-01 supports' });
  expect(await sighting({ 'WIR-01': 'supports', 'CFG-08': 'supports' })).toMatchObject({ reason: 'WIR-01, CFG-08 support' });
});

test.each([
  ['a check without its evidence', { 'WIR-01': 'supports', 'CFG-08': 'inconclusive' }, {}, 'CFG-08 is inconclusive'],
  ['no check that applies', { 'WIR-01': 'not-applicable' }, {}, 'none of its checks applies to this claim'],
  ['no check at all', {}, {}, 'none of its checks applies to this claim'],
  ['another scenario', { 'WIR-01': 'supports' }, { scenarios: ['upgrade'] }, 'scenario upgrade was not recorded'],
  ['other flows', { 'WIR-01': 'supports' }, { paths: ['node-pod'] }, 'no flow of node-pod between two nodes was driven'],
  ['what no run does', { 'WIR-01': 'supports' }, { never: 'no run reboots a node' }, 'no run reboots a node'],
] as const)('not exercised: %s', async (_, verdicts, exercised, reason) => {
  expect(await sighting(verdicts, { exercised })).toEqual({ state: 'not-exercised', reason });
});

test('affected and not seen is a warning with the releases that have the fix, oldest first', async () => {
  const [held] = compareAdvisories([record()], await judgement({ 'WIR-01': 'supports', 'CFG-08': 'supports' }));
  expect(held).toMatchObject({
    applies: { state: 'affected' },
    sighting: { state: 'not-seen' },
    fixed: ['1.16.10', '1.99.0'],
    warning: 'cilium 1.16.10, 1.99.0 have the fix',
  });
});

test('of another product there is no warning', async () => {
  const [held] = compareAdvisories([record({ component: 'antrea' })], await judgement({}));
  expect(held).toMatchObject({ applies: { state: 'not-affected' }, warning: null });
});
