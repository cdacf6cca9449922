import { DEFAULT_STACK, type Intent, type StackName } from '../model/intent.ts';
import { cilium } from './cilium/cilium.ts';
import { ciliumZtunnel } from './cilium-ztunnel/cilium-ztunnel.ts';
import { istioAmbient } from './istio-ambient/istio-ambient.ts';
import { linkerd } from './linkerd/linkerd.ts';
import { meshTls } from './mesh-tls/mesh-tls.ts';
import { plainWireguard } from './plain-wireguard/plain-wireguard.ts';
import type { Profile } from './profile.ts';
import type { Stack } from './stack.ts';
import type { Words } from './words.ts';

const STACKS: Readonly<Record<StackName, Stack>> = {
  cilium,
  'plain-wireguard': plainWireguard,
  'mesh-tls': meshTls,
  'istio-ambient': istioAmbient,
  linkerd,
  'cilium-ztunnel': ciliumZtunnel,
};

/** The stack that an intent claims. */
export function stackOf({ stack = DEFAULT_STACK }: { readonly stack?: StackName | undefined }): Stack {
  return STACKS[stack];
}

/** Words in checks when no recording names a stack. */
export const DEFAULT_WORDS: Words = stackOf({}).words({ profile: '' });

/** The profile that an intent claims; null for an unknown version. */
export function profileOf(intent: Pick<Intent, 'stack' | 'profile'>): Profile | null {
  return stackOf(intent).profileFor(intent.profile);
}
