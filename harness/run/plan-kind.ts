import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KindOptions } from '../../clusters/kind/options.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { ExitError } from './exit-error.ts';

/** The flags of `run` and `record` for a kind cluster. */
export interface KindFlags {
  readonly datapath?: 'reference' | 'cilium';
  readonly kindImage?: string;
  readonly witnessImage?: string;
  readonly keep?: boolean;
  readonly ciliumVersion?: string;
  readonly upgradeTo?: string;
  readonly ciliumValues?: string;
}

/** How a kind cluster is created. */
export type KindPlan = Omit<KindOptions, 'nodes' | 'scenario' | 'progress'>;

/** @throws ExitError (usage) for what is not possible there */
export function planKind(flags: KindFlags, scenario: ScenarioName): KindPlan {
  const datapath = flags.datapath ?? 'cilium';
  if (datapath === 'cilium' && flags.ciliumVersion === undefined)
    throw ExitError.usage(
      '--target kind: say which release to install with --cilium-version, for instance 1.16.2, or --datapath reference',
    );
  if (scenario === 'upgrade' && flags.upgradeTo === undefined)
    throw ExitError.usage('--scenario upgrade: say to which release with --upgrade-to, for instance 1.18.3');
  if (flags.ciliumValues !== undefined && datapath !== 'cilium')
    throw ExitError.usage(`--cilium-values ${flags.ciliumValues}: Cilium is not installed with --datapath ${datapath}`);
  return {
    datapath,
    keep: flags.keep ?? false,
    ...(flags.ciliumVersion === undefined ? {} : { ciliumVersion: flags.ciliumVersion }),
    ...(flags.upgradeTo === undefined ? {} : { upgradeTo: flags.upgradeTo }),
    ...(flags.ciliumValues === undefined ? {} : { ciliumValues: valuesFile(flags.ciliumValues) }),
    ...(flags.kindImage === undefined ? {} : { image: flags.kindImage }),
    ...(flags.witnessImage === undefined ? {} : { witnessImage: flags.witnessImage }),
  };
}

/** Checked before a cluster is made: the installer reads it minutes later. */
function valuesFile(path: string): string {
  if (!existsSync(path)) throw ExitError.usage(`--cilium-values ${path}: there is no such file`);
  return resolve(path);
}
