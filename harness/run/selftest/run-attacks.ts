import { catalogue } from '../../../suites/catalogue.ts';
import type { AttackTally } from '../../model/selftest.ts';
import { ATTACKS } from '../../testing/attacks/catalogue.ts';
import { AttackRange, isCaught } from '../../testing/attacks/run-attack.ts';

/** Edit correct recordings in every known way and judge each. */
export async function runAttacks(signal: AbortSignal): Promise<AttackTally> {
  const range = new AttackRange(catalogue);
  const wrong: AttackTally['wrong'][number][] = [];
  for (const attack of ATTACKS) {
    signal.throwIfAborted();
    const result = await range.run(attack);
    if (!isCaught(result)) wrong.push({ id: attack.id, what: attack.manipulation.what, verdict: result.verdict, missed: result.missed });
  }
  return { judged: ATTACKS.length, wrong };
}
