import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { collectDigests, judgeCollection } from '../../judge/digest/collect-digests.ts';
import type { Collection } from '../../judge/digest/collection.ts';
import type { Snapshot } from '../../model/recording.ts';
import type { Shell } from '../../model/shell.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import { healthyOutputs } from '../../testing/healthy-outputs.ts';
import { buildRecording, type OutputParts } from '../../testing/recording.ts';
import { edit } from '../../testing/sample-judge.ts';
import { ExitError } from '../exit-error.ts';
import { toolVersion } from '../tool-version.ts';
import { loadCollection, planAlone } from './digest-inputs.ts';
import { recordDigest } from './record-digest.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wirewitness-plan-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The key that a kernel prints where a recording has its name. */
const keyNamed = (name: string): string => createHash('sha512').update(name).digest('hex').slice(0, 40);
const asKernel = (text: string): string => text.replace(/<key:160:([^>]+)>/g, (_, name: string) => `0x${keyNamed(name)}`);

async function collectionFor(mode: 'ipsec' | 'wireguard'): Promise<Collection> {
  const { manifest } = buildRecording({ intent: { mode } });
  const [plan, key] = [join(scratch, `${mode}.json`), join(scratch, 'key')];
  writeFileSync(plan, JSON.stringify({ ...planAlone(manifest), tool: { ...manifest.tool, version: toolVersion() } }));
  writeFileSync(key, `${randomBytes(32).toString('hex')}\n`);
  return loadCollection({ plan, key });
}

/** The kernel of a node: it answers what the stack's collectors ask, as the recording of a node says. */
function kernelOf(node: string, { plan }: Collection, outputs: readonly OutputParts[], snapshot: () => Snapshot): Shell {
  const { collectors } = stackOf(plan.intent);
  return {
    name: node,
    async run(argv) {
      const asked = collectors(plan.cluster, plan.intent, snapshot()).find(
        (one) => one.node === node && one.shell === 'host' && one.argv.join(' ') === argv.join(' '),
      );
      const answer = (stdout: string) => ({ argv, exitCode: 0, stdout, stderr: '' });
      if (asked?.collector === 'clock') return answer(`${Date.now() / 1000}\n`);
      if (asked?.collector === 'wg-preshared-keys') return answer(withoutPresharedKeys(node, outputs));
      const said = outputs.find((one) => one.node === node && one.snapshot === snapshot() && one.collector === asked?.collector);
      if (said === undefined) return { argv, exitCode: 1, stdout: '', stderr: 'not here' };
      return answer(asKernel(said.stdout));
    },
    start: () => Promise.reject(new Error('nothing is started here')),
    fetch: () => Promise.reject(new Error('nothing is fetched here')),
  };
}

function withoutPresharedKeys(node: string, outputs: readonly OutputParts[]): string {
  return outputs.find((one) => one.node === node && one.collector === 'wg-peers')?.stdout.replace(/(\S+)\n/g, '$1\t(none)\n') ?? '';
}

async function digestsOf(collection: Collection, outputs: readonly OutputParts[]): Promise<readonly string[]> {
  const { signal } = new AbortController();
  return Promise.all(
    collection.nodes.map((node) => {
      let snapshot: Snapshot = 'before';
      const between = async (): Promise<void> => {
        snapshot = 'after';
      };
      const shell = kernelOf(node, collection, outputs, () => snapshot);
      return recordDigest({ collection, node, shell, between, signal });
    }),
  );
}

async function verdictsOf(collection: Collection, outputs: readonly OutputParts[]): Promise<ReadonlyMap<string, string>> {
  const texts = await digestsOf(collection, outputs);
  const { digests, rejected } = collectDigests(
    texts.map((text, index) => ({ from: `pod ${index}`, node: collection.nodes[index]!, text })),
    collection,
  );
  expect(rejected).toEqual([]);
  const { verdicts } = judgeCollection(collection.plan, digests, catalogue);
  return new Map(verdicts.map(({ id, verdict }) => [id, verdict]));
}

test.each(['ipsec', 'wireguard'] as const)('%s: workers that share only plan and key prove what is in two kernels', async (mode) => {
  const collection = await collectionFor(mode);
  const verdicts = await verdictsOf(collection, healthyOutputs(mode));
  const ids = mode === 'ipsec' ? ['XFR-01', 'XFR-02', 'XFR-03', 'RUL-01'] : ['PRE-02'];
  for (const id of ids) expect([id, verdicts.get(id)]).toEqual([id, 'supports']);
  expect([...verdicts].filter(([, verdict]) => verdict === 'contradicts' || verdict === 'inconclusive')).toEqual([]);
  // The agents and the API server were not asked, and the node has no clock but its own.
  for (const id of ['CFG-01', 'PRE-05']) expect([id, verdicts.get(id)]).toEqual([id, 'not-exercised']);
});

test('another key in one kernel contradicts, and so does an SA that is gone', async () => {
  const collection = await collectionFor('ipsec');
  const sa = /src 172\.18\.0\.1 dst 172\.18\.0\.2\n[\s\S]*?sel src[^\n]*\n/;
  const other = edit('node2', 'xfrm-state', /<key:160:172\.18\.0\.1_[^>]*>/, '<key:160:other>');
  const gone = edit('node2', 'xfrm-state', sa, '');
  const changed = (change: typeof other) => healthyOutputs('ipsec').flatMap((output) => change(output) ?? []);
  expect((await verdictsOf(collection, changed(other))).get('XFR-03')).toBe('contradicts');
  expect((await verdictsOf(collection, changed(gone))).get('XFR-01')).toBe('contradicts');
});

test('a digest has no key, and a worker leaves nothing behind', async () => {
  const collection = await collectionFor('ipsec');
  const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('wirewitness-digest-'));
  const before = temporary();
  const texts = await digestsOf(collection, healthyOutputs('ipsec'));
  expect(temporary()).toEqual(before);
  const key = Buffer.from(keyNamed('172.18.0.1_172.18.0.2'), 'hex');
  for (const text of texts) for (const form of ['hex', 'base64', 'latin1'] as const) expect(text).not.toContain(key.toString(form));
});

test('a plan or a key that cannot be used is a wrong operand', async () => {
  await collectionFor('ipsec');
  const [plan, key, bad] = [join(scratch, 'ipsec.json'), join(scratch, 'key'), join(scratch, 'bad')];
  const error = async (files: { plan: string; key: string }): Promise<unknown> => loadCollection(files).catch((thrown: unknown) => thrown);
  for (const [content, files, why] of [
    ['00', { plan, key: bad }, 'must have 64 hex digits'],
    ['{', { plan: bad, key }, 'is not JSON'],
    ['{"schema":1}', { plan: bad, key }, 'prints a plan'],
    [JSON.stringify(planAlone(buildRecording({}).manifest)), { plan: bad, key }, 'make the plan with this version'],
    ['', { plan: '/no/such/plan', key }, 'there is no such file'],
  ] as const) {
    writeFileSync(bad, content);
    const found = await error(files);
    expect(found).toBeInstanceOf(ExitError);
    expect(String(found)).toContain(why);
  }
});
