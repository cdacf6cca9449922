import type { Examination } from '../harness/judge/state/examination.ts';
import { lastMoment } from '../harness/judge/window/moments.ts';

/** For what comes true only as a scenario's window goes on: in one that did not end it may still have come right. */
export function expectWindowEnd(x: Examination): void {
  if (lastMoment(x.facts, 'window-ended') === null) x.suspend('the journal has no end of the window');
}
