import { TlsConnections } from '../../decode/tls/connections.ts';
import { tcpSegmentOf } from '../../decode/tls/tcp-segment.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { type AddressOwners, normalAddress } from './address-owners.ts';
import type { CaptureFacts, CipherAccount, OlderTlsAccount } from './capture-facts.ts';
import type { ClearFrame, HiddenContent } from './clear-accounts.ts';

/** Notes a frame that turned out to be no TLS. */
type NoteClear = (frame: ClearFrame, carried: readonly string[], found: HiddenContent) => void;

interface Pending {
  readonly frame: ClearFrame;
  readonly carried: readonly string[];
  readonly proven: boolean;
}

type Draft = { -readonly [K in keyof CipherAccount]: CipherAccount[K] };

/**
 * Separates the TLS of a mesh from everything else: a segment on the port of the mesh counts as ciphertext when it belongs to a valid
 * sequence of records from the first byte of its connection on. Records of a connection that was opened before the capture are neither
 * ciphertext nor readable; all others are readable content.
 */
export class TlsWatch {
  readonly #port: number;
  readonly #owners: AddressOwners;
  readonly #enrolled: ReadonlySet<string>;
  readonly #noteClear: NoteClear;
  readonly #accounts = new Map<string, Draft>();
  readonly #older = new Map<string, { -readonly [K in keyof OlderTlsAccount]: OlderTlsAccount[K] }>();
  readonly #connections = new TlsConnections<Pending>({
    inside: (pending) => this.#account(pending),
    older: ({ frame }) => this.#noteOlder(frame),
    outside: ({ frame, carried }) => this.#noteClear(frame, carried, { readBy: 'content', at: frame.payloadOffset, ends: null }),
  });

  /** @param enrolled addresses of the pods on record: what other pods of the cluster send on that port is not the claim's */
  constructor(port: number, owners: AddressOwners, enrolled: ReadonlySet<string>, noteClear: NoteClear) {
    this.#port = port;
    this.#owners = owners;
    this.#enrolled = enrolled;
    this.#noteClear = noteClear;
  }

  /**
   * True for a frame that needs no further reading: a TCP segment of a pod without payload, or a segment on the port of the mesh, which is
   * noted as ciphertext or as clear as soon as it is known which it is.
   */
  takes(frame: DissectedFrame, carried: readonly string[], proven: boolean): boolean {
    const segment = tcpSegmentOf(frame);
    if (segment === null) return false;
    const [from, to] = [this.#owners.ownerOf(segment.src), this.#owners.ownerOf(segment.dst)];
    if (from.kind !== 'pod' && to.kind !== 'pod') return false;
    const onPort = segment.sport === this.#port || segment.dport === this.#port;
    if (!onPort || ![segment.src, segment.dst].every((address) => this.#enrolled.has(normalAddress(address))))
      return segment.payload.length === 0;
    this.#connections.note(segment, { frame: copyOf(frame), carried, proven });
    return true;
  }

  /** The connections, the ciphertext, and the records of connections from before the capture, at its end. */
  end(): Pick<CaptureFacts, 'tls' | 'cipher' | 'olderTls'> {
    const tls = this.#connections.end();
    return { tls, cipher: [...this.#accounts.values()], olderTls: [...this.#older.values()] };
  }

  #noteOlder({ src, dst, sport, dport, number, len }: ClearFrame): void {
    if (src === null || dst === null || sport === null || dport === null) return;
    const key = `${src} ${sport} ${dst} ${dport}`;
    let account = this.#older.get(key);
    if (account === undefined) {
      account = { src, dst, sport, dport, frames: 0, bytes: 0, firstFrame: number };
      this.#older.set(key, account);
    }
    account.frames++;
    account.bytes += len;
  }

  #account({ frame, proven }: Pending): void {
    const { src, dst, layers, len } = frame;
    if (src === null || dst === null) return;
    const key = `${src} ${dst}`;
    let account = this.#accounts.get(key);
    if (account === undefined) {
      const [from, to] = [this.#owners.ownerOf(src).node, this.#owners.ownerOf(dst).node];
      account = { kind: 'tls', from, to, src, dst, layers, frames: 0, proven: 0, bytes: 0, largest: 0, fragments: 0 };
      this.#accounts.set(key, account);
    }
    account.frames++;
    if (proven) account.proven++;
    account.bytes += len;
    account.largest = Math.max(account.largest, len);
  }
}

/** The part of a frame that is kept until it is known what it is. */
function copyOf(frame: DissectedFrame): ClearFrame {
  const {
    number,
    flow,
    layers,
    seconds,
    nanoseconds,
    len,
    outerSrc,
    outerDst,
    src,
    dst,
    protocol,
    sport,
    dport,
    payloadOffset,
    laterFragment,
  } = frame;
  return {
    ...{ number, flow, class: frame.class, layers, seconds, nanoseconds, len, outerSrc, outerDst, src, dst, protocol, sport, dport },
    ...{ payloadOffset, laterFragment, bytes: NO_BYTES },
  };
}

const NO_BYTES = new Uint8Array(0);
