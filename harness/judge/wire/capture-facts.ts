import type { TlsConnection } from '../../decode/tls/connection-facts.ts';
import type { FrameClass, Ledger } from '../../model/ledger.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import type { SpiSpan } from '../window/spi-spans.ts';
import type { BeaconOrder } from './beacon-watch.ts';
import type { Handshake } from './handshakes.ts';
import type { SequenceHole } from './sequence-watch.ts';

/** Where a canary was found in a capture, summed over frames of one form, class and pair. */
export interface CanarySighting {
  /** The 32 hex digits of the flow's canary. */
  readonly canary: string;
  /** Ids of the driven flows that carry it. */
  readonly flows: readonly string[];
  /** Its encoding: `raw`, `hex`, `base64`, `utf-16le` … */
  readonly form: string;
  readonly class: FrameClass;
  readonly frames: number;
  /** 1-based number of the first frame, as tshark counts. */
  readonly firstFrame: number;
  /** Innermost readable pair and the outermost pair of that first frame. */
  readonly src: string;
  readonly dst: string;
  readonly outerSrc: string;
  readonly outerDst: string;
  readonly layers: string;
  /** A decrypted copy on its way into the node: never a leak. */
  readonly inboundCopy: boolean;
  /** Between a client outside the cluster and the node to which it sends: nothing is claimed for that part. */
  readonly atEdge: boolean;
}

/**
 * How the packet of an account was found. `headers`: header by header. `search`: an IP header with two pod addresses is in bytes that no
 * decoder read. `content`: bytes that cannot be ciphertext follow a header of the claimed encryption. `border`: such an IP header is split
 * over two TCP segments or two datagrams.
 */
export type ReadBy = 'headers' | 'search' | 'border' | 'content';

/**
 * Frames of one direction between two addresses that the claimed encryption does not explain, with the driven flows they belong to.
 * Ciphertext outside the claim is counted here too, and plain bytes with a header of ciphertext.
 */
export interface ClearAccount {
  /** Driven flows it belongs to; empty when none was driven between these ends. */
  readonly flows: readonly string[];
  /** How the flow was recognised. */
  readonly by: 'canary' | 'addresses' | 'none';
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly sport: number | null;
  readonly dport: number | null;
  readonly class: FrameClass;
  readonly frames: number;
  readonly bytes: number;
  readonly firstFrame: number;
  /** Times of the first and the last frame, Unix milliseconds of the capture's clock. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly layers: string;
  readonly readBy: ReadBy;
  /**
   * Byte of the first frame, from 0, at which the packet or the plain content that was found begins; null if it was decoded from headers.
   */
  readonly foundAt: number | null;
  readonly outerSrc: string;
  readonly outerDst: string;
  /** A decrypted copy on its way into the node: never a leak. */
  readonly inboundCopy: boolean;
  /** Between a client outside the cluster and the node to which it sends: nothing is claimed for that part. */
  readonly atEdge: boolean;
}

/**
 * Frames of one kind whose content is not known: `unknown`, `malformed` or `truncated`, which were not read to the end; and ciphertext
 * between two nodes that no state in the recording explains.
 */
export interface UnreadAccount {
  readonly class: FrameClass;
  /** Innermost EtherType, `0x88e7`; null when the frame has none. */
  readonly etherType: string | null;
  /** Innermost IP pair and protocol; null for what is not IP. */
  readonly src: string | null;
  readonly dst: string | null;
  readonly protocol: string | null;
  readonly sport: number | null;
  readonly dport: number | null;
  /** `0x%08x`, of ESP; null elsewhere and for later fragments. */
  readonly spi: string | null;
  readonly layers: string;
  /** Fragments whose first one is not in the capture. */
  readonly laterFragments: boolean;
  /** All came before the first beacon of the capture, so before any flow was driven. */
  readonly early: boolean;
  readonly frames: number;
  readonly bytes: number;
  readonly firstFrame: number;
}

