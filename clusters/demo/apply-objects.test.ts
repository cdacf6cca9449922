import { expect, test } from 'vitest';
import type { Kube } from '../../harness/kube/kube.ts';
import { KubeError } from '../../harness/kube/kube-error.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { applyObjects } from './apply-objects.ts';

const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'client-1', namespace: 'new' } };
const quiet = { progress: () => {} };

/** An API server that refuses so often, and then accepts. */
function server(...refusals: readonly KubeError[]) {
  const left = [...refusals];
  let asked = 0;
  const apply = async (object: KubeObject) => {
    asked++;
    const refusal = left.shift();
    if (refusal !== undefined) throw refusal;
    return object;
  };
  return { kube: { apply } as unknown as Kube, asked: () => asked };
}

const refused = (message: string) => new KubeError('apply Pod new/client-1', { status: 403, reason: 'Forbidden', message });

test('a pod is sent again until its namespace has the service account', async () => {
  // As Kubernetes 1.34.4 said it.
  const missing = refused('pods "client-1" is forbidden: error looking up service account new/default: serviceaccount "default" not found');
  const { kube, asked } = server(missing, missing);
  const lines: string[] = [];
  expect(await applyObjects(kube, [pod], { progress: (line) => lines.push(line) })).toEqual([pod]);
  expect(asked()).toBe(3);
  expect(lines).toEqual([`waiting for Pod client-1 to be accepted: ${missing.message}`]);
});

test('any other refusal ends it at once', async () => {
  const { kube, asked } = server(refused('pods "client-1" is forbidden: violates PodSecurity "restricted:latest"'));
  await expect(applyObjects(kube, [pod], quiet)).rejects.toThrow(/PodSecurity/);
  expect(asked()).toBe(1);
});
