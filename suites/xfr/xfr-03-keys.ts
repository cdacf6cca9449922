import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, keyName, wholeStates } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { type ClusterEnds, describeEnd, farEnds, readAssociationEnds } from '../../harness/judge/state/node-ends.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';

/** Different keys for tunnel directions, the same key at both ends. Only fingerprints; keys are never stored. */
export const xfr03: Check = {
  id: 'XFR-03',
  must: 'Each tunnel direction has its own key where per-tunnel keys are claimed, and both ends of a tunnel have the same key',
  modes: ['ipsec'],
  evidence: 'ip xfrm state of every node, before and after, keys as fingerprints',
  needs: ['host-shell'],
  remedy: `Count the keys: \`{agent} encrypt status\` on both named nodes. If there is one key for all tunnels, rotate to a key id with \`+\`. If there are two keys for one tunnel, the nodes have different Secrets or boot ids (\`{getNodes} NODE -o jsonpath={.spec.bootid}\`, \`cat /proc/sys/kernel/random/boot_id\`); {restartAgents} derives the keys again.`,
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      const states = wholeStates(x, at(node), x.use(node.xfrmStates) ?? []);
      if (x.facts.manifest.intent.perTunnelKeys) distinct(x, node, states);
    }
    alike(x, readAssociationEnds(x, x.ipsec));
    if (!x.facts.manifest.intent.perTunnelKeys) x.note('the intent claims one shared key, so only the two ends were compared');
    return x.conclude('keys');
  },
  across(x, ends) {
    alike(x, ends);
  },
};

function distinct(x: Examination, node: NodeState, states: readonly XfrmState[]): void {
  const owners = new Map<string, XfrmState>();
  for (const sa of states) {
    const key = keyName(sa);
    if (key === undefined) {
      x.gap(`${at(node)}: SA ${associationName(sa)} has no key fingerprint`, aboutSa(node, sa));
      continue;
    }
    const other = owners.get(key);
    x.expect(
      other === undefined,
      `${at(node)}: SAs ${associationName(sa)} and ${other === undefined ? '' : associationName(other)} share one key`,
      aboutSa(node, sa),
    );
    owners.set(key, sa);
  }
}

function alike(x: Examination, ends: ClusterEnds): void {
  for (const own of ends.all())
    for (const end of own.outs())
      for (const other of farEnds(ends, own, end) ?? []) {
        if (other.spi !== end.spi) continue;
        if (end.key !== undefined && end.key === other.key) {
          x.held();
          continue;
        }
        const { sa } = describeEnd(x, x.ipsec, own.node, end);
        const about = { node: own.node, sa };
        if (end.key === undefined || other.key === undefined) x.gap(`${at(own)}: SA ${sa} has no key fingerprint at both ends`, about);
        else x.fault(`${own.snapshot}: SA ${sa} has one key on ${own.node} and another on ${end.peer}`, about);
      }
}
