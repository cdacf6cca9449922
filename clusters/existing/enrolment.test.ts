import { afterEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../harness/kube/object.ts';
import { RUN_LABEL } from '../../harness/kube/run-labels.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { ciliumZtunnel } from '../../harness/stacks/cilium-ztunnel/cilium-ztunnel.ts';
import { sampleIntent, twoNodes } from '../../harness/testing/two-nodes.ts';
import { type FakeCluster, startFakeCluster } from '../testdata/fake-cluster.ts';
import { awaitEnrolled } from './enrolment.ts';
import { creationPlan } from './objects.ts';
import { type ExistingOptions, existingProvider } from './provider.ts';

const mesh = (stack: 'istio-ambient' | 'linkerd' | 'cilium-ztunnel' | 'mesh-tls', profile: string): Intent =>
  sampleIntent('tls', { stack, profile, routing: 'native', perTunnelKeys: false });

type Metadata = KubeObject['metadata'] & { annotations?: Record<string, string> };

/** A mesh in the fake cluster: it does its part before each answer of the API server. */
const MESHES = {
  /** The CNI agent notes on each pod of a labelled namespace that it has written the redirection. */
  ambient: (objects: readonly KubeObject[]): void => {
    const spaces = objects.filter(
      ({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.['istio.io/dataplane-mode'] === 'ambient',
    );
    for (const { kind, metadata } of objects)
      if (kind === 'Pod' && spaces.some(({ metadata: space }) => space.name === metadata.namespace))
        (metadata as Metadata).annotations = { 'ambient.istio.io/redirection': 'enabled' };
  },
  /** The injector adds the proxy to pods of an annotated namespace. */
  injector: (objects: readonly KubeObject[]): void => {
    const spaces = objects.filter(
      ({ kind, metadata }) => kind === 'Namespace' && (metadata as Metadata).annotations?.['linkerd.io/inject'] === 'enabled',
    );
    for (const { kind, metadata, spec } of objects) {
      if (kind !== 'Pod' || !spaces.some(({ metadata: space }) => space.name === metadata.namespace)) continue;
      const { containers } = spec as { containers: { name: string }[] };
      if (!containers.some(({ name }) => name === 'linkerd-proxy')) containers.push({ name: 'linkerd-proxy' });
    }
  },
  none: (): void => {},
};

const fakes: FakeCluster[] = [];
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake[Symbol.asyncDispose]();
});

async function open(intent: Intent, work: keyof typeof MESHES, more: Partial<ExistingOptions> = {}, objects: readonly KubeObject[] = []) {
  const fake = await startFakeCluster({
    refuse: () => {
      const started = fakes.at(-1);
      if (started !== undefined) MESHES[work](started.server.objects);
      return undefined;
    },
  });
  fakes.push(fake);
  fake.server.objects.push(...objects);
  const told: string[] = [];
  const provider = existingProvider({
    ...{ kubeconfig: fake.kubeconfig, ciliumNamespace: 'kube-system', nodeSelector: {}, image: 'i', observeOnly: false, disruptions: [] },
    ...{ environmentClass: 'ephemeral-test', approve: async () => {}, progress: (line: string) => void told.push(line) },
    ...more,
  });
  return { provider, told, opened: provider.open(intent, AbortSignal.timeout(60_000)), server: fake.server };
}

const ownSpace = (objects: readonly KubeObject[]): Metadata | undefined =>
  objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.[RUN_LABEL] !== undefined)?.metadata;

