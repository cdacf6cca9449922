import type { MergedLedger } from '../judge/ledger/merge-ledgers.ts';
import { sumOf } from '../judge/ledger/merge-ledgers.ts';
import { openKube } from '../kube/kube.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { Interruption } from '../run/interruption.ts';
import { collectJob } from '../run/worker/collect-job.ts';
import { recordLedger } from '../run/worker/record-ledger.ts';
import { resultLine } from '../run/worker/worker-result.ts';

export interface WorkerFlags {
  readonly node?: string;
  readonly interface: string;
  readonly seconds: string;
  readonly filter?: string;
}

/** `wirewitness worker`: captures on this node's uplink for a time and prints the ledger as one line of the log. */
export async function workerCommand(flags: WorkerFlags): Promise<number> {
  const node = flags.node ?? process.env.NODE_NAME ?? '';
  const seconds = Number(flags.seconds);
  if (node === '') throw ExitError.usage('worker: give the name of the node with --node or NODE_NAME');
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 3600)
    throw ExitError.usage(`--seconds ${flags.seconds}: must be above 0 and at most 3600`);
  using interruption = new Interruption();
  const result = await recordLedger({ node, seconds, interface: flags.interface, filter: flags.filter ?? '', signal: interruption.signal });
  process.stdout.write(resultLine(result));
  return EXIT.supports;
}

export interface CollectFlags {
  readonly job: string;
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly timeout: string;
}

/** `wirewitness collect`: the merged ledger of an Indexed Job's workers, as JSON. Exit code 2 if a node is missing or incomplete. */
export async function collectCommand(flags: CollectFlags): Promise<number> {
  const limitMs = Number(flags.timeout) * 1000;
  if (!Number.isFinite(limitMs) || limitMs <= 0) throw ExitError.usage(`--timeout ${flags.timeout}: must be seconds above 0`);
  using interruption = new Interruption();
  const merged = await collectJob({
    kube: await openKube(flags),
    namespace: flags.namespace,
    job: flags.job,
    limitMs,
    progress: (line) => process.stderr.write(`${line}\n`),
    signal: interruption.signal,
  });
  process.stdout.write(`${JSON.stringify(publicForm(merged), null, 2)}\n`);
  const whole = merged.nodes.length > 0 && merged.nodes.every(({ ledger, gaps }) => ledger !== null && gaps.length === 0);
  return whole ? EXIT.supports : EXIT.inconclusive;
}

function publicForm(merged: MergedLedger): unknown {
  const nodes = merged.nodes.map(({ node, ledger, gaps }) => ({
    node,
    verdict: ledger === null || gaps.length > 0 ? 'inconclusive' : 'whole',
    gaps,
    frames: ledger?.frames ?? null,
  }));
  return { nodes, ledger: sumOf(merged) };
}
