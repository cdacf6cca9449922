import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { describeGrace, isAllowedOld, rotationGrace } from '../../harness/judge/state/rotation-grace.ts';
import { rotationIds } from '../../harness/judge/window/key-ids.ts';
import { lastMoment, since } from '../../harness/judge/window/moments.ts';
import { describeDirection, spiTimelineOf } from '../../harness/judge/window/timeline.ts';
import { isWatch, NOT_KEPT } from '../../harness/judge/window/watch.ts';
import { expectWindowEnd } from '../window-end.ts';

/** Time for frames still on their way, and for differences of clocks, after the rotation. */
const ON_ITS_WAY_MS = 1000;

/** ROT-05: the old key is removed. */
export const rot05: Check = {
  id: 'ROT-05',
  must: 'After the rotation no node has the old SPI, and no frame on the wire uses it',
  modes: ['ipsec'],
  scenarios: ['rotation'],
  evidence: 'SAs and policies of every node at the end, headers of all ciphertext in the window',
  needs: ['host-shell', 'capture'],
  remedy: `See the grace time (\`kubectl -n kube-system get cm {configMap} -o jsonpath={.data.ipsec-key-rotation-duration}\`, 5m by default) and wait until it has passed. If something is left after it: restart the named node's agent (\`kubectl -n kube-system delete pod AGENT\`), or flush only the old key: \`{agent} encrypt flush --spi OLD-ID\` on the named node.`,
  judge(x) {
    expectWindowEnd(x, 'rotation');
    const ids = rotationIds(x);
    if (ids === null) return x.conclude('nodes and directions');
    const over = lastMoment(x.facts, 'rotation-ended') !== null;
    for (const node of x.nodes('end')) {
      const grace = over ? null : rotationGrace(x, node);
      if (isAllowedOld(grace, ids.old)) {
        x.gap(`${at(node)}: ${describeGrace(grace)}`, { node: node.node });
        continue;
      }
      const [states, policies] = [x.use(node.xfrmStates), x.use(node.xfrmPolicies)];
      for (const sa of states ?? [])
        if (Number(sa.spi) === ids.old)
          x.fault(`${at(node)}: SA ${associationName(sa)} of the old key id is still there`, aboutSa(node, sa));
      if (states !== undefined)
        x.expect(
          states.some((sa) => Number(sa.spi) === ids.fresh),
          `${at(node)}: no SA of key id ${ids.fresh}`,
          { node: node.node },
        );
      for (const policy of policies ?? [])
        for (const template of policy.templates)
          if (Number(template.spi ?? 0) === ids.old)
            x.fault(`${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst} still uses the old key id ${ids.old}`, {
              node: node.node,
            });
    }
    // What the nodes show can contradict, and cannot support without the wire.
    if (isWatch(x.facts.window.events)) return x.clean ? x.set('not-exercised', NOT_KEPT) : x.conclude('nodes');
    judgeWire(x, ids.old);
    return x.conclude('nodes and directions');
  },
};

function judgeWire(x: Examination, old: number): void {
  const ended = lastMoment(x.facts, 'rotation-ended');
  const { directions, gaps, files } = spiTimelineOf(x.facts);
  x.cite(...files);
  for (const gap of gaps) x.gap(gap);
  if (ended === null) {
    x.gap('the journal does not say when the rotation ended');
    return;
  }
  if (directions.length === 0) x.gap('no ESP in the window');
  for (const direction of directions) {
    const late = direction.spans.find((s) => Number(s.spi) === old && s.lastMs > ended + ON_ITS_WAY_MS);
    x.expect(
      late === undefined,
      `${describeDirection(x.facts, direction)}: the old SPI ${old} is on the wire after the rotation ended at ${since(x.facts, ended)}`,
    );
  }
}
