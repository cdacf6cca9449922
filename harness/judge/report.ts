import type { Mode } from '../model/mode.ts';
import type { Recording } from '../model/recording.ts';
import type { CheckStatement, FlowVerdict, Report } from '../model/report.ts';
import type { CheckVerdict, Verdict } from '../model/verdict.ts';
import { lastSeenRed } from './controls/seen-red.ts';
import { readCryptoInventory } from './crypto/crypto-inventory.ts';
import type { Facts } from './facts.ts';
import { windowReport } from './window/window-report.ts';

/** A report before its limits are written: the words of a report belong to the reports. */
export type Judgement = Omit<Report, 'limits'>;

/** Put a judgement into the one model that all writers share. Has no time but the recording's. */
export async function buildReport(
  recording: Recording,
  checks: readonly CheckStatement[],
  verdicts: readonly CheckVerdict[],
  flows: readonly FlowVerdict[],
  facts: Facts,
): Promise<Judgement> {
  const { manifest } = recording;
  const ledger: Record<string, Report['ledger'][string]> = {};
  for (const capture of facts.wire.captures) {
    if (capture.ledger === null) continue;
    const { file, phase, vantage, kind } = capture.record;
    const key = kind === 'full' ? capture.key : `${capture.key}/${kind}`;
    ledger[key] = { ...capture.ledger, file, phase, vantage };
  }
  return {
    schema: 1,
    run: manifest.run,
    tool: manifest.tool,
    intent: manifest.intent,
    environment: { class: manifest.cluster.environmentClass, cluster: manifest.cluster },
    // Where no traffic was judged, agents and tables may speak for the claim, and nothing shows that it is so.
    verdict: overallVerdict(
      [...verdicts, ...flows].map((v) => v.verdict),
      manifest.run.complete && (flows.length > 0 || manifest.intent.mode === 'none'),
    ),
    checks: checks.map((check) => statementOf(check, manifest.intent.mode)),
    verdicts,
    flows,
    ledger,
    timeline: await recording.events(),
    ...windowReport(facts),
    crypto: await readCryptoInventory(recording),
  };
}

/**
 * The worst verdict wins. What was not exercised does not hurt, but nothing exercised supports nothing, and neither does a
 * run that did not complete: what it would still have recorded is unknown.
 */
export function overallVerdict(verdicts: readonly Verdict[], complete: boolean): Verdict {
  if (verdicts.includes('contradicts')) return 'contradicts';
  if (!complete || verdicts.includes('inconclusive') || !verdicts.includes('supports')) return 'inconclusive';
  return 'supports';
}

function statementOf({ id, title, modes, evidence, controls }: CheckStatement, mode: Mode): CheckStatement {
  return { id, title, modes, evidence, controls, lastSeenRed: lastSeenRed(id, mode) };
}
