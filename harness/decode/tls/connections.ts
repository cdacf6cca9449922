import { FollowedConnection, type TlsVerdicts } from './connection.ts';
import type { TlsConnection } from './connection-facts.ts';
import { ACK, SYN, type TcpSegment } from './tcp-segment.ts';

/** Most connections that are followed at once; beyond it the oldest one is closed. */
const MAX_OPEN = 4096;
/** Most connections of which the facts are kept. */
const MAX_FACTS = 65_536;

/** Follows the TCP connections of a capture and says which segments are TLS. */
export class TlsConnections<T> {
  readonly #verdicts: TlsVerdicts<T>;
  readonly #open = new Map<string, FollowedConnection<T>>();
  /** The last connection of each flow, so that the ends need not be compared for every segment. */
  readonly #byFlow: (FollowedConnection<T> | undefined)[] = [];
  readonly #facts: TlsConnection[] = [];
  /** Connections beyond the bound, of which no facts are kept. */
  dropped = 0;

  constructor(verdicts: TlsVerdicts<T>) {
    this.#verdicts = verdicts;
  }

  /**
   * The next segment, in the order of the capture. A connection whose beginning was not seen never counts as TLS: at best its segments are
   * those of an older connection.
   */
  note(segment: TcpSegment, token: T): void {
    const { flow, flags } = segment;
    const known = flow < 0 || (flags & SYN) !== 0 ? undefined : this.#byFlow[flow];
    const connection = known?.isOpen ? known : this.#connectionOf(segment);
    if (flow >= 0) this.#byFlow[flow] = connection;
    connection.note(segment, token);
  }

  /** Whether no segment with payload of this flow can change what is found any more: its connection is open and was never TLS. */
  isSettled(flow: number): boolean {
    const connection = this.#byFlow[flow];
    return connection?.isOpen === true && connection.isNoTls;
  }

  /** The open connection of a segment's ends, or a new one. */
  #connectionOf(segment: TcpSegment): FollowedConnection<T> {
    const ends = [`${segment.src} ${segment.sport}`, `${segment.dst} ${segment.dport}`];
    const key = ends.sort().join(' ');
    const isSyn = (segment.flags & (SYN | ACK)) === SYN;
    const open = this.#open.get(key);
    if (open !== undefined && !(isSyn && open.isOver(segment))) return open;
    if (open !== undefined) this.#close(key, open);
    if (this.#open.size >= MAX_OPEN) for (const [oldest, old] of [...this.#open].slice(0, 1)) this.#close(oldest, old);
    const connection = new FollowedConnection(segment, this.#verdicts);
    this.#open.set(key, connection);
    return connection;
  }

  /** The end of the capture: every connection that began as TLS, in the order of the capture. */
  end(): readonly TlsConnection[] {
    for (const [key, connection] of [...this.#open]) this.#close(key, connection);
    return this.#facts.sort((a, b) => a.firstFrame - b.firstFrame);
  }

  #close(key: string, connection: FollowedConnection<T>): void {
    this.#open.delete(key);
    connection.isOpen = false;
    const facts = connection.end();
    if (facts === null) return;
    if (this.#facts.length < MAX_FACTS) this.#facts.push(facts);
    else this.dropped++;
  }
}
