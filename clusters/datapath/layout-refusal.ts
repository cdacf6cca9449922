import type { Intent } from '../../harness/model/intent.ts';
import { type LayoutProfile, layoutProfile } from './profile.ts';

/** A claim that the reference datapath cannot lay out, and why. */
export interface LayoutRefusal {
  readonly claim: keyof Intent;
  readonly why: string;
}

/** The first claim of an intent that cannot be laid out; null when all of it can. */
export function layoutRefusal(intent: Intent): LayoutRefusal | null {
  const profile = profileOrWhy(intent.profile);
  if (typeof profile === 'string') return { claim: 'profile', why: profile };
  if (intent.families.length !== 1 || intent.families[0] !== 'ipv4')
    return { claim: 'families', why: `the reference datapath lays out ipv4, not ${intent.families.join(' and ') || 'no family'}` };
  if (intent.mode === 'ipsec' && intent.nodeEncryption)
    return { claim: 'nodeEncryption', why: 'node encryption exists with WireGuard only, not with IPsec' };
  if (intent.strictMode) return { claim: 'strictMode', why: 'the reference datapath has no strict mode' };
  if (intent.perTunnelKeys && intent.mode === 'ipsec' && !profile.perTunnelKeys)
    return {
      claim: 'perTunnelKeys',
      why: `Cilium ${profile.version} refuses per-tunnel keys (a key file with +): say perTunnelKeys false for profile ${profile.id}`,
    };
  return null;
}

function profileOrWhy(id: string): LayoutProfile | string {
  try {
    return layoutProfile(id);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
