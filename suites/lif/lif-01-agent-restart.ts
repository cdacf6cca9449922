import type { Check } from '../../harness/judge/check.ts';
import { expectLossWithin, LOSS_BUDGETS } from '../../harness/judge/window/losses.ts';
import { eventsOf } from '../../harness/judge/window/moments.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';

/** LIF-01: the kernel continues to encrypt while no agent runs. */
export const lif01: Check = {
  id: 'LIF-01',
  must: 'While agents restart under load there is no plaintext, and no flow loses more requests than the budget',
  modes: ['ipsec', 'wireguard'],
  scenarios: ['agent-restart'],
  evidence: 'sentinel capture of the whole window, every request that was sent in it, journal',
  subject: 'loss',
  needs: ['capture'],
  remedy: `Plaintext: follow WIR-01 for the named nodes, and do not restart agents under load before the cause is known. Losses: restart one agent at a time (\`{patchAgents} --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":1}}}}'\`) and compare their times with the restarts in the timeline.`,
  judge(x) {
    const restarts = eventsOf(x.facts, 'agent-restart');
    if (restarts.length === 0) x.gap('the journal names no restart of an agent');
    expectNoPlaintext(x, 'agent-restart');
    expectLossWithin(x, 'agent-restart');
    x.note(`${restarts.length} agent(s) restarted`);
    return x.conclude(
      'flows and windows',
      `no readable frame of traffic that must be encrypted, and each flow loses at most ${LOSS_BUDGETS['agent-restart']} request(s) a restart`,
    );
  },
};
