import type { Check } from '../../harness/judge/check.ts';
import { describeSighting } from '../../harness/judge/wire/describe.ts';
import { canariesOf } from '../../harness/judge/wire/vantage-points.ts';
import { eachFamily, encryptedFlows, expectEachFamily, expectProfile, expectWhole, judgedView, nothingDriven } from '../wire-view.ts';

/** WIR-03: the canaries are not on the wire, and the same search finds them where nothing is encrypted. */
export const wir03: Check = {
  id: 'WIR-03',
  must: 'No canary is on the wire in any encoding (raw, base64, hexadecimal, UTF-16, split across segments), and each is seen where traffic is clear',
  modes: ['ipsec', 'wireguard', 'tls'],
  evidence: 'canary search over the captures of both phases',
  subject: 'plaintext',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy:
    'The named frame shows what carried the payload: open it (`tcpdump -r CAPTURE -X`) and follow WIR-01. If only the control is missing, record with an un-encrypted phase or with captures inside the nodes (`--target lab` has both).',
  judge(x) {
    const view = judgedView(x);
    const flows = encryptedFlows(x);
    const expected = `the canaries of ${flows.length} flow(s) nowhere on the wire, each seen at a clear capture point`;
    const ids = new Set(flows.map((f) => f.id));
    const seen = canariesOf(view)
      .filter((s) => !s.atEdge && s.flows.some((id) => ids.has(id)))
      .map((s) => ({ text: `canary ${s.canary} of flow ${s.flows.join(', ')} ${describeSighting(s)}`, flow: s.flows[0] ?? '' }));
    x.observe(`${seen.length} sighting(s) on the wire`);
    expectProfile(x);
    if (x.facts.profile !== null) for (const { text, ...about } of seen) x.fault(text, about);
    expectWhole(x, view);
    expectEachFamily(x, flows, nothingDriven);
    const moved = flows.filter((f) => f.verdict !== 'not-exercised');
    for (const { id, answered, controlFrames } of moved) {
      if (answered === 0) x.gap(`no request of ${id} was answered`, { flow: id });
      else if (controlFrames === 0) x.gap(`positive control missing: no canary of ${id} was seen in the clear`, { flow: id });
    }
    expectEachFamily(x, moved, (own) => (own.length === 0 ? 'no flow that must be encrypted had to leave its node' : null));
    x.held(moved.length);
    const shown = (own: typeof moved): number => own.reduce((n, f) => n + f.controlFrames, 0);
    x.note(`the controls show the canaries in ${eachFamily(x, (family) => `${shown(moved.filter((f) => f.family === family))} frame(s)`)}`);
    return x.conclude('canaries', expected);
  },
};
