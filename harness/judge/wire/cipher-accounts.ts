import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { AddressOwners } from './address-owners.ts';
import type { CipherAccount } from './capture-facts.ts';

type Draft = { -readonly [K in keyof CipherAccount]: CipherAccount[K] };

/** Sums ciphertext by the nodes between which it is sent: the outermost addresses decide. */
export class CipherAccounts {
  readonly #accounts = new Map<string, Draft>();
  readonly #owners: AddressOwners;

  constructor(owners: AddressOwners) {
    this.#owners = owners;
  }

  /**
   * Handshakes carry no traffic, so only the ledger counts them.
   *
   * @param proven the frame came between the capture's beacons
   */
  note(frame: DissectedFrame, proven: boolean): void {
    const { src, dst, outerSrc, outerDst } = frame;
    if (src === null || dst === null || outerSrc === null || outerDst === null) return;
    const kind = frame.class === 'esp' ? 'esp' : 'wireguard';
    if (kind === 'wireguard' && frame.wireguardType !== 4 && !frame.laterFragment) return;
    const key = `${kind} ${src} ${dst} ${outerSrc} ${outerDst} ${frame.layers}`;
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = {
        kind,
        from: this.#owners.ownerOf(outerSrc).node,
        to: this.#owners.ownerOf(outerDst).node,
        src,
        dst,
        layers: frame.layers,
        frames: 0,
        proven: 0,
        bytes: 0,
        largest: 0,
        fragments: 0,
      };
      this.#accounts.set(key, account);
    }
    account.frames++;
    if (proven) account.proven++;
    account.bytes += frame.len;
    account.largest = Math.max(account.largest, frame.len);
    if (frame.laterFragment) account.fragments++;
  }

  accounts(): readonly CipherAccount[] {
    return [...this.#accounts.values()];
  }
}
