import { expect, test } from 'vitest';
import type { NodeDescription } from '../../../harness/model/cluster.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import type { Shell } from '../../../harness/model/shell.ts';
import { sampleIntent } from '../../../harness/testing/two-nodes.ts';
import { simulatedApiShell } from '../api/api-shell.ts';
import { type DatapathContext, newContext } from '../context.ts';
import { SCENARIO_FAULTS } from '../faults/scenario-faults.ts';
import type { IpsecKey } from '../keys/ipsec-key.ts';
import { encryptMark } from '../marks.ts';
import { rotate } from './rotate.ts';

const nodes = [1, 2, 3].map(
  (i): NodeDescription => ({
    name: `node${i}`,
    addresses: [`172.18.0.${i}`],
    podCidrs: [`10.0.${i}.0/24`],
    internalAddresses: [`10.0.${i}.1`],
    bootId: `0000000${i}-0000-0000-0000-000000000000`,
    uplink: 'eth0',
  }),
);
const INTENT = sampleIntent('ipsec', { profile: '1.17' });

interface Rotated {
  readonly context: DatapathContext;
  /** The key before. */
  readonly old: IpsecKey;
  /** Steps and scripts in the order in which they came: `step <name> <node>`, `run <node> <script>`. */
  readonly log: readonly string[];
  readonly step: (name: string) => readonly number[];
  readonly script: (node: string, pattern: RegExp) => number;
}

/** Rotate without a kernel: every script is accepted and kept. */
async function rotated(part: Partial<Intent> = {}, options: { keyId?: number; fault?: string } = {}): Promise<Rotated> {
  const log: string[] = [];
  const host = (node: string): Shell => ({
    name: node,
    run: async (argv, given) => {
      log.push(`run ${node} ${String(given?.stdin)}`);
      expect(argv).toEqual(['sh', '-s']);
      return { argv, exitCode: 0, stdout: '', stderr: '' };
    },
    start: () => Promise.reject(new Error('nothing is started')),
    fetch: () => Promise.reject(new Error('nothing is fetched')),
  });
  const intent = { ...INTENT, ...part };
  const context = newContext({
    intent,
    nodes,
    pods: [],
    host,
    pod: host,
    ...(options.keyId === undefined ? {} : { keyId: options.keyId }),
  });
  context.laid = intent.mode;
  for (const [node, { publicKey }] of context.wireguardKeys) if (intent.mode === 'wireguard') context.publishedKeys.set(node, publicKey);
  const old = context.ipsecKey;
  await SCENARIO_FAULTS.find(({ id }) => id === options.fault)?.inject(context);
  await rotate(context, async (name, { node = '' }) => {
    log.push(`step ${name} ${node}`);
  });
  return {
    context,
    old,
    log,
    step: (name) => log.flatMap((line, index) => (line.startsWith(`step ${name} `) ? [index] : [])),
    script: (node, pattern) => log.findIndex((line) => line.startsWith(`run ${node} `) && pattern.test(line)),
  };
}

const publishedIds = async (context: DatapathContext) =>
  [...(await simulatedApiShell(context).run(['kubectl', 'get', 'ciliumnodes', '-o', 'yaml'])).stdout.matchAll(/^ +key: (\d+)$/gm)].map(
    ([, id]) => Number(id),
  );

test('each step is done on every node before the next one begins on any', async () => {
  const { step, context } = await rotated();
  const order = ['in-states-added', 'out-states-added', 'published', 'switched', 'grace-started', 'old-out-removed', 'old-in-removed'];
  const at = order.map(step);
  expect(at.map((indexes) => indexes.length)).toEqual([3, 3, 3, 3, 1, 3, 3]);
  for (const [index, later] of at.slice(1).entries()) expect(Math.max(...at[index]!)).toBeLessThan(Math.min(...later));
  expect(context.ipsecKey.id).toBe(4);
  expect(await publishedIds(context)).toEqual([4, 4, 4]);
});

