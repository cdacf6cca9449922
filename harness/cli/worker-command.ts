import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { worstVerdict } from '../../reports/summary.ts';
import { catalogue } from '../../suites/catalogue.ts';
import { collectDigests, type DigestSource, judgeCollection } from '../judge/digest/collect-digests.ts';
import type { Collection } from '../judge/digest/collection.ts';
import { type MergedLedger, NO_LEDGER, type NodeLedger, sumOf } from '../judge/ledger/merge-ledgers.ts';
import { openKube } from '../kube/kube.ts';
import type { Verdict } from '../model/verdict.ts';
import { localShell } from '../proc/local-shell.ts';
import { openRecording } from '../record/open-recording.ts';
import { recordingFolderOf } from '../run/assess.ts';
import { EXIT, exitCodeFor } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { Interruption } from '../run/interruption.ts';
import { collectJob } from '../run/worker/collect-job.ts';
import { collectionWith, type DigestFlags, loadCollection, planAlone } from '../run/worker/digest-inputs.ts';
import { digestText, recordDigest } from '../run/worker/record-digest.ts';
import { recordLedger } from '../run/worker/record-ledger.ts';
import { resultLine } from '../run/worker/worker-result.ts';

export interface WorkerFlags extends DigestFlags {
  readonly node?: string;
  readonly interface: string;
  readonly seconds: string;
  readonly filter?: string;
}

/**
 * `wirewitness worker`: captures on this node's uplink for a time and prints the ledger as one line of the log; with a plan also a digest of
 * what the kernel says before and after.
 */
export async function workerCommand(flags: WorkerFlags): Promise<number> {
  const node = flags.node ?? process.env.NODE_NAME ?? '';
  const seconds = Number(flags.seconds);
  if (node === '') throw ExitError.usage('worker: give the name of the node with --node or NODE_NAME');
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 3600)
    throw ExitError.usage(`--seconds ${flags.seconds}: must be above 0 and at most 3600`);
  const collection = await collectionOfFlags('worker', flags);
  if (collection !== null) refuseOther(collection, node);
  using interruption = new Interruption();
  const { signal } = interruption;
  const record = (): Promise<NodeLedger> => recordLedger({ node, seconds, interface: flags.interface, filter: flags.filter ?? '', signal });
  if (collection === null) process.stdout.write(resultLine(await record()));
  else {
    let ledger: NodeLedger = { node, ledger: null, gaps: ['no capture was taken'] };
    const between = async (): Promise<void> => {
      ledger = await record();
    };
    const digest = await recordDigest({ collection, node, shell: localShell(node), between, signal });
    process.stdout.write(resultLine({ ...ledger, digest }));
  }
  return EXIT.supports;
}

export interface NodeDigestFlags {
  readonly node?: string;
  readonly key?: string;
}

/** `wirewitness digest`: the digest of one node of a recording; without `--node` the plan of the recording. */
export async function digestCommand(folder: string, { node, key }: NodeDigestFlags): Promise<number> {
  const recording = await openRecording(await recordingFolderOf(resolve(folder)));
  const plan = planAlone(recording.manifest);
  if (node === undefined) {
    process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    return EXIT.supports;
  }
  if (key === undefined) throw ExitError.usage('digest: give the key of the collection with --key');
  const collection = await collectionWith(plan, key);
  refuseOther(collection, node);
  process.stdout.write(await digestText(recording, node, collection, 'recording'));
  return EXIT.supports;
}

function refuseOther({ nodes }: Collection, node: string): void {
  if (!nodes.includes(node)) throw ExitError.usage(`--node ${node}: the plan has no such node, but ${nodes.join(', ')}`);
}

export interface CollectFlags extends DigestFlags {
  readonly job?: string;
  readonly namespace: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly timeout: string;
}

/**
 * `wirewitness collect`: the merged ledger of an Indexed Job's workers, and with a plan the verdicts on the digests of workers and of files, as
 * JSON. Exit code 2 if a node is missing or incomplete.
 */
export async function collectCommand(files: readonly string[], flags: CollectFlags): Promise<number> {
  const limitMs = Number(flags.timeout) * 1000;
  if (!Number.isFinite(limitMs) || limitMs <= 0) throw ExitError.usage(`--timeout ${flags.timeout}: must be seconds above 0`);
  const { job, namespace } = flags;
  const collection = await collectionOfFlags('collect', flags);
  if (job === undefined && files.length === 0) throw ExitError.usage('collect: name an Indexed Job with --job, or files with digests');
  if (files.length > 0 && collection === null)
    throw ExitError.usage('collect: digests need the --plan and the --key that they were made with');
  using interruption = new Interruption();
  const options = { namespace, limitMs, progress: (line: string) => process.stderr.write(`${line}\n`), signal: interruption.signal };
  const found = job === undefined ? null : await collectJob({ kube: await openKube(flags), job, ...options });
  const sources = [...(found?.digests ?? []), ...(await Promise.all(files.map(digestFile)))];
  const judged = collection === null ? null : judgeSources(sources, collection);
  const merged = found?.ledger ?? NO_LEDGER;
  process.stdout.write(`${JSON.stringify({ ...(found === null ? {} : publicForm(merged)), ...judged }, null, 2)}\n`);
  const whole = merged.nodes.length > 0 && merged.nodes.every(({ ledger, gaps }) => ledger !== null && gaps.length === 0);
  const ledgers: Verdict[] = found === null ? [] : [whole ? 'supports' : 'inconclusive'];
  return exitCodeFor([worstVerdict([...ledgers, ...(judged === null ? [] : [judged.verdict])])]);
}

/** A digest that is in a file. A file that cannot be read is a wrong operand. */
async function digestFile(file: string): Promise<DigestSource> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw ExitError.usage(`${file}: ${error.message}`);
  });
  return { from: basename(file), text };
}

function judgeSources(sources: readonly DigestSource[], collection: Collection) {
  const { digests, rejected } = collectDigests(sources, collection);
  const { verdicts, needMore } = judgeCollection(collection.plan, digests, catalogue);
  const verdict = worstVerdict([...verdicts.map((one) => one.verdict), ...(rejected.length > 0 ? ['inconclusive' as const] : [])]);
  return { verdict, rejected, verdicts, needMore };
}

/** Null without both flags. @throws ExitError (usage) where one is missing */
async function collectionOfFlags(command: string, { plan, key }: DigestFlags): Promise<Collection | null> {
  if (plan === undefined && key === undefined) return null;
  if (plan === undefined || key === undefined) throw ExitError.usage(`${command}: digests need both --plan and --key`);
  return loadCollection({ plan, key });
}

function publicForm(merged: MergedLedger): object {
  const nodes = merged.nodes.map(({ node, ledger, gaps }) => ({
    node,
    verdict: ledger === null || gaps.length > 0 ? 'inconclusive' : 'whole',
    gaps,
    frames: ledger?.frames ?? null,
  }));
  return { nodes, ledger: sumOf(merged) };
}
