import type { Check } from '../../harness/judge/check.ts';
import { describedNode } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { covers, familyOf, podCidrs, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { PodRouteDevice, Profile } from '../../harness/stacks/profile.ts';

/** The route that the kernel takes for each remote pod; a route around the tunnel is a leak that no table 200 shows. */
export const rul03: Check = {
  id: 'RUL-03',
  must: 'The route that the kernel would take to each remote pod leads where the profile says (`ip route get` with the mark)',
  modes: ['ipsec', 'wireguard'],
  evidence: 'ip route get for each remote pod and ip route of every node, before',
  needs: ['host-shell'],
  remedy:
    'Delete the route that leads around the encryption (`ip route get POD-ADDRESS mark 0xe00`, then `ip route del PREFIX dev DEVICE`) and stop what made it: a routing daemon, a cloud controller, `auto-direct-node-routes` with tunnel routing.',
  judge(x) {
    const { profile } = x;
    const lawful = devicesOf(x, profile);
    if (lawful === null) return x.set('not-applicable', `profile ${profile.id} has no such mode`);
    for (const node of x.once('routes')) {
      const own = describedNode(x, node.node);
      const names = lawful.map((device) => (device === 'uplink' ? own.uplink : device));
      judgeAnswers(x, node, own, names);
      judgeTables(x, node, own, names);
    }
    return x.conclude('routes', `remote pods are reached by ${lawful.join(' or ')}`);
  },
};

function devicesOf(x: Examination, { ipsec, wireguard }: Profile): readonly PodRouteDevice[] | null {
  const { mode, routing } = x.facts.manifest.intent;
  const part = mode === 'ipsec' ? ipsec : wireguard;
  return part === null ? null : part.podRouteDevices[routing].value;
}

function judgeAnswers(x: Examination, node: NodeState, own: NodeDescription, names: readonly string[]): void {
  const { intent } = x.facts.manifest;
  const { pods, nodes } = x.facts.manifest.cluster;
  const remote = pods
    .filter((p) => p.node !== node.node && nodes.some((n) => n.name === p.node))
    .flatMap((p) => intent.families.flatMap((family) => p.addresses.filter((a) => familyOf(a) === family).slice(0, 1)));
  if (remote.length === 0) return;
  const answers = x.use(node.routeAnswers);
  if (answers === undefined) return;
  for (const address of remote) {
    const found = answers.filter((a) => sameAddress(a.destination, address));
    if (found.length === 0) x.gap(`${at(node)}: no \`ip route get\` for the remote pod ${address}`, { node: node.node });
    for (const { route, mark } of found)
      x.expect(
        route.dev !== undefined && names.includes(route.dev),
        `${at(node)}: remote pod ${address} with mark 0x${mark.toString(16)} leaves by ${route.dev ?? route.type}${own.uplink === route.dev ? ' (the uplink, around the tunnel)' : ''}`,
        { node: node.node },
      );
  }
}

function judgeTables(x: Examination, node: NodeState, own: NodeDescription, names: readonly string[]): void {
  const routes = x.use(node.routes);
  if (routes === undefined) return;
  const { nodes } = x.facts.manifest.cluster;
  const cidrs = nodes.filter((n) => n !== own).flatMap((n) => podCidrs(n, x.facts.manifest.intent.families));
  const main = routes.filter(
    (r) => r.type === 'unicast' && r.dst !== 'default' && (r.table === undefined || r.table === 'main' || r.table === '200'),
  );
  for (const cidr of cidrs)
    for (const route of main.filter((r) => covers(cidr, r.dst)))
      for (const dev of route.nexthops?.map((hop) => hop.dev) ?? [route.dev])
        x.expect(
          dev !== undefined && names.includes(dev),
          `${at(node)}: route ${route.dst} by ${dev ?? 'no device'} leads remote pods around the tunnel`,
          { node: node.node },
        );
}
