import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { AddressOwners } from './address-owners.ts';
import type { CipherAccount } from './capture-facts.ts';

type Draft = { -readonly [K in keyof CipherAccount]: CipherAccount[K] };

/** Sums ciphertext by the nodes between which it is sent: the outermost addresses decide. */
export class CipherAccounts {
  readonly #accounts = new Map<string, Draft>();
  readonly #byFlow: (Draft | undefined)[] = [];
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
    const { flow, len } = frame;
    if (frame.class === 'wireguard' && frame.wireguardType !== 4 && !frame.laterFragment) return;
    let account = flow < 0 ? undefined : this.#byFlow[flow];
    if (account === undefined) {
      account = this.#accountOf(frame);
      if (account === undefined) return;
      if (flow >= 0) this.#byFlow[flow] = account;
    }
    account.frames++;
    if (proven) account.proven++;
    account.bytes += len;
    if (len > account.largest) account.largest = len;
    if (frame.laterFragment) account.fragments++;
  }

  #accountOf(frame: DissectedFrame): Draft | undefined {
    const { src, dst, outerSrc, outerDst, layers } = frame;
    if (src === null || dst === null || outerSrc === null || outerDst === null) return undefined;
    const kind = frame.class === 'esp' ? 'esp' : 'wireguard';
    const key = `${kind} ${src} ${dst} ${outerSrc} ${outerDst} ${layers}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const [from, to] = [this.#owners.ownerOf(outerSrc).node, this.#owners.ownerOf(outerDst).node];
    const account: Draft = { kind, from, to, src, dst, layers, frames: 0, proven: 0, bytes: 0, largest: 0, fragments: 0 };
    this.#accounts.set(key, account);
    return account;
  }

  accounts(): readonly CipherAccount[] {
    return [...this.#accounts.values()];
  }
}
