import { type Attack, type AttackTopic, attacksOf } from './attack.ts';
import { xfrmPolicies } from './topics/xfrm-policies.ts';

/** Every topic, in the order of the docs. */
export const ATTACK_TOPICS: readonly AttackTopic[] = [xfrmPolicies];

export const ATTACKS: readonly Attack[] = ATTACK_TOPICS.flatMap(attacksOf);
