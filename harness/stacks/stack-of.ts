import type { Intent, StackName } from '../model/intent.ts';
import { cilium } from './cilium/cilium.ts';
import { plainWireguard } from './plain-wireguard/plain-wireguard.ts';
import type { Profile } from './profile.ts';
import type { Stack } from './stack.ts';

const STACKS: Readonly<Record<StackName, Stack>> = { cilium, 'plain-wireguard': plainWireguard };

/** The stack that an intent claims. */
export function stackOf({ stack = 'cilium' }: { readonly stack?: StackName | undefined }): Stack {
  return STACKS[stack];
}

/** The profile that an intent claims; null for a version that is not known. */
export function profileOf(intent: Pick<Intent, 'stack' | 'profile'>): Profile | null {
  return stackOf(intent).profileFor(intent.profile);
}
