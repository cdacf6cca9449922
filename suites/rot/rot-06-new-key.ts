import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, keyName } from '../../harness/judge/state/associations.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { expectWindowEnd } from '../window-end.ts';

/** ROT-06: a new id with the old key is not a rotation. */
export const rot06: Check = {
  id: 'ROT-06',
  must: 'The key changed: no key of an SA after the rotation was used before it',
  modes: ['ipsec'],
  scenarios: ['rotation'],
  evidence: 'keyed fingerprints of the keys of all SAs before and at the end; they can only be compared within one recording',
  needs: ['host-shell'],
  remedy: `Rotate again with new key material, not only a new id: {replaceKey}.`,
  judge(x) {
    expectWindowEnd(x, 'rotation');
    const before = new Map<string, string>();
    for (const node of x.nodes('before'))
      for (const sa of x.use(node.xfrmStates) ?? []) {
        const key = keyName(sa);
        if (key === undefined) x.gap(`${at(node)}: SA ${associationName(sa)} has no key fingerprint`, aboutSa(node, sa));
        else before.set(key, `${associationName(sa)} on ${node.node}`);
      }
    if (before.size === 0) x.gap('no key of an SA was read before the rotation');
    for (const node of x.nodes('end')) {
      const states = x.use(node.xfrmStates);
      if (states?.length === 0) x.gap(`${at(node)}: no SA`, { node: node.node });
      for (const sa of states ?? []) {
        const key = keyName(sa);
        if (key === undefined) x.gap(`${at(node)}: SA ${associationName(sa)} has no key fingerprint`, aboutSa(node, sa));
        else
          x.expect(
            !before.has(key),
            `${at(node)}: SA ${associationName(sa)} has the key that ${before.get(key)} had before the rotation`,
            aboutSa(node, sa),
          );
      }
    }
    return x.conclude('SAs');
  },
};
