import * as z from 'zod';
import type { Verdict } from '../../harness/model/verdict.ts';

/** An exception somebody answers for. */
export const WaiverSchema = z.strictObject({
  /** Id of the check, `WIR-11`. */
  check: z.string().regex(/^[A-Z]{3}-\d{2}$/, 'must be the id of a check, such as WIR-11'),
  /** Who answers for it: a person or a team. */
  owner: z.string().min(1, 'must name who answers for it'),
  reason: z.string().min(10, 'must say why, in at least 10 characters'),
  /** Last day on which it holds, UTC. */
  expires: z.iso.date('must be a day such as 2027-03-31'),
});

export type Waiver = z.infer<typeof WaiverSchema>;

/** waivers.yaml. */
export const WaiversSchema = z.strictObject({ waivers: z.array(WaiverSchema) });

/**
 * `in-force`: the check is red and the exception holds. `expired`: its last day was before the recording's; it counts as absent.
 * `unneeded`: it holds, but the check is not red.
 */
export type WaiverState = 'in-force' | 'expired' | 'unneeded';

export interface WaivedCheck {
  readonly waiver: Waiver;
  readonly state: WaiverState;
}

const RED: ReadonlySet<Verdict> = new Set(['contradicts', 'inconclusive']);

/**
 * Hold waivers against a report's verdicts, on the day the recording ended: judging it again later gives the same.
 * @param endedAt UTC, ISO 8601
 */
export function holdWaivers(
  waivers: readonly Waiver[],
  verdicts: readonly { readonly id: string; readonly verdict: Verdict }[],
  endedAt: string,
): WaivedCheck[] {
  const day = endedAt.slice(0, 10);
  return waivers.map((waiver) => {
    if (waiver.expires < day) return { waiver, state: 'expired' };
    const red = verdicts.some(({ id, verdict }) => id === waiver.check && RED.has(verdict));
    return { waiver, state: red ? 'in-force' : 'unneeded' };
  });
}

/** Whether every red check has a waiver in force, and no flow contradicts that no waiver of WIR-01 covers. */
export function allWaived(
  waived: readonly WaivedCheck[],
  verdicts: readonly { readonly id: string; readonly verdict: Verdict }[],
): boolean {
  const covered = new Set(waived.filter(({ state }) => state === 'in-force').map(({ waiver }) => waiver.check));
  return verdicts.every(({ id, verdict }) => !RED.has(verdict) || covered.has(id));
}
