import type { IdentityForm } from './profile.ts';

/** Whose identity. */
export interface IdentityOwner {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * The identity of a workload in the form of its mesh: the SPIFFE id of Istio (its security/pkg/spiffe), which its ztunnel has too, or the DNS name of
 * Linkerd (controller/api/destination/endpoint_translator.go, createWeightedAddr), with the control plane in the namespace `linkerd`.
 */
export function workloadIdentity(form: IdentityForm, { trustDomain, namespace, serviceAccount }: IdentityOwner): string {
  return form === 'spiffe'
    ? `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`
    : `${serviceAccount}.${namespace}.serviceaccount.identity.linkerd.${trustDomain}`;
}

/** Whether an identity is that of a workload, in whichever trust domain. */
export function isIdentityOf(
  form: IdentityForm,
  identity: string,
  { namespace, serviceAccount }: Omit<IdentityOwner, 'trustDomain'>,
): boolean {
  return form === 'spiffe'
    ? identity.endsWith(`/ns/${namespace}/sa/${serviceAccount}`)
    : identity.startsWith(`${serviceAccount}.${namespace}.serviceaccount.identity.`);
}
