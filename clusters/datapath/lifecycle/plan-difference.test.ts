import { describe, expect, test } from 'vitest';
import type { NodeDescription, PodDescription } from '../../../harness/model/cluster.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import { sampleIntent } from '../../../harness/testing/two-nodes.ts';
import { type DatapathContext, encryptionOf, newContext } from '../context.ts';
import { nodePlan } from '../plan/node.ts';
import { EMPTY_PLAN, type NodePlan } from '../plan/node-plan.ts';
import { additionScript, removalScript } from './change-script.ts';
import { planDifference, policyDeletion, stateDeletion } from './plan-difference.ts';

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
const pods = nodes.map(
  ({ name }, i): PodDescription => ({ name: `p${i + 1}`, namespace: 'default', node: name, addresses: [`10.0.${i + 1}.11`], labels: {} }),
);
const intent = sampleIntent('ipsec', { profile: '1.17' });
const noShell = (): never => {
  throw new Error('no shell in this test');
};

function contextOf(part: Partial<Intent> = {}): DatapathContext {
  const whole = { ...intent, ...part };
  const context = newContext({ intent: whole, nodes, pods, host: noShell, pod: noShell });
  context.laid = whole.mode;
  return context;
}
function planOf(context: DatapathContext): NodePlan {
  return nodePlan(encryptionOf(context, context.laid), context.views[0]!, context.options.intent.routing);
}
const withoutThird = (context: DatapathContext): NodePlan => {
  const { nodes: all } = context;
  context.nodes = all.slice(0, 2);
  const plan = planOf(context);
  context.nodes = all;
  return plan;
};

const LAYOUTS: readonly Partial<Intent>[] = [
  { profile: '1.14', perTunnelKeys: false },
  { profile: '1.16' },
  { profile: '1.18' },
  { profile: '1.18', routing: 'native' },
  { profile: '1.20', routing: 'geneve' },
  { mode: 'wireguard', profile: '1.14', perTunnelKeys: false },
  { mode: 'wireguard', profile: '1.18', routing: 'native' },
];

test('nothing changes between equal plans', () => {
  const plan = planOf(contextOf());
  const { gone, ...added } = planDifference(plan, plan);
  for (const lines of [...Object.values(added), ...Object.values(gone)]) expect(lines).toEqual([]);
});

describe.each(LAYOUTS)('a node that comes and goes, %o', (part) => {
  test('what comes with it goes with it', () => {
    const context = contextOf(part);
    const [with3, without3] = [planOf(context), withoutThird(context)];
    const comes = planDifference(without3, with3);
    const goes = planDifference(with3, without3);
    const { mode } = context.options.intent;
    expect(comes.states.length > 0).toBe(mode === 'ipsec');
    expect(comes.wireguard.length > 0).toBe(mode === 'wireguard');
    expect(goes.gone.states).toEqual(comes.states.map(stateDeletion));
    expect(goes.gone.policies).toEqual(comes.policies.map(policyDeletion));
    expect(goes.gone.ip).toEqual(comes.ip.map((line) => line.replace('route replace', 'route del')));
    expect(comes.ip.length).toBeGreaterThan(0);
    expect(goes.gone.tc).toHaveLength(comes.tc.length);
    expect(comes.gone).toEqual({ ip: [], ip6: [], states: [], policies: [], tc: [] });
    expect(goes.nft.length > 0).toBe(comes.nft.length > 0);
  });

  test('devices are up first, routes come last and go first', () => {
    const context = contextOf(part);
    const comes = additionScript(planDifference(withoutThird(context), planOf(context)));
    const goes = removalScript(planDifference(planOf(context), withoutThird(context)));
    const last = comes.lastIndexOf('route replace');
    for (const what of ['xfrm ', 'filter add', 'wg syncconf', 'table inet']) expect(comes.lastIndexOf(what)).toBeLessThan(last);
    const whole = additionScript(planDifference(EMPTY_PLAN, planOf(context)));
    const up = whole.lastIndexOf('link set');
    expect(up).toBeGreaterThan(0);
    for (const what of ['xfrm ', 'wg syncconf', 'filter add']) if (whole.includes(what)) expect(whole.indexOf(what)).toBeGreaterThan(up);
    const first = goes.indexOf('route del');
    for (const what of ['xfrm ', 'filter del']) if (goes.includes(what)) expect(goes.indexOf(what)).toBeGreaterThan(first);
  });
});

describe.each(LAYOUTS.filter(({ mode }) => mode === undefined))('another key, %o', (part) => {
  test('changes SAs, out policies and what marks, and nothing else', () => {
    const context = contextOf(part);
    const before = planOf(context);
    context.ipsecKey = { ...context.ipsecKey, id: 4, key: new Uint8Array(20) };
    const { states, policies, tc, nft, gone, ...rest } = planDifference(before, planOf(context));
    expect(states.length).toBe(gone.states.length);
    for (const line of gone.states) expect(line).toContain(' spi 3 ');
    for (const line of policies) expect(line).toMatch(/ dir out mark 0x[0-9a-f]+4e00 mask /);
    expect(policies.length).toBe(gone.policies.length);
    expect(tc.length + nft.length).toBeGreaterThan(0);
    for (const line of tc) expect(line).toMatch(/^filter replace .* mark 0x[0-9a-f]+4e00 /);
    expect(gone.tc).toEqual([]);
    expect([rest.ip, rest.ip6, rest.devices, rest.sysctls, rest.wireguard, gone.ip, gone.ip6]).toEqual([[], [], [], [], [], [], []]);
  });
});

test.each(['1.17', '1.18'])(
  'another boot id changes keys alone: each SA is deleted in the line before the one that takes its place, %s',
  (profile) => {
    const context = contextOf({ profile });
    const before = planOf(context);
    context.bootIds.set('node2', 'ffffffff-0000-0000-0000-000000000000');
    const { states, policies, gone } = planDifference(before, planOf(context));
    expect(states.length).toBeGreaterThan(0);
    expect(policies).toEqual([]);
    expect(gone.states).toEqual([]);
    for (let index = 0; index < states.length; index += 2) expect(states[index]).toBe(stateDeletion(states[index + 1] ?? ''));
  },
);

test('a line whose deletion is not known is refused, and a key is never shown', () => {
  const plan = (part: Partial<NodePlan>): NodePlan => ({ ...EMPTY_PLAN, ...part });
  expect(() => planDifference(plan({ ip: ['link set eth0 up'] }), EMPTY_PLAN)).toThrow(/link set eth0 up/);
  expect(() => planDifference(plan({ tc: ['filter add dev eth0 ingress pref 9 protocol all matchall action ok'] }), EMPTY_PLAN)).toThrow(
    /matchall/,
  );
  const secret = 'xfrm state add src 1.1.1.1 dst 2.2.2.2 aead x 0x5ec7e7 128';
  expect(() => planDifference(plan({ xfrm: [secret] }), EMPTY_PLAN)).toThrow(expect.not.stringContaining('5ec7e7'));
});

test.each(LAYOUTS)('a node that is still alone has no empty set, %o', (part) => {
  const context = contextOf(part);
  context.nodes = context.nodes.slice(0, 1);
  expect(planOf(context).nft.join('\n')).not.toMatch(/= \{\s*\}/);
});
