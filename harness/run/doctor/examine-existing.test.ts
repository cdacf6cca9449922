import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ciliumObjects, type FakeCluster, startFakeCluster } from '../../../clusters/testdata/fake-cluster.ts';
import type { KubeAction } from '../../kube/kube.ts';
import { examineExisting } from './examine-existing.ts';

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
}

const roles = parseAllDocuments(await readFile(new URL('../../../deploy/rbac.yaml', import.meta.url), 'utf8'))
  .map((document) => document.toJS() as Role)
  .filter(({ rules }) => rules !== undefined);

/** As the API server would answer whoever has the roles of deploy/rbac.yaml and nothing else. */
function documented({ verb, group, resource, subresource, namespace, name }: KubeAction): boolean {
  const wanted = subresource === undefined ? resource : `${resource}/${subresource}`;
  return roles.some(
    ({ kind, metadata, rules = [] }) =>
      (kind === 'ClusterRole' || metadata.namespace === namespace) &&
      rules.some(
        (rule) =>
          rule.verbs.includes(verb) &&
          rule.apiGroups.includes(group) &&
          rule.resources.includes(wanted) &&
          (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))),
      ),
  );
}

let fake: FakeCluster | undefined;
afterEach(async () => {
  await fake?.[Symbol.asyncDispose]();
  fake = undefined;
});

const space = (labels: Record<string, string> = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'wirewitness', labels } });

async function examine(more: object = {}, objects = [...ciliumObjects(), space()], may: (action: KubeAction) => boolean = documented) {
  fake = await startFakeCluster({ objects, may });
  return examineExisting({ kubeconfig: fake.kubeconfig, namespace: 'wirewitness', witnessImage: 'registry/w@sha256:0', ...more });
}

describe('doctor for an existing cluster', () => {
  test('with exactly the documented rights nothing is missing', async () => {
    const findings = await examine();
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  test('what a run would change is asked for when it is named, and has a role of its own', async () => {
    const missing = (await examine({ disruptive: 'rotation,agent-restart' })).filter(({ state }) => state !== 'ok');
    expect(missing.map(({ detail }) => detail)).toEqual([
      'patch secrets cilium-ipsec-keys in kube-system: no',
      'delete pods in kube-system: no',
      'get daemonsets cilium in kube-system: no',
    ]);
    for (const { fix } of missing) expect(fix).toContain('deploy/rbac-disruptive.yaml');
  });

  test('says what the cluster declares, and the command line of the run', async () => {
    const found = Object.fromEntries((await examine()).map(({ name, detail }) => [name, detail]));
    expect(found).toMatchObject({ mode: 'ipsec', routing: 'vxlan', version: 'Cilium 1.18.3', 'tunnel port': '8472 (the default)' });
    expect(found['key rotation']).toContain('5m');
    expect(found.command).toMatch(
      /^wirewitness run --target existing --kubeconfig \S+ --mode ipsec --routing vxlan --profile 1\.18 --namespace wirewitness --witness-image registry\/w@sha256:0$/,
    );
  });

  test('agents elsewhere are looked for where they are said to be', async () => {
    const all = await examine({ ciliumNamespace: 'cilium' }, [...ciliumObjects('cilium'), space()], () => true);
    expect(all.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(all.find(({ name }) => name === 'agents')?.detail).toBe('2 pod(s) with k8s-app=cilium in cilium');
  });

  test('a user who may not read the namespace, as with the documented rights, is told what was not seen', async () => {
    const refuse = (_method: string, path: string) => (path.endsWith('/namespaces/wirewitness') ? 403 : undefined);
    fake = await startFakeCluster({ objects: [...ciliumObjects(), space()], may: documented, refuse });
    const all = await examineExisting({ kubeconfig: fake.kubeconfig, namespace: 'wirewitness', witnessImage: 'registry/w@sha256:0' });
    expect(all.filter(({ state }) => state !== 'ok')).toMatchObject([{ name: 'pod security', state: 'optional' }]);
  });

  test('a namespace that lets no capture pod in is named, with the command', async () => {
    const all = await examine({}, [...ciliumObjects(), space({ 'pod-security.kubernetes.io/enforce': 'restricted' })]);
    expect(all.find(({ name }) => name === 'pod security')).toMatchObject({
      state: 'missing',
      fix: expect.stringContaining('kubectl label namespace wirewitness'),
    });
  });

  test('a user without the rights of a namespace of its own is led to the documented one', async () => {
    const all = await examine({ namespace: undefined });
    const missing = all.filter(({ state }) => state === 'missing');
    expect(missing.length).toBeGreaterThan(0);
    for (const { fix } of missing) expect(fix).toContain('--namespace wirewitness');
  });
});
