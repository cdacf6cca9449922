import type { ScenarioName } from '../../harness/model/scenario.ts';

/** How a kind cluster is created. */
export interface KindOptions {
  /** The datapath that encrypts. */
  readonly datapath: 'reference' | 'cilium';
  readonly nodes: number;
  readonly scenario: ScenarioName;
  /** Node image; absent: kind's default. */
  readonly image?: string;
  readonly witnessImage?: string;
  readonly keep: boolean;
  /** Release to install, for the datapath `cilium`. */
  readonly ciliumVersion?: string;
  /** File of Helm values beside those of the claim, for the datapath `cilium`. */
  readonly ciliumValues?: string;
  /** Release that the scenario `upgrade` goes to. */
  readonly upgradeTo?: string;
  readonly progress: (line: string) => void;
}
