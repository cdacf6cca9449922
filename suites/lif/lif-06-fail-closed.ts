import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import type { WireView } from '../../harness/judge/wire/vantage-points.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';
import { encryptedFlows, expectProfile, expectWhole, judgedView } from '../wire-view.ts';

const EXPECTED = 'a flow that must be encrypted and got no answer left no readable frame on the wire';

/** LIF-06: when protection fails, traffic stops. */
export const lif06: Check = {
  id: 'LIF-06',
  must: 'When protection fails (an SA, a peer or an ipcache entry is missing), traffic is dropped, not sent in the clear',
  modes: ['ipsec', 'wireguard'],
  evidence:
    'flows of the judged phase that must be encrypted and were not answered, captures on the wire, xfrm error counters before and after',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Restore the fail-closed layer: the block policy of IPsec (`ip xfrm policy list | grep -A1 "action block"`, XFR-07), strict mode of WireGuard (`encryption.strictMode`), then find what failed: the checks XFR and WGD of the same recording name it.',
  judge(x) {
    const view = judgedView(x);
    const flows = encryptedFlows(x).filter((f) => f.source.node !== f.destination.node);
    const lost = flows.filter((f) => f.sent > 0 && f.answered === 0);
    const found = `${lost.length} of ${flows.length} flow(s) that must be encrypted got no answer`;
    x.observe(found);
    for (const f of lost) if (f.clearFrames > 0) x.fault(`${f.clearFrames} readable frame(s): ${f.reason}`, { flow: f.id });
    expectProfile(x);
    if (!x.clean) return x.conclude('lost flows', EXPECTED);
    if (flows.length === 0) return x.set('not-exercised', 'no flow that must be encrypted was driven', EXPECTED);
    if (lost.length === 0)
      return x.set('not-exercised', `nothing failed: every one of ${flows.length} flow(s) that must be encrypted was answered`, EXPECTED);
    expectWhole(x, view);
    if (!x.clean) return x.conclude('lost flows', EXPECTED);
    const failed = lost.filter((f) => protectionFailed(x.facts, view, f));
    if (failed.length === 0)
      return x.set(
        'not-exercised',
        `${found}, but neither missing ciphertext nor an xfrm error counter shows that protection failed: the requests were lost for another reason`,
        EXPECTED,
      );
    x.held(failed.length);
    x.note(`protection failed for ${failed.map((f) => f.id).join(', ')}, and none of their frames was readable`);
    return x.conclude('lost flows', EXPECTED);
  },
};

/** A lost request does not prove failed protection: a busy machine loses some too. */
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
