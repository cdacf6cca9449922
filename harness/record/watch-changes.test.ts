import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster, ClusterSight, ClusterWatch } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { instantSchema, type JournalEvent } from '../model/recording.ts';
import { RecordingWriter } from './recording-writer.ts';
import { RunClock } from './run-clock.ts';
import { type Observation, openSession } from './session.ts';
import { observe } from './watch-changes.ts';
import type { Window } from './window.ts';

const never = (): never => {
  throw new Error('not asked for in this test');
};
const intent: Intent = {
  mode: 'ipsec',
  routing: 'vxlan',
  profile: '1.18',
  nodeEncryption: false,
  strictMode: false,
  perTunnelKeys: true,
  families: ['ipv4'],
};
const description: Cluster['description'] = {
  name: 'test',
  provider: 'existing',
  environmentClass: 'ephemeral-test',
  nodes: [{ name: 'node1', addresses: [], podCidrs: [], internalAddresses: [], uplink: 'eth0' }],
  pods: [],
  services: [],
  versions: {},
  capabilities: {},
};
const window: Window = { loadFrom: never, lasts: async () => {}, finish: never };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewitness-observe-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sight = (id: number): ClusterSight => ({
  key: { id, fingerprint: String(id) },
  published: { node1: id },
  agents: { node1: { instance: 'a', ready: true, version: '1.18.3' } },
});

async function observed(watch: ClusterWatch, observation: Observation): Promise<readonly JournalEvent[]> {
  const header = { runId: 'r', scenario: 'observe', fault: null, toolVersion: '0', intent, cluster: description } as const;
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, new RunClock());
  const cluster: Cluster = {
    description,
    host: never,
    agent: never,
    wire: undefined,
    api: undefined,
    workloads: { shell: never },
    keys: { current: never },
    faults: undefined,
    watch,
    [Symbol.asyncDispose]: async () => undefined,
  };
  using session = openSession({ cluster, intent, writer, progress: () => {}, observation });
  await observe(session, window);
  const lines = (await readFile(join(writer.folder, 'events.ndjson'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as JournalEvent).slice(1);
}

test('changes by other people are written with the time of the previous observation, and are waited for after the time is over', async () => {
  let looks = 0;
  const watch: ClusterWatch = {
    look: async () => sight(looks++ === 0 ? 3 : 4),
    holding: async () => (looks < 4 ? ['node1'] : []),
  };
  const events = await observed(watch, { forMs: 500, disruptions: [] });
  expect(events.map(({ event }) => event)).toEqual([
    'observation-started',
    ...['rotation-started', 'rotation-step', 'rotation-step', 'rotation-step', 'rotation-ended'],
    'observation-ended',
  ]);
  const [begin] = events.filter(({ event }) => event === 'rotation-started');
  const looked = instantSchema.parse(begin?.detail.notBefore);
  expect(looked.monotonicMs).toBeLessThan((begin?.at.monotonicMs ?? 0) - 900);
  expect(events.at(-1)?.detail).toEqual({ early: false, unfinished: [] });
});

test('a user ends it early, and what is not over is named', async () => {
  let looks = 0;
  let end = (): void => {};
  let listening = true;
  const watch: ClusterWatch = {
    look: async () => {
      if (looks === 1) end();
      return sight(looks++ === 0 ? 3 : 4);
    },
    holding: async () => ['node1'],
  };
  const endsEarly = (given: () => void) => {
    end = given;
    return {
      [Symbol.dispose]: () => {
        listening = false;
      },
    };
  };
  const events = await observed(watch, { forMs: 600_000, disruptions: [], endsEarly });
  expect(events.at(-1)).toMatchObject({ event: 'observation-ended', detail: { early: true, unfinished: ['rotation'] } });
  expect(listening).toBe(false);
});

test('a server that gives no answer is asked again, and the journal says so', async () => {
  let looks = 0;
  const watch: ClusterWatch = {
    look: async () => {
      looks += 1;
      if (looks === 2) throw new Error('connection refused');
      return sight(3);
    },
    holding: never,
  };
  const events = await observed(watch, { forMs: 1500, disruptions: [] });
  expect(events.map(({ event }) => event)).toEqual(['observation-started', 'sight-lost', 'sight-regained', 'observation-ended']);
  expect(events[1]?.detail.problem).toBe('connection refused');
});
