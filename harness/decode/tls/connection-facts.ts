import type { TlsCertificate } from './certificate.ts';
import type { TlsSide } from './session.ts';

/** What one side of a connection sent. */
export interface TlsSideFacts {
  readonly records: number;
  /** Bytes in records of application data. */
  readonly ciphertext: number;
  /** TCP segments with payload. */
  readonly segments: number;
  /** Its certificates, the own one first, where they were sent in the clear (TLS 1.2). */
  readonly certificates: readonly TlsCertificate[];
  /** Alerts in the clear, by name. */
  readonly alerts: readonly string[];
}

/** A TCP connection that began as TLS. */
export interface TlsConnection {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly firstFrame: number;
  readonly serverName: string | null;
  /** Offered by the client, by name. */
  readonly offeredVersions: readonly string[];
  readonly offeredGroups: readonly string[];
  readonly offeredAlpn: readonly string[];
  /** Chosen by the server; null where it did not answer. */
  readonly version: string | null;
  readonly suite: string | null;
  /** Group of the key exchange; null where it has none, or did not take place. */
  readonly group: string | null;
  /** In the clear with TLS 1.2 only. */
  readonly alpn: string | null;
  /** Both sides sent ciphertext. */
  readonly established: boolean;
  readonly sides: Readonly<Record<TlsSide, TlsSideFacts>>;
  /** The first frame that does not belong to a valid sequence of records, and why; null when all do. */
  readonly broken: { readonly frame: number; readonly why: string } | null;
  /** The capture ends inside a record or before a missing segment. */
  readonly unfinished: boolean;
}
