import type { IpRoute } from '../../harness/decode/kernel/ip-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { describedNode, knownFamilies } from '../../harness/judge/state/associations.ts';
import { absent, anything, differences, empty, oneOf } from '../../harness/judge/state/differences.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { coversNetwork, familyOf, overlap, podCidrs, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import type { RouteExpectation } from '../../harness/stacks/profile.ts';

/** Table 200: the routes of decrypted packets and of packets to encrypt. */
export const rul02: Check = {
  id: 'RUL-02',
  must: 'Table 200 is that of the profile: the node’s pod CIDR is local to the device that decrypts, each remote pod CIDR is routed to the device of the agent',
  modes: ['ipsec'],
  evidence: 'ip route show table 200 of every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `See it on the named node: \`ip route show table 200\` and \`ip -6 route show table 200\`. {restartAgents} writes the routes again. If they change again, another program uses table 200 (\`ip monitor route\`).`,
  judge(x) {
    const { ipsec } = x;
    const { intent, cluster } = x.facts.manifest;
    const devices = x.stack.devices(intent);
    const wanted = ipsec.table200[intent.routing].value;
    const families = knownFamilies(x, ipsec);
    for (const node of x.nodes('before', 'after')) {
      const routes = x.use(node.table200);
      if (routes === undefined) continue;
      const own = describedNode(x, node.node);
      const due = cluster.nodes.flatMap((n) => podCidrs(n, ['ipv4', 'ipv6']));
      for (const route of routes)
        if (!due.some((cidr) => sameAddress(cidr, route.dst)))
          x.fault(
            `${at(node)}: table 200: route to ${route.dst}${route.dev === undefined ? '' : ` dev ${route.dev}`} is not in the profile`,
            { node: node.node },
          );
      for (const expectation of wanted) {
        const owners = expectation.destination === 'own-pod-cidr' ? [own] : cluster.nodes.filter((n) => n !== own);
        const device = { ...devices, uplink: own.uplink }[expectation.device] ?? expectation.device;
        for (const cidr of owners.flatMap((n) => podCidrs(n, families))) {
          if (familyOf(cidr) === 'ipv6' && !readIpv6(node))
            x.gap(`${at(node)}: IPv6 routes of table 200 were not recorded`, { node: node.node });
          else judge(x, node, routes, expectation, cidr, device);
        }
      }
    }
    return x.conclude('routes', wanted.map((w) => `${w.type} ${w.destination} dev ${w.device}`).join(', '));
  },
};

/** `ip route show table 200` prints IPv4 only; IPv6 needs a separate command. */
function readIpv6({ table200 }: NodeState): boolean {
  return (
    table200.ok && (table200.commands.some(({ argv }) => argv.includes('-6')) || table200.value.some((r) => familyOf(r.dst) === 'ipv6'))
  );
}

function judge(x: Examination, node: NodeState, routes: readonly IpRoute[], wanted: RouteExpectation, cidr: string, device: string): void {
  const where = `${at(node)}: table 200`;
  const found = routes.filter((r) => r.dst !== 'default' && overlap(r.dst, cidr));
  if (!found.some((r) => coversNetwork(r.dst, cidr)))
    x.fault(`${where}: ${wanted.type} route to ${cidr} dev ${device} is missing`, { node: node.node });
  for (const route of found) {
    const what = `${where}: route to ${route.dst}`;
    const strange = differences(route, {
      ...{ dst: anything, table: anything, protocol: anything, scope: anything, src: anything, metric: anything, mtu: anything },
      ...{ via: absent, from: absent, iif: absent, mark: absent, nexthops: absent, flags: empty, extra: anything },
      type: oneOf<string>(wanted.type),
      dev: oneOf<string>(device),
    });
    x.expect(strange.length === 0, `${what}: ${strange.join(', ')}`, { node: node.node });
    const proto = route.protocol;
    if (proto !== undefined && wanted.protocols.length > 0)
      x.expect(wanted.protocols.includes(proto), `${what} has proto ${proto}, expected ${wanted.protocols.join(' or ')}`, {
        node: node.node,
      });
  }
}
