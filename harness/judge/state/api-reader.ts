import type { Recording, Snapshot } from '../../model/recording.ts';
import { decodeCiliumConfig } from '../../stacks/cilium/decode/cilium-config.ts';
import { decodeCiliumNodes } from '../../stacks/cilium/decode/cilium-nodes.ts';
import { decodeKeySecret } from '../../stacks/cilium/decode/key-secret.ts';
import { decodeKeyCopy } from '../../stacks/cilium/key-copy.ts';
import type { ApiState } from './node-state.ts';
import { decoded, mapped, outputsOf, single } from './read-datum.ts';

/** What the API server said in one snapshot. */
export async function readApi(recording: Recording, snapshot: Snapshot): Promise<ApiState> {
  const place = { snapshot, node: null };
  return {
    snapshot,
    ciliumNodes: await decoded(recording, place, 'cilium-nodes', decodeCiliumNodes),
    keySecret: single(await decoded(recording, place, 'key-secret', (text) => decodeKeySecret(text)), place, 'key-secret'),
    keyCopy: mapped(await outputsOf(recording, place, 'key-secret-copy'), place, 'key-secret-copy', ([output]) =>
      decodeKeyCopy(output?.text ?? ''),
    ),
    configMap: await decoded(recording, place, 'cilium-config-map', decodeCiliumConfig),
  };
}
