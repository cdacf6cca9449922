import type { Recording } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';

/**
 * Values of the shape of a WireGuard key that are public: what the reads that print no private key print, and what the nodes
 * publish. A value that stands anywhere else is not made public by standing there.
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
