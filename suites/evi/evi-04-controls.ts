import type { Check } from '../../harness/judge/check.ts';
import { type ControlRun, controlRun, lastSeenRed } from '../../harness/judge/controls/seen-red.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { Examination } from '../../harness/judge/state/examination.ts';
import type { CheckStatement } from '../../harness/model/report.ts';

const EXPECTED = 'each check that supports was seen red by its control: in the control run on record, or in this run’s un-encrypted phase';
const FAULT = /^L\d+$/;

/** EVI-04: a check that nobody has seen red proves nothing by being green. */
export function controlsRan(statements: readonly CheckStatement[], run: ControlRun = controlRun): Check {
  return {
    id: 'EVI-04',
    title: 'each check’s control ran, in this run or in the named control run, and was red',
    modes: ['ipsec', 'wireguard', 'none'],
    evidence: 'the control run that this version carries, the un-encrypted phase of this recording',
    controls: ['control skipped'],
    judge(facts, judged) {
      const x = new Examination(facts);
      if (run.seen.length === 0) return x.set('not-exercised', EXPECTED, 'no control run is on record');
      if (judged === undefined) x.gap('no other check was judged');
      const supporting = (judged?.verdicts ?? []).filter((v) => v.verdict === 'supports');
      const without: string[] = [];
      for (const { id } of supporting) {
        const { controls = [] } = statements.find((s) => s.id === id) ?? {};
        if (lastSeenRed(id, facts.manifest.intent.mode, run) !== null) x.held();
        else if (controls.includes('clear phase') && clearPhaseSawPlaintext(facts)) x.held();
        else if (controls.some((c) => FAULT.test(c))) x.gap(`${id} was never seen red, its controls are ${controls.join(', ')}`);
        else without.push(id);
      }
      x.note(`control run of ${run.recordedAt}, wirewitness ${run.toolVersion}`);
      if (without.length > 0) x.note(`no fault of the lab can redden ${without.join(', ')}: their unit tests are their control`);
      return x.conclude(EXPECTED, 'checks');
    },
  };
}

/** The un-encrypted phase turned it red if the wire showed its canaries. */
function clearPhaseSawPlaintext(facts: Facts): boolean {
  return facts.wire.captures.some((c) => c.record.phase === 'clear' && c.complete && c.canaries.length > 0);
}
