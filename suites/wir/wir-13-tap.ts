import type { Check } from '../../harness/judge/check.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import { finding, listed } from './wir-finding.ts';

/** Captures do not start and stop in the same instant; this many frames, or this share, may differ. */
const TOLERANCE = { frames: 20, share: 0.05 };

/** WIR-13: the tap outside the nodes and the nodes' own captures tell the same story of what left. */
export const tapAgreesWithAgents: Check = {
  id: 'WIR-13',
  title: 'The independent tap and the agents’ outbound captures agree',
  modes: ['ipsec', 'wireguard'],
  evidence: 'ciphertext that leaves each node, on the wire and at its uplink',
  controls: ['L31'],
  judge(facts) {
    const full = facts.wire.captures.filter((c) => c.record.phase === 'encrypted' && c.record.kind === 'full');
    const taps = full.filter((c) => c.record.vantage === 'wire');
    const uplinks = full.filter((c) => c.record.vantage === 'nic' && c.record.node !== null);
    const expected = `ciphertext frames that leave a node differ by no more than ${TOLERANCE.frames} or ${TOLERANCE.share * 100} %`;
    const involved = [...taps, ...uplinks];
    if (taps.length === 0 || uplinks.length === 0)
      return finding(
        'not-exercised',
        taps.length === 0 ? 'there is no tap outside the nodes' : 'no uplink was captured',
        expected,
        'one side only',
        involved,
      );
    const rows = uplinks.map((uplink) => {
      const node = uplink.record.node ?? '';
      return { node, tap: leaving(taps, node), own: leaving([uplink], node), key: uplink.key };
    });
    const observed = rows.map((r) => `${r.node}: ${r.tap} on the wire, ${r.own} at ${r.key}`).join('; ');
    const gaps = involved.flatMap((c) => c.gaps.map((gap) => `${c.key}: ${gap}`));
    const apart = rows.filter((r) => Math.abs(r.tap - r.own) > Math.max(TOLERANCE.frames, TOLERANCE.share * Math.max(r.tap, r.own)));
    const blind = rows.filter((r) => r.tap > 0 && r.own === 0);
    if (gaps.length > 0) return finding('inconclusive', listed(gaps), expected, observed, involved);
    if (apart.length > 0 || blind.length > 0)
      return finding('contradicts', `wire and uplink disagree: ${observed}`, expected, observed, involved);
    if (rows.every((r) => r.tap === 0)) return finding('inconclusive', 'no ciphertext at either side', expected, observed, involved);
    return finding('supports', `wire and uplinks agree: ${observed}`, expected, observed, involved);
  },
};

function leaving(captures: readonly CaptureFacts[], node: string): number {
  return captures
    .flatMap((c) => c.cipher)
    .filter((c) => c.from === node && c.to !== null)
    .reduce((n, c) => n + c.frames, 0);
}
