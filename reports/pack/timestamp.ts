/** DER of AlgorithmIdentifier SHA-256 with NULL parameters. */
const SHA256 = Buffer.from('300d06096086480165030402010500', 'hex');
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;
/** TRUE: the response must contain the authority's certificate. */
const CERTIFICATE_WANTED = Buffer.from('0101ff', 'hex');

/** TimeStampReq of RFC 3161 §2.4.1 for a SHA-256 digest. @param nonce ties the answer to this request */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array): Buffer {
  const imprint = der(SEQUENCE, SHA256, der(OCTET_STRING, digest));
  return der(SEQUENCE, der(INTEGER, Buffer.from([1])), imprint, der(INTEGER, positive(nonce)), CERTIFICATE_WANTED);
}

/** Whether a TimeStampResp has the status granted (0) or granted with changes (1), §2.4.2. */
export function isGranted(response: Uint8Array): boolean {
  const outer = open(response, 0, SEQUENCE);
  const info = outer === null ? null : open(response, outer.from, SEQUENCE);
  const status = info === null ? null : open(response, info.from, INTEGER);
  return status !== null && status.to - status.from === 1 && response[status.from]! <= 1 && (outer?.to ?? 0) > (info?.to ?? 0);
}

/**
 * Whether the token is for this digest and this request. The signer is not verified here: `openssl ts -verify` does that with the
 * authority's certificate.
 */
export function stampsDigest(response: Uint8Array, digest: Uint8Array, nonce: Uint8Array): boolean {
  const bytes = Buffer.from(response);
  return bytes.includes(der(SEQUENCE, SHA256, der(OCTET_STRING, digest))) && bytes.includes(der(INTEGER, positive(nonce)));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length > 127) throw new RangeError(`a DER value of ${body.length} bytes needs a long length`);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}

/** The shortest form of a positive INTEGER. */
function positive(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first));
  return short[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short;
}

/** Content of the value at `at`, if it has this tag and is complete. */
function open(bytes: Uint8Array, at: number, tag: number): { from: number; to: number } | null {
  if (bytes[at] !== tag) return null;
  const first = bytes[at + 1] ?? 0x80;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || count > 4) return null;
  let length = count === 0 ? first : 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const from = at + 2 + count;
  return from + length <= bytes.length ? { from, to: from + length } : null;
}
