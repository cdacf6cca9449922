import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { windowTraffic } from '../../harness/judge/window/losses.ts';
import { eventsOf } from '../../harness/judge/window/moments.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';

/** LIF-02: the first and the last packet of a pod's life. */
export const lif02: Check = {
  id: 'LIF-02',
  must: 'While pods are added and removed under load, the first and the last packets of each are encrypted or dropped, never sent in the clear',
  modes: ['ipsec', 'wireguard'],
  scenarios: ['pod-churn', 'pod-delete'],
  evidence: 'sentinel capture of the whole window, requests of the new pods, journal',
  subject: 'plaintext',
  needs: ['capture'],
  remedy:
    'Follow WIR-01 for the named pod at the named time. The sender learns from the ipcache that a pod is on another node and needs encryption: `{agentOfNode} bpf ipcache list | grep POD-ADDRESS` must show `encryptkey`. Strict mode (`encryption.strictMode`, WireGuard) drops packets to addresses that it does not know yet.',
  judge(x) {
    const added = namesOf('pod-added');
    const deleted = namesOf('pod-deleted');
    if (added.size === 0) x.gap('the journal names no pod that was added');
    for (const name of added) {
      const own = windowTraffic(x.facts).filter((t) => t.source.name === name || t.destination.name === name);
      const answered = own.reduce((n, t) => n + t.answered, 0);
      if (!deleted.has(name)) x.gap(`pod ${name} was added, and the journal does not say that it was deleted`);
      // A pod without answered requests proves nothing about its first packets.
      if (answered === 0) x.gap(`pod ${name}: none of ${own.reduce((n, t) => n + t.sent, 0)} request(s) was answered`);
      else {
        x.held();
        x.note(`pod ${name}: ${answered} answer(s)`);
      }
    }
    const { scenario } = x.facts.manifest.run;
    if (scenario === 'pod-delete') noteReuse(x);
    expectNoPlaintext(x, scenario === 'pod-delete' ? scenario : 'pod-churn');

    function namesOf(event: string): ReadonlySet<string> {
      return new Set(eventsOf(x.facts, event).flatMap(({ detail }) => (typeof detail.pod === 'string' ? [detail.pod] : [])));
    }
    return x.conclude('pods and windows');
  },
};

/**
 * Whether an address of a deleted pod was given to the next one. The address management of the cluster decides that, so an address that is
 * not used again is no fault.
 */
function noteReuse(x: Examination): void {
  const addresses = eventsOf(x.facts, 'pod-added').flatMap(({ detail }) =>
    Array.isArray(detail.addresses) ? detail.addresses.map(String) : [],
  );
  const reused = [...new Set(addresses.filter((address, index) => addresses.indexOf(address) < index))];
  if (reused.length > 0) x.note(`address ${reused.join(', ')} was used again by the next pod`);
  else x.note('no address of a deleted pod was used again, so traffic to a used address was not tested');
}
