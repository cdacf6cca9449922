import { type Attack, type AttackTopic, attacksOf } from './attack.ts';
import { agents } from './topics/agents.ts';
import { allowed } from './topics/allowed.ts';
import { carriers } from './topics/carriers.ts';
import { clusterObjects } from './topics/cluster-objects.ts';
import { commands } from './topics/commands.ts';
import { instruments } from './topics/instruments.ts';
import { journal } from './topics/journal.ts';
import { origins } from './topics/origins.ts';
import { proofs } from './topics/proofs.ts';
import { rulesAndRoutes } from './topics/rules-and-routes.ts';
import { times } from './topics/times.ts';
import { timesAndFlows } from './topics/times-and-flows.ts';
import { wireFrames } from './topics/wire-frames.ts';
import { wireguardState } from './topics/wireguard-state.ts';
import { xfrmCounters } from './topics/xfrm-counters.ts';
import { xfrmPolicies } from './topics/xfrm-policies.ts';
import { xfrmStates } from './topics/xfrm-states.ts';

/** Every topic, in the order of the docs. */
export const ATTACK_TOPICS: readonly AttackTopic[] = [
  xfrmPolicies,
  xfrmStates,
  xfrmCounters,
  rulesAndRoutes,
  wireguardState,
  agents,
  clusterObjects,
  proofs,
  wireFrames,
  carriers,
  instruments,
  timesAndFlows,
  times,
  journal,
  commands,
  origins,
  allowed,
];

export const ATTACKS: readonly Attack[] = ATTACK_TOPICS.flatMap(attacksOf);
