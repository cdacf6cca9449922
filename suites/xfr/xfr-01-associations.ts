import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import {
  type AssociationTable,
  aboutSa,
  associationName,
  associationTable,
  describedNode,
  directionOf,
  type Tunnel,
  tunnelsByNode,
  tunnelsOf,
  wholeStates,
} from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { type FormerRouting, formerRouting } from '../../harness/judge/state/former-routing.ts';
import { familyOf } from '../../harness/judge/state/networks.ts';
import { type ClusterEnds, describeEnd, farEnds, readAssociationEnds } from '../../harness/judge/state/node-ends.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { stateDifferences } from '../../harness/judge/state/xfrm-expectations.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import { encryptionName } from '../../harness/stacks/agent-items.ts';
import type { IpsecProfile } from '../../harness/stacks/profile.ts';

/** For every tunnel direction of the profile: an out SA on the sender and the matching in SA on the receiver. */
export const xfr01: Check = {
  id: 'XFR-01',
  must: 'For every ordered pair of nodes and each IP family there is an out SA on the one node and the matching in SA (source, destination, SPI) on the other; each is ESP in tunnel mode for every packet; none is missing and none is unexplained',
  modes: ['ipsec'],
  evidence: 'ip xfrm state of every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `Compare both nodes: \`ip xfrm state list\` on each, and \`{getNodes} -o yaml\` for the addresses and boot ids that the agents work from. {restartAgents} writes missing SAs again; find the origin of an unexplained one, then delete it with \`ip xfrm state delete src SRC dst DST proto esp spi SPI\`.`,
  judge(x) {
    const { ipsec } = x;
    const tunnels = tunnelsByNode(tunnelsOf(x, ipsec));
    const former = formerRouting(x, ipsec);
    for (const node of x.nodes('before', 'after')) {
      const all = x.use(node.xfrmStates);
      if (all === undefined) continue;
      const states = wholeStates(x, at(node), all);
      expectConfigured(x, node);
      const explained = new Set<XfrmState>();
      const table = associationTable(states);
      for (const tunnel of tunnels.get(node.node) ?? []) for (const sa of judgeTunnel(x, ipsec, node, tunnel, table)) explained.add(sa);
      const own = describedNode(x, node.node);
      for (const sa of states) {
        if (explained.has(sa)) expectFields(x, node, own, sa);
        else unexplained(x, node, sa, former);
      }
    }
    expectMatches(x, ipsec, readAssociationEnds(x, ipsec));
    return x.conclude('SAs');
  },
  across(x, ends) {
    expectMatches(x, x.ipsec, ends);
  },
};

/**
 * A node that publishes a key id and has no IPsec state: agent 1.18.3 was seen to leave it out when it initialised the datapath a second
 * time, while its status was good.
 */
function expectConfigured(x: Examination, node: NodeState): void {
  const { xfrmStates, xfrmPolicies, ipRules, encryptionStatus } = node;
  if (!xfrmStates.ok || !xfrmPolicies.ok || !ipRules.ok) return;
  const left = xfrmStates.value.length + xfrmPolicies.value.length + ipRules.value.filter(({ lookup }) => lookup === '200').length;
  const api = x.facts.state.api.find(({ snapshot }) => snapshot === node.snapshot);
  const id = api?.nodeObjects.ok === true ? (api.nodeObjects.value.find(({ name }) => name === node.node)?.encryptionKey ?? 0) : 0;
  if (left > 0 || id === 0) return;
  const says = encryptionStatus.ok ? ` and its agent says ${encryptionName(encryptionStatus.value.mode)}` : '';
  x.fault(
    `${at(node)}: IPsec is not configured on this node: no SA, no policy, no rule for table 200, while its ${x.words.nodeObject} publishes key id ${id}${says}: what it sends is not encrypted, and it cannot decrypt what the others send`,
    { node: node.node },
  );
}

/** An SA with the right ends must be ESP in tunnel mode for every packet. */
function expectFields(x: Examination, node: NodeState, own: NodeDescription, sa: XfrmState): void {
  const direction = directionOf(own, sa) ?? 'in';
  const found = stateDifferences(sa, direction, x.ipsec);
  if (found.length > 0) x.fault(`${at(node)}: ${direction} SA ${associationName(sa)}: ${found.join(', ')}`, aboutSa(node, sa));
}

/** An SA of a family outside the intent is not judged here; an SA of an earlier routing is a left-over. */
function unexplained(x: Examination, node: NodeState, sa: XfrmState, former: FormerRouting): void {
  const family = familyOf(sa.dst);
  const routing = sa.proto === 'esp' ? former(sa) : null;
  if (routing !== null) x.note(`${at(node)}: SA ${associationName(sa)} is of ${routing} routing: XFR-11 judges left-overs of that`);
  else if (family === null || x.facts.manifest.intent.families.includes(family))
    x.fault(`${at(node)}: unexplained ${sa.proto} SA ${associationName(sa)}`, aboutSa(node, sa));
  else x.note(`${at(node)}: SA ${associationName(sa)} is of ${family}, which the intent does not claim`);
}

/** The SAs that serve a tunnel on one of its nodes. */
function judgeTunnel(x: Examination, ipsec: IpsecProfile, node: NodeState, tunnel: Tunnel, table: AssociationTable): readonly XfrmState[] {
  const isOut = tunnel.from.name === node.node;
  const own = table(tunnel, !isOut && ipsec.sharedInSa.value);
  if (own.length === 0 && tunnel.pair.presence === 'required')
    x.fault(`${at(node)}: ${isOut ? 'out' : 'in'} SA ${tunnel.src} -> ${tunnel.dst} is missing`, { node: node.node });
  // The other end of an out SA is judged below.
  if (!isOut) x.held(own.length);
  return own;
}

/** Each out SA has its in SA on the other node, where that could be read. */
function expectMatches(x: Examination, ipsec: IpsecProfile, ends: ClusterEnds): void {
  for (const own of ends.all())
    for (const end of own.outs()) {
      const there = farEnds(ends, own, end);
      if (there === undefined) continue;
      if (there.some(({ spi }) => spi === end.spi)) {
        x.held();
        continue;
      }
      const { sa } = describeEnd(x, ipsec, own.node, end);
      const what = `${at(own)}: out SA ${sa} has no matching in SA on ${end.peer}`;
      if (end.mayLack !== null) x.note(`${what} any more: ${end.mayLack}`);
      else x.fault(what, { node: own.node, sa });
    }
}
