import type { Mode } from '../model/mode.ts';
import type { Recording } from '../model/recording.ts';
import type { CheckStatement, Report, ReportedCheck } from '../model/report.ts';
import { sampleClaim } from '../model/sample-claim.ts';
import type { Verdict } from '../model/verdict.ts';
import { hasFormerFilter } from '../stacks/capture-filter.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { type Words, worded } from '../stacks/words.ts';
import { type ControlRecord, NO_CONTROLS } from './controls/control-record.ts';
import { lastSeenRed } from './controls/seen-red.ts';
import { readCryptoInventory } from './crypto/crypto-inventory.ts';
import type { Judgement } from './judge.ts';
import { windowReport } from './window/window-report.ts';

/** A report before its limits are written: the texts of a report are written by the reports. */
export type ReportWithoutLimits = Omit<Report, 'limits'>;

/** Put a judgement into the one model that all writers share. It has no time except those of the recording. */
export async function buildReport(
  recording: Recording,
  checks: readonly CheckStatement[],
  { facts, verdicts, flows }: Judgement,
  controls: ControlRecord = NO_CONTROLS,
): Promise<ReportWithoutLimits> {
  const { manifest } = recording;
  const words = stackOf(manifest.intent).words(manifest.intent);
  const ledger: Record<string, Report['ledger'][string]> = {};
  for (const capture of facts.wire.captures) {
    if (capture.ledger === null) continue;
    const { file, phase, vantage, kind } = capture.record;
    const key = kind === 'full' ? capture.key : `${capture.key}/${kind}`;
    ledger[key] = { ...capture.ledger, file, phase, vantage, ...(hasFormerFilter(capture.record) ? { leavesOutShort: true } : {}) };
  }
  return {
    schema: 2,
    run: manifest.run,
    tool: manifest.tool,
    intent: manifest.intent,
    environment: { class: manifest.cluster.environmentClass, cluster: manifest.cluster },
    // If no traffic was judged, agents and tables may agree with the claim, but nothing proves it.
    verdict: overallVerdict(
      [...verdicts, ...flows].map((v) => v.verdict),
      manifest.run.complete && (flows.length > 0 || manifest.intent.mode === 'none'),
    ),
    checks: checks.map((check) => reported(wordedCheck(check, words), manifest.intent.mode, controls)),
    verdicts,
    flows,
    ...(manifest.sample === undefined ? {} : { sample: sampleClaim(manifest.cluster, manifest.sample, flows) }),
    ledger,
    timeline: await recording.events(),
    ...windowReport(facts),
    crypto: await readCryptoInventory(recording, facts.wire.captures),
  };
}

/**
 * The worst verdict wins. A check that was not exercised does not count, but if none was exercised nothing is supported. A run that did not
 * complete supports nothing either: the rest of its recording is unknown.
 */
export function overallVerdict(verdicts: readonly Verdict[], complete: boolean): Verdict {
  if (verdicts.includes('contradicts')) return 'contradicts';
  if (!complete || verdicts.includes('inconclusive') || !verdicts.includes('supports')) return 'inconclusive';
  return 'supports';
}

function reported(check: CheckStatement, mode: Mode, controls: ControlRecord): ReportedCheck {
  const { id, must, modes, scenarios, evidence, subject, needs, clearPhaseIsControl, remedy, restsOnProfile } = check;
  const uncontrolled = controls.whyNone(id);
  return {
    ...{ id, must, modes, evidence, needs, remedy },
    ...(subject === undefined ? {} : { subject }),
    ...(scenarios === undefined ? {} : { scenarios }),
    ...(clearPhaseIsControl === undefined ? {} : { clearPhaseIsControl }),
    ...(restsOnProfile === undefined ? {} : { restsOnProfile }),
    controls: controlsOf(check, controls),
    ...(uncontrolled === undefined ? {} : { uncontrolled }),
    lastSeenRed: lastSeenRed(id, mode, controls.run),
  };
}

/** A check in the words of a stack. */
export function wordedCheck<C extends CheckStatement>(check: C, words: Words): C {
  return { ...check, evidence: worded(check.evidence, words), remedy: worded(check.remedy, words) };
}

/** What must turn a check red. */
export function controlsOf({ id, clearPhaseIsControl }: CheckStatement, { faultsOf }: ControlRecord): readonly string[] {
  return [...faultsOf(id), ...(clearPhaseIsControl === true ? ['clear phase'] : [])];
}
