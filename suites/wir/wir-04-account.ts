import type { Check } from '../../harness/judge/check.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import type { FrameClass } from '../../harness/model/ledger.ts';
import { finding, judgedView, listed } from './wir-finding.ts';

const OPAQUE = ['unknown', 'malformed', 'truncated'] as const satisfies readonly FrameClass[];

/** WIR-04: the account is whole, and so is what it was made from. */
export const everyFrameAccounted: Check = {
  id: 'WIR-04',
  title: 'Every frame is accounted for and every capture is complete',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'ledger, tcpdump’s ready line and closing counters, beacons of every capture',
  controls: ['L31'],
  judge(facts) {
    const { captures } = facts.wire;
    const expected = 'classes add up to the file; no unknown, malformed or truncated frame on the wire; nothing dropped; both beacons seen';
    if (captures.length === 0) return finding('inconclusive', 'the recording holds no capture', expected, 'no capture', []);
    const wrong = captures.flatMap((c) => [...c.gaps, ...imbalance(c), ...opaqueOf(c)].map((gap) => `${c.key}: ${gap}`));
    const frames = captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0);
    const observed = `${captures.length} capture(s), ${frames} frame(s), ${wrong.length} defect(s)`;
    if (wrong.length > 0) return finding('inconclusive', listed(wrong), expected, observed, captures);
    if (judgedView(facts).captures.length === 0)
      return finding('inconclusive', 'no capture on the wire in the judged phase', expected, observed, captures);
    return finding('supports', `${frames} frame(s) of ${captures.length} complete capture(s) accounted for`, expected, observed, captures);
  },
};

function imbalance({ ledger }: CaptureFacts): string[] {
  if (ledger === null) return [];
  const tallies = Object.values(ledger.classes);
  const frames = tallies.reduce((n, t) => n + t.frames, 0);
  const bytes = tallies.reduce((n, t) => n + t.bytes, 0);
  return [
    ...(frames === ledger.frames ? [] : [`classes add up to ${frames} frames, the file holds ${ledger.frames}`]),
    ...(bytes === ledger.wireBytes ? [] : [`classes add up to ${bytes} bytes, the file holds ${ledger.wireBytes}`]),
  ];
}

function opaqueOf({ ledger }: CaptureFacts): string[] {
  if (ledger === null) return [];
  return OPAQUE.flatMap((name) => {
    const count = ledger.classes[name]?.frames ?? 0;
    return count === 0 ? [] : [`${count} ${name} frame(s), which count as not encrypted`];
  });
}
