import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../clusters/lab/lab.ts';
import { openInLab } from '../../clusters/lab/provider.ts';
import { missingRequirements } from '../../clusters/lab/requirements.ts';
import { catalogue } from '../../suites/catalogue.ts';
import { judge } from '../judge/judge.ts';
import { examineCapture } from '../judge/ledger/ledger.ts';
import { windowReport } from '../judge/window/window-report.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { Recording } from '../model/recording.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { openRecording } from '../record/open-recording.ts';
import { RunClock } from '../record/run-clock.ts';
import { sampleIntent } from '../testing/two-nodes.ts';
import { recordRun } from './record-run.ts';
import { testHook } from './watch/test-hook.ts';
import { WatchAlerts } from './watch/watch-alerts.ts';

const LAB_LIMIT_MS = 180_000;
const SCENARIO_LIMIT_MS = 180_000;
/**
 * A stream sends at a fifth of its pace, twice a second, where nothing was answered: so exactly can its first frame tell a moment. A busy
 * guest may be late by some of these turns.
 */
const SLOWED_LOAD_MS = 3000;
const INTENT = sampleIntent('ipsec', { routing: 'native' });

const missing = (await missingRequirements()).map(({ program }) => program);

describe.skipIf(missing.length > 0)(
  `scenarios in the lab${missing.length > 0 ? ` (this machine lacks ${missing.join(', ')})` : ''}`,
  () => {
    let lab: Lab;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'wirewitness-scenarios-'));
      lab = await startLab({ nodes: 2 });
    }, LAB_LIMIT_MS);
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    interface How {
      readonly keyId?: number;
      readonly fault?: string | null;
    }
    async function record(scenario: ScenarioName, part: Partial<Intent>, { keyId, fault = null }: How = {}): Promise<Recording> {
      const out = join(folder, `${scenario}-${fault ?? 'healthy'}`);
      const { signal } = new AbortController();
      const intent = { ...INTENT, ...part };
      const how = { flows: 'probe', clearPhase: false, clock: new RunClock(), progress: () => {} } as const;
      const open = () => openInLab(lab, intent, { clear: false, scenario, ...(keyId === undefined ? {} : { keyId }) });
      await recordRun({ open, intent, scenario, fault, folder: out, signal, ...how });
      return openRecording(join(out, 'recording'));
    }

    test(
      'a rotation from key id 15 to 1 loses nothing, shows nothing, and each direction goes from one SPI to the other',
      async () => {
        const recording = await record('rotation', {}, { keyId: 15 });
        const { captures, traffic } = recording.manifest;
        const load = traffic.filter(({ phase }) => phase === 'window');
        expect(load).toHaveLength(6);
        for (const { id, sent, answered } of load) expect(`${id}: ${answered} of ${sent}`).toBe(`${id}: ${sent} of ${sent}`);
        const [cipher, sentinel] = (['cipher', 'sentinel'] as const).map((kind) => captures.find((c) => c.kind === kind));
        // The beacons of both captures at both ends, which each of them sees.
        expect(sentinel?.counters).toEqual({ captured: 4, receivedByFilter: 4, droppedByKernel: 0 });
        const ledger = await examineCapture(recording.bytes(cipher?.file ?? ''));
        expect(ledger.esp.map(({ src, spi }) => `${src} ${spi}`).sort()).toEqual([
          '10.0.1.1 0x00000001',
          '10.0.1.1 0x0000000f',
          '10.0.2.1 0x00000001',
          '10.0.2.1 0x0000000f',
        ]);
      },
      SCENARIO_LIMIT_MS,
    );

    test(
      'a pod sends from when it is there until it is gone, and no other flow loses anything',
      async () => {
        const recording = await record('pod-churn', { mode: 'wireguard', profile: '1.14', routing: 'vxlan', perTunnelKeys: false });
        const load = recording.manifest.traffic.filter(({ phase }) => phase === 'window');
        const [own, others] = [true, false].map((churn) => load.filter(({ source }) => source.name.includes('churn') === churn));
        expect(own).toHaveLength(6);
        for (const { answered } of own ?? []) expect(answered).toBeGreaterThan(0);
        for (const { id, sent, answered } of others ?? []) expect(`${id}: ${answered} of ${sent}`).toBe(`${id}: ${sent} of ${sent}`);
        expect(() => lab.pod(own?.[0]?.source.name ?? '')).toThrow(RangeError);
        const { stdout } = await lab.root.run(['ip', 'netns', 'list']);
        expect(stdout).not.toContain('churn');
      },
      SCENARIO_LIMIT_MS,
    );

    test.each([
      ['agent-start', 'L70'],
      ['pod-delete', 'L72'],
    ] as const)(
      '%s with %s: the report tells the first readable frame by the moment at which the fault began',
      async (scenario, fault) => {
        const recording = await record(scenario, {}, { fault });
        const events = await recording.events();
        const at = (name: string): number => Date.parse(events.find(({ event }) => event === name)?.at.utc ?? '');
        const judgement = await judge(recording, catalogue);
        const first = windowReport(judgement.facts).rotation?.firstClear;
        expect(first?.after?.event).toMatch(/^fault-(opening|opened)$/);
        expect(first?.after?.ms).toBeGreaterThanOrEqual(0);
        // The capture has the guest's clock, the journal this machine's.
        const [soonest, latest] = [(first?.atMs ?? 0) - lab.clockOffset.low, (first?.atMs ?? 0) - lab.clockOffset.high];
        expect(soonest).toBeGreaterThanOrEqual(at('fault-opening'));
        expect(latest).toBeLessThanOrEqual(at('fault-opened') + SLOWED_LOAD_MS);
        const leaks = judgement.verdicts.filter(({ verdict }) => verdict === 'contradicts').map(({ id }) => id);
        expect(leaks).toEqual([scenario === 'agent-start' ? 'LIF-07' : 'LIF-02']);
      },
      SCENARIO_LIMIT_MS,
    );

    test(
      'a rotation and a restart that somebody else makes are seen, and judged as those of a scenario are',
      async () => {
        const out = join(folder, 'observe');
        let cluster: Cluster | undefined;
        let others: Promise<void> = Promise.resolve();
        const open = async () => {
          cluster = await openInLab(lab, INTENT, { clear: false });
          return cluster;
        };
        const act = async (): Promise<void> => {
          await cluster?.keys.rotate?.(async (_, { waitMs = 0 }) => {
            await pause(Number(waitMs));
          });
          await cluster?.lifecycle?.restartAgent?.('node1');
        };
        await recordRun({
          open,
          intent: INTENT,
          scenario: 'observe',
          fault: null,
          folder: out,
          signal: new AbortController().signal,
          flows: 'probe',
          clearPhase: false,
          clock: new RunClock(),
          observation: { forMs: 40_000, disruptions: [] },
          progress: (line) => {
            if (!/watching for/.test(line)) return;
            others = act();
            others.catch(() => {}); // It is awaited when the recording is done.
          },
        });
        await others;
        const recording = await openRecording(join(out, 'recording'));
        const { verdicts } = await judge(recording, catalogue);
        const found = Object.fromEntries(verdicts.map(({ id, verdict }) => [id, verdict]));
        expect(found).toMatchObject({
          ...{ 'ROT-01': 'supports', 'ROT-02': 'supports', 'ROT-03': 'supports', 'ROT-04': 'supports', 'ROT-05': 'supports' },
          ...{ 'ROT-06': 'supports', 'LIF-01': 'supports', 'LIF-05': 'not-exercised', 'WIR-01': 'supports', 'EVI-02': 'supports' },
        });
      },
      2 * SCENARIO_LIMIT_MS,
    );

    /** A long watch where only the uplinks of the nodes can be captured. */
    async function watchUplinks(
      name: string,
      { fault, forMs, partMs, url }: { readonly fault: string | null; readonly forMs: number; readonly partMs: number; readonly url?: URL },
    ): Promise<Recording> {
      const out = join(folder, name);
      const progress = () => {};
      const alerts = new WatchAlerts({ intent: INTENT, folder: join(out, 'recording'), metrics: join(out, 'watch.prom'), url, progress });
      const watch = { readingMs: 2000, partMs, keptBytes: 64 * 1024 ** 2 };
      await recordRun({
        open: async () => ({ ...(await openInLab(lab, INTENT, { clear: false })), wire: undefined }),
        ...{ intent: INTENT, scenario: 'observe', fault, folder: out, progress, signal: new AbortController().signal },
        ...{ flows: 'probe', clearPhase: false, clock: new RunClock() },
        observation: { forMs, disruptions: [], watch, watched: (what) => alerts.take(what) },
      });
      const recording = await openRecording(join(out, 'recording'));
      const events = await recording.events();
      expect(events.filter(({ event }) => /^watch-(not|part-lost|count-lost)/.test(event))).toEqual([]);
      const { stdout } = await lab.root.run(['sh', '-c', 'ls /tmp/wirewitness-* 2>/dev/null']);
      expect(stdout).toBe('');
      return recording;
    }
    const verdictsOf = async (recording: Recording) =>
      Object.fromEntries((await judge(recording, catalogue)).verdicts.map(({ id, verdict }) => [id, verdict]));

    test(
      'a leak is told while the capture that has it goes on',
      async () => {
        await using hook = await testHook(204);
        // Nothing is encrypted, and no capture ends before the watch does.
        const recording = await watchUplinks('leak-in-watch', { fault: 'L01', forMs: 15_000, partMs: 600_000, url: hook.url });
        const told = hook.bodies.map((body) => JSON.parse(body.slice('POST '.length))).find(({ alert }) => alert === 'readable-frames');
        const ending = (await recording.events()).find(({ event }) => event === 'watch-part-ending');
        expect(Date.parse(told?.at)).toBeLessThan(Date.parse(ending?.at.utc ?? ''));
        expect(await verdictsOf(recording)).toMatchObject({ 'WIR-01': 'contradicts', 'WIR-15': 'supports' });
      },
      SCENARIO_LIMIT_MS,
    );

    test(
      'captures of a watch that follow each other miss no frame, and each shows its beacons',
      async () => {
        const recording = await watchUplinks('parts-of-watch', { fault: null, forMs: 20_000, partMs: 5000 });
        expect(recording.manifest.captures.filter(({ part }) => part !== undefined).length).toBeGreaterThan(4);
        expect(await verdictsOf(recording)).toMatchObject({ 'WIR-01': 'supports', 'WIR-04': 'supports', 'WIR-15': 'supports' });
      },
      SCENARIO_LIMIT_MS,
    );
  },
);
