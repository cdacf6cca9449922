import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RUN_LABEL } from '../../harness/kube/run-labels.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { clusterContract } from '../testdata/cluster-contract.ts';
import { type FakeCluster, startFakeCluster } from '../testdata/fake-cluster.ts';
import { type ExistingOptions, existingProvider } from './provider.ts';

const INTENT = sampleIntent('ipsec');

let fake: FakeCluster;
beforeAll(async () => {
  fake = await startFakeCluster();
});
afterAll(() => fake[Symbol.asyncDispose]());

const provider = (more: Partial<ExistingOptions> = {}) =>
  existingProvider({
    kubeconfig: fake.kubeconfig,
    ciliumNamespace: 'kube-system',
    nodeSelector: {},
    image: 'i',
    observeOnly: false,
    disruptions: [],
    environmentClass: 'ephemeral-test',
    approve: async () => {},
    progress: () => {},
    ...more,
  });
const open = (more: Partial<ExistingOptions> = {}) => provider(more).open(INTENT, new AbortController().signal);

describe.each(['with pods of its own', 'only observed'])('a cluster that is there already, %s', (how) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await open({ observeOnly: how === 'only observed' });
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    expect(fake.server.objects.filter(({ metadata }) => metadata.labels?.[RUN_LABEL] !== undefined)).toEqual([]);
  });

  for (const { title, verify } of clusterContract) test(title, () => verify(cluster));
});

describe('the provider', () => {
  test('refuses nothing that only the lab cannot lay out', () => {
    const { refuse } = provider();
    expect(refuse({ ...INTENT, families: ['ipv6'] })).toBeNull();
    expect(refuse({ ...INTENT, profile: '1.6', perTunnelKeys: false })).toBeNull();
    expect(refuse({ ...INTENT, nodeEncryption: true })).toMatchObject({ claim: 'nodeEncryption' });
  });

  test('detects the server, and says what lacks where there is none', async () => {
    expect(await provider().detect()).toEqual({ available: true });
    expect(await provider({ context: 'other' }).detect()).toMatchObject({
      available: false,
      lacks: expect.stringContaining('known: fake'),
    });
    expect(await provider({ kubeconfig: '/nowhere/kubeconfig' }).detect()).toMatchObject({
      available: false,
      lacks: expect.stringContaining('/nowhere/kubeconfig'),
    });
  });

  test('creates nothing that was not agreed to', async () => {
    const before = fake.server.objects.length;
    const refusal = open({ approve: () => Promise.reject(new Error('not agreed to')) });
    await expect(refusal).rejects.toThrow('not agreed to');
    expect(fake.server.objects).toHaveLength(before);
  });
});
