import { examineMachine } from '../run/doctor/examine-machine.ts';
import { EXIT } from '../run/exit-codes.ts';

/** `wirewitness doctor`: what this machine has and lacks for a lab, and the command that mends it. Exit code 0 or 4. */
export async function doctorCommand({ json = false }: { json?: boolean }): Promise<number> {
  const findings = await examineMachine();
  if (json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else
    for (const { name, state, detail, mend } of findings) {
      process.stdout.write(`${state.padEnd(8)} ${name.padEnd(14)} ${detail}\n`);
      if (state !== 'ok' && mend !== '') process.stdout.write(`${' '.repeat(24)}mend: ${mend}\n`);
    }
  return findings.some(({ state }) => state === 'missing') ? EXIT.environment : EXIT.supports;
}
