import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureFacts } from './capture-facts.ts';
import type { ClaimedCipher } from './claimed-cipher.ts';

type Draft = { -readonly [K in keyof CaptureFacts['notWireguard'][number]]: CaptureFacts['notWireguard'][number][K] };

/** UDP from a node to another node's WireGuard port that is no WireGuard. Packets of others to that port, a scan for example, are not of the claim. */
export function isForeignDatagram({ protocol, src, dst, dport, class: name }: DissectedFrame, claimed: ClaimedCipher): boolean {
  if (protocol !== 'udp' || name === 'wireguard' || src === null || dst === null) return false;
  return claimed.isWireguardPort(dst, dport) && claimed.betweenNodes(src, dst);
}

/** Counts foreign datagrams by pair. */
export class ForeignDatagrams {
  readonly #pairs = new Map<string, Draft>();

  note({ src, dst, number }: DissectedFrame): void {
    if (src === null || dst === null) return;
    const key = `${src} ${dst}`;
    const pair = this.#pairs.get(key);
    if (pair === undefined) this.#pairs.set(key, { src, dst, frames: 1, firstFrame: number });
    else pair.frames++;
  }

  accounts(): CaptureFacts['notWireguard'] {
    return [...this.#pairs.values()];
  }
}
