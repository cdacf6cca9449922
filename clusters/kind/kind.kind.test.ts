import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../harness/model/cluster.ts';
import { LostConnectionError } from '../../harness/proc/errors.ts';
import { run } from '../../harness/proc/run.ts';
import { shellContract } from '../../harness/proc/shell-contract.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { datapathCluster } from '../datapath/cluster.ts';
import { clusterContract } from '../testdata/cluster-contract.ts';
import { kindClusters } from './cluster/kind-cluster.ts';
import { type Kind, startKind } from './kind.ts';
import { testCluster } from './testdata/test-cluster.ts';

const CLAIM = sampleIntent('wireguard', { routing: 'native' });

const { missing, image } = await testCluster();
let kind: Kind;

describe.skipIf(missing !== '')(missing === '' ? 'a kind cluster' : `a kind cluster (skipped: ${missing})`, () => {
  beforeAll(async () => {
    kind = await startKind({ nodes: 3, families: ['ipv4'], environmentClass: 'lab', ...(image === undefined ? {} : { image }) });
  });

  afterAll(async () => {
    const { name } = kind.description;
    await kind[Symbol.asyncDispose]();
    const left = await run(['docker', 'ps', '--all', '--quiet', '--filter', `label=io.wirewitness.cluster=${name}`]);
    expect([left.stdout, (await kindClusters()).includes(name)]).toEqual(['', false]);
  });

  describe('with the reference datapath', () => {
    let cluster: Cluster;
    beforeAll(async () => {
      const { description, host, pod, pods, wire, outside, traffic } = kind;
      cluster = await datapathCluster({ description, host, pod, pods, wire, outside, workloads: { shell: traffic } }, CLAIM);
      await cluster.enableEncryption?.();
    });
    afterAll(async () => {
      await cluster[Symbol.asyncDispose]();
    });
    for (const { title, verify } of clusterContract) test(title, () => verify(cluster));
  });

  const podName = () => `${kind.description.pods[0]?.namespace}/${kind.description.pods[0]?.name}`;

  describe('a node, by docker exec', () => {
    for (const { title, verify } of shellContract) test(title, () => verify(kind.host(kind.description.nodes[0]?.name ?? '')));
  });

  describe('a pod, by exec through the API server', () => {
    for (const { title, verify } of shellContract) test(title, () => verify(kind.podExec(podName())));

    test('standard input of any bytes arrives whole', async () => {
      const bytes = new Uint8Array(200_000).map((_, index) => (index * 7919) % 256);
      const result = await kind.podExec(podName()).run(['sha256sum'], { stdin: bytes });
      expect(result.stdout.split(' ')[0]).toBe(createHash('sha256').update(bytes).digest('hex'));
    });

    test('an output of megabytes comes whole', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ww-kind-'));
      try {
        const file = join(folder, 'output');
        const running = await kind.podExec(podName()).start(['head', '-c', '5000000', '/dev/zero'], { stdoutFile: file });
        expect((await running.ended).exitCode).toBe(0);
        expect((await readFile(file)).length).toBe(5_000_000);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    test('a pod that is not there, and a container that is not, are errors that name them', async () => {
      const { podShell } = await import('../../harness/kube/pod-shell.ts');
      const nowhere = podShell(kind.kube, { namespace: 'wirewitness-demo', pod: 'absent', container: 'witness' });
      await expect(nowhere.run(['true'])).rejects.toThrow(/exec in wirewitness-demo\/absent .*not opened/);
    });
  });

  test('exec torn 100 times at random: no hang, no result that is not one', { timeout: 280_000 }, async () => {
    const { namespace, name, node } = await kind.pods.add({
      namespace: 'wirewitness-demo',
      name: 'torn',
      node: kind.description.nodes[0]?.name ?? '',
    });
    const shell = kind.podExec(`${namespace}/${name}`);
    const outcomes = { whole: 0, lost: 0 };
    for (let round = 0; round < 100; round++) {
      // Prints its own number of lines last: an output that was cut cannot look whole.
      const command = shell.run(['sh', '-c', 'for n in 1 2 3 4 5 6 7 8; do echo $n; sleep 0.02; done'], { timeoutMs: 60_000 });
      const tearing = new Promise((resolve) => setTimeout(resolve, (round * 37) % 260)).then(() => tear(node));
      const result = await command.catch((error: unknown) => error);
      await tearing;
      if (result instanceof LostConnectionError) outcomes.lost++;
      else {
        expect(result).toMatchObject({ stdout: '1\n2\n3\n4\n5\n6\n7\n8\n', exitCode: 0 });
        outcomes.whole++;
      }
    }
    expect(outcomes.whole + outcomes.lost).toBe(100);
    expect(outcomes.lost).toBeGreaterThan(10);
  });

  test('a pod that is deleted while a command runs in it', async () => {
    const { namespace, name } = await kind.pods.add({
      namespace: 'wirewitness-demo',
      name: 'doomed',
      node: kind.description.nodes[0]?.name ?? '',
    });
    const running = await kind.podExec(`${namespace}/${name}`).start(['sh', '-c', 'echo begun; sleep 60']);
    await running.ready(/begun/);
    await kind.pods.remove(`${namespace}/${name}`);
    const outcome = await running.ended.catch((error: unknown) => error);
    // Either the kill is seen (128+9), or nothing: never an exit code 0.
    if (outcome instanceof LostConnectionError) return;
    expect(outcome).toMatchObject({ exitCode: 137 });
  });
});

/** Cut every connection to the kubelet of a node, as a network does. */
async function tear(node: string): Promise<void> {
  await run(['docker', 'exec', node, 'ss', '--kill', 'state', 'established', '( sport = :10250 )'], { timeoutMs: 30_000 });
}
