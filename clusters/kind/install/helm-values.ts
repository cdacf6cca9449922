import type { Release } from '../../cilium/release.ts';

/**
 * Names of Helm values, by the version that introduced them. Source: the Helm reference and the upgrade notes of each version
 * (Documentation/helm-values.rst, Documentation/operations/upgrade.rst of cilium/cilium).
 */
export interface ValueNames {
  readonly since: number;
  readonly strictMode: { readonly enabled: string; readonly cidr: string; readonly allowRemoteNodeIdentities: string } | null;
  /** The switch of strict mode for ingress. */
  readonly strictIngress: string | null;
}

/** Newest first: the first whose `since` is not above the version counts. */
const NAMES: readonly ValueNames[] = [
  {
    // 1.19 split strict mode into egress and ingress and deprecated the old names; 1.20 removed them, and Helm reports no error for an
    // unknown value.
    since: 19,
    strictMode: {
      enabled: 'encryption.strictMode.egress.enabled',
      cidr: 'encryption.strictMode.egress.cidr',
      allowRemoteNodeIdentities: 'encryption.strictMode.egress.allowRemoteNodeIdentities',
    },
    strictIngress: 'encryption.strictMode.ingress.enabled',
  },
  {
    since: 15,
    strictMode: {
      enabled: 'encryption.strictMode.enabled',
      cidr: 'encryption.strictMode.cidr',
      allowRemoteNodeIdentities: 'encryption.strictMode.allowRemoteNodeIdentities',
    },
    strictIngress: null,
  },
  { since: 14, strictMode: null, strictIngress: null },
];

export function valueNames({ minor }: Release): ValueNames {
  const found = NAMES.find(({ since }) => since <= minor);
  if (found === undefined) throw new RangeError(`no Helm values are known for Cilium 1.${minor}`);
  return found;
}
