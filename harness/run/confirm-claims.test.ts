import { afterAll, beforeAll, expect, test } from 'vitest';
import { ciliumObjects, type FakeCluster, startFakeCluster } from '../../clusters/testdata/fake-cluster.ts';
import { confirmBy } from './confirm-claims.ts';
import { planExisting } from './plan-existing.ts';

let fake: FakeCluster;
beforeAll(async () => {
  fake = await startFakeCluster();
});
afterAll(() => fake[Symbol.asyncDispose]());

const plan = (more: { readonly yes?: boolean; readonly ciliumNamespace?: string } = {}) =>
  planExisting({ kubeconfig: fake.kubeconfig, ...more }, 'steady');
const shown: string[] = [];
const confirm = (answer?: boolean) =>
  confirmBy({ progress: () => {}, show: (text) => shown.push(text), ask: answer === undefined ? undefined : async () => answer });

test('what the cluster declares is shown, and a yes makes it the claim', async () => {
  expect(await confirm(true)(plan(), { mode: 'wireguard' })).toEqual({ mode: 'wireguard', routing: 'vxlan', profile: '1.18' });
  expect(shown.join('')).toContain('--routing vxlan --profile 1.18');
});

test.each([
  ['a no', false, {}, /state the claim with --mode MODE --routing ROUTING --profile PROFILE$/],
  [
    'nobody to ask',
    undefined,
    {},
    /must be stated when nobody can be asked; the cluster declares --mode ipsec --routing vxlan --profile 1\.18$/,
  ],
  ['--yes', true, { yes: true }, /must be stated when nobody can be asked \(--yes\); the cluster declares --mode ipsec/],
  ['agents elsewhere', true, { ciliumNamespace: 'cilium' }, /there is no ConfigMap cilium\/cilium-config/],
] as const)('%s claims nothing', async (_, answer, more, message) => {
  await expect(confirm(answer)(plan(more), {})).rejects.toMatchObject({ exitCode: 3, message: expect.stringMatching(message) });
});

test('agents of two versions make no version', async () => {
  const objects = ciliumObjects().map((object) =>
    object.metadata.name === 'cilium-node2'
      ? { ...object, spec: { nodeName: 'node2', containers: [{ name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.17.8@sha256:00' }] } }
      : object,
  );
  await using mixed = await startFakeCluster({ objects });
  await expect(confirm(true)(planExisting({ kubeconfig: mixed.kubeconfig }, 'steady'), { mode: 'ipsec' })).rejects.toThrow(
    /say --profile PROFILE: .*agents have 1\.17\.8, 1\.18\.3/,
  );
});
