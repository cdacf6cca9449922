import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ciliumObjects, type FakeCluster, startFakeCluster } from '../../clusters/testdata/fake-cluster.ts';
import type { ExecFate } from '../kube/testdata/api-server.ts';
import type { Recording } from '../model/recording.ts';
import { openRecording } from '../record/open-recording.ts';
import { assess } from './assess.ts';
import { planRun } from './plan-run.ts';
import { runPlan } from './run-plan.ts';

const CLAIM = { target: 'existing', mode: 'ipsec', routing: 'vxlan', profile: '1.18', yes: true } as const;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ww-run-plan-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The whole way through on a cluster in words only; what it says at the end, and whether a recording was handed over. */
async function run(fake: FakeCluster, more: object = {}) {
  const out = await mkdtemp(join(root, 'run-'));
  const plan = await planRun({ ...CLAIM, kubeconfig: fake.kubeconfig, ...more }, out);
  const handedOver: string[] = [];
  const lines: string[] = [];
  const error = await runPlan(plan, {
    out,
    signal: new AbortController().signal,
    endsEarly: () => ({ [Symbol.dispose]: () => {} }),
    progress: (line) => lines.push(line),
    ask: undefined,
    show: () => {},
    pastSamples: () => [],
    recorded: async (folder) => void handedOver.push(folder),
  }).catch((thrown: unknown) => thrown);
  return { out, error, handedOver, lines };
}

/** Fates by words of the command line, each for as many execs as there are. */
function fates(each: Readonly<Record<string, ExecFate[]>>) {
  return ({ argv }: { readonly argv: readonly string[] }): ExecFate => {
    const line = argv.join(' ');
    return (
      Object.entries(each)
        .find(([words]) => line.includes(words))?.[1]
        .shift() ?? {}
    );
  };
}

/** The recording came to its end, and proves nothing. */
async function expectWhole(folder: string | undefined): Promise<Recording> {
  const recording = await openRecording(join(folder ?? '', 'recording'));
  expect(recording.manifest.run.complete).toBe(true);
  expect((await assess(recording)).verdict).not.toBe('supports');
  return recording;
}

const many = (fate: ExecFate): ExecFate[] => Array.from({ length: 50 }, () => fate);

