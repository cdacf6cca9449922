import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, concernsCluster } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { addedMs } from '../../harness/judge/state/rotation-grace.ts';

const DAY_MS = 86_400_000;

/**
 * CFG-10: how long the IPsec key has been in use. The age of an SA is a lower bound (an agent that restarts may add the SA again), the age
 * of the Secret is an upper bound (the key in it may be newer). Between the two bounds the age is unknown.
 */
export const cfg10: Check = {
  id: 'CFG-10',
  must: 'No IPsec key has been in use for longer than the declared cryptoperiod',
  modes: ['ipsec'],
  evidence: 'time at which the kernel of every node got each SA; time at which the Secret {keySecret} was created',
  needs: ['host-shell'],
  remedy:
    'Rotate the key: {replaceKey}. A replaced Secret keeps its time of creation: if a recording must show that the key is new, delete the Secret and create it again with the next id.',
  judge(x) {
    const days = x.facts.manifest.intent.cryptoperiodDays;
    if (days === undefined) return x.set('not-applicable', 'no cryptoperiod is declared');
    const expected = `at most ${days} day(s)`;
    for (const node of x.nodes('before', 'after', 'end')) {
      if (!node.xfrmStates.ok) continue;
      const readMs = Date.parse(node.xfrmStates.commands[0]?.startedAt.utc ?? '');
      for (const sa of node.xfrmStates.value.filter((each) => concernsCluster(x, each)))
        for (const added of addedMs(sa)) {
          const age = (readMs - added) / DAY_MS;
          if (age > days)
            x.fault(
              `${at(node)}: SA ${associationName(sa)} has been in the kernel for ${age.toFixed(1)} days, the declared cryptoperiod is ${days}`,
              aboutSa(node, sa),
            );
        }
    }
    judgeSecret(x, days);
    return x.conclude('keys', expected);
  },
};

function judgeSecret(x: Examination, days: number): void {
  const reads = x.facts.state.api.map(({ keyCreated }) => keyCreated);
  const read = reads.find((datum) => datum.ok || !datum.absent) ?? reads[0];
  if (read === undefined) {
    x.gap('the recording has no snapshot of the API server');
    return;
  }
  const created = x.use(read);
  if (created === undefined || !read.ok) return;
  const age = (Date.parse(read.commands[0]?.startedAt.utc ?? '') - Date.parse(created)) / DAY_MS;
  if (age >= 0 && age <= days) x.held();
  else
    x.gap(
      age < 0
        ? `key Secret: created at ${created}, after it was read: a clock is wrong`
        : `key Secret: created ${age.toFixed(1)} days ago, the declared cryptoperiod is ${days}; it is not known when its key was last replaced`,
    );
}
