import type { Examination } from '../harness/judge/state/examination.ts';
import { endedTooEarly } from '../harness/judge/window/change.ts';
import { lastMoment } from '../harness/judge/window/moments.ts';
import type { ScenarioName } from '../harness/model/scenario.ts';

/**
 * For statements that become true only by the end of a change: if the window has no end, or ended before the change was over, they may have
 * become true later.
 */
export function expectWindowEnd(x: Examination, change: ScenarioName): void {
  if (lastMoment(x.facts, 'window-ended') === null) x.suspend('the journal has no end of the window');
  else if (endedTooEarly(x.facts, change)) x.suspend(`the observation was ended before the change (${change}) was over`);
}
