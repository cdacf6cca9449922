import { WIREGUARD_STATE } from '../../decode/kernel/wireguard-subcommands.ts';
import type { Recording } from '../../model/recording.ts';

/** Reads of a WireGuard device that can't print a private key. */
const PUBLIC_READS: ReadonlySet<string> = new Set(WIREGUARD_STATE.map((what) => `wg-${what}`));

/** WireGuard public keys: what the device's safe reads and the nodes' annotations print. */
export async function publicKeysOf(recording: Recording): Promise<readonly string[]> {
  const keys = new Set<string>();
  for (const { collector, stdout } of recording.manifest.commands) {
    const pattern = PUBLIC_READS.has(collector)
      ? /[A-Za-z0-9+/]{43}=/g
      : collector === 'cilium-nodes'
        ? /(?<=wg-pub-key: *["']?)[A-Za-z0-9+/]{43}=/g
        : null;
    if (pattern !== null) for (const [key] of (await recording.text(stdout)).matchAll(pattern)) keys.add(key);
  }
  return [...keys];
}
