import { expect, test } from 'vitest';
import type { Shell } from '../../harness/model/shell.ts';
import { DEMO_MANIFESTS, loadManifests } from '../manifests/load.ts';
import { labNodes } from './nodes.ts';
import { labPods } from './pods.ts';
import { planTopology } from './topology/plan.ts';

const workload = await loadManifests(DEMO_MANIFESTS);
const pod = (name: string, node: string) => ({ namespace: 'endor', name, node });

function lab() {
  const plan = planTopology(2, workload);
  const scripts: string[] = [];
  const root: Shell = {
    name: 'lab',
    run: async (argv, options) => {
      scripts.push(String(options?.stdin));
      return { argv, exitCode: 0, stdout: '4711\n', stderr: '' };
    },
    start: () => Promise.reject(new Error('nothing is started')),
    fetch: () => Promise.reject(new Error('nothing is fetched')),
  };
  return { plan, scripts, root, pods: labPods(plan, root) };
}

test('an added pod has an address that is free, its link, its route and its servers, and is found by name', async () => {
  const { plan, scripts, pods } = lab();
  const { node, addresses } = plan.pods[0]!;
  const added = await pods.add(pod('b', node));
  expect(added.addresses).toHaveLength(1);
  expect(added.addresses).not.toEqual(addresses);
  expect(added.httpPort).toBe(80);
  expect(pods.namespaceOf('endor/b')).toBe('endor.b');
  expect(scripts[0]).toContain('ip netns add endor.b');
  expect(scripts[0]).toContain(`route add ${added.addresses[0]}/32 dev ${added.hostInterface}`);
  expect(scripts[0]).toMatch(/lab-server 80 9000 endor\.b b <\/dev\/null\n$/);
  expect((await pods.add(pod('c', node))).addresses).not.toEqual(added.addresses);
});

test('a node that is cut off is off the wire first, and has its own links and those of all its pods again before it is back on it', async () => {
  const { plan, scripts, pods, root } = lab();
  const { name, port } = plan.nodes[1]!;
  const added = await pods.add(pod('b', name));
  const nodes = labNodes(plan, root, pods);
  await nodes.cutOff(name);
  await nodes.boot(name);
  const [off = '', on = ''] = scripts.slice(1);
  const own = [...plan.pods.filter(({ node }) => node === name), added];
  expect(off).toMatch(new RegExp(`^set -e\nip link set ${port} down\n`));
  expect(on).toMatch(new RegExp(`ip link set ${port} up\n$`));
  for (const { hostInterface, namespace, name: podName } of own) {
    expect(off).toContain(`link del ${hostInterface}`);
    expect(on).toContain(`link add ${hostInterface} `);
    expect(on).toContain(`ip -n ${namespace}.${podName} -batch -`);
  }
  expect(on).not.toContain(`link add ${plan.pods.find(({ node }) => node !== name)?.hostInterface}`);
  await expect(nodes.cutOff('nobody')).rejects.toThrow(/no node nobody/);
});

test('a removed pod loses its link before its servers, and its name', async () => {
  const { plan, scripts, pods } = lab();
  const added = await pods.add(pod('b', plan.pods[0]!.node));
  await pods.remove('endor/b');
  expect(scripts[1]).toBe(`set -e\nip -n ${added.node} link del ${added.hostInterface}\nkill 4711\nip netns del endor.b\n`);
  expect(() => pods.namespaceOf('endor/b')).toThrow(/no pod endor\/b/);
});

test('what cannot be added or removed is refused', async () => {
  const { pods } = lab();
  await expect(pods.add(pod('deathstar-1', 'node1'))).rejects.toThrow(/has a pod endor\/deathstar-1 already/);
  await expect(pods.add(pod('b', 'node9'))).rejects.toThrow(/no node node9/);
  await expect(pods.remove('endor/deathstar-1')).rejects.toThrow(/was not added/);
});
