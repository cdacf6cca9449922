import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { JournalEvent } from '../model/recording.ts';
import type { Shell } from '../model/shell.ts';
import { collectSnapshot } from './collect.ts';
import { RecordingWriter } from './recording-writer.ts';
import { RunClock } from './run-clock.ts';
import { openSession } from './session.ts';

const intent: Intent = {
  mode: 'ipsec',
  routing: 'native',
  profile: '1.18',
  nodeEncryption: false,
  strictMode: false,
  perTunnelKeys: true,
  families: ['ipv4'],
};
const node = { name: 'node1', addresses: ['192.0.2.1'], podCidrs: ['10.0.1.0/24'], internalAddresses: ['10.0.1.1'], uplink: 'eth0' };
const description: Cluster['description'] = {
  name: 'test',
  provider: 'existing',
  environmentClass: 'ephemeral-test',
  nodes: [node],
  pods: [],
  services: [],
  versions: {},
  capabilities: {},
};
const never = (): never => {
  throw new Error('not asked for in this test');
};
const sa = (spi: number): string =>
  `src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x0000000${spi} reqid 1 mode tunnel\n\treplay-window 0 \n\taead rfc4106(gcm(aes)) 0x${String(spi).repeat(40)} 128\n`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewitness-collect-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A snapshot of one node: outputs of its kernel and key counts of its agent, in the order of readings. */
async function snapshotOf(kernel: readonly string[], keys: readonly number[], runEach?: Shell['runEach']) {
  const header = { runId: 'r', scenario: 'steady', fault: null, toolVersion: '0', intent, cluster: description } as const;
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, new RunClock());
  const said = { kernel: [...kernel], keys: [...keys] };
  const alone: string[] = [];
  const next = <T>(list: T[]): T => (list.length > 1 ? list.shift() : list[0]) as T;
  const shell: Shell = {
    name: 'node1',
    run: async (argv) => {
      const line = argv.join(' ');
      alone.push(line);
      const stdout = line.startsWith('ip -s xfrm state')
        ? next(said.kernel)
        : line === 'cilium-dbg encrypt status'
          ? `Encryption: IPsec\nKeys in use: ${next(said.keys)}\n`
          : '';
      return { argv, exitCode: 0, stdout, stderr: '' };
    },
    start: never,
    fetch: never,
    ...(runEach === undefined ? {} : { runEach }),
  };
  const cluster: Cluster = {
    description,
    host: () => shell,
    agent: () => shell,
    wire: undefined,
    api: undefined,
    workloads: { shell: never },
    keys: { current: never },
    faults: undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  using session = openSession({ cluster, intent, writer, progress: () => {} });
  await collectSnapshot(session, 'after');
  const { commands } = await writer.finish();
  const stored = async (name: string): Promise<string[]> =>
    Promise.all(commands.filter((c) => c.collector === name).map((c) => readFile(join(writer.folder, c.stdout), 'utf8')));
  const lines = (await readFile(join(writer.folder, 'events.ndjson'), 'utf8')).trim().split('\n');
  const again = lines.map((line) => JSON.parse(line) as JournalEvent).find(({ event }) => event === 'read-again');
  return { alone, commands, states: await stored('xfrm-state'), statuses: await stored('encrypt-status'), again: again?.detail };
}

test('what agrees is read once', async () => {
  const { states, statuses, again } = await snapshotOf([sa(3)], [1]);
  expect([states.length, statuses.length, again]).toEqual([1, 1, undefined]);
});

test('what changed between the two is read again until both agree, and only the last reading is kept', async () => {
  const { states, statuses, again } = await snapshotOf([sa(3) + sa(4), sa(4)], [1]);
  expect(states).toHaveLength(1);
  expect(states[0]).toContain('spi 0x00000004');
  expect(states[0]).not.toContain('spi 0x00000003');
  expect(statuses).toHaveLength(1);
  expect(again).toEqual({ snapshot: 'after', node: 'node1', tries: 2, differences: ['the agent has 1 keys in use, the kernel 2'] });
});

test('if they never agree, the last reading is kept for the judge', async () => {
  const { states, again } = await snapshotOf([sa(4)], [2]);
  expect(states).toHaveLength(1);
  expect(again).toMatchObject({ tries: 4, differences: Array(4).fill('the agent has 2 keys in use, the kernel 1') });
});

describe('a shell that answers several at once', () => {
  const answered = (argv: readonly string[]) => ({ argv, exitCode: 0, stdout: `batch ${argv[0]}`, stderr: '' });

  test('is asked once, but for the clock and what must be read together', async () => {
    const asked: string[][] = [];
    const { alone, commands } = await snapshotOf([sa(3)], [1], async (argvs) => {
      asked.push(argvs.map((argv) => argv.join(' ')));
      return argvs.map(answered);
    });
    expect(asked).toHaveLength(2);
    expect(asked.flat()).toContain('ip rule list');
    expect(alone).toEqual(['date -u +%s.%N', 'ip -s xfrm state list', 'cilium-dbg encrypt status']);
    expect(commands).toHaveLength(asked.flat().length + alone.length);
    for (const { startedAt, endedAt } of commands) expect(endedAt.monotonicMs).toBeGreaterThanOrEqual(startedAt.monotonicMs);
  });

  test('what it gave no answer to is asked by itself, and nothing is missing', async () => {
    const { alone, commands } = await snapshotOf([sa(3)], [1], async (argvs) =>
      argvs.map((argv) => (argv.includes('rule') ? null : answered(argv))),
    );
    expect(alone).toContain('ip rule list');
    expect(commands.filter(({ collector }) => collector === 'ip-rule')).toHaveLength(1);
  });
});
