import type { Check } from '../../harness/judge/check.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';
import { undrivenLeaks, unreadTraffic } from '../../harness/judge/wire/undriven.ts';
import {
  captureNames,
  eachFamily,
  encryptedFlows,
  expectEachFamily,
  expectProfile,
  expectWhole,
  frameCount,
  judgedView,
  nothingDriven,
} from '../wire-view.ts';

/** WIR-01: nothing that must be encrypted is readable on the wire. */
export const wir01: Check = {
  id: 'WIR-01',
  must: 'No frame of a flow that must be encrypted is readable on the wire, at any layer of encapsulation',
  modes: ['ipsec', 'wireguard', 'tls'],
  evidence: 'captures on the wire in the judged phase, flow matrix; with the scenario observe, the sentinel captures of the window too',
  subject: 'plaintext',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy: `Stop the leak first: cordon the named nodes (\`kubectl cordon NODE\`) or remove pods that need encryption from them. Then find the cause on the sending node. IPsec: \`ip xfrm policy list\`, \`ip xfrm state list\`; WireGuard: \`wg show {wireguardDevice}\`; both: \`ip rule\`, \`ip route get POD-ADDRESS mark 0xe00\`. TLS: the redirection in the network namespace of the pod (\`nft list ruleset\`, \`iptables-save\`), and whether the pod is enrolled. The checks XFR, WGD, RUL or TLS of the same recording name what is missing. {restartAgents} configures it again; record again afterwards.`,
  judge(x) {
    const view = judgedView(x);
    const flows = encryptedFlows(x);
    const leaked = flows.filter((f) => f.verdict === 'contradicts');
    const undriven = undrivenLeaks(x.facts, view);
    const counts = eachFamily(x, (family) => {
      const own = leaked.filter((f) => f.family === family);
      const all = flows.filter((f) => f.family === family).length;
      return `${own.length} of ${all} driven flow(s) with ${own.reduce((n, f) => n + f.clearFrames, 0)} readable frame(s)`;
    });
    x.observe(`${counts}, ${undriven.length} other pair(s)`);
    if (leaked.length > 0) x.note(counts);
    for (const { id, reason } of leaked) x.fault(reason, { flow: id });
    for (const { text, ...about } of undriven) x.fault(text, about);
    expectProfile(x);
    expectWhole(x, view);
    expectEachFamily(x, flows, nothingDriven);
    for (const { text, ...about } of unreadTraffic(x.facts, view.captures).open) x.gap(text, about);
    expectEachFamily(x, flows, (own) =>
      own.length > 0 && own.every((f) => f.answered === 0)
        ? `no request of the ${own.length} flow(s) that must be encrypted was answered`
        : null,
    );
    // Changes by other people are judged by the checks of those changes; a leak without a change is seen only here.
    if (x.facts.manifest.run.scenario === 'observe') expectNoPlaintext(x, 'observe');
    x.held(flows.length);
    x.note(`${frameCount(view)} frame(s) at ${captureNames(view)}`);
    return x.conclude('flows that must be encrypted');
  },
};
