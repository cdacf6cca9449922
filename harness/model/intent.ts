import type { Family, Mode, Routing } from './mode.ts';

/**
 * What the user claims of the cluster. It is an input and is never read off the cluster under test:
 * a cluster with encryption off by mistake must fail.
 */
export interface Intent {
  readonly mode: Mode;
  readonly routing: Routing;
  /** Profile id: the Cilium minor version, for instance `1.16`. */
  readonly profile: string;
  readonly nodeEncryption: boolean;
  readonly strictMode: boolean;
  readonly perTunnelKeys: boolean;
  readonly families: readonly Family[];
}
