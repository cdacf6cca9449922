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

/** Files that are written after the list of files is complete, and are therefore in no list. */
export const SIGNATURE = {
  /** The DSSE envelope: what `verify` and other DSSE tools read. */
  envelope: `${SIGNATURE_FOLDER}/statement.dsse.json`,
  /** Copies of the envelope's payload and its raw signature, for openssl. */
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

/** Suffix of the RFC 3161 time stamp beside an archive; it covers the archive's bytes, so it cannot be inside. */
export const TIMESTAMP_SUFFIX = '.tsr';

/**
 * Largest documents of a pack, bytes. The documents of the signature are read before it is known who made the pack, so they are small; the
 * others are read after the signature is verified.
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
