import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureFacts } from './capture-facts.ts';

/** Cilium's WireGuard port. */
const WIREGUARD_PORT = 51871;

type Draft = { -readonly [K in keyof CaptureFacts['notWireguard'][number]]: CaptureFacts['notWireguard'][number][K] };

/** Counts UDP to WireGuard's port that is no WireGuard. */
export class StrangerBook {
  readonly #pairs = new Map<string, Draft>();

  note(frame: DissectedFrame): void {
    if (frame.protocol !== 'udp' || frame.dport !== WIREGUARD_PORT) return;
    const src = frame.src ?? 'unknown';
    const dst = frame.dst ?? 'unknown';
    const key = `${src} ${dst}`;
    const pair = this.#pairs.get(key);
    if (pair === undefined) this.#pairs.set(key, { src, dst, frames: 1, firstFrame: frame.number });
    else pair.frames++;
  }

  accounts(): CaptureFacts['notWireguard'] {
    return [...this.#pairs.values()];
  }
}