describe('a run on a cluster whose API server fails it', () => {
  test.each([
    ['one reading cut once', { 'xfrm policy': [{ cutAfterMs: 0 }] }, { lost: 0 }],
    [
      'readings, interrupts, copies and flows lost each time',
      {
        'xfrm policy': many('refused'),
        'kill -INT': many('refused'),
        '-- /tmp/wirewitness': many({ cutAfterMs: 0 }),
        'perl -': many({ cutAfterMs: 0 }),
      },
      { lost: 1 },
    ],
  ] as const)('%s: the recording is whole, is judged, proves nothing, and nothing is left', async (_, fate, { lost }) => {
    await using fake = await startFakeCluster({ fate: fates(fate as Record<string, ExecFate[]>) });
    const before = fake.server.objects.length;
    const { error, handedOver } = await run(fake);
    expect(error).toBeUndefined();
    expect(handedOver).toHaveLength(1);
    expect(fake.server.objects).toHaveLength(before);
    const recording = await openRecording(join(handedOver[0] ?? '', 'recording'));
    const { manifest } = recording;
    expect(manifest.run.complete).toBe(true);
    expect(manifest.commands.filter(({ collector, exitCode }) => collector === 'xfrm-policy' && exitCode === 255).length > 0).toBe(
      lost > 0,
    );
    expect((await recording.events()).some(({ event }) => event === 'capture-not-brought')).toBe(lost > 0);
    const report = await assess(recording);
    expect(report.verdict).not.toBe('supports');
  });

  test('an API server that is restarted while flows are driven costs what was under way', async () => {
    let restarted: Promise<void> | undefined;
    await using fake = await startFakeCluster({
      fate: ({ argv }) => {
        if (argv[0] === 'perl' && argv[1] === '-') restarted ??= fake.server.restart(1500);
        return {};
      },
    });
    const { error, handedOver } = await run(fake);
    await restarted;
    expect(restarted).toBeDefined();
    expect(error).toBeUndefined();
    await expectWhole(handedOver[0]);
  });

  test('a kubelet that stops for good costs what its node would have said', async () => {
    let stopped = false;
    const onNode = (pod: string): boolean => pod.endsWith('node2');
    await using fake = await startFakeCluster({
      fate: ({ argv, pod }) => {
        if (argv[0] === 'perl' && argv[1] === '-' && !stopped) {
          stopped = true;
          fake.server.cut(onNode);
        }
        return stopped && onNode(pod) ? 'refused' : {};
      },
    });
    const { error, handedOver } = await run(fake);
    expect(stopped).toBe(true);
    expect(error).toBeUndefined();
    const { manifest } = await expectWhole(handedOver[0]);
    const after = manifest.commands.filter(({ snapshot, shell }) => snapshot === 'after' && shell !== 'api');
    expect(after.filter(({ node, exitCode }) => node === 'node2' && exitCode === 0)).toEqual([]);
    expect(after.some(({ node, exitCode }) => node === 'node1' && exitCode === 0)).toBe(true);
  });

  test('agents that refuse exec cost what only they can say', async () => {
    await using fake = await startFakeCluster({ fate: ({ pod }) => (pod.startsWith('cilium-') ? 'refused' : {}) });
    const { error, handedOver } = await run(fake);
    expect(error).toBeUndefined();
    const { manifest } = await openRecording(join(handedOver[0] ?? '', 'recording'));
    expect(manifest.cluster.capabilities['agent-shell']).toMatchObject({
      available: false,
      reason: expect.stringContaining('exec into'),
    });
  });

  test('a packet of a pod is sent in the cluster that was named, and one that fails costs only itself', async () => {
    await using fake = await startFakeCluster({ fate: fates({ 'perl -e': many('refused') }) });
    const { error, handedOver, lines } = await run(fake, { injectInbound: 'fake' });
    expect(error).toBeUndefined();
    expect(lines).toContainEqual(expect.stringContaining('sending a readable packet by node1 as if from'));
    const { manifest } = await expectWhole(handedOver[0]);
    expect(manifest.traffic.filter(({ phase }) => phase === 'inbound')).toMatchObject([
      { id: expect.stringMatching(/^inbound\/own/), answered: 0 },
      { id: expect.stringMatching(/^inbound\/injected/), sent: 0, answered: 0, arrived: 0 },
    ]);
    expect(manifest.commands.filter(({ snapshot }) => snapshot === 'inbound')).toHaveLength(2);
  });

  test('nothing is created where a packet was allowed in another cluster', async () => {
    await using fake = await startFakeCluster();
    const before = fake.server.objects.length;
    const { error, handedOver } = await run(fake, { injectInbound: 'prod' });
    expect(error).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^--inject-inbound prod: the run examines the context fake/),
    });
    expect([handedOver, fake.server.objects.length]).toEqual([[], before]);
  });

  test('a node that is not ready is named, and costs the others nothing', async () => {
    const off = { conditions: [{ type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' }] };
    const objects = ciliumObjects('kube-system', ['node1', 'node2', 'node3']).map((each) =>
      each.kind === 'Node' && each.metadata.name === 'node3' ? { ...each, status: { ...(each.status as object), ...off } } : each,
    );
    await using fake = await startFakeCluster({ objects });
    const { error, handedOver, lines } = await run(fake);
    expect(error).toBeUndefined();
    expect(lines).toContainEqual(expect.stringMatching(/not tested: node3: NotReady: Kubelet stopped/));
    const recording = await expectWhole(handedOver[0]);
    const { commands, captures, traffic } = recording.manifest;
    expect(new Set(commands.map(({ node }) => node))).toEqual(new Set(['node1', 'node2', null]));
    expect(new Set(captures.map(({ node }) => node))).toEqual(new Set(['node1', 'node2']));
    expect(new Set(traffic.map(({ destination }) => destination.node))).toEqual(new Set(['node1', 'node2', null]));
    const { verdicts } = await assess(recording);
    const red = verdicts.filter((one) => one.verdict === 'contradicts').flatMap(({ facts }) => facts.map(({ text }) => text));
    expect(red.filter((text) => text.startsWith('node3'))).toEqual([]);
    const open = verdicts.filter(({ facts }) =>
      facts.some(({ text }) => text.startsWith('node3 was not reached, so nothing is said of it: NotReady')),
    );
    expect(open.map(({ id }) => id)).toContain('WIR-11');
    expect(open.length).toBeGreaterThan(3);
  });

  test('a cluster that may not be read is the environment’s fault, and nothing is written', async () => {
    await using fake = await startFakeCluster({ refuse: (_, path) => (path.endsWith('/nodes') ? 403 : undefined) });
    const { out, error, handedOver } = await run(fake);
    expect(error).toMatchObject({ name: 'KubeError', message: expect.stringContaining('403') });
    expect(handedOver).toEqual([]);
    expect(await readdir(out)).toEqual([]);
  });
});
