import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, associationTable, tunnelsOf } from '../../harness/judge/state/associations.ts';
import { drivenPairs } from '../../harness/judge/state/driven-pairs.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { Known } from '../../harness/judge/state/node-state.ts';
import { type WireWindow, windowOf, wireWindows } from '../../harness/judge/state/wire-window.ts';

/** Packets an SA may send between the two readings and outside the capture: probes, and the seconds at both ends. */
const OUTSIDE_CAPTURE = 64;

/** The kernel's own count of encrypted packets against the frames that an independent capture saw. */
export const xfr09: Check = {
  id: 'XFR-09',
  must: 'The packet counters of each SA grow by the frames with its SPI on the wire, within the tolerance, and by at least the driven traffic',
  modes: ['ipsec'],
  evidence: 'ip -s xfrm state before and after, captures of the wire',
  needs: ['host-shell', 'capture'],
  remedy:
    'Find the path on which pod traffic leaves the named node: `ip -s xfrm state`, `ip rule`, `ip route show table 200`, `ip route get POD-ADDRESS mark 0xe00`. Counters that do not grow while pods communicate mean that traffic goes around the SAs: read WIR-01, RUL-01 and RUL-03. Frames that no counter explains do not come from this SA: find their sender.',
  judge(x) {
    const { ipsec } = x;
    const expected = `frames seen of an SA <= packets it sent, no more than ${OUTSIDE_CAPTURE} or a tenth of them unseen, and the SAs of two nodes sent at least a packet for each answered request`;
    const windows = wireWindows(x);
    if (windows === null)
      return x.set('not-exercised', 'nothing was captured on the wire or at an uplink in the encrypted phase', expected);
    /** Packets that each SA sent; null if its counter is not reliable. */
    const counted: { readonly from: string; readonly to: string; readonly sent: number | null }[] = [];
    for (const [name, tunnels] of Map.groupBy(tunnelsOf(x, ipsec), ({ from }) => from.name)) {
      const [before, after] = (['before', 'after'] as const).map((s) =>
        x.facts.state.nodes.find((n) => n.node === name && n.snapshot === s),
      );
      if (before === undefined || after === undefined) continue;
      const [first, last] = [x.use(before.xfrmStates), x.use(after.xfrmStates)];
      if (first === undefined || last === undefined || !before.xfrmStates.ok || !after.xfrmStates.ok) continue;
      const [tableBefore, tableAfter] = [associationTable(first), associationTable(last)];
      for (const tunnel of tunnels)
        for (const sa of tableAfter(tunnel, false)) {
          const start = tableBefore(tunnel, false).find((s) => s.spi === sa.spi);
          const sent = judge(x, name, start, sa, windows, [before.xfrmStates, after.xfrmStates]);
          counted.push({ from: name, to: tunnel.to.name, sent });
        }
    }
    // If the traffic went around the SAs, both sides agree on zero.
    for (const { from, to, requests } of drivenPairs(x, ({ answered }) => answered)) {
      const own = counted.filter((sa) => sa.from === from && sa.to === to).map(({ sent }) => sent);
      if (own.length === 0 || own.includes(null)) continue;
      const sum = own.reduce<number>((n, sent) => n + (sent ?? 0), 0);
      x.expect(
        sum >= requests,
        `${from} -> ${to}: the SAs sent ${sum} packet(s) for ${requests} answered request(s) of pods: the requests did not go through the SAs`,
        { node: from },
      );
    }
    return x.conclude('SAs', expected);
  },
};

/** Packets that the SA sent between the readings; null, and a gap, when that is unknown. */
function judge(
  x: Examination,
  node: string,
  start: XfrmState | undefined,
  end: XfrmState,
  windows: readonly WireWindow[],
  readings: readonly [Known<unknown>, Known<unknown>],
): number | null {
  const where = `${node}: SA ${associationName(end)}`;
  const window = windowOf(windows, node, ...readings);
  if (window === undefined) {
    x.gap(`${node}: the two readings are not before and after the capture`, { node });
    return null;
  }
  const [from, to] = [start?.packets ?? start?.oseq ?? 0, end.packets ?? end.oseq];
  if (to === undefined) {
    x.gap(`${where}: neither packets nor a sequence number were printed`, aboutSa({ node }, end));
    return null;
  }
  if (to < from) {
    x.gap(`${where}: its counter went back from ${from} to ${to}: it was replaced`, aboutSa({ node }, end));
    return null;
  }
  const accounts = window.ledger.esp.filter((e) => e.src === end.src && e.dst === end.dst && Number(e.spi) === Number(end.spi));
  const seen = accounts.reduce((sum, e) => sum + e.frames - e.duplicates, 0);
  for (const { firstSeq, lastSeq } of accounts) judgeSequence(x, node, end, start?.oseq ?? 0, [firstSeq, lastSeq]);
  const sent = to - from;
  const slack = Math.max(OUTSIDE_CAPTURE, sent * 0.1);
  x.expect(seen <= sent, `${where} sent ${sent} packets, the wire shows ${seen} frames of it`, aboutSa({ node }, end));
  x.expect(sent - seen <= slack, `${where} sent ${sent} packets, the wire shows only ${seen} frames of it`, aboutSa({ node }, end));
  return sent;
}

/** Sequence numbers on the wire are those of the SA: between the kernel's two readings; with ESN the low 32 bits. */
function judgeSequence(x: Examination, node: string, sa: XfrmState, from: number, seen: readonly number[]): void {
  const to = sa.oseq;
  if (to === undefined) return;
  for (const low of seen) {
    const high = Math.floor(to / 2 ** 32) * 2 ** 32;
    const holds = [low + high, low + high - 2 ** 32].some((n) => n > from && n <= to);
    if (!holds)
      x.fault(
        `${node}: SA ${associationName(sa)}: sequence ${low} on the wire is not between ${from} and ${to}, as the kernel counted`,
        aboutSa({ node }, sa),
      );
  }
}
