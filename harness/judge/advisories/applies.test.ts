import { expect, test } from 'vitest';
import { type Advisory, advisorySchema } from '../../model/advisory.ts';
import { type AdvisorySubject, appliesTo } from './applies.ts';

const advisory = (change: object = {}): Advisory =>
  advisorySchema.parse({
    id: 'CVE-1',
    component: 'cilium',
    title: 'a leak',
    harm: 'plaintext',
    mechanism: 'a mark is lost',
    affected: [{ fixed: '1.13.13' }, { from: '1.14.0', fixed: '1.14.8' }, { from: '1.19.0', fixed: null }],
    observable: 'readable packets',
    checks: ['WIR-01'],
    notImitated: 'for the test',
    links: ['https://example.com/1'],
    ...change,
  });

const subject = (versions: readonly string[], change: Partial<AdvisorySubject> = {}): AdvisorySubject => ({
  claim: { mode: 'ipsec', routing: 'vxlan', families: ['ipv4'], nodeEncryption: false },
  versions: { cilium: versions.map((version, index) => ({ place: `node${index + 1}`, version })) },
  option: () => [],
  ...change,
});

test.each([
  ['1.12.0', 'affected'],
  ['1.13.12', 'affected'],
  ['1.13.13', 'not-affected'],
  ['1.14.0', 'affected'],
  ['1.14.7', 'affected'],
  ['1.14.8', 'not-affected'],
  ['1.18.3', 'not-affected'],
  ['v1.20.0-dev', 'affected'],
])('release %s is %s', (version, state) => expect(appliesTo(advisory(), subject([version])).state).toBe(state));

test('one affected node is enough, and is named', () => {
  expect(appliesTo(advisory(), subject(['1.14.8', '1.14.7']))).toEqual({ state: 'affected', reason: 'cilium 1.14.7 (node2) is affected' });
});

test('without a version, or with one that is none, nothing is decided', () => {
  expect(appliesTo(advisory(), subject([]))).toEqual({ state: 'undecided', reason: 'the version of cilium is not known' });
  expect(appliesTo(advisory(), subject(['latest', '1.14.8']))).toMatchObject({
    state: 'undecided',
    reason: /no version can be read in latest/,
  });
});

test('of another product nothing is said of this cluster', () => {
  expect(appliesTo(advisory({ component: 'antrea' }), subject(['1.14.0']))).toMatchObject({ state: 'not-affected' });
});

test('a kernel that distributions fix is undecided by its number', () => {
  const linux = advisory({ component: 'linux', affected: [{ fixed: '5.9' }], distributions: true });
  const kernel = (version: string) => appliesTo(linux, subject([], { versions: { linux: [{ place: 'node1', version }] } }));
  expect(kernel('5.4.0-70-generic')).toMatchObject({ state: 'undecided', reason: expect.stringContaining('ask yours') });
  expect(kernel('6.1.0-37-amd64').state).toBe('not-affected');
});

test.each([
  ['mode', { modes: ['wireguard'] }, 'only with mode wireguard'],
  ['routing', { routings: ['native'] }, 'only with routing native'],
  ['one family', { families: ['ipv6'] }, 'only with ipv6 alone'],
  ['two families', { families: ['ipv4', 'ipv6'] }, 'only with ipv4 and ipv6'],
  ['node encryption', { nodeEncryption: true }, 'only with node encryption'],
])('a claim with another %s keeps it out', (_, conditions, reason) => {
  expect(appliesTo(advisory({ conditions }), subject(['1.14.0']))).toEqual({ state: 'not-affected', reason });
  expect(appliesTo(advisory({ conditions }), subject(['1.14.0'], { claim: {} })).state).toBe('affected');
});

test('a range of one routing does not speak of another', () => {
  const native = advisory({ affected: [{ from: '1.14.0', fixed: '1.14.8', routings: ['native'] }] });
  expect(appliesTo(native, subject(['1.14.5'])).state).toBe('not-affected');
  expect(appliesTo(native, subject(['1.14.5'], { claim: { routing: 'native' } })).state).toBe('affected');
});

test('an option decides where it was read, and leaves it open where it was not', () => {
  const kvstore = advisory({ conditions: { options: [{ name: 'kvstore', values: ['etcd'] }], also: 'pods move' } });
  const held = (values: readonly string[]) => appliesTo(kvstore, subject(['1.14.0'], { option: () => values }));
  expect(held(['etcd'])).toEqual({ state: 'affected', reason: 'cilium 1.14.0 (node1) is affected; kvstore is etcd; only where pods move' });
  expect(held(['']).state).toBe('not-affected');
  expect(held([])).toMatchObject({ state: 'undecided', reason: expect.stringContaining('kvstore was not read') });
});

test('a design without releases is of every release', () => {
  expect(appliesTo(advisory({ affected: [] }), subject([]))).toEqual({ state: 'affected', reason: 'every release of cilium' });
});
