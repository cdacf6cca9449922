import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import type { LayoutProfile } from '../profile.ts';
import type { KernelState } from './kernel-state.ts';

/** The three words agents use, from what the kernel has. */
export function kernelMode(kernel: KernelState): 'Disabled' | 'IPsec' | 'Wireguard' {
  if (kernel.wireguard) return 'Wireguard';
  return kernel.states.length > 0 || kernel.saysIpsec ? 'IPsec' : 'Disabled';
}

function maxSequence(kernel: KernelState, profile: LayoutProfile): string {
  return kernel.maxSequence === 0n ? 'N/A' : `0x${kernel.maxSequence.toString(16)}/${profile.maxSequence}`;
}

function interfaces(kernel: KernelState, profile: LayoutProfile, uplink: string): string[] {
  return profile.namesDecryptInterfaces && kernel.decryptsOnUplink ? [uplink] : [];
}

/** Agents print these values with a fixed width. */
const FIELD = 26;

const errorCount = (kernel: KernelState) => kernel.errors.reduce((sum, [, count]) => sum + count, 0);

/** `cilium-dbg encrypt status`; agents print the trailing blanks too. */
export function encryptStatusText(kernel: KernelState, profile: LayoutProfile, uplink: string): string {
  const padded = (name: string, value: string | number) => `${name}: ${String(value).padEnd(FIELD)}`;
  const mode = kernelMode(kernel);
  const lines = [padded('Encryption', mode)];
  if (kernel.wireguard) {
    lines.push(
      `Interface: ${WIREGUARD_DEVICE}`,
      `\tPublic key: ${kernel.wireguard.publicKey}`,
      `\tNumber of peers: ${kernel.wireguard.endpoints.length}`,
    );
  } else if (mode === 'IPsec') {
    lines.push(
      `Decryption interface(s): ${interfaces(kernel, profile, uplink).join(', ')}`,
      padded('Keys in use', kernel.keysInUse),
      `Max Seq. Number: ${maxSequence(kernel, profile)}`,
      padded('Errors', errorCount(kernel)),
      ...kernel.errors.map(([name, count]) => `\t${name}: ${count}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** `cilium-dbg encrypt status -o json`; 1.14 prints its text instead. */
export function encryptStatusJson(kernel: KernelState, profile: LayoutProfile, uplink: string): string {
  if (!profile.statusJson) return encryptStatusText(kernel, profile, uplink);
  const mode = kernelMode(kernel);
  const value =
    mode === 'IPsec'
      ? {
          ipsec: {
            'decrypt-interfaces': interfaces(kernel, profile, uplink),
            ...(kernel.errors.length > 0 ? { 'error-count': errorCount(kernel) } : {}),
            'keys-in-use': kernel.keysInUse,
            'max-seq-number': maxSequence(kernel, profile),
            ...(kernel.errors.length > 0 ? { 'xfrm-errors': Object.fromEntries(kernel.errors) } : {}),
          },
          mode,
        }
      : kernel.wireguard
        ? { mode, wireguard: { interfaces: [wireguardInterface(kernel.wireguard)] } }
        : { mode };
  return `${JSON.stringify(value, null, 2)}\n\n`;
}

function wireguardInterface(device: NonNullable<KernelState['wireguard']>): object {
  return { name: WIREGUARD_DEVICE, 'peer-count': device.endpoints.length, peers: null, 'public-key': device.publicKey };
}
