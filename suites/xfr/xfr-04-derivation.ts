import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, concernsCluster, keyName } from '../../harness/judge/state/associations.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { describeGrace, isAllowedOld, rotationGrace } from '../../harness/judge/state/rotation-grace.ts';
import type { DerivationProof } from '../../harness/model/recording.ts';
import { withoutProofs } from '../proof-evidence.ts';

/** Whether each SA's key derives from the Secret. A recording contains no key: the recorder compared in memory and wrote the result. */
export const xfr04: Check = {
  id: 'XFR-04',
  must: 'Each SA has the key that derives from the key Secret: derived for its tunnel from addresses and boot ids where per-tunnel keys are claimed, else the key itself',
  modes: ['ipsec'],
  evidence: 'outcome of the comparison in memory while recording: SA keys, key Secret, boot ids of the {nodeObject}s',
  needs: ['host-shell'],
  comparesWithOutside: true,
  notExercisedIsEmpty: true,
  remedy: `The named SA was not made from the Secret. Check whether the agent has read the current Secret (\`kubectl -n kube-system get secret {keySecret} -o jsonpath={.metadata.resourceVersion}\`, \`{agentLogs} | grep -i ipsec\`), then {restartAgents}. If it happens again, treat the node as compromised.`,
  judge(x) {
    const proofs = x.facts.manifest.proofs.derivation;
    if (proofs.length === 0) return withoutProofs(x, 'the derivation of keys');
    const { secret, nodes } = x.stack.keyDerivation ?? {};
    const read = new Set(['xfrm-state', secret, nodes]);
    x.cite(
      ...x.facts.manifest.commands
        .filter((c) => read.has(c.collector))
        .filter((c) => proofs.some((p) => p.snapshot === c.snapshot))
        .map((c) => c.stdout),
    );
    const secretRead = x.facts.manifest.commands.some((c) => c.collector === secret && c.exitCode === 0);
    if (!secretRead && proofs.every((p) => p.derivation === 'unknown'))
      return x.set('not-exercised', 'the key Secret was not read: nothing to derive a key from');
    for (const proof of proofs) judge(x, proof);
    for (const node of x.nodes('before', 'after')) everyAssociation(x, node);
    return x.conclude('SA keys');
  },
};

function judge(x: Examination, proof: DerivationProof): void {
  const where = `${proof.node} ${proof.snapshot}: SA ${associationName(proof)}`;
  const claimed = x.facts.manifest.intent.perTunnelKeys ? 'per-tunnel' : 'shared';
  const node = x.facts.state.nodes.find((n) => n.node === proof.node && n.snapshot === proof.snapshot);
  const grace = node === undefined ? null : rotationGrace(x, node);
  // The Secret has only the new key; the old one was compared while it was in use.
  if (proof.derivation === 'unknown' && isAllowedOld(grace, Number(proof.spi)))
    x.note(`${proof.node} ${proof.snapshot}: ${describeGrace(grace)}, and the Secret does not have it any more`);
  else if (proof.derivation === 'unknown') x.gap(`${where}: ${proof.note}`, aboutSa(proof, proof));
  else if (!proof.matches) x.fault(`${where} does not have a key of the Secret: ${proof.note}`, aboutSa(proof, proof));
  else
    x.expect(
      proof.derivation === claimed,
      `${where} has the ${proof.derivation} key of the Secret, the claim is a ${claimed} key`,
      aboutSa(proof, proof),
    );
  if (node === undefined || (node.xfrmStates.ok && !node.xfrmStates.value.some((sa) => associationName(sa) === associationName(proof))))
    x.gap(`${where} is proven, but the node has no such SA`, aboutSa(proof, proof));
}

/** One proof is for one SA: every SA whose key was printed needs its own. */
function everyAssociation(x: Examination, { node, snapshot, xfrmStates }: NodeState): void {
  if (!xfrmStates.ok) return;
  const { derivation } = x.facts.manifest.proofs;
  const proven = new Set(derivation.filter((p) => p.node === node && p.snapshot === snapshot).map(associationName));
  for (const sa of xfrmStates.value)
    if (concernsCluster(x, sa) && !sa.incomplete && keyName(sa) !== undefined && !proven.has(associationName(sa)))
      x.gap(`${node} ${snapshot}: SA ${associationName(sa)}: its key was not compared with the Secret`, aboutSa({ node }, sa));
}
