import type { Intent } from '../../model/intent.ts';
import type { Family } from '../../model/mode.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { CipherAccount } from './capture-facts.ts';

/**
 * The family of the plaintext inside a ciphertext frame, if the profile shows it: each family has its own pair of SAs between internal
 * addresses. WireGuard, and SAs between node addresses, which carry tunnel packets, can contain both families: then null.
 */
export function cipherFamily(profile: Profile | null, { mode, routing }: Intent): ((account: CipherAccount) => Family) | null {
  if (profile?.ipsec == null || mode !== 'ipsec') return null;
  const carrying = profile.ipsec.saPairs[routing].value.filter((pair) => pair.carriesTraffic);
  if (carrying.length === 0 || carrying.some((pair) => pair.endpoints !== 'internal')) return null;
  return (account) => (account.src.includes(':') ? 'ipv6' : 'ipv4');
}
