import { FAULTS } from '../../clusters/faults.ts';
import { catalogue } from '../../suites/catalogue.ts';
import { controlsOf, wordedCheck } from '../judge/report.ts';
import { controlRecord } from '../run/control-record.ts';
import { ExitError } from '../run/exit-error.ts';
import { DEFAULT_WORDS } from '../stacks/stack-of.ts';

/** `wirewitness explain ID`: one check, or one fault of the lab, in full. @throws ExitError (usage) for an id that is neither */
export function explainCommand(id: string): number {
  const text = explainCheck(id.toUpperCase()) ?? explainFault(id);
  if (text === undefined)
    throw ExitError.usage(`explain ${id}: is not a check or a fault (\`wirewitness checks\` lists the checks, docs/faults.md the faults)`);
  process.stdout.write(`${text}\n`);
  return 0;
}

function explainCheck(id: string): string | undefined {
  const check = catalogue.find((candidate) => candidate.id === id);
  if (check === undefined) return undefined;
  const { must, modes, scenarios, evidence, needs, remedy } = wordedCheck(check, DEFAULT_WORDS);
  const controls = controlsOf(check, controlRecord);
  const faults = controls.map(
    (control) => `  ${control}  ${FAULTS.find((fault) => fault.id === control)?.what ?? 'the un-encrypted phase of each recording'}`,
  );
  return [
    `${id}  ${must}`,
    '',
    `Judged with    ${[...modes, ...(scenarios ?? [])].join(', ')}`,
    `Reads          ${evidence}`,
    `Needs          ${needs.join(', ') || 'nothing of the cluster'}`,
    `When it is red ${remedy}`,
    '',
    ...(faults.length > 0
      ? ['Turned red by', ...faults]
      : [`No fault of the lab turns it red: ${controlRecord.whyNone(id) ?? 'its unit tests do'}`]),
  ].join('\n');
}

function explainFault(id: string): string | undefined {
  const fault = FAULTS.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
  if (fault === undefined) return undefined;
  const cells = fault.cells.map(({ mode, routings, profiles, reddens }) => {
    const place = [mode, routings?.join('/'), profiles?.join('/')].filter((word) => word !== undefined).join(' ');
    return `  ${place}: ${reddens.join(' ')}`;
  });
  return [
    `${fault.id}  ${fault.what}`,
    '',
    `Made           ${fault.when}, scenario ${fault.scenario}`,
    `Why            ${fault.why}`,
    '',
    'Must turn red',
    ...cells,
  ].join('\n');
}
