import type { Report } from '../harness/model/report.ts';
import { advisorySentence } from './advisories.ts';
import { firstFact } from './html/folded.ts';
import { limitLines } from './limits.ts';
import { oneLine } from './printable.ts';
import { problemsOf } from './problems.ts';
import { claimSentence, countsSentence, effectiveVerdict, modeName, stackName } from './summary.ts';
import { VERDICT_SIGNS } from './symbols.ts';
import { type AppliedWaivers, NO_WAIVERS } from './waivers/apply-waivers.ts';
import { waiverSubject } from './waivers/waiver.ts';
import { cut } from './wrap.ts';

/** Most characters of a fact in the table; the HTML report has it in full. */
const LONGEST = 160;

/** The summary of a CI job: the verdict, the checks that do not support, the load of a window, the limits; short for a run of any size. */
export function writeMarkdown(report: Report, held: AppliedWaivers = NO_WAIVERS): string {
  const worst = effectiveVerdict(report);
  const open = problemsOf(report);
  const lines = [
    `## ${VERDICT_SIGNS[worst].symbol} ${VERDICT_SIGNS[worst].word}: ${modeName(report.intent.mode)}, ${plain(stackName(report.intent))}, ${plain(report.intent.routing)}`,
    '',
    plain(claimSentence(report)),
    '',
    `**${plain(countsSentence(report))}**`,
    '',
  ];
  if (open.length > 0) {
    lines.push('| check | verdict | first fact |', '|---|---|---|');
    for (const { finding } of open) {
      const { fact, others } = firstFact(finding);
      lines.push(
        `| ${plain(finding.id)} | ${VERDICT_SIGNS[finding.verdict].word} | ${plain(cut(fact, LONGEST))}${others > 0 ? ` (+${others} more)` : ''} |`,
      );
    }
    lines.push('');
  }
  if (report.rotation !== undefined) {
    const sent = report.rotation.loads.reduce((sum, load) => sum + load.sent, 0);
    const lost = report.rotation.loads.reduce((sum, load) => sum + load.sent - load.answered, 0);
    lines.push(
      `${plain(report.run.scenario)} under load: ${sent} requests sent, ${lost} lost, ${report.rotation.clearFrames} readable frames.`,
      '',
    );
  }
  for (const { waiver, state } of held.waivers)
    lines.push(`- exception, ${state}: ${plain(waiverSubject(waiver))}, ${plain(waiver.owner)}, until ${waiver.expires}`);
  if (held.waivers.length > 0) lines.push(`- red without an exception: ${held.open.length}`, '');
  const advisories = advisorySentence(report);
  if (advisories !== null) lines.push(`${plain(advisories)}.`, '');
  lines.push('<details><summary>What this does and does not prove</summary>', '');
  for (const line of report.limits.length > 0 ? report.limits : limitLines(report)) lines.push(`- ${plain(line)}`);
  lines.push(
    '',
    '</details>',
    '',
    `Run ${plain(report.run.id)}, recorded ${report.run.startedAt.utc}, environment class ${plain(report.environment.class)}, ${plain(report.tool.name)} ${plain(report.tool.version)}.`,
    '',
  );
  return lines.join('\n');
}

/** Escaped text of a cluster: it cannot become a link, a table cell, markup or a new line. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~!&]/g, (character) => `\\${character}`)
    .replaceAll('@', '@\u200b');
}
