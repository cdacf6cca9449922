import { type Attack, type AttackTopic, attacksOf } from './attack.ts';
import { agentSettings } from './topics/agent-settings.ts';
import { agents } from './topics/agents.ts';
import { allowed } from './topics/allowed.ts';
import { capturePlaces } from './topics/capture-places.ts';
import { carriers } from './topics/carriers.ts';
import { clusterObjects } from './topics/cluster-objects.ts';
import { commands } from './topics/commands.ts';
import { instruments } from './topics/instruments.ts';
import { ipcache } from './topics/ipcache.ts';
import { journal } from './topics/journal.ts';
import { lookAlikes } from './topics/look-alikes.ts';
import { missingFrames } from './topics/missing-frames.ts';
import { origins } from './topics/origins.ts';
import { proofs } from './topics/proofs.ts';
import { rareCarriers } from './topics/rare-carriers.ts';
import { routes } from './topics/routes.ts';
import { rules } from './topics/rules.ts';
import { times } from './topics/times.ts';
import { timesAndFlows } from './topics/times-and-flows.ts';
import { unexplainedFrames } from './topics/unexplained-frames.ts';
import { watches } from './topics/watches.ts';
import { windows } from './topics/windows.ts';
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
  rules,
  routes,
  wireguardState,
  agents,
  agentSettings,
  clusterObjects,
  ipcache,
  proofs,
  wireFrames,
  carriers,
  rareCarriers,
  lookAlikes,
  unexplainedFrames,
  instruments,
  missingFrames,
  capturePlaces,
  timesAndFlows,
  windows,
  watches,
  times,
  journal,
  commands,
  origins,
  allowed,
];

export const ATTACKS: readonly Attack[] = ATTACK_TOPICS.flatMap(attacksOf);
