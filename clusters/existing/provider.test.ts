import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RUN_LABEL } from '../../harness/kube/run-labels.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { clusterContract } from '../testdata/cluster-contract.ts';
import { ciliumObjects, type FakeCluster, startFakeCluster } from '../testdata/fake-cluster.ts';
import { ownAddresses } from './client-outside.ts';
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

  test.each([
    [undefined, false],
    ['fake', true],
    ['fakes', false],
  ])('lets nodes send a packet of a pod only in the cluster that was named: %s', async (injectInbound, may) => {
    await using cluster = await open(injectInbound === undefined ? {} : { injectInbound });
    expect(cluster.injector?.('node1').name).toBe(may ? 'node1' : undefined);
  });

  test('takes no machine of the cluster as a client outside, and creates nothing then', async () => {
    const [own] = ownAddresses();
    const objects = ciliumObjects().map((each) =>
      each.kind === 'Node' && each.metadata.name === 'node1'
        ? { ...each, status: { addresses: [{ type: 'InternalIP', address: own }] } }
        : each,
    );
    await using other = await startFakeCluster({ objects });
    const refusal = open({ kubeconfig: other.kubeconfig, clientOutside: 'local' });
    await expect(refusal).rejects.toThrow(/--client-outside local: this machine has the address .* of the node node1/);
    expect(other.server.objects).toHaveLength(objects.length);
  });

  test('creates nothing that was not agreed to', async () => {
    const before = fake.server.objects.length;
    const refusal = open({ approve: () => Promise.reject(new Error('not agreed to')) });
    await expect(refusal).rejects.toThrow('not agreed to');
    expect(fake.server.objects).toHaveLength(before);
  });
});

describe('nodes that take no pods', () => {
  const THREE = ciliumObjects('kube-system', ['node1', 'node2', 'node3']);
  const stopped = { type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' };
  const notReady = (...names: string[]) =>
    THREE.map((each) =>
      each.kind === 'Node' && names.includes(each.metadata.name)
        ? { ...each, status: { ...(each.status as object), conditions: [stopped] } }
        : each,
    );
  const attach = async (options: Parameters<typeof startFakeCluster>[0]) => {
    const other = await startFakeCluster(options);
    const told: string[] = [];
    const opened = provider({ kubeconfig: other.kubeconfig, progress: (line) => told.push(line) }).open(
      INTENT,
      new AbortController().signal,
    );
    return { other, told, opened };
  };

  test('one that is not ready is told at once, gets no pod and costs the others nothing', async () => {
    const { other, told, opened } = await attach({ objects: notReady('node3') });
    await using _other = other;
    await using cluster = await opened;
    expect(told).toContainEqual(expect.stringMatching(/^not tested: node3: NotReady: Kubelet stopped posting.*goes on with 2 node\(s\)/));
    expect(cluster.description.nodes).toMatchObject([
      { name: 'node1', uplink: 'eth0' },
      { name: 'node2', uplink: 'eth0' },
      { name: 'node3', uplink: '', unreached: expect.stringContaining('NotReady') },
    ]);
    expect(cluster.description.nodes[0]).not.toHaveProperty('unreached');
    expect(new Set(cluster.description.pods.map(({ node }) => node))).toEqual(new Set(['node1', 'node2']));
    expect(() => cluster.host('node3')).toThrow(/node3 cannot be reached: NotReady/);
  });

  test('with one ready node there is nothing between nodes: the environment, with the reason of each', async () => {
    const { other, opened } = await attach({ objects: notReady('node2', 'node3') });
    await using _other = other;
    await expect(opened).rejects.toThrow(/fake .*: 1 node\(s\) can take pods.*2 or more; node2: NotReady: .*; node3: NotReady: /);
  });
});
