import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { publishedIds, rotationIds } from '../../harness/judge/window/key-ids.ts';
import { firstMoment } from '../../harness/judge/window/moments.ts';
import { expectWindowEnd } from '../window-end.ts';

/** Seconds in which all nodes must have published the new id: the kubelet refreshes a mounted Secret within its sync period and cache, about two minutes at most. */
export const PUBLISH_BOUND_S = 120;

/** ROT-01: the id increases by one on all nodes. */
export const rot01: Check = {
  id: 'ROT-01',
  must: 'The new key id is the old one plus one (after 15 comes 1), and every node publishes it within the bound',
  modes: ['ipsec'],
  scenarios: ['rotation'],
  evidence: '{nodeObject} objects before, sampled in the window and at its end',
  needs: ['node-objects'],
  remedy:
    'See which node publishes which id: `{getNodes} -o custom-columns=NAME:.metadata.name,KEY:.spec.encryption.key`. A node with the old id has not read the Secret: `{logsOfNode} | grep -i "ipsec"`, then restart its agent (`kubectl -n kube-system delete pod AGENT`).',
  judge(x) {
    expectWindowEnd(x, 'rotation');
    const ids = rotationIds(x);
    const end = publishedIds(x, 'end');
    if (ids === null)
      return x.conclude('nodes', `every node publishes the next key id within ${PUBLISH_BOUND_S} s of the rotation's start`);
    x.note(`key id ${ids.old} before, ${ids.fresh} expected`);
    for (const [node, id] of end)
      x.expect(
        id === ids.fresh,
        id === ids.old ? `${node} still publishes key id ${ids.old} at the end` : `${node} publishes key id ${id}, not ${ids.fresh}`,
      );
    judgeDelay(x, ids.fresh);
    return x.conclude('nodes', `every node publishes the next key id within ${PUBLISH_BOUND_S} s of the rotation's start`);
  },
};

function judgeDelay(x: Examination, fresh: number): void {
  const { facts } = x;
  const started = firstMoment(facts, 'rotation-started');
  if (started === null) {
    x.gap('the journal does not say when the rotation started');
    return;
  }
  const names = facts.manifest.cluster.nodes.map((n) => n.name);
  const seen = facts.window.nodeObjects.taken.find(
    ({ fromMs, value }) => fromMs >= started && names.every((name) => value.find((n) => n.name === name)?.encryptionKey === fresh),
  );
  const api = facts.state.api.find((a) => a.snapshot === 'end')?.nodeObjects;
  const atEnd = api?.ok ? Date.parse(api.commands[0]?.startedAt.utc ?? '') : Number.NaN;
  const at = seen?.fromMs ?? atEnd;
  if (Number.isNaN(at)) return;
  if (seen !== undefined) x.cite(seen.evidence);
  const seconds = (at - started) / 1000;
  if (seen !== undefined) x.note(`seen on all nodes ${seconds.toFixed(1)} s after the start`);
  // Without samples only the end is known: it is an upper bound of the time.
  if (seconds > PUBLISH_BOUND_S && seen === undefined) x.gap('the recording does not show when the nodes published the new id');
  else if (seconds > PUBLISH_BOUND_S)
    x.fault(`all nodes published key id ${fresh} only after ${seconds.toFixed(1)} s, bound ${PUBLISH_BOUND_S} s`);
}
