import type { TlsConnection, TlsSideFacts } from './connection-facts.ts';
import { OlderRecords } from './older-records.ts';
import { tlsGroupName, tlsSuiteName, tlsVersionName } from './registry.ts';
import { TlsSession, type TlsSide } from './session.ts';
import { type Arrival, TcpDirection } from './tcp-direction.ts';
import { ACK, SYN, type TcpSegment } from './tcp-segment.ts';

/** Receives each segment's token once it is known what the segment is. */
export interface TlsVerdicts<T> {
  /** It belongs to a valid sequence of records, and nobody can read application data in it. */
  inside(token: T): void;
  outside(token: T, why: string): void;
  /** It looks like records of a connection whose handshake is not in the capture: nothing shows what protects them. */
  older(token: T): void;
}

const SIDES = ['client', 'server'] as const satisfies readonly TlsSide[];
/** Most bytes that are kept of a connection whose beginning was not seen, before a ClientHello: a long one. */
const MAX_BEGUN = 16_384;

/** Bytes that come next, and the segment that brought them. */
interface Piece<T> {
  readonly bytes: Uint8Array;
  readonly token: Held<T>;
}

/** A segment whose verdict is open. */
interface Held<T> {
  readonly token: T;
  readonly frame: number;
}

/** One TCP connection: what its segments are, and what its handshake says. */
export class FollowedConnection<T> {
  /** False once its facts are made. */
  isOpen = true;
  readonly #verdicts: TlsVerdicts<T>;
  readonly #client: { readonly address: string; readonly port: number };
  readonly #server: { readonly address: string; readonly port: number };
  readonly #firstFrame: number;
  readonly #firstSequence: number;
  readonly #session = new TlsSession();
  readonly #tcp: Readonly<Record<TlsSide, TcpDirection<Held<T>>>> = {
    client: new TcpDirection(),
    server: new TcpDirection(),
  };
  readonly #segments: Record<TlsSide, number> = { client: 0, server: 0 };
  /** Segments that end inside a record: it is not known yet whether the record is valid. */
  readonly #undecided: Record<TlsSide, Held<T>[]> = { client: [], server: [] };
  #broken: { frame: number; why: string } | null = null;
  /** What came before a ClientHello on a connection whose beginning was not seen; null where it was, or a ClientHello came. */
  #begun: { readonly side: TlsSide; readonly piece: Piece<T> }[] | null;
  #begunBytes = 0;
  /** A connection that was opened before the capture. */
  #older: Readonly<Record<TlsSide, OlderRecords>> | null = null;

  /** The first segment decides who is the client: the sender of a SYN, or of the first bytes where no SYN was seen. */
  constructor(first: TcpSegment, verdicts: TlsVerdicts<T>) {
    this.#verdicts = verdicts;
    const [from, to] = [
      { address: first.src, port: first.sport },
      { address: first.dst, port: first.dport },
    ] as const;
    const isAnswer = (first.flags & (SYN | ACK)) === (SYN | ACK);
    this.#client = isAnswer ? to : from;
    this.#server = isAnswer ? from : to;
    this.#firstFrame = first.frame;
    this.#firstSequence = first.sequence;
    this.#begun = (first.flags & SYN) === 0 ? [] : null;
  }

  /** It was decided that it is not TLS before a ClientHello was seen. */
  get isNoTls(): boolean {
    return this.#broken !== null && this.#session.clientHello === null;
  }

  /** A SYN of the same ends begins another connection, unless nothing was sent yet, or it is the same SYN again, which may have had data. */
  isOver(segment: TcpSegment): boolean {
    if (segment.sequence === this.#firstSequence && this.#sideOf(segment) === 'client') return false;
    return this.#segments.client > 0 || this.#segments.server > 0 || this.#sideOf(segment) === 'server';
  }

  note(segment: TcpSegment, token: T): void {
    const side = this.#sideOf(segment);
    const tcp = this.#tcp[side];
    tcp.start(segment.sequence);
    if (segment.payload.length === 0) return;
    this.#segments[side]++;
    const own = { token, frame: segment.frame };
    if (this.#broken !== null) this.#verdicts.outside(token, this.#broken.why);
    else this.#take(side, own, tcp.arrive(segment.sequence, segment.payload, own));
  }

  end(): TlsConnection | null {
    const session = this.#session;
    for (const side of SIDES) if (this.#older?.[side].synchronised) this.#settleOlder(side);
    // An alert without a ClientHello carries two bytes of the server's own: like a segment without payload, it is neither.
    if (session.refused && this.#broken === null) this.#undecided.server = [];
    const left = this.#takeLeft();
    for (const { token } of left) this.#verdicts.outside(token, 'the capture does not have the rest of its record');
    const { clientHello, serverHello } = session;
    if (clientHello === null) return null;
    const side = (name: TlsSide): TlsSideFacts => ({
      records: session.records(name),
      ciphertext: session.ciphertext(name),
      segments: this.#segments[name],
      certificates: session.certificates[name],
      alerts: session.alerts[name],
    });
    return {
      client: this.#client.address,
      clientPort: this.#client.port,
      server: this.#server.address,
      serverPort: this.#server.port,
      firstFrame: this.#firstFrame,
      serverName: clientHello.serverName,
      offeredVersions: clientHello.versions.map(tlsVersionName),
      offeredGroups: clientHello.groups.map(tlsGroupName),
      offeredAlpn: clientHello.alpn,
      version: serverHello === null ? null : tlsVersionName(serverHello.version),
      suite: serverHello === null ? null : tlsSuiteName(serverHello.suite),
      group: session.group === null ? null : tlsGroupName(session.group),
      alpn: serverHello?.alpn ?? null,
      established: session.established,
      sides: { client: side('client'), server: side('server') },
      broken: this.#broken,
      unfinished: left.length > 0,
    };
  }

  #take(side: TlsSide, own: Held<T>, arrival: Arrival<Held<T>>): void {
    if (arrival.kind === 'again') this.#again(own.token);
    else if (arrival.kind === 'earlier' && this.#older !== null) this.#verdicts.older(own.token);
    else if (arrival.kind === 'earlier') this.#break(own, 'a retransmission of bytes from before its first segment');
    else if (arrival.kind === 'invalid') this.#break(own, arrival.why);
    if (arrival.kind !== 'next') return;
    for (const [index, piece] of arrival.pieces.entries()) {
      const why = this.#push(side, piece);
      if (why === null) continue;
      this.#break(piece.token, why);
      for (const { token: later } of arrival.pieces.slice(index + 1)) this.#verdicts.outside(later.token, why);
      return;
    }
  }

  /** The next bytes of a side. Returns why they are not TLS. */
  #push(side: TlsSide, piece: Piece<T>): string | null {
    if (this.#older !== null) return this.#pushOlder(side, piece);
    const why = this.#session.push(side, piece.bytes);
    if (this.#session.clientHello !== null) this.#begun = null;
    if (this.#begun !== null) {
      this.#begun.push({ side, piece: { ...piece, bytes: piece.bytes.slice() } });
      this.#begunBytes += piece.bytes.length;
      if (why !== null || this.#begunBytes > MAX_BEGUN) return this.#becomeOlder();
    }
    if (why !== null) return why;
    this.#undecided[side].push(piece.token);
    // Before a whole ClientHello nothing shows that the connection is TLS.
    if (this.#session.clientHello !== null && this.#session.atBorder(side)) this.#settle(side);
    return null;
  }

  /** There is no ClientHello, and the beginning was not seen: what came so far is read again as what follows a handshake. */
  #becomeOlder(): string | null {
    const begun = this.#begun ?? [];
    this.#begun = null;
    for (const side of SIDES) this.#undecided[side] = [];
    this.#older = { client: new OlderRecords(), server: new OlderRecords() };
    for (const [index, { side, piece }] of begun.entries()) {
      const why = this.#pushOlder(side, piece);
      if (why === null) continue;
      // The last one is that of the caller.
      for (const { piece: rest } of begun.slice(index, -1)) this.#verdicts.outside(rest.token.token, why);
      return why;
    }
    return null;
  }

  #pushOlder(side: TlsSide, { bytes, token }: Piece<T>): string | null {
    const records = this.#older![side];
    const why = records.push(bytes);
    if (why !== null) return why;
    this.#undecided[side].push(token);
    if (records.atBorder) this.#settleOlder(side);
    return null;
  }

  #settleOlder(side: TlsSide): void {
    for (const { token } of this.#undecided[side]) this.#verdicts.older(token);
    this.#undecided[side] = [];
  }

  /** The same bytes as before. */
  #again(token: T): void {
    if (this.#older === null) this.#verdicts.inside(token);
    else this.#verdicts.older(token);
  }

  #sideOf({ src, sport }: TcpSegment): TlsSide {
    return src === this.#client.address && sport === this.#client.port ? 'client' : 'server';
  }

  #settle(side: TlsSide): void {
    for (const { token } of this.#undecided[side]) this.#verdicts.inside(token);
    this.#undecided[side] = [];
  }

  /** From here on nothing of the connection is TLS; the record in work is none either. */
  #break(at: Held<T>, why: string): void {
    this.#broken = { frame: at.frame, why };
    for (const { token } of [...this.#takeLeft(), at]) this.#verdicts.outside(token, why);
  }

  /** What is neither inside nor outside yet. */
  #takeLeft(): readonly Held<T>[] {
    const left = SIDES.flatMap((side) => [...this.#undecided[side], ...this.#tcp[side].takeWaiting()]);
    for (const side of SIDES) this.#undecided[side] = [];
    return left;
  }
}
