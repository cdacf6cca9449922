import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../../clusters/lab/lab.ts';
import { openInLab } from '../../../clusters/lab/provider.ts';
import { missingRequirements } from '../../../clusters/lab/requirements.ts';
import { catalogue } from '../../../suites/catalogue.ts';
import { collectDigests, judgeCollection } from '../../judge/digest/collect-digests.ts';
import { collectionOf } from '../../judge/digest/collection.ts';
import { isOfNodes } from '../../judge/digest/node-digest.ts';
import { readNodeFacts } from '../../judge/digest/node-facts.ts';
import { verdictOf } from '../../judge/judge.ts';
import type { Verdict } from '../../model/verdict.ts';
import { recordObserved } from '../../record/observe.ts';
import { openRecording } from '../../record/open-recording.ts';
import { RecordingWriter } from '../../record/recording-writer.ts';
import { RunClock } from '../../record/run-clock.ts';
import { sampleIntent } from '../../testing/two-nodes.ts';
import { toolVersion } from '../tool-version.ts';
import { planAlone } from './digest-inputs.ts';
import { recordDigest } from './record-digest.ts';

const LAB_LIMIT_MS = 300_000;
const missing = (await missingRequirements()).map(({ program }) => program);

type Verdicts = ReadonlyMap<string, Verdict>;

describe.skipIf(missing.length > 0)(
  `digests of three nodes in the lab${missing.length > 0 ? ` (this machine lacks ${missing.join(', ')})` : ''}`,
  () => {
    let lab: Lab;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'wirewitness-workers-'));
      lab = await startLab({ nodes: 3 });
    }, LAB_LIMIT_MS);
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    /** What one recorder of all nodes says, and what three workers say that share only a plan and a key. */
    async function bothWays(mode: 'ipsec' | 'wireguard', fault: string | null): Promise<readonly [recorder: Verdicts, workers: Verdicts]> {
      const intent = sampleIntent(mode, {});
      await using cluster = await openInLab(lab, intent, { clear: false, scenario: 'steady' });
      await cluster.enableEncryption?.();
      if (fault !== null) await cluster.faults?.inject(fault);
      const out = join(folder, `${mode}-${fault}`);
      const plan = { toolVersion: toolVersion(), scenario: 'steady', fault, intent, cluster: cluster.description } as const;
      const writer = await RecordingWriter.create(out, { ...plan, runId: 'workers' }, new RunClock());
      const { signal } = new AbortController();
      await recordObserved({ cluster, intent, writer, progress: () => {}, signal });
      await writer.finish();
      const recording = await openRecording(out);
      const facts = await readNodeFacts(recording);
      const recorder = catalogue
        .filter(isOfNodes)
        .map((check) => [check.id, verdictOf(check, facts, (x) => check.judge(x)).verdict] as const);
      const collection = collectionOf(planAlone(recording.manifest), randomBytes(32), catalogue);
      const sources = [];
      for (const node of collection.nodes) {
        const text = await recordDigest({ collection, node, shell: cluster.host(node), between: async () => {}, signal });
        sources.push({ from: `worker of ${node}`, node, text });
      }
      const { digests, rejected } = collectDigests(sources, collection);
      expect(rejected).toEqual([]);
      const { verdicts } = judgeCollection(collection.plan, digests, catalogue);
      return [new Map(recorder), new Map(verdicts.map(({ id, verdict }) => [id, verdict]))];
    }

    test.each([
      ['ipsec', null, []],
      ['wireguard', null, []],
      ['ipsec', 'L07', ['XFR-03']],
    ] as const)(
      '%s, fault %s: check by check as one recorder, where a worker is asked at all',
      async (mode, fault, red) => {
        const [recorder, workers] = await bothWays(mode, fault);
        const exercised = [...workers].filter(([, verdict]) => verdict !== 'not-exercised');
        expect(exercised.filter(([, verdict]) => verdict === 'supports' || verdict === 'contradicts').length).toBeGreaterThan(5);
        expect(exercised).toEqual(exercised.map(([id]) => [id, recorder.get(id)]));
        expect([...workers].flatMap(([id, verdict]) => (verdict === 'contradicts' ? [id] : []))).toEqual(expect.arrayContaining([...red]));
        if (fault === null) expect([...workers.values()]).not.toContain('contradicts');
      },
      LAB_LIMIT_MS,
    );
  },
);
