import type { Intent } from '../../model/intent.ts';
import type { Family } from '../../model/mode.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { CipherAccount } from './capture-facts.ts';

/**
 * The family of the plaintext inside a ciphertext frame, where the profile lets it be told: SAs between internal addresses are
 * one pair a family. WireGuard, and the tunnel packets that SAs between node addresses carry, hold either; null then.
 */
export function cipherFamily(profile: Profile | null, { mode, routing }: Intent): ((account: CipherAccount) => Family) | null {
  if (profile?.ipsec == null || mode !== 'ipsec') return null;
  const carrying = profile.ipsec.saPairs[routing].value.filter((pair) => pair.carriesTraffic);
  if (carrying.length === 0 || carrying.some((pair) => pair.endpoints !== 'internal')) return null;
  return (account) => (account.src.includes(':') ? 'ipv6' : 'ipv4');
}
