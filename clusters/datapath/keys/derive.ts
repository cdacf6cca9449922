import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/** One direction of one tunnel: addresses of its SA and the boot ids of the nodes that own them. */
export interface TunnelEnds {
  readonly source: string;
  readonly destination: string;
  /** `/proc/sys/kernel/random/boot_id`, 36 characters; CiliumNode `spec.bootid`. */
  readonly sourceBootId: string;
  readonly destinationBootId: string;
}

/**
 * The key of one SA, as Cilium derives it from the global key if the key file has a `+`: hash(global key, source address, destination
 * address, source boot id, destination boot id), cut to the length of the global key. The hash is SHA-256, or SHA-512 for keys above 32
 * bytes; addresses are 4 or 16 bytes, network order. Source: Cilium pkg/datapath/linux/ipsec computeNodeIPsecKey; confirmed on every SA of
 * the recorded agents.
 * @throws RangeError for a boot id that is not 36 characters or a key longer than the hash
 */
export function deriveTunnelKey(globalKey: Uint8Array, ends: TunnelEnds): Buffer {
  for (const bootId of [ends.sourceBootId, ends.destinationBootId]) {
    if (bootId.length !== 36) throw new RangeError(`boot id ${JSON.stringify(bootId)} has ${bootId.length} characters, not 36`);
  }
  const digest = createHash(globalKey.length <= 32 ? 'sha256' : 'sha512')
    .update(globalKey)
    .update(Uint8Array.from(ipaddr.parse(ends.source).toByteArray()))
    .update(Uint8Array.from(ipaddr.parse(ends.destination).toByteArray()))
    .update(ends.sourceBootId)
    .update(ends.destinationBootId)
    .digest();
  if (globalKey.length > digest.length) throw new RangeError(`a key of ${globalKey.length} bytes exceeds the hash (${digest.length})`);
  return digest.subarray(0, globalKey.length);
}
