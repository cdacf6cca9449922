import type { ControlSeen } from '../../harness/model/report.ts';
import type { CheckResult, SelftestReport } from '../../harness/model/selftest.ts';

type Seen = Omit<ControlSeen, 'recordedAt' | 'toolVersion'>;

/** What a report needs to say when a check was last seen red: once for each check, fault and mode, those that the fault names first. */
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

/** `seen-red.json`, which the judge carries. */
export function writeSeenRed(report: SelftestReport): string {
  const run = { schema: 1, recordedAt: report.startedAt, toolVersion: report.tool.version };
  const lines = seenRed(report).map((seen) => `    ${JSON.stringify(seen)}`);
  const head = JSON.stringify(run, null, 2).slice(0, -2);
  return `${head},\n  "seen": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}
