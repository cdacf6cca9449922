import type { Check } from '../../harness/judge/check.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import type { FrameClass } from '../../harness/model/ledger.ts';
import { judgedView } from '../wire-view.ts';

const OPAQUE = ['unknown', 'malformed', 'truncated'] as const satisfies readonly FrameClass[];

/** WIR-04: the account is whole, and so is what it was made from. */
export const wir04: Check = {
  id: 'WIR-04',
  must: 'Every frame is accounted for (the classes add up to the file) and every capture is complete; unknown, malformed and truncated frames count as not encrypted',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'ledger, tcpdump’s ready line and closing counters, beacons of every capture',
  needs: ['capture'],
  remedy:
    'Record again with more room: fewer other programs on the machine, a larger capture buffer, free disk (`df -h`). Look at frames of an unknown class with `wirewitness ledger CAPTURE` and `tcpdump -r CAPTURE -nevv`.',
  judge(x) {
    const { captures } = x.facts.wire;
    if (captures.length === 0) x.gap('the recording holds no capture');
    for (const capture of captures) {
      x.cite(capture.record.file);
      for (const defect of [...capture.gaps, ...imbalance(capture), ...opaqueOf(capture)]) x.gap(`${capture.key}: ${defect}`);
    }
    if (judgedView(x).captures.length === 0) x.gap('no capture on the wire in the judged phase');
    x.held(captures.length);
    x.note(`${captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0)} frame(s)`);
    return x.conclude('captures');
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
