import { open } from 'node:fs/promises';
import { declaredClaims } from '../../clusters/cilium/declared-claims.ts';
import { openKube } from '../kube/kube.ts';
import { DEFAULT_FILE } from '../run/config/load-config.ts';
import { type Starter, starterConfig } from '../run/config/starter.ts';
import { examineExisting } from '../run/doctor/examine-existing.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import type { TargetName } from '../run/target-name.ts';
import { NAMESPACE } from '../stacks/cilium/names.ts';

export interface InitFlags {
  readonly target?: TargetName;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly ciliumNamespace?: string;
  readonly witnessImage?: string;
  readonly out?: string;
}

/**
 * `wirewitness init`: write a commented wirewitness.yaml, for an existing cluster with the values that `doctor` finds. Creates nothing in
 * the cluster. Exit code 4, and no file, if the cluster cannot be reached.
 */
export async function initCommand({ target = 'existing', out = DEFAULT_FILE, ...cluster }: InitFlags): Promise<number> {
  const { witnessImage, ...place } = cluster;
  const said = { ...place, ...(witnessImage === undefined ? {} : { image: witnessImage }) };
  const declared = target === 'existing' ? await declaredBy(cluster) : {};
  await writeNew(out, starterConfig({ target, said, declared }));
  process.stdout.write(
    `${out} written: read it, say what should be true, then: wirewitness run${out === DEFAULT_FILE ? '' : ` --config ${out}`}\n`,
  );
  return EXIT.supports;
}

/** What the cluster declares; what is missing for a run is printed on standard error. */
async function declaredBy(cluster: Omit<InitFlags, 'target' | 'out'>): Promise<Starter['declared']> {
  const findings = await examineExisting(cluster);
  for (const { name, state, detail, fix } of findings)
    if (state !== 'ok') process.stderr.write(`${state.padEnd(8)} ${name}: ${detail}${fix === '' ? '' : `; fix: ${fix}`}\n`);
  const [first] = findings;
  if (findings.length === 1 && first?.state === 'missing') throw new ExitError(EXIT.environment, `${first.detail}; ${first.fix}`);
  const { mode, routing, profile } = await declaredClaims(await openKube(cluster), cluster.ciliumNamespace ?? NAMESPACE);
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(routing === undefined ? {} : { routing }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** An existing file is never overwritten: it may contain the claim. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw ExitError.usage(`--out ${path}: is there already; remove it or name another file`);
    throw error;
  });
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
