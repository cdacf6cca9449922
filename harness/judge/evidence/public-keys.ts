import type { Recording } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';

/**
 * Values in the format of a WireGuard key that are public: those that commands print which print no private key, and those that the nodes
 * publish. A value that is only in other places is not public.
 */
export async function publicKeysOf(recording: Recording): Promise<ReadonlySet<string>> {
  const { readings } = stackOf(recording.manifest.intent);
  const keys = new Set<string>();
  for (const { collector, stdout, exitCode } of recording.manifest.commands) {
    const pattern = collector.startsWith('wg-') ? SAFE_READ : collector === readings?.nodeObjects.collector ? readings.publishedKeys : null;
    if (pattern === null || exitCode !== 0) continue;
    for (const [key] of (await recording.text(stdout)).matchAll(pattern)) keys.add(key);
  }
  return keys;
}

const SAFE_READ = /[A-Za-z0-9+/]{43}=/g;
