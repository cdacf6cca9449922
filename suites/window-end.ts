import type { Examination } from '../harness/judge/state/examination.ts';
import { endedTooEarly } from '../harness/judge/window/change.ts';
import { lastMoment } from '../harness/judge/window/moments.ts';
import type { ScenarioName } from '../harness/model/scenario.ts';

/** For what comes true only as a change goes on: in a window that did not end, or was ended before it, it may still have come right. */
export function expectWindowEnd(x: Examination, change: ScenarioName): void {
  if (lastMoment(x.facts, 'window-ended') === null) x.suspend('the journal has no end of the window');
  else if (endedTooEarly(x.facts, change)) x.suspend(`the observation was ended before the change (${change}) was over`);
}
