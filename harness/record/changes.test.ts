import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster, Lifecycle, PodDescription } from '../model/cluster.ts';
import type { JournalEvent } from '../model/recording.ts';
import { sampleIntent } from '../testing/two-nodes.ts';
import { type Change, churnPods, leaveNode, replacePod, restartAgents, restartLastNode, rotateKey, startLastAgent } from './changes.ts';
import { RecordingWriter } from './recording-writer.ts';
import { RunClock } from './run-clock.ts';
import { openSession, type RecordingSession } from './session.ts';
import type { Load } from './traffic/load.ts';
import type { Window } from './window.ts';

const intent = sampleIntent('ipsec');
const description: Cluster['description'] = {
  name: 'test',
  provider: 'lab',
  environmentClass: 'lab',
  nodes: ['node1', 'node2', 'node3'].map((name) => ({ name, addresses: [], podCidrs: [], internalAddresses: [], uplink: 'eth0' })),
  pods: [{ name: 'a', namespace: 'demo', node: 'node1', addresses: ['10.0.1.11'], labels: {} }],
  services: [],
  versions: {},
  capabilities: {},
};
const never = (): never => {
  throw new Error('not asked for in this test');
};

let folder: string;
let did: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewitness-changes-'));
  did = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lifecycle: Lifecycle = {
  startAgent: async (node) => void did.push(`start ${node}`),
  restartAgent: async (node) => void did.push(`restart ${node}`),
  addPod: async (pod, started) => {
    const added: PodDescription = { ...pod, addresses: ['10.0.9.9'], labels: {} };
    did.push(`pod ${pod.name} is there`);
    await started(added);
    did.push(`nodes know ${pod.name}`);
    return added;
  },
  deletePod: async (pod) => void did.push(`delete ${pod}`),
  joinNode: async (node) => void did.push(`join ${node}`),
  leaveNode: async (node) => void did.push(`leave ${node}`),
  restartNode: async (node, whileOff) => {
    did.push(`cut ${node} off`);
    await whileOff();
    did.push(`boot ${node}`);
  },
  disableEncryption: async () => void did.push('disable'),
};
const window: Window = {
  loadFrom: async (pod) => {
    did.push(`load from ${pod.name}`);
    return {} as Load;
  },
  lasts: async (ms) => void did.push(`load lasts ${ms}`),
  finish: async () => void did.push('load stopped'),
};

async function journalOf(change: Change, part: Partial<Cluster> = { lifecycle }): Promise<string[]> {
  const header = { runId: 'r', scenario: 'rotation', fault: null, toolVersion: '0', intent, cluster: description } as const;
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, new RunClock());
  const cluster: Cluster = {
    description,
    host: never,
    agent: never,
    wire: undefined,
    api: undefined,
    workloads: { shell: never },
    keys: { current: async () => ({ id: 3, algorithm: 'x', fingerprint: 'f' }) },
    faults: undefined,
    [Symbol.asyncDispose]: async () => undefined,
    ...part,
  };
  using session: RecordingSession = openSession({ cluster, intent, writer, progress: () => {} });
  await change(session, window);
  const lines = (await readFile(join(writer.folder, 'events.ndjson'), 'utf8')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as JournalEvent)
    .map(({ event, detail }) => `${event} ${JSON.stringify(detail)}`)
    .slice(1);
}

test('each step of a rotation is written as it begins, and one that names a time lasts as long on the load', async () => {
  const keys: Cluster['keys'] = {
    current: async () => ({ id: 3, algorithm: 'x', fingerprint: 'f' }),
    rotate: async (step) => {
      await step('switched', { node: 'node1', spi: 4 });
      did.push('switch');
      await step('grace-started', { spi: 3, waitMs: 5000 });
      did.push('delete');
    },
  };
  expect(await journalOf(rotateKey, { keys })).toEqual([
    'rotation-started {"id":3,"algorithm":"x","fingerprint":"f"}',
    'rotation-step {"name":"switched","node":"node1","spi":4}',
    'rotation-step {"name":"grace-started","spi":3,"waitMs":5000}',
    'rotation-ended {"id":3,"algorithm":"x","fingerprint":"f"}',
  ]);
  expect(did).toEqual(['switch', 'load lasts 5000', 'delete']);
});

test('a pod sends before the nodes know of it, and until after it is gone', async () => {
  const journal = await journalOf(churnPods);
  expect(journal.map((line) => line.split(' ')[0])).toEqual([
    ...['pod-adding', 'pod-added', 'pod-deleting', 'pod-deleted'],
    ...['pod-adding', 'pod-added', 'pod-deleting', 'pod-deleted'],
  ]);
  expect(journal[1]).toBe('pod-added {"pod":"demo/churn-1","node":"node1","addresses":["10.0.9.9"]}');
  expect(journal[5]).toContain('"node":"node3"');
  expect(did.slice(0, 6)).toEqual([
    'pod churn-1 is there',
    'load from churn-1',
    'nodes know churn-1',
    'load lasts 2000',
    'delete demo/churn-1',
    'load stopped',
  ]);
});

test('agents are restarted one after the other, and the load goes on in between', async () => {
  await journalOf(restartAgents);
  expect(did).toEqual(['node1', 'node2', 'node3'].flatMap((node) => [`restart ${node}`, 'load lasts 1000']));
});

test('the agent of the last node starts, and the last node is off for a time of the load', async () => {
  expect(await journalOf(startLastAgent)).toEqual(['agent-starting {"node":"node3"}', 'agent-started {"node":"node3"}']);
  await rm(join(folder, 'recording'), { recursive: true });
  expect(await journalOf(restartLastNode)).toEqual(
    ['node-restarting', 'node-off', 'node-restarted'].map((line) => `${line} {"node":"node3"}`),
  );
  expect(did).toEqual(['start node3', 'cut node3 off', 'load lasts 1000', 'boot node3']);
});

test('a pod is deleted while it sends, and the next one comes to the same node', async () => {
  const journal = await journalOf(replacePod);
  const pods = ['demo/deleted-1', 'demo/deleted-2'];
  expect(journal.map((line) => line.split(' ')[0])).toEqual(pods.flatMap(() => ['pod-adding', 'pod-added', 'pod-deleting', 'pod-deleted']));
  for (const [index, line] of journal.entries()) expect(line).toContain(`{"pod":"${pods[index < 4 ? 0 : 1]}","node":"node3"`);
});

test('what the cluster cannot do is an error, not ignored', async () => {
  await expect(journalOf(rotateKey)).rejects.toThrow(/cannot be rotated/);
  await rm(join(folder, 'recording'), { recursive: true });
  await expect(journalOf(leaveNode, {})).rejects.toThrow(/may not change/);
});
