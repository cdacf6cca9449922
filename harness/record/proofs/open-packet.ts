import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { decryptEsp, EspDecryptError, type EspPlaintext } from '../../decode/wire/esp-decrypt.ts';
import { type CbcKeys, decryptEspCbc } from '../../decode/wire/esp-decrypt-cbc.ts';
import type { KeyVault } from './key-vault.ts';

const HASHES: Readonly<Record<string, CbcKeys['hash']>> = {
  'hmac(md5)': 'md5',
  'hmac(sha1)': 'sha1',
  'hmac(sha256)': 'sha256',
  'hmac(sha384)': 'sha384',
  'hmac(sha512)': 'sha512',
};

/** Decrypts packets of one SA with the kernel's key; built once for each SA. */
export type Opener = (packet: Uint8Array) => EspPlaintext;

/** How to open packets of an SA, or why they can't be opened. */
export function openerFor(vault: KeyVault, sa: XfrmState, highs: readonly number[]): Opener | string {
  const esnHighs: readonly (number | undefined)[] = sa.flags.includes('esn') ? highs : [undefined];
  if (sa.aead !== undefined) {
    const { name, icvBits = 128 } = sa.aead;
    const key = vault.keyOf(sa.aead);
    if (name !== 'rfc4106(gcm(aes))') return `the algorithm ${name} is not decrypted here`;
    if (key === undefined) return 'the kernel printed no key';
    const icvBytes = (icvBits / 8) as 8 | 12 | 16;
    return (packet) =>
      firstThatOpens(esnHighs, (esnHigh) => decryptEsp(packet, key, { icvBytes, ...(esnHigh === undefined ? {} : { esnHigh }) }));
  }
  const [enc, auth, hash] = [vault.keyOf(sa.enc), vault.keyOf(sa.auth), HASHES[sa.auth?.name ?? '']];
  if (sa.enc?.name !== 'cbc(aes)' || hash === undefined)
    return `the algorithms ${sa.enc?.name ?? 'none'} and ${sa.auth?.name ?? 'none'} are not decrypted here`;
  if (enc === undefined || auth === undefined) return 'the kernel printed no key';
  const icvBytes = (sa.auth?.icvBits ?? 96) / 8;
  return (packet) =>
    firstThatOpens(esnHighs, (esnHigh) =>
      decryptEspCbc(packet, { enc, auth, hash, icvBytes, ...(esnHigh === undefined ? {} : { esnHigh }) }),
    );
}

/** The high half of an extended sequence number is not sent: every value that the SA had during the capture is tried. */
function firstThatOpens(highs: readonly (number | undefined)[], open: (high: number | undefined) => EspPlaintext): EspPlaintext {
  let last: EspDecryptError | undefined;
  for (const high of highs) {
    try {
      return open(high);
    } catch (error) {
      if (!(error instanceof EspDecryptError)) throw error;
      last = error;
    }
  }
  throw last ?? new EspDecryptError('no sequence number to try');
}
