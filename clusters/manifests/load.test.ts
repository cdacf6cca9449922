import { describe, expect, test } from 'vitest';
import { DEMO_MANIFESTS, loadManifests, ManifestError, parseManifest, workloadOf } from './load.ts';
import { schedule } from './schedule.ts';

const demo = await loadManifests(DEMO_MANIFESTS);
const placement = (nodes: string[]) => Object.fromEntries([...schedule(demo.pods, nodes)].map(([pod, node]) => [pod.name, node]));

describe('the demo manifests', () => {
  test('ask for the death star with its service, the ships, and two pinned pods', () => {
    expect(demo.pods.map((pod) => `${pod.namespace}/${pod.name}`)).toEqual([
      'endor/deathstar-1',
      'endor/deathstar-2',
      'endor/tiefighter-1',
      'endor/xwing-1',
      'default/pod-worker',
      'default/pod-worker2',
    ]);
    expect(demo.services).toEqual([
      { name: 'deathstar', namespace: 'endor', selector: { org: 'empire', class: 'deathstar' }, port: 80, targetPort: 80 },
    ]);
  });

  test('spread over the nodes, the same way each time; pins hold', () => {
    const three = { 'deathstar-1': 'node1', 'deathstar-2': 'node2', 'tiefighter-1': 'node3', 'xwing-1': 'node1' };
    expect(placement(['node1', 'node2', 'node3'])).toEqual({ ...three, 'pod-worker': 'node1', 'pod-worker2': 'node2' });
    expect(placement(['kind-worker', 'kind-worker2'])).toMatchObject({ 'pod-worker': 'kind-worker', 'pod-worker2': 'kind-worker2' });
  });

  test('a pin to a node that is not there is an error that names both', () => {
    expect(() => placement(['node1'])).toThrow('pod default/pod-worker2 is pinned to kind-worker2, which is none of node1');
  });
});

describe('what is not understood', () => {
  const refused = (text: string) => {
    try {
      parseManifest('demo.yaml', text);
    } catch (error) {
      expect(error).toBeInstanceOf(ManifestError);
      return (error as Error).message;
    }
    return 'it was accepted';
  };

  test('another kind: file, document and path are named', () => {
    const text = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n';
    expect(refused(text)).toMatch(/^demo\.yaml, document 2: kind: /);
  });

  test('a field that would change what runs is not ignored', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true, containers: [{name: a, image: b}]}\n';
    expect(refused(text)).toMatch(/spec: .*hostNetwork/);
  });

  test('broken YAML', () => {
    expect(refused('a: [1\n')).toMatch(/^demo\.yaml, document 1: .*line/s);
  });

  test('a pod asked for twice', () => {
    const pod = parseManifest('demo.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n');
    expect(() => workloadOf([...pod, ...pod])).toThrow('pod default/a is asked for twice');
  });
});
