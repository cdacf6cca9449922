import type { Check } from '../../harness/judge/check.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import { unreadTraffic } from '../../harness/judge/wire/undriven.ts';
import { judgedView } from '../wire-view.ts';

/** WIR-04: the account of frames and the captures are complete. */
export const wir04: Check = {
  id: 'WIR-04',
  must: 'Every frame is accounted for (the classes add up to the file) and every capture is complete; unknown, malformed and truncated frames count as not encrypted',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'ledger, tcpdump’s ready line and closing counters, beacons of every capture',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Record again with more resources: fewer other programs on the machine, a larger capture buffer, free disk (`df -h`). Look at frames of an unknown class with `wirewitness ledger CAPTURE` and `tcpdump -r CAPTURE -nevv`.',
  judge(x) {
    const { captures } = x.facts.wire;
    if (captures.length === 0) x.gap('the recording holds no capture');
    for (const capture of captures) {
      x.cite(capture.record.file);
      if (capture.copies > 0) x.note(`${capture.key} shows each frame twice, as a mirror port does: ${capture.copies} copies left out`);
      for (const defect of [...capture.gaps, ...imbalance(capture)]) x.gap(`${capture.key}: ${defect}`, { capture: capture.record.file });
    }
    const unread = unreadTraffic(x.facts, captures);
    for (const { text, ...about } of unread.open) x.gap(text, about);
    for (const text of unread.explained) x.note(text);
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
    ...(frames === ledger.frames ? [] : [`classes add up to ${frames} frames, the file has ${ledger.frames}`]),
    ...(bytes === ledger.wireBytes ? [] : [`classes add up to ${bytes} bytes, the file has ${ledger.wireBytes}`]),
  ];
}
