import { join } from 'node:path';
import { startKind } from '../../clusters/kind/kind.ts';
import { WITNESS_IMAGE } from '../../clusters/kind/names.ts';
import { probeKernel } from '../../clusters/kind/reference/probe-kernel.ts';
import { kernelRefusal } from '../../clusters/kind/reference/refusal.ts';
import { ensureWitnessImage } from '../../clusters/kind/witness/image.ts';
import { RunClock } from '../record/run-clock.ts';
import { ExitError } from './exit-error.ts';
import type { LabRunOptions } from './lab-run.ts';
import type { KindPlan } from './plan-kind.ts';
import { recordCilium } from './record-cilium.ts';
import { recordInKind } from './record-in-kind.ts';

export interface KindRunOptions extends Omit<LabRunOptions, 'keys'> {
  readonly kind: KindPlan;
}

/** With Cilium one cluster an intent; on the reference datapath one cluster for all. It is taken down again, whatever happens. */
export async function runInKind(options: KindRunOptions): Promise<void> {
  const { intents, out, signal, recorded } = options;
  const clock = new RunClock();
  if (options.kind.datapath === 'cilium') {
    for (const intent of intents) {
      signal.throwIfAborted();
      await recordCilium(options, intent, clock);
      await recorded(join(out, intent.mode), intent);
    }
    return;
  }
  await recordOnReference(options, clock);
  // Judged once the cluster is gone: whatever happens meanwhile, nobody has to tidy up.
  for (const intent of intents) await recorded(join(out, intent.mode), intent);
}

async function recordOnReference(options: KindRunOptions, clock: RunClock): Promise<void> {
  const { intents, nodes, scenario, fault, out, progress, signal } = options;
  const { image, witnessImage = WITNESS_IMAGE, keep } = options.kind;
  await ensureWitnessImage(witnessImage, progress, signal);
  const ability = await probeKernel(witnessImage);
  for (const intent of intents) {
    const refusal = kernelRefusal(intent, ability);
    if (refusal !== null) throw ExitError.environment(`${intent.mode}: ${refusal}`);
  }
  progress(
    `this kernel: ESP ${ability.esp ? 'yes' : 'no'}, WireGuard ${ability.wireguard}, tunnels by tc ${ability.tunnel ? 'yes' : 'no'}`,
  );
  await using kind = await startKind({
    nodes,
    environmentClass: 'lab',
    witnessImage,
    keep,
    signal,
    progress,
    ...(image === undefined ? {} : { image }),
  });
  for (const intent of intents) {
    signal.throwIfAborted();
    const folder = join(out, intent.mode);
    await recordInKind({ kind, intent, scenario, fault, folder, progress: (line) => progress(`${intent.mode}: ${line}`), signal, clock });
  }
  progress(keep ? `the cluster stays up: KUBECONFIG=${kind.kubeconfig}` : 'taking the cluster down');
}
