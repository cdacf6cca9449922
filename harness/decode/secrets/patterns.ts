/** A kind of secret that is recognised by its shape alone. */
export interface SecretPattern {
  /** Stable name, printed in findings. */
  readonly rule: string;
  /** Global; matches in text of one byte a character. */
  readonly pattern: RegExp;
  /** Decides what the shape leaves open; default: it is a secret. */
  readonly confirm?: (match: string, isPublic: (value: string) => boolean) => boolean;
}

/** Words between a name and its value: `key: "`, `key=`, `key": "`. */
const ASSIGN = String.raw`["']?\s{0,4}[:=]\s{0,4}["']?`;
/** The same, or nothing but blanks: `private-key AbC…`. */
const BESIDE = String.raw`(?:${ASSIGN}|\s{1,8})`;

/**
 * Shapes of secrets that a recording of a cluster could carry. Each is anchored on something that does not stand before a
 * digest, a fingerprint or a canary, so that a clean pack has no finding.
 */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  { rule: 'private-key-pem', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g },
  { rule: 'putty-private-key', pattern: /PuTTY-User-Key-File-\d/g },
  { rule: 'json-web-token', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g },
  { rule: 'kubeconfig-client-key', pattern: new RegExp(`client-key-data${ASSIGN}[A-Za-z0-9+/]{40,}`, 'g') },
  // `ip xfrm` prints a key behind the algorithm; a redacted one begins with `<key:`.
  { rule: 'xfrm-key', pattern: /\b(?:auth-trunc|auth|enc|aead|comp)\s{1,8}\S{1,64}\s{1,8}0x[0-9a-fA-F]{16,}/g },
  { rule: 'ipsec-key-file', pattern: /\b\d{1,3}\+?\s{1,4}[a-z][a-z0-9_-]*\([a-z0-9_,()-]{2,40}\)\s{1,4}(?:0x)?[0-9a-fA-F]{32,}/g },
  { rule: 'wireguard-private-key', pattern: new RegExp(`[Pp]rivate[-_ ]?[Kk]ey${BESIDE}[A-Za-z0-9+/]{43}=`, 'g') },
  { rule: 'wireguard-preshared-key', pattern: new RegExp(`[Pp]reshared[-_ ]?[Kk]ey${BESIDE}[A-Za-z0-9+/]{43}=`, 'g') },
  { rule: 'curve25519-private-key', pattern: /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g, confirm: isClamped },
  {
    rule: 'named-secret',
    pattern: new RegExp(`\\b(?:password|passwd|psk|client_secret|secret_access_key|api[-_]?key)${ASSIGN}[^\\s"'<>{}$*(,;]{8,}`, 'gi'),
  },
  { rule: 'bearer-token', pattern: /\b(?:bearer|basic)\s{1,2}(?=[\w+/=.~-]*\d)[\w+/=.~-]{20,}/gi },
  { rule: 'url-password', pattern: /\b[a-z][a-z0-9+.-]{1,12}:\/\/[^\s/:@"'<>]{1,64}:[^\s/@"'<>]{3,}@/gi },
  { rule: 'aws-access-key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { rule: 'github-token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/g },
  { rule: 'gitlab-token', pattern: /\bglpat-[\w-]{20,}/g },
  { rule: 'google-api-key', pattern: /\bAIza[\w-]{35}\b/g },
  { rule: 'slack-token', pattern: /\bxox[abeoprs]-[\w-]{20,}/g },
  { rule: 'azure-account-key', pattern: /AccountKey=[A-Za-z0-9+/]{80,}/g },
];

/**
 * WireGuard clamps a private key as `wg genkey` prints it: the low three bits of the first byte are clear, the top two of the
 * last are 01. A random public key looks so once in 32, hence the list of public ones.
 */
function isClamped(match: string, isPublic: (value: string) => boolean): boolean {
  const bytes = Buffer.from(match, 'base64');
  return (
    bytes.length === 32 && bytes.toString('base64') === match && (bytes[0]! & 7) === 0 && (bytes[31]! & 0xc0) === 0x40 && !isPublic(match)
  );
}
