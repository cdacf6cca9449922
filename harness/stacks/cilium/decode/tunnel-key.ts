import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { TunnelKeyInputs } from '../../key-derivation.ts';

/** Bytes of a boot id that Cilium hashes: `/proc/sys/kernel/random/boot_id` without its newline. */
const BOOT_ID = 36;

/**
 * The key of an SA when the key file has a `+`: SHA-256 (SHA-512 for a key above 32 bytes) over global key, source address, destination
 * address, source boot id and destination boot id, cut to the global key's length. An IPv4 address counts 4 bytes, an IPv6 address 16.
 * Source: Cilium 1.16 to 1.20, `pkg/datapath/linux/ipsec` computeNodeIPsecKey and canonicalIP.
 *
 * @throws RangeError for a boot id of another length, an invalid address, or a key longer than SHA-512
 */
export function tunnelKey(globalKey: Uint8Array, inputs: TunnelKeyInputs): Uint8Array {
  const hash = createHash(globalKey.length > 32 ? 'sha512' : 'sha256');
  hash.update(globalKey);
  for (const address of [inputs.src, inputs.dst]) hash.update(addressBytes(address));
  for (const bootId of [inputs.srcBootId, inputs.dstBootId]) {
    if (bootId.length !== BOOT_ID) throw new RangeError(`a boot id has ${bootId.length} characters, not ${BOOT_ID}`);
    hash.update(bootId, 'latin1');
  }
  const digest = hash.digest();
  if (globalKey.length > digest.length) throw new RangeError(`a global key of ${globalKey.length} bytes is longer than the hash`);
  return digest.subarray(0, globalKey.length);
}

function addressBytes(address: string): Uint8Array {
  if (!ipaddr.isValid(address)) throw new RangeError(`${JSON.stringify(address)} is not an address`);
  // A v4-mapped IPv6 address is hashed as IPv4.
  return Uint8Array.from(ipaddr.process(address).toByteArray());
}
