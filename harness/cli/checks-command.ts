import { catalogue } from '../../suites/catalogue.ts';

/** `wirewitness checks`: the catalogue, a line a check. */
export function checksCommand({ json = false }: { json?: boolean }): number {
  const statements = catalogue.map(({ id, title, modes, evidence, controls }) => ({ id, title, modes, evidence, controls }));
  if (json) process.stdout.write(`${JSON.stringify(statements, null, 2)}\n`);
  else
    for (const { id, title, modes, evidence, controls } of statements)
      process.stdout.write(`${id}  ${title}\n        ${modes.join(', ')} · reads ${evidence} · turned red by ${controls.join(', ')}\n`);
  return 0;
}
