import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, clusterPolicies, concernsCluster } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { type FormerRouting, formerRouting } from '../../harness/judge/state/former-routing.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { describeGrace, isAllowedOld, rotationGrace } from '../../harness/judge/state/rotation-grace.ts';
import { allowedSa, answered, leadsToAllowed } from '../allowed-esp.ts';

/** What an older key or an earlier use of IPsec left in the kernel. */
export const xfr11: Check = {
  id: 'XFR-11',
  must: "No SA and no policy is left from an older key, from another routing or from IPsec that was turned off; a remaining block policy stops WireGuard, because it matches WireGuard's mark",
  modes: ['ipsec', 'wireguard'],
  evidence: 'ip xfrm state and policy of every node, {nodeObject} key ids, before and after',
  needs: ['host-shell'],
  remedy:
    'After a rotation wait for `ipsec-key-rotation-duration` (5 minutes by default) and record again. If another routing was used before, remove the named items one by one: `ip xfrm state delete src SRC dst DST proto esp spi SPI`, `ip xfrm policy delete src SRC dst DST dir DIR`, or restart the node. If WireGuard replaced IPsec, remove the remains of IPsec on every node: `ip xfrm policy flush` and `ip xfrm state flush`. Never flush while IPsec is in use: pod traffic would be clear.',
  judge(x) {
    const wireguard = x.facts.manifest.intent.mode === 'wireguard';
    const former = wireguard || x.facts.profile?.ipsec == null ? null : formerRouting(x, x.facts.profile.ipsec);
    for (const node of x.nodes('before', 'after')) {
      if (wireguard) judgeUnderWireguard(x, node);
      else {
        judgeKeyIds(x, node);
        if (former !== null) judgeRouting(x, node, former);
      }
    }
    return x.conclude(
      wireguard ? 'kernel tables' : 'SAs and policies',
      wireguard ? 'no IPsec SA and no IPsec policy together with WireGuard' : 'only SAs and policies of the key id in use',
    );
  },
};

/** SAs with peers outside the cluster, and SAs that the intent allows, are no left-overs. */
function judgeUnderWireguard(x: Examination, node: NodeState): void {
  const states = x.use(node.xfrmStates);
  const own = states?.filter((sa) => concernsCluster(x, sa)) ?? [];
  for (const sa of own) {
    const entry = allowedSa(x, sa);
    if (entry === null) x.fault(`${at(node)}: left-over ${sa.proto} SA ${associationName(sa)} together with WireGuard`, aboutSa(node, sa));
    else x.note(`${at(node)}: ${sa.proto} SA ${associationName(sa)}: ${answered(entry)}`);
  }
  const policies = clusterPolicies(x, node);
  for (const policy of policies ?? [])
    if (!leadsToAllowed(x, policy, own))
      x.fault(
        policy.action === 'block'
          ? `${at(node)}: left-over block policy ${policy.src} -> ${policy.dst} dir ${policy.dir}: it blocks WireGuard's mark 0xe00`
          : `${at(node)}: left-over policy ${policy.src} -> ${policy.dst} dir ${policy.dir} together with WireGuard`,
        { node: node.node },
      );
  if (states !== undefined) x.held();
  if (policies !== undefined) x.held();
}

/** An agent does not remove what it wrote for one routing when another follows. */
function judgeRouting(x: Examination, node: NodeState, former: FormerRouting): void {
  for (const sa of node.xfrmStates.ok ? node.xfrmStates.value : []) {
    const routing = former(sa);
    if (routing !== null) x.fault(`${at(node)}: SA ${associationName(sa)} is left over from ${routing} routing`, aboutSa(node, sa));
  }
  for (const policy of node.xfrmPolicies.ok ? node.xfrmPolicies.value : []) {
    const routing = policy.templates.map(former).find((found) => found !== null);
    if (routing !== undefined)
      x.fault(`${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst} is left over from ${routing} routing`, { node: node.node });
  }
}

function judgeKeyIds(x: Examination, node: NodeState): void {
  const all = x.use(node.xfrmStates);
  const policies = clusterPolicies(x, node);
  if (all === undefined || policies === undefined) return;
  const states = all.filter((sa) => concernsCluster(x, sa));
  const ids = new Set(states.map((sa) => Number(sa.spi)));
  const current = publishedIds(x, node);
  if (current === null) {
    // Without a published id, a single id on the node is certain; several are not.
    if (ids.size > 1)
      x.gap(`${at(node)}: key ids ${[...ids].join(', ')} in the kernel, and it is not recorded which one is in use`, { node: node.node });
  }
  const allowed = current ?? ids;
  const grace = rotationGrace(x, node);
  if (grace !== null && grace.left >= 0) x.note(`${at(node)}: ${describeGrace(grace)}`);
  for (const sa of states)
    x.expect(
      allowed.has(Number(sa.spi)) || isAllowedOld(grace, Number(sa.spi)),
      `${at(node)}: left-over SA ${associationName(sa)}, key id in use: ${[...allowed].join(', ')}`,
      aboutSa(node, sa),
    );
  for (const policy of policies)
    for (const template of policy.templates) {
      const spi = Number(template.spi ?? 0);
      if (spi !== 0)
        x.expect(
          allowed.has(spi) || isAllowedOld(grace, spi),
          `${at(node)}: left-over ${policy.dir} policy ${policy.src} -> ${policy.dst} of key id ${spi}, in use: ${[...allowed].join(', ')}`,
          { node: node.node },
        );
    }
}

/** Key ids that the nodes publish, else the Secret's; null when neither was recorded. */
function publishedIds(x: Examination, node: NodeState): ReadonlySet<number> | null {
  const api = x.facts.state.api.find((a) => a.snapshot === node.snapshot);
  if (api?.nodeObjects.ok) {
    const keys = api.nodeObjects.value.flatMap((n) => (n.encryptionKey === undefined ? [] : [n.encryptionKey]));
    x.cite(...api.nodeObjects.evidence);
    if (keys.length > 0) return new Set(keys);
  }
  if (!api?.keySecret.ok || api.keySecret.value.id === null) return null;
  x.cite(...api.keySecret.evidence);
  return new Set([api.keySecret.value.id]);
}
