import { keyOf, nameOf } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { rotationIds } from '../../harness/judge/window/key-ids.ts';
import { lastMoment, since } from '../../harness/judge/window/moments.ts';
import { describeDirection, spiTimelineOf } from '../../harness/judge/window/timeline.ts';
import { windowCheck } from '../window-check.ts';

/** A frame that was already on its way, and clocks that differ, after the rotation was over. */
const ON_ITS_WAY_MS = 1000;

/** ROT-05: the old key is gone. */
export const rot05 = windowCheck(
  {
    id: 'ROT-05',
    title: 'after the grace time the old SPI is on no node and on no wire',
    modes: ['ipsec'],
    scenarios: ['rotation'],
    evidence: 'SAs and policies of every node at the end, headers of all ciphertext in the window',
    controls: ['L10', 'L26'],
    needsEnd: true,
    expected: 'at the end no SA, no policy and no frame has the old SPI, and every node has SAs of the new one',
    what: 'nodes and directions',
  },
  (x) => {
    const ids = rotationIds(x);
    if (ids === null) return;
    for (const node of x.nodes('end')) {
      const [states, policies] = [x.use(node.xfrmStates), x.use(node.xfrmPolicies)];
      for (const sa of states ?? [])
        if (Number(sa.spi) === ids.old) x.fault(`${at(node)}: SA ${nameOf(sa)} of the old key id is still there`);
      if (states !== undefined)
        x.expect(
          states.some((sa) => Number(sa.spi) === ids.fresh),
          `${at(node)}: no SA of key id ${ids.fresh}`,
        );
      for (const policy of policies ?? [])
        for (const template of policy.templates)
          if (Number(template.spi ?? 0) === ids.old)
            x.fault(`${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst} still asks for the old key id ${ids.old}`);
    }
    judgeWire(x, ids.old);
  },
);

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

/** ROT-06: a new id with the old key is no rotation. */
export const rot06 = windowCheck(
  {
    id: 'ROT-06',
    title: 'the key really changed: new fingerprints, none equal to an old one',
    modes: ['ipsec'],
    scenarios: ['rotation'],
    evidence: 'keyed fingerprints of the keys of all SAs before and at the end; they can be compared within one recording only',
    controls: ['L25'],
    needsEnd: true,
    expected: 'no key of an SA at the end is one of an SA before',
    what: 'SAs',
  },
  (x) => {
    const before = new Map<string, string>();
    for (const node of x.nodes('before'))
      for (const sa of x.use(node.xfrmStates) ?? []) {
        const key = keyOf(sa);
        if (key === undefined) x.gap(`${at(node)}: SA ${nameOf(sa)} has no key fingerprint`);
        else before.set(key, `${nameOf(sa)} on ${node.node}`);
      }
    if (before.size === 0) x.gap('no key of an SA was read before the rotation');
    for (const node of x.nodes('end')) {
      const states = x.use(node.xfrmStates);
      if (states?.length === 0) x.gap(`${at(node)}: no SA`);
      for (const sa of states ?? []) {
        const key = keyOf(sa);
        if (key === undefined) x.gap(`${at(node)}: SA ${nameOf(sa)} has no key fingerprint`);
        else x.expect(!before.has(key), `${at(node)}: SA ${nameOf(sa)} has the key that ${before.get(key)} had before the rotation`);
      }
    }
  },
);
