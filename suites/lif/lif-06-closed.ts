import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import type { WireView } from '../../harness/judge/wire/vantage-points.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';
import { encryptedFlows, finding, judgedView, listed, viewDefect } from '../wir/wir-finding.ts';

const EXPECTED = 'a flow that must be encrypted and got no answer left no readable frame on the wire: it was dropped, not sent clear';

/** LIF-06: where protection fails, traffic stops. */
export const lif06: Check = {
  id: 'LIF-06',
  title: 'fail closed: with the SA, peer or ipcache entry gone, traffic is dropped, not clear',
  modes: ['ipsec', 'wireguard'],
  evidence:
    'flows of the judged phase that must be encrypted and were not answered, captures on the wire, xfrm error counters before and after',
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
    const failed = lost.filter((f) => protectionFailed(facts, view, f));
    if (failed.length === 0)
      return finding(
        'not-exercised',
        `${observed}, but neither a missing ciphertext nor an xfrm error counter says that protection failed: they were lost otherwise`,
        EXPECTED,
        observed,
        view.captures,
      );
    return finding(
      'supports',
      `protection failed for ${failed.length} flow(s) that got no answer, and none of their frames was readable: ${listed(failed.map((f) => f.id))}`,
      EXPECTED,
      observed,
      view.captures,
    );
  },
};

/** A lost request alone is no failed protection: a busy machine loses some too. */
function protectionFailed(facts: Facts, view: WireView, flow: FlowVerdict): boolean {
  const ends = [flow.source.node, flow.destination.node].filter((node) => node !== null);
  if (ends.some((node) => errorsGrew(facts, node))) return true;
  const [a, b] = ends;
  if (a === undefined || b === undefined) return false;
  const sends = (from: string, to: string): boolean => view.captures.some((c) => c.cipher.some((x) => x.from === from && x.to === to));
  return !sends(a, b) || !sends(b, a);
}

function errorsGrew(facts: Facts, node: string): boolean {
  const [before, after] = (['before', 'after'] as const).map((snapshot) =>
    facts.state.nodes.find((n) => n.node === node && n.snapshot === snapshot),
  );
  if (before === undefined || after === undefined || !before.xfrmStat.ok || !after.xfrmStat.ok) return false;
  const start = new Map(before.xfrmStat.value.map(({ name, value }) => [name, value]));
  return after.xfrmStat.value.some(({ name, value }) => value > (start.get(name) ?? 0));
}
