import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import {
  aboutSa,
  associationName,
  associationsOf,
  keyName,
  type Tunnel,
  tunnelsOf,
  wholeStates,
} from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import type { IpsecProfile } from '../../harness/stacks/profile.ts';

/** Different keys for tunnel directions, the same key at both ends. Only fingerprints; keys are never stored. */
export const xfr03: Check = {
  id: 'XFR-03',
  must: 'Each tunnel direction has its own key where per-tunnel keys are claimed, and both ends of a tunnel have the same key',
  modes: ['ipsec'],
  evidence: 'ip xfrm state of every node, before and after, keys as fingerprints',
  needs: ['host-shell'],
  remedy: `Count the keys: \`{agent} encrypt status\` on both named nodes. If there is one key for all tunnels, rotate to a key id with \`+\`. If there are two keys for one tunnel, the nodes have different Secrets or boot ids (\`{getNodes} NODE -o jsonpath={.spec.bootid}\`, \`cat /proc/sys/kernel/random/boot_id\`); {restartAgents} derives the keys again.`,
  judge(x) {
    const { ipsec } = x;
    const tunnels = tunnelsOf(x, ipsec);
    const seen = new Map<string, readonly XfrmState[]>();
    const nodes = x.nodes('before', 'after');
    for (const node of nodes) {
      const states = wholeStates(x, at(node), x.use(node.xfrmStates) ?? []);
      seen.set(at(node), states);
      if (x.facts.manifest.intent.perTunnelKeys) distinct(x, node, states);
    }
    for (const node of nodes) for (const tunnel of tunnels) if (tunnel.from.name === node.node) alike(x, ipsec, node, tunnel, seen);
    if (!x.facts.manifest.intent.perTunnelKeys) x.note('the intent claims one shared key, so only the two ends were compared');
    return x.conclude('keys');
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

function alike(
  x: Examination,
  ipsec: IpsecProfile,
  node: NodeState,
  tunnel: Tunnel,
  seen: ReadonlyMap<string, readonly XfrmState[]>,
): void {
  const here = associationsOf(seen.get(at(node)) ?? [], tunnel, false);
  const there = associationsOf(seen.get(at({ node: tunnel.to.name, snapshot: node.snapshot })) ?? [], tunnel, ipsec.sharedInSa.value);
  for (const sa of here)
    for (const other of there) {
      if (other.spi !== sa.spi) continue;
      const [a, b] = [keyName(sa), keyName(other)];
      if (a === undefined || b === undefined)
        x.gap(`${at(node)}: SA ${associationName(sa)} has no key fingerprint at both ends`, aboutSa(node, sa));
      else
        x.expect(
          a === b,
          `${node.snapshot}: SA ${associationName(sa)} has one key on ${node.node} and another on ${tunnel.to.name}`,
          aboutSa(node, sa),
        );
    }
}
