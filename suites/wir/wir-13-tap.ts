import type { Check } from '../../harness/judge/check.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';

/** Captures do not start and stop in the same instant; this many frames, or this share, may differ. */
const TOLERANCE = { frames: 20, share: 0.05 };

/** WIR-13: the tap outside the nodes and the nodes’ own captures tell the same of what left. */
export const wir13: Check = {
  id: 'WIR-13',
  must: "The tap outside the nodes and the nodes' own outbound captures agree on the ciphertext that left",
  modes: ['ipsec', 'wireguard'],
  evidence: 'ciphertext that leaves each node, on the wire and at its uplink',
  needs: ['capture'],
  remedy:
    'Find the interface that only one side sees: `ip -br link` and `ip route` on the named node, bonds and second uplinks. If a node shows less than the wire, its own captures cannot be trusted: look for programs on the node that take packets past the capture (XDP, SR-IOV).',
  judge(x) {
    const full = x.facts.wire.captures.filter((c) => c.record.phase === 'encrypted' && c.record.kind === 'full');
    const taps = full.filter((c) => c.record.vantage === 'wire');
    const uplinks = full.filter((c) => c.record.vantage === 'nic' && c.record.node !== null);
    const expected = `ciphertext frames that leave a node differ by no more than ${TOLERANCE.frames} or ${TOLERANCE.share * 100} %`;
    for (const c of [...taps, ...uplinks]) x.cite(c.record.file);
    if (taps.length === 0) return x.set('not-exercised', 'there is no tap outside the nodes', expected);
    if (uplinks.length === 0) return x.set('not-exercised', 'no uplink was captured', expected);
    for (const c of [...taps, ...uplinks]) for (const gap of c.gaps) x.gap(`${c.key}: ${gap}`);
    // Captures that are not whole may differ.
    if (!x.clean) return x.conclude('uplinks', expected);

    const rows = uplinks.map((uplink) => {
      const node = uplink.record.node ?? '';
      return {
        text: `${node}: ${leaving(taps, node)} on the wire, ${leaving([uplink], node)} at ${uplink.key}`,
        tap: leaving(taps, node),
        own: leaving([uplink], node),
      };
    });
    x.observe(rows.map((r) => r.text).join('; '));
    for (const { tap, own, text } of rows) {
      const apart = Math.abs(tap - own) > Math.max(TOLERANCE.frames, TOLERANCE.share * Math.max(tap, own));
      x.expect(!apart && (tap === 0 || own > 0), `wire and uplink disagree: ${text}`);
    }
    if (rows.every((r) => r.tap === 0)) x.gap('no ciphertext at either side');
    return x.conclude('uplinks', expected);
  },
};

function leaving(captures: readonly CaptureFacts[], node: string): number {
  return captures
    .flatMap((c) => c.cipher)
    .filter((c) => c.from === node && c.to !== null)
    .reduce((n, c) => n + c.frames, 0);
}
