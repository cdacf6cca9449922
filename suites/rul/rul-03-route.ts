import type { IpRoute } from '../../harness/decode/kernel/ip-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { describedNode } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { coversNetwork, familyOf, overlap, podCidrs, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { foreignTables, printRule } from '../../harness/judge/state/rules.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { PodRouteDevice, Profile } from '../../harness/stacks/profile.ts';

/** The route that the kernel takes for each remote pod; a route around the tunnel is a leak that table 200 does not show. */
export const rul03: Check = {
  id: 'RUL-03',
  must: 'The route that the kernel would take to each remote pod uses the device of the profile (`ip route get` with the mark)',
  modes: ['ipsec', 'wireguard'],
  evidence: 'ip route get for each remote pod, ip route and ip rule of every node, before',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy:
    'Delete the route around the encryption (`ip route get POD-ADDRESS mark 0xe00`, then `ip route del PREFIX dev DEVICE`) and stop the program that made it: a routing daemon, a cloud controller, `auto-direct-node-routes` with tunnel routing.',
  judge(x) {
    const { profile } = x;
    const allowed = devicesOf(x, profile);
    if (allowed === null) return x.set('not-applicable', `profile ${profile.id} has no such mode`);
    for (const node of x.once('routes')) {
      const own = describedNode(x, node.node);
      const names = allowed.map((device) => (device === 'uplink' ? own.uplink : device));
      judgeAnswers(x, node, own, names);
      judgeTables(x, node, own, names);
    }
    return x.conclude('routes', `remote pods are reached by ${allowed.join(' or ')}`);
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
    else if (intent.mode === 'ipsec' && !found.some(({ mark }) => mark === x.stack.routing.encryptMark))
      x.gap(
        `${at(node)}: the route to ${address} was not read with the mark 0x${x.stack.routing.encryptMark?.toString(16)} that packets to encrypt have`,
        { node: node.node },
      );
    for (const { route, mark } of found) {
      const where = `${at(node)}: remote pod ${address} with mark 0x${mark.toString(16)}`;
      if (!sameAddress(route.dst, address)) x.gap(`${where}: the kernel answered for ${route.dst}`, { node: node.node });
      else if (route.type !== 'unicast') x.fault(`${where}: the route is ${route.type}`, { node: node.node });
      else
        x.expect(
          route.dev !== undefined && names.includes(route.dev),
          `${where} leaves by ${route.dev ?? 'no device'}${own.uplink === route.dev ? ' (the uplink, around the tunnel)' : ''}`,
          { node: node.node },
        );
    }
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
    for (const route of main.filter((r) => coversNetwork(cidr, r.dst)))
      for (const dev of route.nexthops?.map((hop) => hop.dev) ?? [route.dev])
        x.expect(
          dev !== undefined && names.includes(dev),
          `${at(node)}: route ${route.dst} by ${dev ?? 'no device'} takes packets to remote pods around the tunnel`,
          { node: node.node },
        );
  // A listing of every table ends with routes of the kernel; a listing without routes to the remote pods was cut off.
  for (const cidr of cidrs)
    if (!routes.some((r) => coversNetwork(r.dst, cidr) && r.type === 'unicast' && (r.table === undefined || r.table === 'main')))
      x.gap(`${at(node)}: the listing of routes has no route to ${cidr}`, { node: node.node });
  judgeRules(x, node, cidrs, routes, names);
}

/** A foreign rule takes packets around the tunnel only if its table has a route to remote pods. */
function judgeRules(x: Examination, node: NodeState, cidrs: readonly string[], routes: readonly IpRoute[], names: readonly string[]): void {
  if (!node.ipRules.ok && node.ipRules.absent) return;
  const rules = x.use(node.ipRules);
  if (rules === undefined) return;
  if (!rules.some(({ lookup }) => lookup === 'main'))
    x.gap(`${at(node)}: the listing of rules has no rule for the main table, so it was cut off`, { node: node.node });
  for (const [rule, table] of foreignTables(rules, routes, x.stack.routing.tables))
    for (const route of table) {
      const towards =
        cidrs.some((cidr) => overlap(cidr, route.dst)) && (rule.to === undefined || cidrs.some((cidr) => overlap(cidr, rule.to ?? '')));
      const devices = route.nexthops?.map((hop) => hop.dev) ?? [route.dev];
      if (towards && devices.some((dev) => dev === undefined || !names.includes(dev)))
        x.fault(
          `${at(node)}: rule \`${printRule(rule)}\` takes packets to remote pods to route ${route.dst} by ${devices.join(', ')}, around the tunnel`,
          { node: node.node },
        );
    }
}
