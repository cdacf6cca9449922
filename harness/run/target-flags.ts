import { ExitError } from './exit-error.ts';
import type { RunFlags } from './run-flags.ts';
import { TARGETS, type TargetName } from './target-name.ts';

/** The targets that a flag of `run` and `record` is for; a flag not listed is for all. */
export const TARGETS_OF = {
  keyId: ['lab'],
  keyGrace: ['lab'],
  wireguardRotation: ['lab'],
  accelerator: ['lab'],
  nodes: ['lab', 'kind'],
  fault: ['lab', 'kind'],
  datapath: ['kind'],
  ciliumVersion: ['kind'],
  upgradeTo: ['kind'],
  ciliumValues: ['kind'],
  kindImage: ['kind'],
  keep: ['kind'],
  witnessImage: ['kind', 'existing'],
  kubeconfig: ['existing'],
  context: ['existing'],
  ciliumNamespace: ['existing'],
  namespace: ['existing'],
  nodeSelector: ['existing'],
  environment: ['existing'],
  observeOnly: ['existing'],
  yes: ['existing'],
  disruptive: ['existing'],
  injectInbound: ['existing'],
  clientOutside: ['existing'],
  for: ['lab', 'existing'],
  watch: ['lab', 'existing'],
  alertUrl: ['lab', 'existing'],
} as const satisfies Partial<Record<keyof RunFlags, readonly TargetName[]>>;

/**
 * The target of a run. It has a default only if no flag is for another target: otherwise a user would believe that a flag without effect
 * had one.
 * @param filed the content of the configuration file; the same rule applies to its keys
 * @param file its name
 * @throws ExitError (usage) naming the flag or the key, the target it is for, and the one it was used with
 */
export function targetOf(flags: RunFlags, filed: RunFlags = {}, file = ''): TargetName {
  const said = flags.target ?? filed.target;
  const target = said ?? 'lab';
  refuseOthers(
    flags,
    target,
    said !== undefined,
    (key, value) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${value === true ? '' : ` ${value}`}`,
  );
  refuseOthers(filed, target, said !== undefined, (key) => `${file}: ${key === 'witnessImage' ? 'image' : key}`);
  return target;
}

function refuseOthers(flags: RunFlags, target: TargetName, said: boolean, nameOf: (key: string, value: unknown) => string): void {
  for (const [key, targets] of Object.entries(TARGETS_OF) as [keyof typeof TARGETS_OF, readonly TargetName[]][]) {
    const value = flags[key];
    if (value === undefined || value === false || targets.includes(target)) continue;
    const flag = nameOf(key, value);
    const where = targets.map((name) => `--target ${name}`).join(' or ');
    throw ExitError.usage(
      said ? `${flag}: this is for ${where}, and the target is ${target}` : `${flag}: this is for ${where}; name the target with --target`,
    );
  }
}

/** The prefix of a flag's help with its targets: `lab, kind: `. */
export function targetsPrefix(key: string): string {
  const targets = (TARGETS_OF as Partial<Record<string, readonly TargetName[]>>)[key];
  return targets === undefined || targets.length === TARGETS.length ? '' : `${targets.join(', ')}: `;
}
