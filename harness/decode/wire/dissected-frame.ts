import type { FrameClass } from '../../model/ledger.ts';

/**
 * One frame as the dissector understood it. The object is reused: everything is valid only during the callback that received it; copy what
 * you keep.
 */
export interface DissectedFrame {
  /** Position in the capture, from 1. */
  readonly number: number;
  readonly class: FrameClass;
  /** Layers from the outside in, joined by `/`. */
  readonly layers: string;
  /** Seconds since 1970 UTC, and nanoseconds within. */
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly caplen: number;
  readonly len: number;
  /** The captured bytes of the whole frame. */
  readonly bytes: Uint8Array;
  /** The same bytes without a new array: they begin at `start` of the buffer. */
  readonly buffer: Uint8Array;
  readonly start: number;
  /**
   * Number of its flow in the ledger of the capture, -1 for none: frames with one number have the same addresses, protocol, ports, class and
   * layers.
   */
  readonly flow: number;
  /** Outermost IP pair; null without an IP header. */
  readonly outerSrc: string | null;
  readonly outerDst: string | null;
  /** Innermost IP pair that was readable; for a fragment that of its first fragment. */
  readonly src: string | null;
  readonly dst: string | null;
  /** Innermost IP protocol by name (`tcp`, `udp`, `esp` …); null without an IP header. */
  readonly protocol: string | null;
  readonly sport: number | null;
  readonly dport: number | null;
  /** Innermost payload in the frame: after TCP, UDP, ICMP headers; the whole packet from the SPI for ESP, from the type byte for WireGuard. */
  readonly payloadOffset: number;
  readonly payloadLength: number;
  readonly payload: Uint8Array;
  /** ESP security parameters index and 32 bit sequence number; null elsewhere and on later fragments. */
  readonly spi: number | null;
  readonly sequence: number | null;
  /** TCP sequence number of the payload's first byte; null when the frame is not TCP. */
  readonly tcpSequence: number | null;
  /** Flags of the TCP header, the byte from CWR to FIN; null when the frame is not TCP. */
  readonly tcpFlags: number | null;
  /** 1 initiation, 2 response, 3 cookie, 4 data; null when not WireGuard. */
  readonly wireguardType: number | null;
  /** A later fragment; its payload has no transport header. */
  readonly laterFragment: boolean;
  /** Innermost EtherType; null when there is none. */
  readonly etherType: number | null;
  /** The datagram of a later fragment, when its first fragment was not seen yet; `first` is null until then. */
  readonly waiting: { readonly first: object | null } | null;
  /** The whole datagram when this frame was its last missing fragment; null otherwise, or when it was not kept. */
  readonly joined: Uint8Array | null;
}
