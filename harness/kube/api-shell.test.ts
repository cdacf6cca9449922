import { describe, expect, test } from 'vitest';
import { LOG_CUT } from '../model/recording.ts';
import { apiShell } from './api-shell.ts';
import type { LogBounds } from './kube.ts';
import { KubeError } from './kube-error.ts';
import { fakeKube } from './testdata/fake-kube.ts';

const pod = (name: string, nodeName: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': 'cilium' }, ...more },
  spec: { nodeName },
});
const PODS = [pod('old', 'b', { deletionTimestamp: 'now' }), pod('other', 'a'), pod('own', 'b')];
const argvOf = (node: string): string[] => [
  ...['kubectl', '-n', 'kube-system', 'logs', '--selector=k8s-app=cilium', `--field-selector=spec.nodeName=${node}`],
  ...['--container=cilium-agent', '--since=600s', '--limit-bytes=20'],
];

describe('the log of the pod of a node', () => {
  const asked: (readonly [string, LogBounds])[] = [];
  const read = (text: string) =>
    apiShell(
      fakeKube(PODS, {
        log: async (_, name, __, bounds) => {
          asked.push([name, bounds]);
          return text;
        },
      }),
      {},
    ).run(argvOf('b'));

  test('is that of the existing pod, within the bounds', async () => {
    expect(await read('level=info msg=x\n')).toMatchObject({ exitCode: 0, stdout: 'level=info msg=x\n' });
    expect(asked).toEqual([['own', { sinceSeconds: 600, limitBytes: 20 }]]);
  });

  test('says in its last line that it was cut', async () => {
    expect((await read('x'.repeat(20))).stdout.split('\n').at(-2)).toBe(LOG_CUT);
  });

  test('a node without a pod, and a refusal by the server, give an exit code', async () => {
    expect(await apiShell(fakeKube(PODS), {}).run(argvOf('c'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('no pod on c'),
    });
    const refused = fakeKube(PODS, {
      log: () => Promise.reject(new KubeError('log', { status: 403, reason: 'Forbidden', message: 'no' })),
    });
    expect(await apiShell(refused, {}).run(argvOf('b'))).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Forbidden') });
  });
});
