import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { isAny, sameAddress } from '../../harness/judge/state/networks.ts';
import { rotationIds } from '../../harness/judge/window/key-ids.ts';
import { since } from '../../harness/judge/window/moments.ts';
import type { SpiSpan } from '../../harness/judge/window/spi-spans.ts';
import { type Direction, describeDirection, spiTimelineOf } from '../../harness/judge/window/timeline.ts';
import { isWatch, NOT_KEPT } from '../../harness/judge/window/watch.ts';
import { expectWindowEnd } from '../window-end.ts';

/** Clocks of the capture and of the recorder may differ by this much, and a sample near a change proves nothing. */
const CLOCK_SLACK_MS = 500;

/** ROT-02: no sender uses an SPI that its receiver does not have, at any time of the change. */
export const rot02: Check = {
  id: 'ROT-02',
  must: 'While both keys are valid, both work: no sender uses an SPI that its receiver does not have',
  modes: ['ipsec'],
  scenarios: ['rotation'],
  evidence: 'headers of all ciphertext in the window, SAs of every node sampled in the window',
  subject: 'wire',
  needs: ['host-shell', 'capture'],
  remedy: `Lengthen the overlap: \`kubectl -n kube-system patch cm {configMap} --type merge -p '{"data":{"ipsec-key-rotation-duration":"15m"}}'\` (Helm: \`encryption.ipsec.keyRotationDuration\`), then {restartAgents}, and rotate again. Rotate only when all agents are ready.`,
  judge(x) {
    if (isWatch(x.facts.window.events)) return x.set('not-exercised', NOT_KEPT);
    expectWindowEnd(x, 'rotation');
    const ids = rotationIds(x);
    const { directions, gaps, files } = spiTimelineOf(x.facts);
    x.cite(...files);
    for (const gap of gaps) x.gap(gap);
    for (const gap of x.facts.window.states.gaps) x.gap(gap);
    if (ids === null) return x.conclude('directions and samples');
    if (directions.length === 0) x.gap('no ESP in the window');
    for (const direction of directions) {
      judgeOrder(x, direction, ids);
      for (const span of direction.spans) judgeReceiver(x, direction, span);
      x.note(describeDirection(x.facts, direction));
    }
    judgeOverlap(x, ids);
    return x.conclude('directions and samples');
  },
};

function judgeOrder(x: Examination, direction: Direction, { old, fresh }: { old: number; fresh: number }): void {
  const used = direction.spans.map((s) => Number(s.spi));
  const name = `${direction.from ?? direction.src} -> ${direction.to ?? direction.dst}`;
  for (const spi of used)
    if (spi !== old && spi !== fresh) x.fault(`${name}: SPI ${spi} on the wire is neither the old ${old} nor the new ${fresh}`);
  if (!used.includes(fresh)) x.fault(`${name}: the new SPI ${fresh} was never on the wire`);
  else if (!used.includes(old)) x.gap(`${name}: the old SPI ${old} was not on the wire in the window`);
  else x.expect(used[0] === old, `${name}: the new SPI ${fresh} was on the wire before the old ${old}`);
}

/** A sample shows that the receiver does not have an SPI while it is in use: frames that were sent then were lost. */
function judgeReceiver(x: Examination, { from, to, src, dst }: Direction, span: SpiSpan): void {
  for (const { node, fromMs, toMs, value, evidence } of x.facts.window.states.taken) {
    if (node !== to || fromMs < span.firstMs + CLOCK_SLACK_MS || toMs > span.lastMs - CLOCK_SLACK_MS) continue;
    x.cite(evidence);
    x.expect(
      value.some((sa) => serves(sa, src, dst, span.spi)),
      `${to} has no SA for SPI ${Number(span.spi)} from ${from ?? src} at ${since(x.facts, fromMs)}, but it is on the wire until ${since(x.facts, span.lastMs)}`,
    );
  }
}

function judgeOverlap(x: Examination, { old, fresh }: { old: number; fresh: number }): void {
  for (const { name } of x.facts.manifest.cluster.nodes) {
    const own = x.facts.window.states.taken.filter((s) => s.node === name);
    const both = own.filter(({ value }) => [old, fresh].every((id) => value.some((sa) => sa.proto === 'esp' && Number(sa.spi) === id)));
    if (own.length === 0) x.gap(`${name}: its SAs were not sampled in the window`);
    else x.expect(both.length > 0, `${name}: no sample of ${own.length} shows SAs of both key ids ${old} and ${fresh}`);
  }
}

function serves(sa: XfrmState, src: string, dst: string, spi: string): boolean {
  return sa.proto === 'esp' && Number(sa.spi) === Number(spi) && sameAddress(sa.dst, dst) && (sameAddress(sa.src, src) || isAny(sa.src));
}
