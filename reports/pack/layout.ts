/** Names inside a pack, relative to its one folder. */
export const MANIFEST = 'MANIFEST.json';
export const CHECKSUMS = 'SHA256SUMS';
export const README = 'README.txt';
export const PLAN = 'PLAN.json';
export const REDACTION = 'REDACTION.json';
export const RECORDING_FOLDER = 'recording';
export const REPORTS_FOLDER = 'reports';
export const SIGNATURE_FOLDER = 'signature';
/** The report that the signed statement repeats. */
export const REPORT = `${REPORTS_FOLDER}/report.json`;

/** What is written after the list of files was closed and therefore stands in no list. */
export const SIGNATURE = {
  /** The DSSE envelope: what `verify` and other DSSE tools read. */
  envelope: `${SIGNATURE_FOLDER}/statement.dsse.json`,
  /** The envelope's payload and its raw signature once more, for openssl. */
  statement: `${SIGNATURE_FOLDER}/statement.json`,
  signature: `${SIGNATURE_FOLDER}/statement.sig`,
  publicKey: `${SIGNATURE_FOLDER}/signer.pub.pem`,
} as const;

/** The one folder at the top of a pack. */
export function packFolder(runId: string): string {
  return `wirewitness-${runId}`;
}

/** `packFolder` with the suffix of an archive. */
export function packName(runId: string): string {
  return `${packFolder(runId)}.tar.gz`;
}

/** Suffix of the RFC 3161 time stamp that may lie beside an archive; it is over the archive's bytes and so can't be inside. */
export const TIMESTAMP_SUFFIX = '.tsr';

/**
 * Largest documents of a pack, bytes. Whoever opens a pack reads those of the signature before they know who made it, so these are
 * small; the others are read when the signature was found right.
 */
export const MAX_BYTES: Readonly<Record<string, number>> = {
  [SIGNATURE.envelope]: 256 * 1024,
  [SIGNATURE.statement]: 128 * 1024,
  [SIGNATURE.signature]: 1024,
  [SIGNATURE.publicKey]: 1024,
  [MANIFEST]: 32 * 1024 * 1024,
  [CHECKSUMS]: 32 * 1024 * 1024,
  [REPORT]: 32 * 1024 * 1024,
};
