import type { Check } from '../../harness/judge/check.ts';
import { treatmentOf } from '../../harness/judge/wire/treatment.ts';

export const tls06: Check = {
  id: 'TLS-06',
  must: 'An enrolled pod refuses TCP connections without mutual TLS, and the same request was answered before the pod was enrolled',
  modes: ['tls'],
  evidence: 'flows that must be refused: requests of nodes to pods, in both phases',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy:
    'The pod accepts plaintext: set the policy of the mesh to refuse it (`PeerAuthentication` with mode STRICT, or a policy that admits identities only), and look at the redirection of inbound connections in the namespace of the pod.',
  judge(x) {
    const { traffic, intent } = x.facts.manifest;
    if (treatmentOf(x.facts.profile, intent, { path: 'node-pod', protocol: 'tcp' }).treatment !== 'dropped')
      return x.set('not-exercised', 'it is not claimed that pods refuse plaintext (strictIngress of the intent)');
    const of = (phase: string) => traffic.filter((flow) => flow.phase === phase);
    const refused = of('encrypted').filter((flow) => treatmentOf(x.facts.profile, intent, flow).treatment === 'dropped');
    if (refused.length === 0) x.gap('no request without TLS was tried');
    for (const flow of refused) {
      const twin = of('clear').find(({ id }) => id === flow.id);
      if (flow.sent === 0) x.gap(`${flow.id}: nothing was sent`, { flow: flow.id });
      else if (twin === undefined || twin.answered === 0)
        x.gap(`${flow.id}: the same request was not answered before the pod was enrolled, so nothing shows that it was refused`, {
          flow: flow.id,
        });
      else
        x.expect(flow.answered === 0, `${flow.id}: ${flow.answered} of ${flow.sent} request(s) without TLS were answered`, {
          flow: flow.id,
        });
    }
    return x.conclude('requests without TLS');
  },
};
