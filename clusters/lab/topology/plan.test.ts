import { describe, expect, test } from 'vitest';
import { DEMO_MANIFESTS, loadManifests } from '../../manifests/load.ts';
import { nodeBatch, nodePortRules, outsideBatch, podBatch, rootBatch, serviceRules } from './batches.ts';
import { planTopology } from './plan.ts';
import { serversScript } from './script.ts';

const workload = await loadManifests(DEMO_MANIFESTS);
const plan = planTopology(3, workload);

describe('planTopology', () => {
  test('gives nodes and pods the addresses Cilium would', () => {
    expect(plan.nodes.map(({ name, addresses, podCidrs, internalAddresses }) => [name, addresses, podCidrs, internalAddresses])).toEqual([
      ['node1', ['172.18.0.1'], ['10.0.1.0/24'], ['10.0.1.1']],
      ['node2', ['172.18.0.2'], ['10.0.2.0/24'], ['10.0.2.1']],
      ['node3', ['172.18.0.3'], ['10.0.3.0/24'], ['10.0.3.1']],
    ]);
    expect(plan.pods.map((pod) => [pod.name, pod.node, pod.addresses[0]])).toEqual([
      ['deathstar-1', 'node1', '10.0.1.11'],
      ['deathstar-2', 'node2', '10.0.2.11'],
      ['tiefighter-1', 'node3', '10.0.3.11'],
      ['xwing-1', 'node1', '10.0.1.12'],
      ['pod-worker', 'node1', '10.0.1.13'],
      ['pod-worker2', 'node2', '10.0.2.12'],
    ]);
  });

  test('every address, interface and MAC is used once; interface names fit the kernel', () => {
    const many = planTopology(9, workload, ['ipv4', 'ipv6']);
    const all = [
      ...many.nodes.flatMap((n) => n.addresses),
      ...many.pods.flatMap((p) => [...p.addresses, p.hostInterface, p.hostMac, p.podMac]),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(many.pods.every((pod) => /^lxc[0-9a-f]{12}$/.test(pod.hostInterface))).toBe(true);
  });

  test('no node is left without a pod, and those of the manifests stay where they are', () => {
    const many = planTopology(9, workload);
    expect(new Set(many.pods.map(({ node }) => node)).size).toBe(9);
    expect(many.pods.slice(6).map(({ name, node }) => [name, node])).toEqual(
      ['node5', 'node6', 'node7', 'node8', 'node9'].map((node) => [`pod-${node}`, node]),
    );
    expect(planTopology(4, workload).pods).toHaveLength(6);
  });

  test('differs between runs in nothing but the boot ids', () => {
    const strip = (p: typeof plan) => ({ ...p, nodes: p.nodes.map((node) => ({ ...node, bootId: '' })) });
    const again = planTopology(3, workload);
    expect(strip(again)).toEqual(strip(plan));
    expect(again.nodes[0]!.bootId).not.toBe(plan.nodes[0]!.bootId);
  });

  test.each([0, 100, 1.5])('%s nodes are refused with the limit', (count) => {
    expect(() => planTopology(count, workload)).toThrow(`${count} nodes: the lab has 1 to 99`);
  });
});

describe('batches', () => {
  test('the wire and its ports carry no address', () => {
    const lines = rootBatch(plan);
    expect(lines.slice(0, 3)).toEqual([
      'link add br-lab type bridge mcast_snooping 0',
      'link set br-lab addrgenmode none',
      'link set br-lab up',
    ]);
    expect(lines.some((line) => line.startsWith('addr'))).toBe(false);
  });

  test('a pod has its address, one neighbour and a default route', () => {
    expect(podBatch(plan.pods[0]!)).toEqual([
      'link set lo up',
      'addr add 10.0.1.11/32 dev eth0',
      'link set eth0 up',
      'neigh add 10.0.1.1 lladdr 02:00:00:01:01:01 dev eth0 nud permanent',
      'route add 10.0.1.1 dev eth0 scope link',
      'route add default via 10.0.1.1 dev eth0 mtu 1450',
    ]);
  });

  test('a node has an endpoint route for each of its own pods and no other', () => {
    const routes = nodeBatch(plan.nodes[1]!, plan).filter((line) => /^route add 10\.0\./.test(line));
    expect(routes.map((line) => line.split(' ')[2])).toEqual(['10.0.2.11/32', '10.0.2.12/32', '10.0.2.254/32']);
  });

  test('the service reaches its backends in turn, for pods and for the node itself', () => {
    const rules = serviceRules(plan.services);
    expect(
      rules.match(/ip daddr 10\.96\.0\.10 tcp dport 80 dnat to numgen inc mod 2 map \{ 0 : 10\.0\.1\.11, 1 : 10\.0\.2\.11 \}/g),
    ).toHaveLength(2);
  });

  test('a node sends requests for its ports to the pod behind them, and takes local ones for its own pod alone', () => {
    const rules = nodePortRules(plan.nodes[0]!, plan);
    expect(rules.match(/tcp dport \d+ dnat to \S+/g)).toEqual([
      'tcp dport 30082 dnat to 10.0.1.11:80',
      'tcp dport 30083 dnat to 10.0.1.11:80',
      'tcp dport 8080 dnat to 10.0.1.11:80',
      'tcp dport 30084 dnat to 10.0.2.11:80',
      'tcp dport 30086 dnat to 10.0.3.11:80',
    ]);
    const original = 'ct original ip daddr 172.18.0.1 ct original proto-dst';
    expect(rules).toContain(`meta l4proto tcp ${original} 30084 oifname "eth0" masquerade`);
    expect(rules).toContain(`meta l4proto tcp ${original} 30084 snat to 10.0.1.1`);
    expect(rules).not.toContain('proto-dst 30083');
  });

  test('the health endpoint of a node is linked as a pod is, and listens on its port', () => {
    expect(plan.health.map(({ node, netns, addresses, hostInterface }) => [node, netns, addresses, hostInterface])).toEqual(
      [1, 2, 3].map((i) => [`node${i}`, `health.node${i}`, [`10.0.${i}.254`], 'lxc_health']),
    );
    expect(nodeBatch(plan.nodes[0]!, plan).join('\n')).toContain('link add lxc_health address 02:00:00:01:f4:01 type veth');
    expect(serversScript(plan)).toContain(' && exec lab-server 4240 9000 health.node1 health.node1 health.node2');
  });

  test('the client outside is on the link of the nodes, with addresses that nobody else has', () => {
    const both = planTopology(2, workload, ['ipv4', 'ipv6']);
    expect(outsideBatch(both)).toEqual([
      'link set lo up',
      'link set eth0 addrgenmode none',
      'addr add 192.0.2.10/24 dev eth0',
      'addr add 2001:db8::10/64 dev eth0 nodad',
      'link set eth0 up',
      'route add 172.18.0.0/16 dev eth0 scope link',
      'route add fd00:172:18::/64 dev eth0',
    ]);
    expect(nodeBatch(both.nodes[0]!, both)).toContain('route add 192.0.2.0/24 dev eth0 scope link');
    expect(nodePortRules(both.nodes[0]!, both)).toContain('tcp dport 30084 dnat to [fd00:10:0:2::b]:80');
  });

  test('with both families the service has a cluster address of each, and each leads to backends of its own', () => {
    const both = planTopology(3, workload, ['ipv4', 'ipv6']);
    expect(both.services[0]?.addresses).toEqual(['10.96.0.10', 'fd00:10:96::a']);
    const rules = serviceRules(both.services);
    expect(rules).toMatch(/^table ip6 lab_services \{$/m);
    expect(rules).toContain('ip6 daddr fd00:10:96::a tcp dport 80 dnat to numgen inc mod 2 map { 0 : fd00:10:0:1::b, 1 : fd00:10:0:2::b }');
    expect(serviceRules(plan.services)).not.toContain('ip6');
  });
});
