import { catalogue } from '../../suites/catalogue.ts';
import { controlsOf, wordedCheck } from '../judge/report.ts';
import { controlRecord } from '../run/control-record.ts';
import { DEFAULT_WORDS } from '../stacks/stack-of.ts';

/** `wirewitness checks`: what each check demands, what it needs, what turns it red, and what to do then. */
export function checksCommand({ json = false }: { json?: boolean }): number {
  const statements = catalogue.map((check) => {
    const { id, must, modes, scenarios, evidence, needs, remedy } = wordedCheck(check, DEFAULT_WORDS);
    return { ...{ id, must, modes, scenarios, evidence, needs, remedy }, controls: controlsOf(check, controlRecord) };
  });
  if (json) process.stdout.write(`${JSON.stringify(statements, null, 2)}\n`);
  else
    for (const { id, must, modes, scenarios, evidence, needs, remedy, controls } of statements)
      process.stdout.write(
        [
          `${id}  ${must}`,
          `${[...modes, ...(scenarios ?? [])].join(', ')} · reads ${evidence}`,
          `needs ${needs.join(', ') || 'nothing of the cluster'} · turned red by ${controls.join(', ') || (controlRecord.whyNone(id) ?? 'its unit tests only')}`,
          `when red: ${remedy}`,
          '',
        ].join('\n        '),
      );
  return 0;
}
