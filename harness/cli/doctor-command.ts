import { examineExisting } from '../run/doctor/examine-existing.ts';
import { examineKind } from '../run/doctor/examine-kind.ts';
import { examineMachine } from '../run/doctor/examine-machine.ts';
import { EXIT } from '../run/exit-codes.ts';

export interface DoctorFlags {
  readonly json?: boolean;
  readonly target?: 'lab' | 'kind' | 'existing';
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly ciliumNamespace?: string;
  readonly witnessImage?: string;
  readonly disruptive?: string;
}

/** `wirewitness doctor`: what a target needs, what is missing, and the command that fixes it. Exit code 0 or 4. */
export async function doctorCommand({ json = false, target = 'lab', ...cluster }: DoctorFlags): Promise<number> {
  const findings = await { lab: examineMachine, kind: examineKind, existing: () => examineExisting(cluster) }[target]();
  if (json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else
    for (const { name, state, detail, fix } of findings) {
      process.stdout.write(`${state.padEnd(8)} ${name.padEnd(26)} ${detail}\n`);
      if (state !== 'ok' && fix !== '') process.stdout.write(`${' '.repeat(36)}fix: ${fix}\n`);
    }
  return findings.some(({ state }) => state === 'missing') ? EXIT.environment : EXIT.supports;
}