test('an SA that decrypts is there before one that sends, and goes after it', async () => {
  const { script } = await rotated();
  expect(script('node1', /state add .* spi 4 .* mark 0x\w+d00 /)).toBeLessThan(script('node2', /state add .* spi 4 .* mark 0x\w+4e00 /));
  expect(script('node1', /state delete .* spi 3 mark 0x\w+3e00 /)).toBeLessThan(script('node2', /state delete .* spi 3 mark 0x\w+d00 /));
});

test('after 15 comes 1', async () => {
  const { context, script } = await rotated({ profile: '1.18' }, { keyId: 15 });
  expect(context.ipsecKey.id).toBe(1);
  expect(script('node1', /state delete .* spi 15 /)).toBeGreaterThan(script('node1', /state add .* spi 1 /));
});

test.each(['1.14', '1.17', '1.18'])('senders of %s switch in one transaction, or one replacement a peer', async (profile) => {
  const { script, context } = await rotated({ profile, perTunnelKeys: profile !== '1.14' });
  const [peer] = context.views[0]!.peers;
  const mark = encryptMark(peer!.id, 4);
  const how = profile === '1.18' ? `filter replace dev cilium_host .* mark ${mark} ` : `delete table [^]*: ${mark}[ ,][^]*END`;
  expect(script('node1', new RegExp(how))).toBeGreaterThan(0);
});

test('a node that is left behind publishes the old id, gets nothing, and is still sent to under the old one', async () => {
  const { context, log, script } = await rotated({}, { fault: 'L26' });
  expect(await publishedIds(context)).toEqual([4, 4, 3]);
  expect(log.filter((line) => line.startsWith('run node3'))).toEqual([]);
  const behind = context.views[0]!.peers.find(({ name }) => name === 'node3');
  expect(script('node1', new RegExp(`delete table [^]*: ${encryptMark(behind!.id, 3)}[ ,]`))).toBeGreaterThan(0);
  expect(script('node1', new RegExp(`delete table [^]*: ${encryptMark(behind!.id, 4)}[ ,]`))).toBe(-1);
});

test('the wrong orders are made as they say', async () => {
  const blocked = await rotated({}, { fault: 'L24' });
  expect(blocked.script('node1', /policy delete .* dir out mark 0x\w+3e00/)).toBeLessThan(blocked.step('out-states-added')[0]!);
  expect(blocked.script('node1', /policy delete .* mark 0xe00 mask 0xf00/)).toBe(-1);
  const clear = await rotated({}, { fault: 'L24b' });
  expect(clear.script('node1', /policy delete .* mark 0xe00 mask 0xf00/)).toBeGreaterThan(0);
  const receiver = await rotated({}, { fault: 'L24c' });
  expect(receiver.script('node1', /state delete .* spi 3 mark 0x\w+d00/)).toBeLessThan(receiver.step('switched')[0]!);
  const stale = await rotated({}, { fault: 'L10' });
  expect(stale.script('node1', / spi 3 mark /)).toBe(-1);
  expect(stale.script('node2', / spi 3 mark /)).toBeGreaterThan(0);
});

test('a rotation makes another key, and the fault keeps it under the new id', async () => {
  const [good, bad] = [await rotated(), await rotated({}, { fault: 'L25' })];
  expect([good, bad].map(({ context }) => context.ipsecKey.id)).toEqual([4, 4]);
  expect(good.context.ipsecKey.key).not.toEqual(good.old.key);
  expect(bad.context.ipsecKey.key).toEqual(bad.old.key);
});

test('a WireGuard node gets another key pair, publishes it, and every other node takes it up', async () => {
  const { context, step, log } = await rotated({ mode: 'wireguard', perTunnelKeys: false });
  const { publicKey } = context.wireguardKeys.get('node3')!;
  expect(context.publishedKeys.get('node3')).toBe(publicKey);
  expect(step('peer-updated')).toHaveLength(2);
  const updated = log.filter((line) => /^run node[12] /.test(line));
  expect(updated).toHaveLength(2);
  for (const script of updated) expect(script).toContain(`PublicKey = ${publicKey}`);
});

test('without encryption there is no key to rotate', async () => {
  await expect(rotated({ mode: 'none', perTunnelKeys: false })).rejects.toThrow(/encryption is off/);
});
