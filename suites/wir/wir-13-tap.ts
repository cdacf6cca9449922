import type { Check } from '../../harness/judge/check.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';

/** Captures do not start and stop in the same instant; this many frames, or this share, may differ. */
const TOLERANCE = { frames: 20, share: 0.05 };

/** Ciphertext frames that leave a node at one capture and are seen at the other. */
interface Row {
  readonly text: string;
  readonly left: number;
  readonly seen: number;
}

/** WIR-13: two independent captures agree about the ciphertext that left a node. */
export const wir13: Check = {
  id: 'WIR-13',
  must: "The capture outside the nodes and the captures at the nodes' uplinks agree on the ciphertext that left; without a capture outside, the uplinks of sender and receiver agree",
  modes: ['ipsec', 'wireguard'],
  evidence: 'ciphertext that leaves each node, on the wire and at its uplink, or at the uplinks of both ends',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Find the interface that only one side sees: `ip -br link` and `ip route` on the named node, bonds and second uplinks. If a node shows less than the wire, its own captures cannot be trusted: look for programs and devices on the node whose packets the capture does not see (XDP, SR-IOV).',
  judge(x) {
    const full = x.facts.wire.captures.filter((c) => c.record.phase === 'encrypted' && c.record.kind === 'full');
    const taps = full.filter((c) => c.record.vantage === 'wire');
    const uplinks = full.filter((c) => c.record.vantage === 'nic' && c.record.node !== null);
    const expected = `ciphertext frames that leave a node differ by no more than ${TOLERANCE.frames} or ${TOLERANCE.share * 100} %`;
    for (const c of [...taps, ...uplinks]) x.cite(c.record.file);
    if (uplinks.length === 0) return x.set('not-exercised', 'no uplink was captured', expected);
    for (const c of [...taps, ...uplinks]) for (const gap of c.gaps) x.gap(`${c.key}: ${gap}`);
    const names = x.facts.manifest.cluster.nodes.map(({ name }) => name);
    for (const name of names) if (!uplinks.some((c) => c.record.node === name)) x.gap(`no uplink of ${name} was captured`);
    // Incomplete captures may differ.
    if (!x.clean) return x.conclude('uplinks', expected);

    const rows = taps.length > 0 ? uplinks.map((uplink) => againstTap(taps, uplink)) : betweenUplinks(uplinks);
    x.observe(...rows.map((r) => r.text));
    const sides = taps.length > 0 ? 'wire and uplink' : 'the uplinks of sender and receiver';
    for (const { left, seen, text } of rows) {
      const apart = Math.abs(left - seen) > Math.max(TOLERANCE.frames, TOLERANCE.share * Math.max(left, seen));
      x.expect(!apart && (left === 0) === (seen === 0), `${sides} disagree: ${text}`);
    }
    if (rows.every((r) => r.left === 0)) x.gap('no ciphertext at either side');
    return x.conclude(taps.length > 0 ? 'uplinks' : 'directions between uplinks', expected);
  },
};

function againstTap(taps: readonly CaptureFacts[], uplink: CaptureFacts): Row {
  const node = uplink.record.node ?? '';
  const [seen, left] = [leaving(taps, node), leaving([uplink], node)];
  return { left, seen, text: `${node}: ${seen} on the wire, ${left} at ${uplink.key}` };
}

/** Each ordered pair of nodes: what leaves at the sender's uplink must arrive at the receiver's. */
function betweenUplinks(uplinks: readonly CaptureFacts[]): readonly Row[] {
  return uplinks.flatMap((from) =>
    uplinks
      .filter((to) => to.record.node !== from.record.node)
      .map((to) => {
        const [sender, receiver] = [from.record.node ?? '', to.record.node ?? ''];
        const [left, seen] = [leaving([from], sender, receiver), leaving([to], sender, receiver)];
        return { left, seen, text: `${sender} -> ${receiver}: ${left} left at ${from.key}, ${seen} arrived at ${to.key}` };
      }),
  );
}

function leaving(captures: readonly CaptureFacts[], node: string, to: string | null = null): number {
  return captures
    .flatMap((c) => c.cipher)
    .filter((c) => c.from === node && c.to !== null && (to === null || c.to === to))
    .reduce((n, c) => n + c.frames, 0);
}
