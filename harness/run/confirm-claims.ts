import { type DeclaredClaims, declaredClaims } from '../../clusters/cilium/declared-claims.ts';
import { openKube } from '../kube/kube.ts';
import { CONFIG_MAP } from '../stacks/cilium/names.ts';
import { ExitError } from './exit-error.ts';
import type { ExistingPlan } from './plan-existing.ts';
import type { ClaimFlags } from './plan-intents.ts';
import type { Audience } from './provider-of.ts';

/** Claims without default for an existing cluster: a wrong default would make the cluster look wrong. */
export const STATED_CLAIMS = ['mode', 'routing', 'profile'] as const;

/** The claims that the user stated. */
export type StatedClaims = Pick<ClaimFlags, (typeof STATED_CLAIMS)[number]>;

/** Gets a user's confirmation for the claims that were not stated. */
export type ConfirmClaims = (existing: ExistingPlan, said: StatedClaims) => Promise<StatedClaims>;

/**
 * Show what the cluster declares about the claims that were not stated, and ask whether this is what it should be.
 * @throws ExitError (usage) with the missing flags, when the cluster declares nothing, no user can be asked, or the answer is no
 */
export function confirmBy({ ask, show }: Audience): ConfirmClaims {
  return async (existing, said) => {
    const kube = await openKube(existing);
    const declared = await declaredClaims(kube, existing.ciliumNamespace);
    const unsaid = STATED_CLAIMS.filter((claim) => said[claim] === undefined);
    const unknown = unsaid.filter((claim) => declared[claim] === undefined);
    if (unknown.length > 0) throw ExitError.usage(`--target existing: say ${flagsFor(unknown, {})}: ${whyUnknown(declared, existing)}`);
    const flags = flagsFor(unsaid, declared);
    if (existing.yes || ask === undefined)
      throw ExitError.usage(
        `--target existing: the claim must be stated when nobody can be asked${existing.yes ? ' (--yes)' : ''}; the cluster declares ${flags}`,
      );
    show(`Cluster ${kube.name} declares the following, which you did not state:\n  ${flags}\nThis becomes the claim that is examined.\n`);
    if (!(await ask('Is this what the cluster should be?')))
      throw ExitError.usage(`--target existing: state the claim with ${flagsFor(unsaid, {})}`);
    return { ...said, ...Object.fromEntries(unsaid.map((claim) => [claim, declared[claim]])) };
  };
}

function flagsFor(claims: readonly (typeof STATED_CLAIMS)[number][], values: Partial<DeclaredClaims>): string {
  return claims.map((claim) => `--${claim} ${values[claim] ?? claim.toUpperCase()}`).join(' ');
}

function whyUnknown({ settings, versions }: DeclaredClaims, { ciliumNamespace }: ExistingPlan): string {
  const config = `${ciliumNamespace}/${CONFIG_MAP}`;
  const agents = versions.length === 0 ? 'no agent names a version in its image' : `agents have ${versions.join(', ')}`;
  return Object.keys(settings).length === 0
    ? `there is no ConfigMap ${config}, and ${agents}`
    : `ConfigMap ${config} does not show it, and ${agents}`;
}
