/**
 * How long reading a snapshot of many nodes takes where every command needs round trips to an API server: `node bench/snapshot.ts [NODES]
 * [MILLISECONDS]`. The shells answer nothing but wait as an exec over a new connection does; the recorder, its limits and its files are the real
 * ones. Exit code 1 when 100 nodes take more than 20 seconds at 30 milliseconds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../harness/model/cluster.ts';
import type { CommandResult, Shell } from '../harness/model/shell.ts';
import { collectSnapshot } from '../harness/record/collect.ts';
import { RecordingWriter } from '../harness/record/recording-writer.ts';
import { RunClock } from '../harness/record/run-clock.ts';
import { openSession } from '../harness/record/session.ts';
import { sampleIntent, twoNodes } from '../harness/testing/two-nodes.ts';

/** TCP, TLS, the upgrade to a WebSocket, and the command with its answer. */
const ROUND_TRIPS = 4;
/** The goal: seconds for a node at the latency that it was set for, with which it grows. */
const [GOAL_SECONDS, GOAL_NODES, GOAL_MS] = [20, 100, 30];

const nodes = Number(process.argv[2] ?? GOAL_NODES);
const latencyMs = Number(process.argv[3] ?? GOAL_MS);
let execs = 0;

function slowShell(name: string): Shell {
  const answer = async (argv: readonly string[]): Promise<CommandResult> => ({ argv, exitCode: 0, stdout: '', stderr: '' });
  const wait = async (): Promise<void> => {
    execs++;
    await pause(ROUND_TRIPS * latencyMs);
  };
  return {
    name,
    run: async (argv) => {
      await wait();
      return answer(argv);
    },
    runEach: async (argvs) => {
      await wait();
      return Promise.all(argvs.map(answer));
    },
    start: () => Promise.reject(new Error('a snapshot starts nothing')),
    fetch: () => Promise.reject(new Error('a snapshot fetches nothing')),
  };
}

const description: Cluster['description'] = {
  ...twoNodes,
  nodes: Array.from({ length: nodes }, (_, i) => ({
    name: `node${i}`,
    addresses: [`172.18.${i >> 8}.${i & 255}`],
    podCidrs: [`10.${i >> 8}.${i & 255}.0/24`],
    internalAddresses: [`10.${i >> 8}.${i & 255}.1`],
    uplink: 'eth0',
  })),
  pods: [],
};
const cluster: Cluster = {
  description,
  host: slowShell,
  agent: slowShell,
  wire: undefined,
  api: slowShell('api'),
  workloads: { shell: slowShell },
  keys: { current: async () => ({ id: 3, algorithm: '', fingerprint: '' }) },
  faults: undefined,
  [Symbol.asyncDispose]: async () => {},
};
const intent = sampleIntent('ipsec');
const folder = await mkdtemp(join(tmpdir(), 'wirewitness-bench-'));
try {
  const header = { runId: 'bench', scenario: 'steady', fault: null, toolVersion: '0', intent, cluster: description } as const;
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, new RunClock());
  using session = openSession({ cluster, intent, writer, progress: () => {} });
  const begin = performance.now();
  const used = process.cpuUsage();
  await collectSnapshot(session, 'before');
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(used);
  const goal = (GOAL_SECONDS * nodes * latencyMs) / (GOAL_NODES * GOAL_MS);
  console.log(
    `${nodes} nodes at ${latencyMs} ms: ${seconds.toFixed(1)} s for ${execs} execs (${(execs / nodes).toFixed(1)} a node), ${((user + system) / 1e6).toFixed(1)} s of them computing; goal ${goal.toFixed(0)} s: ${seconds <= goal ? 'met' : 'missed'}`,
  );
  process.exitCode = seconds <= goal ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
