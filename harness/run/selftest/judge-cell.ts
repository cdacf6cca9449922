import { catalogue } from '../../../suites/catalogue.ts';
import { judge } from '../../judge/judge.ts';
import { overallVerdict } from '../../judge/report.ts';
import type { Recording } from '../../model/recording.ts';
import type { CellResult, SelftestCell } from '../../model/selftest.ts';
import { openRecording } from '../../record/open-recording.ts';
import { compare, isWrong } from './compare.ts';

/** All checks except the one that needs the published control matrix: the current matrix is not published yet. */
const CHECKS = catalogue.filter(({ id }) => id !== 'EVI-04');

/** Shows whether captures are complete; a healthy cell that may lose frames must be red here when it is red in another check. */
const CAPTURE_CHECK = 'WIR-04';

/** What judging a cell's recording adds to its result. */
export type CellJudgement = Pick<CellResult, 'state' | 'verdict' | 'checks' | 'reason'>;

/** {@link judgeCell} for the recording of a folder. One that cannot be opened makes the cell broken. @param why it may be so, if that is known */
export function judgeFolder(cell: SelftestCell, folder: string, why = ''): Promise<CellJudgement> {
  return openRecording(folder).then(
    (recording) => judgeCell(cell, recording),
    (error: unknown) => ({
      state: 'broken' as const,
      verdict: null,
      checks: [],
      reason: why || (error instanceof Error ? error.message : String(error)),
    }),
  );
}

/** Judge a cell's recording in this process and compare the verdicts with what the cell says. */
export async function judgeCell(cell: SelftestCell, recording: Recording): Promise<CellJudgement> {
  const { verdicts, flows } = await judge(recording, CHECKS);
  const { complete, note } = recording.manifest.run;
  const verdict = overallVerdict(
    [...verdicts, ...flows].map((finding) => finding.verdict),
    complete,
  );
  // What is missing in an incomplete recording says nothing about the checks.
  if (!complete) return { state: 'broken', verdict, checks: [], reason: `the recording is not complete: ${note}` };
  const checks = compare(cell, verdicts);
  // A fault with a green run is a miss even if no check is named; a healthy cluster must be green as a whole.
  const lossTold = verdict === 'inconclusive' && checks.some(({ id, outcome }) => id === CAPTURE_CHECK && outcome === 'implied');
  const overall = cell.kind === 'fault' ? verdict !== 'supports' : verdict === 'supports' || cell.kind === 'recording' || lossTold;
  const wrong = !overall || checks.some(({ outcome }) => isWrong(outcome));
  const reason = overall ? '' : `the run as a whole ${verdict}${firstFlow(flows)}`;
  return { state: wrong ? 'failed' : 'passed', verdict, checks, reason };
}

function firstFlow(flows: readonly { readonly id: string; readonly verdict: string; readonly reason: string }[]): string {
  const red = flows.find(({ verdict }) => verdict === 'contradicts' || verdict === 'inconclusive');
  return red === undefined ? '' : `; flow ${red.id}: ${red.reason}`;
}
