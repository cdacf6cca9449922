import { describe, expect, test } from 'vitest';
import { RUN_LABEL } from '../../harness/kube/run-labels.ts';
import { fakeKube } from '../../harness/kube/testdata/fake-kube.ts';
import { findAgents } from '../cilium/agents.ts';
import { describeNode, uplinkIn } from '../cilium/nodes.ts';
import { existingKeys } from '../cilium/secret-keys.ts';
import { demoWorkload } from '../demo/workload.ts';
import { creationPlan, existingObjects } from './objects.ts';
import { interfacesIn } from './pod-interfaces.ts';

describe('the plan for an existing cluster', () => {
  test('everything lies in one namespace, carries the run label, and is named in the text', () => {
    const workload = demoWorkload('ww-1', ['a', 'b']);
    const plan = { namespace: 'ww-1', run: 'ww-1', workload, nodes: ['a', 'b'], image: 'i', nodeSelector: {}, nodePorts: false };
    const objects = existingObjects(plan);
    expect(objects[0]).toMatchObject({ kind: 'Namespace', metadata: { name: 'ww-1' } });
    for (const { metadata } of objects) expect(metadata.labels?.[RUN_LABEL]).toBe('ww-1');
    for (const { metadata } of objects.slice(1)) expect(metadata.namespace).toBe('ww-1');
    const text = creationPlan('prod', objects);
    for (const { metadata } of objects) expect(text).toContain(metadata.name);
    expect(text).not.toContain('It sends');
    expect(text).not.toContain('NodePort');
    const open = creationPlan('prod', existingObjects({ ...plan, nodePorts: true }));
    for (const name of ['client-1-cluster', 'client-1-local', 'client-2-cluster', 'client-2-local'])
      expect(open).toContain(`Service ww-1/${name} (NodePort: whoever reaches a node reaches the demo pod behind it)`);
    expect(creationPlan('prod', objects, { disruptions: [], injects: true })).toContain('one readable UDP packet');
  });
});

describe('nodes', () => {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    spec: { podCIDR: '10.0.0.0/24' },
    status: {
      addresses: [
        { type: 'InternalIP', address: 'fd00::1' },
        { type: 'InternalIP', address: '192.168.0.1' },
        { type: 'Hostname', address: 'n' },
      ],
    },
  };

  test('are described by Cilium where it says more, IPv4 first', () => {
    const cilium = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNode',
      metadata: { name: 'n' },
      spec: {
        addresses: [{ type: 'CiliumInternalIP', ip: '10.9.0.1' }],
        ipam: { podCIDRs: ['10.9.0.0/24'] },
        health: { ipv4: '10.9.0.77' },
      },
    };
    expect(describeNode(node, cilium, 'eth0')).toMatchObject({
      addresses: ['192.168.0.1', 'fd00::1'],
      podCidrs: ['10.9.0.0/24'],
      internalAddresses: ['10.9.0.1'],
      health: { addresses: ['10.9.0.77'], port: 4240 },
    });
    expect(describeNode(node, undefined, 'eth0')).not.toHaveProperty('health');
    expect(describeNode(node, undefined, 'eth0')).toMatchObject({ podCidrs: ['10.0.0.0/24'], internalAddresses: [] });
  });

  test('the uplink is that of the default route', () => {
    expect(uplinkIn('default via 10.0.0.1 dev ens5 proto dhcp\n')).toBe('ens5');
    expect(uplinkIn('10.0.0.0/8 dev ens5\n')).toBeUndefined();
  });
});

describe('agents', () => {
  test('that run outside pods are declared absent, with the reason', async () => {
    const { capability, shell } = await findAgents(fakeKube(), 'kube-system', ['a']);
    expect(capability).toEqual({ available: false, reason: expect.stringContaining('commands cannot run in agents outside pods') });
    expect(shell('a')).toBeUndefined();
  });

  test('that are missing on one node are named', async () => {
    const agent = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'cilium-x', namespace: 'kube-system', labels: { 'k8s-app': 'cilium' } },
      spec: { nodeName: 'a' },
    };
    expect((await findAgents(fakeKube([agent]), 'kube-system', ['a', 'b'])).capability.reason).toBe('no agent pod on b');
  });
});

test('interfaces are found by their index, and a line of another shape is none', () => {
  expect([...interfacesIn('1 lo\n14 lxc0a1b\nx eth0\n')]).toEqual([
    ['1', 'lo'],
    ['14', 'lxc0a1b'],
  ]);
});

test('of the IPsec key only id, algorithm and a hash are told', async () => {
  const key = 'ab'.repeat(20);
  const data = { keys: Buffer.from(`3+ rfc4106(gcm(aes)) ${key} 128`).toString('base64') };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cilium-ipsec-keys', namespace: 'kube-system' }, data };
  const told = await existingKeys(fakeKube([secret]), 'kube-system').current();
  expect(told).toMatchObject({ id: 3, algorithm: 'rfc4106(gcm(aes))' });
  expect(JSON.stringify(told)).not.toContain(key);
  expect(await existingKeys(fakeKube(), 'kube-system').current()).toMatchObject({ id: 0 });
});