describe('Istio ambient', () => {
  test('the pods are there before they are enrolled, and enrolled when encryption is turned on', async () => {
    const { opened, server } = await open(mesh('istio-ambient', '1.30'), 'ambient');
    await using cluster = await opened;
    expect(ownSpace(server.objects)?.labels).not.toHaveProperty('istio.io/dataplane-mode');
    await cluster.enableEncryption!();
    expect(ownSpace(server.objects)?.labels).toMatchObject({ 'istio.io/dataplane-mode': 'ambient', [RUN_LABEL]: expect.any(String) });
    expect(cluster.description.capabilities['agent-shell']).toEqual({ available: false, reason: expect.stringContaining('no agent') });
    const pods = await cluster.api!.run(['kubectl', '-n', cluster.description.pods[0]!.namespace, 'get', 'pods', '-o', 'yaml']);
    expect(pods.stdout).toContain('ambient.istio.io/redirection');
  });

  test('a namespace of the user that is not enrolled is the environment, with the label that it needs', async () => {
    const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'proof' } };
    const { opened } = await open(mesh('istio-ambient', '1.30'), 'ambient', { namespace: 'proof' }, [space]);
    await expect(opened).rejects.toThrow(/namespace proof is not enrolled in the mesh: it needs istio\.io\/dataplane-mode=ambient/);
  });

  test('one that is enrolled is left as it is, and has no un-encrypted phase', async () => {
    const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'proof', labels: { 'istio.io/dataplane-mode': 'ambient' } } };
    const { opened } = await open(mesh('istio-ambient', '1.30'), 'ambient', { namespace: 'proof' }, [space]);
    await using cluster = await opened;
    expect(cluster.enableEncryption).toBeUndefined();
  });
});

describe('Linkerd', () => {
  test('pods are enrolled when they are created, and the run waits until all have a proxy', async () => {
    const { opened, server } = await open(mesh('linkerd', '2.20'), 'injector');
    await using cluster = await opened;
    expect(ownSpace(server.objects)?.annotations).toMatchObject({ 'linkerd.io/inject': 'enabled' });
    expect(cluster.enableEncryption).toBeUndefined();
  });
});

describe('Cilium with ztunnel', () => {
  const view = (answers: Readonly<Record<string, string>>) => {
    const agent = (node: string): Shell =>
      ({
        name: node,
        run: async (argv: readonly string[]) => ({ argv, exitCode: 0, stdout: answers[node] ?? '', stderr: '' }),
      }) as unknown as Shell;
    return { stack: ciliumZtunnel, intent: mesh('cilium-ztunnel', '1.20'), description: twoNodes, api: agent('api'), agent };
  };
  const done = JSON.stringify({ 'mtls-enrolled-namespaces': [{ Name: 'demo', Status: { kind: 'Done' } }] });

  test('every agent must have enrolled the namespace', async () => {
    const told: string[] = [];
    const more = { progress: (line: string) => void told.push(line), signal: new AbortController().signal };
    await awaitEnrolled(view({ node1: done, node2: done }), more);
    expect(told).toEqual([]);
    const stopped = new AbortController();
    const waiting = awaitEnrolled(view({ node1: done, node2: done.replace('Done', 'Pending') }), {
      progress: (line) => {
        told.push(line);
        stopped.abort();
      },
      signal: stopped.signal,
    });
    await expect(waiting).rejects.toThrow();
    expect(told[0]).toContain('demo/b on node2: mtls-enrolled-namespaces: Pending');
  });
});

describe('what is refused', () => {
  test('the mesh of the lab, and disruptions that are for keys and agents', async () => {
    const { provider, opened } = await open(mesh('linkerd', '2.20'), 'injector');
    await (await opened)[Symbol.asyncDispose]();
    expect(provider.refuse(mesh('mesh-tls', 'hbone'))).toMatchObject({
      claim: 'stack',
      why: expect.stringContaining('istio-ambient, linkerd, cilium-ztunnel'),
    });
    expect(provider.refuse(mesh('istio-ambient', '1.30'))).toBeNull();
    const disrupting = await open(mesh('linkerd', '2.20'), 'injector', { disruptions: ['rotation'] });
    expect(disrupting.provider.refuse(mesh('istio-ambient', '1.30'))).toMatchObject({
      claim: 'mode',
      why: expect.stringContaining('rotation'),
    });
    await (await disrupting.opened)[Symbol.asyncDispose]();
  });

  test('the plan says what is put on the namespace', () => {
    expect(creationPlan('prod', [], { disruptions: [], injects: false, enrols: 'istio.io/dataplane-mode=ambient' })).toContain(
      'It puts istio.io/dataplane-mode=ambient on that namespace',
    );
  });
});
