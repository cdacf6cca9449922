import type { DissectedFrame } from '../wire/dissected-frame.ts';
import type { TlsConnection } from './connection-facts.ts';
import { TlsConnections } from './connections.ts';
import { mayBeginQuic, quicInitial } from './quic.ts';
import { SYN, tcpSegmentOf } from './tcp-segment.ts';

/** Datagrams that begin a QUIC connection, by their ends. */
export interface QuicAccount {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  /** `QUIC v1`. */
  readonly version: string;
  readonly frames: number;
  readonly firstFrame: number;
}

/** Most pairs of ends whose QUIC is kept. */
const MAX_QUIC = 65_536;

/** What of a capture is encrypted above IP: TLS in its TCP connections, and the beginnings of QUIC. */
export class EncryptedFlows {
  /** Whether a frame has to do with them: the others need not be noted. */
  static concerns(frame: DissectedFrame): boolean {
    return frame.tcpSequence !== null || mayBeginQuic(frame.buffer, frame.start + frame.payloadOffset, frame.payloadLength);
  }

  readonly #tls = new TlsConnections<null>({ inside: () => {}, outside: () => {}, older: () => {} });
  readonly #quic = new Map<string, { -readonly [K in keyof QuicAccount]: QuicAccount[K] }>();

  /**
   * Whether a frame need not be noted, because nothing in it can change what is found.
   * @param flags of its TCP header; 0 for other frames
   */
  isSettled(flow: number, flags: number): boolean {
    return flags !== 0 && (flags & SYN) === 0 && this.#tls.isSettled(flow);
  }

  /** The next frame of the capture. */
  readonly note = (frame: DissectedFrame): void => {
    if (this.isSettled(frame.flow, frame.tcpFlags ?? 0)) return;
    const segment = tcpSegmentOf(frame);
    if (segment !== null) this.#tls.note(segment, null);
    else if (mayBeginQuic(frame.buffer, frame.start + frame.payloadOffset, frame.payloadLength)) this.#noteDatagram(frame);
  };

  /** TLS connections and QUIC, in the order of the capture. */
  end(): { readonly tls: readonly TlsConnection[]; readonly quic: readonly QuicAccount[] } {
    return { tls: this.#tls.end(), quic: [...this.#quic.values()] };
  }

  #noteDatagram({ src, dst, sport, dport, protocol, payload, number }: DissectedFrame): void {
    if (protocol !== 'udp' || src === null || dst === null || sport === null || dport === null) return;
    const version = quicInitial(payload);
    if (version === null) return;
    const key = `${src} ${sport} ${dst} ${dport} ${version}`;
    const known = this.#quic.get(key);
    if (known !== undefined) known.frames++;
    else if (this.#quic.size < MAX_QUIC) this.#quic.set(key, { src, dst, sport, dport, version, frames: 1, firstFrame: number });
  }
}
