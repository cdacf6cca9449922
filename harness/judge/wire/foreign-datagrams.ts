import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureFacts } from './capture-facts.ts';
import type { ClaimedCipher } from './claimed-cipher.ts';

type Draft = { -readonly [K in keyof CaptureFacts['notWireguard'][number]]: CaptureFacts['notWireguard'][number][K] };

/**
 * Counts UDP from a node to another node's WireGuard port that is no WireGuard. Packets of others to that port, a scan for example, do not
 * belong to the claim.
 */
export class ForeignDatagrams {
  readonly #claimed: ClaimedCipher;
  readonly #pairs = new Map<string, Draft>();

  constructor(claimed: ClaimedCipher) {
    this.#claimed = claimed;
  }

  note({ protocol, src, dst, dport, number, class: name }: DissectedFrame): void {
    if (protocol !== 'udp' || name === 'wireguard' || src === null || dst === null) return;
    if (!this.#claimed.isWireguardPort(dst, dport) || !this.#claimed.betweenNodes(src, dst)) return;
    const key = `${src} ${dst}`;
    const pair = this.#pairs.get(key);
    if (pair === undefined) this.#pairs.set(key, { src, dst, frames: 1, firstFrame: number });
    else pair.frames++;
  }

  accounts(): CaptureFacts['notWireguard'] {
    return [...this.#pairs.values()];
  }
}
