import type { Check } from '../check.ts';
import { encryptedFlows, finding, judgedView, listed, viewDefect } from './wir-finding.ts';

const EXPECTED = 'a flow that must be encrypted and got no answer left no readable frame on the wire: it was dropped, not sent clear';

/** LIF-06: where protection fails, traffic stops. */
export const lif06: Check = {
  id: 'LIF-06',
  title: 'fail closed: with the SA, peer or ipcache entry gone, traffic is dropped, not clear',
  modes: ['ipsec', 'wireguard'],
  evidence: 'flows of the judged phase that must be encrypted and were not answered, captures on the wire',
  controls: ['a lost flow in the clear'],
  judge(facts) {
    const view = judgedView(facts);
    const flows = encryptedFlows(facts).filter((f) => f.source.node !== f.destination.node);
    const lost = flows.filter((f) => f.sent > 0 && f.answered === 0);
    const observed = `${lost.length} of ${flows.length} flow(s) that must be encrypted got no answer`;
    const clear = lost.filter((f) => f.clearFrames > 0);
    if (clear.length > 0)
      return finding(
        'contradicts',
        listed(clear.map((f) => `${f.clearFrames} readable frame(s): ${f.reason}`)),
        EXPECTED,
        observed,
        view.captures,
      );
    if (facts.profile === null)
      return finding('inconclusive', `no profile is known for ${facts.manifest.intent.profile}`, EXPECTED, observed, view.captures);
    if (flows.length === 0) return finding('not-exercised', 'no flow that must be encrypted was driven', EXPECTED, observed, view.captures);
    if (lost.length === 0)
      return finding(
        'not-exercised',
        `nothing failed: every one of ${flows.length} flow(s) that must be encrypted was answered`,
        EXPECTED,
        observed,
        view.captures,
      );
    const defect = viewDefect(view);
    if (defect !== null) return finding('inconclusive', defect, EXPECTED, observed, view.captures);
    return finding(
      'supports',
      `${lost.length} flow(s) got no answer and none of their frames was readable: ${listed(lost.map((f) => f.id))}`,
      EXPECTED,
      observed,
      view.captures,
    );
  },
};
