import type { Shell } from '../../../harness/model/shell.ts';
import { succeeded } from '../../../harness/proc/run.ts';

/** How far the guest's clock is ahead of this machine's, as an interval in milliseconds that certainly contains it. */
export interface ClockOffset {
  readonly low: number;
  readonly high: number;
}

/** Most milliseconds between the clocks, beside what the measurement leaves open. */
const CLOSE_MS = 20;
/** Most times that the clock is set. */
const TRIES = 5;

/**
 * Set the guest's clock to this machine's, so that captures and the journal have the same time. The machine's clock chip has whole seconds,
 * so otherwise they differ by up to a second. On a busy machine the program that sets it may act late; then it is set again.
 */
export async function setGuestClock(root: Pick<Shell, 'name' | 'run'>): Promise<ClockOffset> {
  let offset = await measure(root);
  for (let tries = 0; tries < TRIES && !isClose(offset); tries++) {
    // The program acts at some time during its run; the middle is an estimate, and the result is measured afterwards.
    const at = (Date.now() + (offset.high - offset.low) / 2) / 1000;
    succeeded(await root.run(['date', '--set', `@${at.toFixed(6)}`]), root.name);
    offset = await measure(root);
  }
  return offset;
}

function isClose({ low, high }: ClockOffset): boolean {
  return Math.abs(low + high) / 2 <= CLOSE_MS + (high - low);
}

/** The narrowest interval of a few requests: the answer was given between the request and its arrival. */
async function measure(root: Pick<Shell, 'name' | 'run'>): Promise<ClockOffset> {
  const asked: ClockOffset[] = [];
  for (let n = 0; n < 3; n++) {
    const before = Date.now();
    const { stdout } = succeeded(await root.run(['date', '+%s.%N']), root.name);
    const after = Date.now();
    const guest = Number(stdout) * 1000;
    if (!Number.isFinite(guest)) throw new Error(`${root.name}: the guest's clock reads ${JSON.stringify(stdout)}`);
    asked.push({ low: guest - after, high: guest - before });
  }
  return { low: Math.max(...asked.map((o) => o.low)), high: Math.min(...asked.map((o) => o.high)) };
}
