import type { ControlSeen } from '../../harness/model/report.ts';
import type { CheckResult, SelftestReport } from '../../harness/model/selftest.ts';

type Seen = Omit<ControlSeen, 'recordedAt' | 'toolVersion'>;

/** A control run, with the later results of single faults. */
export interface SeenRun {
  readonly recordedAt: string;
  readonly toolVersion: string;
  readonly seen: readonly (Seen & Partial<ControlSeen>)[];
}

/** A whole matrix as the control run. */
export function seenRun(report: SelftestReport): SeenRun {
  return { recordedAt: report.startedAt, toolVersion: report.tool.version, seen: seenRed(report) };
}

/** The control run with some faults run again, or for the first time; these have their own time. */
export function withFaults(run: SeenRun, report: SelftestReport): SeenRun {
  const again = new Set(report.results.map(({ cell }) => cell.subject));
  const own = { recordedAt: report.startedAt, toolVersion: report.tool.version };
  return { ...run, seen: [...run.seen.filter(({ fault }) => !again.has(fault)), ...seenRed(report).map((each) => ({ ...each, ...own }))] };
}

/**
 * The data with which a report says when a check was last seen red: once for each check, fault and mode, first those that the fault names.
 */
export function seenRed(report: SelftestReport): Seen[] {
  const found = new Map<string, Seen>();
  for (const kind of [isCaught, isContradictedToo])
    for (const { cell, checks } of report.results) {
      if (cell.kind !== 'fault') continue;
      const { mode, routing, profile } = cell.intent;
      for (const check of checks.filter(kind)) {
        const key = [check.id, cell.subject, mode].join();
        if (check.verdict !== null && !found.has(key))
          found.set(key, { check: check.id, fault: cell.subject, mode, routing, profile, verdict: check.verdict });
      }
    }
  return [...found.values()];
}

const isCaught = ({ outcome }: CheckResult): boolean => outcome === 'caught';

/** An implied check was seen red by this fault when it contradicted; that evidence was missing proves less. */
const isContradictedToo = ({ outcome, verdict }: CheckResult): boolean => outcome === 'implied' && verdict === 'contradicts';

/** `seen-red.json`, which is part of the judge. */
export function writeSeenRed({ recordedAt, toolVersion, seen }: SeenRun): string {
  const run = { schema: 1, recordedAt, toolVersion };
  const lines = seen.map((each) => `    ${JSON.stringify(each)}`);
  const head = JSON.stringify(run, null, 2).slice(0, -2);
  return `${head},\n  "seen": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}
