import type { Report } from '../../harness/model/report.ts';
import type { CheckVerdict } from '../../harness/model/verdict.ts';
import { problemsOf } from '../problems.ts';
import { isAbout, type RedItem, type Waiver, waiverSubject } from './waiver.ts';

/**
 * `in-force`: valid, and it covers something red. `expired`: its last day was before the recording's, so it has no effect. `unneeded`:
 * valid, but nothing that it covers is red.
 */
export type WaiverState = 'in-force' | 'expired' | 'unneeded';

export interface AppliedWaiver {
  readonly waiver: Waiver;
  readonly state: WaiverState;
}

/** The exceptions of a run, compared with what was found. */
export interface AppliedWaivers {
  readonly waivers: readonly AppliedWaiver[];
  /** Red results that no exception in force covers. */
  readonly open: readonly RedItem[];
}

export const NO_WAIVERS: AppliedWaivers = { waivers: [], open: [] };

type Red = Pick<Report, 'checks' | 'verdicts' | 'flows' | 'run'>;

/** Compare waivers with a report, on the day the recording ended, so that judging it again later gives the same result. */
export function applyWaivers(waivers: readonly Waiver[], report: Red): AppliedWaivers {
  const day = report.run.endedAt.utc.slice(0, 10);
  const items = redItems(report);
  const held = waivers.map((waiver): AppliedWaiver => {
    if (waiver.expires < day) return { waiver, state: 'expired' };
    return { waiver, state: items.some((item) => isAbout(waiver, item)) ? 'in-force' : 'unneeded' };
  });
  const valid = held.filter(({ state }) => state === 'in-force').map(({ waiver }) => waiver);
  return { waivers: held, open: items.filter((item) => !valid.some((waiver) => isAbout(waiver, item))) };
}

/** Whether everything that is red has an exception in force. No exception covers traffic that was never judged. */
export function allWaived(held: AppliedWaivers, { verdicts, flows }: Pick<Report, 'verdicts' | 'flows'>): boolean {
  return verdicts.length > 0 && flows.length > 0 && held.open.length === 0;
}

/** The exceptions in force that cover a finding, as text, for outputs with room for it. */
export function waiverLines(held: AppliedWaivers, id: string): readonly string[] {
  return held.waivers
    .filter(({ waiver, state }) => waiver.check === id && state === 'in-force')
    .map(({ waiver }) => `${waiverSubject(waiver)}: accepted by ${waiver.owner} until ${waiver.expires}: ${waiver.reason}`);
}

/** Each red result by itself. A fact that is only counted has no subject. */
function redItems(report: Red): RedItem[] {
  const subjects = new Map(report.checks.map(({ id, subject }) => [id, subject]));
  const readable = new Set(report.flows.filter(({ verdict }) => verdict === 'contradicts').map(({ id }) => id));
  const ofChecks = problemsOf(report).flatMap(({ finding }) => {
    const plaintext = finding.verdict === 'contradicts' && subjects.get(finding.id) === 'plaintext';
    return itemsOf(finding, (flow) => plaintext || (flow !== undefined && readable.has(flow)));
  });
  // The matrix check counts every flow that is inconclusive; one that contradicts is compared by itself, because a check names only the
  // first ones.
  const ofFlows = report.flows
    .filter(({ id }) => readable.has(id))
    .map(({ id, reason }): RedItem => ({ check: null, text: reason, flow: id, leak: true }));
  return [...ofChecks, ...ofFlows];
}

function itemsOf({ id, facts, omitted }: CheckVerdict, isLeak: (flow: string | undefined) => boolean): RedItem[] {
  const named = facts.map(
    ({ text, flow, node, sa }): RedItem => ({
      check: id,
      text,
      ...(flow === undefined ? {} : { flow }),
      ...(node === undefined ? {} : { node }),
      ...(sa === undefined ? {} : { sa }),
      leak: isLeak(flow),
    }),
  );
  const rest = { check: id, text: `${omitted} more of the kind, counted and not named`, leak: isLeak(undefined) };
  return omitted > 0 ? [...named, rest] : named;
}
