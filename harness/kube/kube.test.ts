import { describe, expect, test } from 'vitest';
import { API_KINDS } from '../stacks/cilium/names.ts';
import { apiShell } from './api-shell.ts';
import { openKube } from './kube.ts';
import { kubeError } from './kube-error.ts';
import { labelled, RUN_LABEL, removeRun } from './run-labels.ts';
import { fakeKube } from './testdata/fake-kube.ts';
import { podsOfNodes, podsReady, waitFor } from './wait.ts';

const pod = (name: string, status: object, labels = { app: 'demo' }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels },
  status,
});
const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const silent = () => {};

describe('errors of the API server', () => {
  test('name the request, the reason and the message of the server', () => {
    const error = kubeError('read Pod x/y', {
      code: 403,
      body: '{"reason":"Forbidden","message":"pods is forbidden"}',
      message: 'HTTP-Code: 403',
    });
    expect(error.message).toBe('read Pod x/y: pods is forbidden (403 Forbidden)');
  });

  test('the message of a proxy and a broken connection are kept', () => {
    expect(kubeError('version', { code: 502, body: 'bad gateway' }).message).toBe('version: bad gateway (502)');
    expect(kubeError('version', new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })).message).toContain(
      'connect ECONNREFUSED',
    );
  });

  test('a kubeconfig that is not there is named', async () => {
    await expect(openKube({ kubeconfig: '/nowhere/kubeconfig' })).rejects.toThrow(/kubeconfig \/nowhere\/kubeconfig/);
  });
});

describe('waiting', () => {
  test('says what is missing, and at the end what it waited for', async () => {
    const kube = fakeKube([
      pod('a', READY),
      pod('b', { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }] }),
    ]);
    const told: string[] = [];
    const waiting = podsReady(kube, { labelSelector: 'app=demo', count: 2 }, { limitMs: 0, progress: (line) => told.push(line) });
    await expect(waiting).rejects.toThrow(/2 pod\(s\) with app=demo to be ready: 1 of 2 ready; b ImagePullBackOff: no such image/);
    expect(told).toHaveLength(1);
  });

  test('of pods of nodes, one that refuses its own costs the others a short while, and one that is silent the limit', async () => {
    const on = (node: string, status: object) => ({ ...pod(`pod-${node}`, status), spec: { nodeName: node } });
    const refusing = {
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }],
    };
    const where = {
      namespace: 'x',
      labelSelector: 'app=demo',
      wanted: new Map([
        ['a', 1],
        ['b', 1],
      ]),
    };
    const quick = { limitMs: 60_000, refusedMs: 0 };
    const { pods, without } = await podsOfNodes(fakeKube([on('a', READY), on('b', refusing)]), where, quick);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['pod-a']);
    expect([...without]).toEqual([['b', 'pod pod-b is not ready: ImagePullBackOff: no such image']]);
    const silentNode = await podsOfNodes(fakeKube([on('a', READY)]), where, { limitMs: 0 });
    expect([...silentNode.without]).toEqual([['b', 'no pod was made for it']]);
    const failed = await podsOfNodes(
      fakeKube([on('a', READY), on('b', { phase: 'Failed', reason: 'OutOfcpu', message: 'full' })]),
      where,
      quick,
    );
    expect([...failed.without.values()]).toEqual(['pod pod-b is not ready: OutOfcpu: full']);
  });

  test('a pod of a DaemonSet that is not placed yet counts for the node it is meant for', async () => {
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }];
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
    const unplaced = { type: 'PodScheduled', status: 'False', message: '0/2 nodes are available: 1 Insufficient cpu.' };
    const waiting = { ...pod('b-1', { phase: 'Pending', conditions: [unplaced] }), spec: { affinity } };
    const where = { namespace: 'x', labelSelector: 'app=demo', wanted: new Map([['b', 1]]) };
    const { without } = await podsOfNodes(fakeKube([waiting]), where, { limitMs: 60_000, refusedMs: 0 });
    expect(without.get('b')).toContain('Insufficient cpu');
  });

  test('an aborted wait ends', async () => {
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    await expect(waitFor({ what: 'x', limitMs: 1000, signal, look: async () => ({ missing: 'y' }) })).rejects.toThrow(/no longer wanted/);
  });

  test('fewer pods than expected are not ready, even if all existing pods are', async () => {
    const kube = fakeKube([pod('a', READY)]);
    await expect(podsReady(kube, { labelSelector: 'app=demo', count: 2 }, { limitMs: 0 })).rejects.toThrow(/1 of 2 ready/);
  });
});

describe('removal by label', () => {
  const mine = labelled({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mine', namespace: 'x' } }, 'run-1');
  const other = labelled({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other', namespace: 'x' } }, 'run-2');
  const foreign = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'foreign', namespace: 'x' } };

  test('removes the objects of one run or of all runs, and no others', async () => {
    const kube = fakeKube([mine, other, foreign]);
    expect((await removeRun(kube, { run: 'run-1' }, silent)).map(({ metadata }) => metadata.name)).toEqual(['mine']);
    expect((await removeRun(kube, {}, silent)).map(({ metadata }) => metadata.name)).toEqual(['other']);
    expect(kube.objects).toEqual([foreign]);
    expect(mine.metadata.labels).toMatchObject({ [RUN_LABEL]: 'run-1' });
  });

  test('a namespace that existed before is never removed', async () => {
    const namespace = labelled({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }, 'run-1');
    const kube = fakeKube([mine, namespace]);
    await removeRun(kube, { run: 'run-1', namespace: 'x' }, silent);
    expect(kube.objects).toEqual([namespace]);
  });
});

describe('kubectl get without kubectl', () => {
  test('answers YAML, without managed fields', async () => {
    const node = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNode',
      metadata: { name: 'n1', managedFields: [{}] },
      spec: { encryption: { key: 3 } },
    };
    const result = await apiShell(fakeKube([node as never]), API_KINDS).run(['kubectl', 'get', 'ciliumnodes', '-o', 'yaml']);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('key: 3');
    expect(result.stdout).not.toContain('managedFields');
  });

  test('what does not exist ends with 1 and NotFound, as in kubectl; other commands are refused', async () => {
    const shell = apiShell(fakeKube(), API_KINDS);
    expect(await shell.run(['kubectl', '-n', 'kube-system', 'get', 'secret', 'cilium-ipsec-keys', '-o', 'yaml'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('NotFound'),
    });
    expect((await shell.run(['kubectl', 'get', 'ciliumnodes', '-o', 'yaml'])).exitCode).toBe(1);
    expect((await shell.run(['kubectl', 'delete', 'secret', 'x'])).exitCode).toBe(1);
  });
});