/** Ciphertext of the claimed kind between two nodes in one direction; of TLS, from one pod to another. */
export interface CipherAccount {
  readonly kind: 'esp' | 'wireguard' | 'tls';
  readonly from: string | null;
  readonly to: string | null;
  readonly src: string;
  readonly dst: string;
  /** Layers around the ciphertext: `eth/ipv4/udp/vxlan/eth/ipv4/esp`. */
  readonly layers: string;
  readonly frames: number;
  /** How many of them came between the capture's beacons. */
  readonly proven: number;
  readonly bytes: number;
  /** Largest frame on the wire, bytes. */
  readonly largest: number;
  /** Non-first fragments are counted too. */
  readonly fragments: number;
}

/** Records of TLS, in one direction of a connection whose handshake is not in the capture: what protects them is not known. */
export interface OlderTlsAccount {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly frames: number;
  readonly bytes: number;
  readonly firstFrame: number;
}

/** One capture of the recording, read once and accounted for. */
export interface CaptureFacts {
  /** `<phase>/<vantage>/<node or '-'>/<interface>`. */
  readonly key: string;
  readonly record: CaptureRecord;
  /** Null when the file could not be read as a capture; `gaps` then says why. */
  readonly ledger: Ledger | null;
  /** Second copies of frames, which are left out of every account, if the tap shows each frame twice; else 0. */
  readonly copies: number;
  /** True when the capture proves that it saw everything. */
  readonly complete: boolean;
  /** Why it is not complete, one sentence each; empty when it is. */
  readonly gaps: readonly string[];
  /** Beacon frames, and their places among the other frames. */
  readonly beacons: BeaconOrder;
  /** Missing numbers of the SAs and sessions that leave the place of the capture; for a tap, of every node. */
  readonly holes: readonly SequenceHole[];
  readonly canaries: readonly CanarySighting[];
  /** Every IP frame that the claimed encryption does not explain, without beacons, summed by direction. */
  readonly clear: readonly ClearAccount[];
  /** Frames that could not be read, summed by kind. If they show traffic of pods all the same, it is in `clear` too. */
  readonly unread: readonly UnreadAccount[];
  readonly cipher: readonly CipherAccount[];
  /** TLS connections on the port of the mesh; empty where no TLS is claimed. */
  readonly tls: readonly TlsConnection[];
  /** On the same port, connections that were opened before the capture. */
  readonly olderTls: readonly OlderTlsAccount[];
  /** The same SA and sequence number with another content: a reused nonce or a forgery. */
  readonly espConflicts: readonly {
    readonly src: string;
    readonly dst: string;
    readonly spi: string;
    readonly seq: number;
    readonly frame: number;
  }[];
  /** An initialisation vector of an SA under two sequence numbers: a reused nonce. */
  readonly espRepeatedIvs: readonly {
    readonly src: string;
    readonly dst: string;
    readonly spi: string;
    readonly seq: number;
    readonly other: number;
    readonly frame: number;
  }[];
  /** Frames beyond the limit, whose sequence numbers were not compared. */
  readonly espUncompared: number;
  /** Frames between the nodes' WireGuard ports that are no valid WireGuard message, summed by pair. */
  readonly notWireguard: readonly { readonly src: string; readonly dst: string; readonly frames: number; readonly firstFrame: number }[];
  /** A counter of a WireGuard session that came twice, or beyond what a session may use. */
  readonly wireguardRepeats: readonly {
    readonly src: string;
    readonly dst: string;
    readonly receiver: number;
    readonly counter: number;
    readonly frame: number;
    readonly sameContent: boolean;
  }[];
  /** WireGuard messages beyond the limit, which were not compared. */
  readonly wireguardUncompared: number;
  /** When each SPI was on the wire, by direction; for captures of a window only, else empty. */
  readonly spis: readonly SpiSpan[];
  /** WireGuard handshakes, up to a bound. */
  readonly handshakes: readonly Handshake[];
}
