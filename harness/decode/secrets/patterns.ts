/** A kind of secret that is recognised only by its shape. */
export interface SecretPattern {
  /** Stable name, printed in findings. */
  readonly rule: string;
  /** Global; matches in text with one byte for each character. */
  readonly pattern: RegExp;
  /** Decides where the shape is not sufficient; default: it is a secret. */
  readonly confirm?: (match: string, isPublic: (value: string) => boolean) => boolean;
}

/** Text between a name and its value: `key: "`, `key=`, `key": "`. */
const ASSIGN = String.raw`["']?\s{0,4}[:=]\s{0,4}["']?`;
/** The same, or only blanks: `private-key AbC…`. */
const BESIDE = String.raw`(?:${ASSIGN}|\s{1,8})`;

/** The text before a value: a name and its separator, also in quotes. */
export const NAME = /^[\s\S]*?[:=]\s{0,4}["']?(?=\S)/;

/** A WireGuard key in base64, or in hexadecimal as the UAPI prints it. */
const WIREGUARD_KEY = '(?:[A-Za-z0-9+/]{43}=|[0-9a-f]{64}(?![0-9a-f]))';
/**
 * Beginnings of values that are not secrets: a path, a template, a Boolean word, a mark that something was withheld, and the end of PEM: the
 * base64 of a certificate may end with the letters of a name, such as `PSk=`.
 */
const HARMLESS = '(?:/|-----END |true|false|null|none|unset|hidden|\\[|<|\\(|\\*{3})';
/** The end of PEM with nothing secret in it: the last line of a certificate may have the length of a WireGuard key. */
const PUBLIC_PEM_END = String.raw`\s{1,80}-----END (?:TRUSTED )?(?:CERTIFICATE(?: REQUEST)?|PUBLIC KEY|X509 CRL)-----`;
/** A word of 12 characters or more that has both letters and digits. */
const OPAQUE = '(?=[\\w+/=.~-]*[0-9])(?=[\\w+/=.~-]*[a-z])[\\w+/=.~-]{12,}';

/**
 * Shapes of secrets that a recording of a cluster could contain. Each needs a text that is never before a digest, a fingerprint or a
 * canary, so that a clean pack has no finding.
 */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  { rule: 'private-key-pem', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g },
  { rule: 'putty-private-key', pattern: /PuTTY-User-Key-File-\d/g },
  { rule: 'json-web-token', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g },
  { rule: 'kubeconfig-client-key', pattern: new RegExp(`client-key-data${ASSIGN}[A-Za-z0-9+/]{40,}`, 'g') },
  // `ip xfrm` prints a key after the algorithm; a redacted one begins with `<key:`.
  { rule: 'xfrm-key', pattern: /\b(?:auth-trunc|auth|enc|aead|comp)\s{1,8}\S{1,64}\s{1,8}0x[0-9a-fA-F]{16,}/g },
  { rule: 'ipsec-key-file', pattern: /\b\d{1,3}\+?\s{1,4}[a-z][a-z0-9_-]*\([a-z0-9_,()-]{2,40}\)\s{1,4}(?:0x)?[0-9a-fA-F]{32,}/g },
  // `PrivateKey = …` of wg-quick in base64, `private_key=…` of the UAPI in hexadecimal, the same with `preshared`.
  { rule: 'wireguard-private-key', pattern: new RegExp(`private[-_ ]?key${BESIDE}${WIREGUARD_KEY}`, 'gi') },
  { rule: 'wireguard-preshared-key', pattern: new RegExp(`preshared[-_ ]?key${BESIDE}(?!0{64})${WIREGUARD_KEY}`, 'gi') },
  // `wg show DEVICE dump`: only a private or a preshared key is next to another key.
  { rule: 'wireguard-dump', pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=[\t ]{1,4}[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g },
  {
    rule: 'curve25519-private-key',
    pattern: new RegExp(`(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=]|${PUBLIC_PEM_END})`, 'g'),
    confirm: isClamped,
  },
  // What stands before the word does not matter: `DB_PASSWORD=`, `PGPASSWORD=`, `spring.datasource.password:`; but a public key of WireGuard
  // that ends with `pSk=` is no name.
  {
    rule: 'named-password',
    pattern: new RegExp(`(?<![A-Za-z0-9+/]{40})(?:passwo?r?d|passphrase|psk|pwd)${ASSIGN}(?!${HARMLESS})[^\\s"'<>{}$*(,;]{6,}`, 'gi'),
    confirm: (match) => beginsAsText(match.replace(NAME, '')),
  },
  // `AWS_SECRET_ACCESS_KEY=`, `OPENAI_API_KEY=`, `WG_KEY=`, `clientSecret:`, `token:`: a word of letters only is a name, not a secret.
  {
    rule: 'named-secret',
    pattern: new RegExp(
      `(?:secret|token|credentials?|(?:api|access|auth|account|encryption|master|signing|private|shared|secret|wg|ssh|tls)[-_]?key|[A-Z0-9]_KEY)${ASSIGN}(?!${HARMLESS})${OPAQUE}`,
      'gi',
    ),
  },
  { rule: 'bearer-token', pattern: /\b(?:bearer|basic)\s{1,2}(?=[\w+/=.~-]*\d)[\w+/=.~-]{20,}/gi },
  {
    rule: 'url-password',
    pattern: /\b[a-z][a-z0-9+.-]{1,12}:\/\/[^\s/:@"'<>]{1,64}:[^\s/@"'<>]{3,}@/gi,
    confirm: (match) => beginsAsText(match.slice(match.indexOf('://') + 3)),
  },
  // Tokens that begin with their issuer's prefix and need no name.
  {
    rule: 'marked-token',
    pattern:
      /(?<![A-Za-z0-9_-])(?:sk-(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{20,}|(?:sk|rk|pk)_live_[A-Za-z0-9]{16,}|hv[sb]\.[\w-]{20,}|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,}|dop_v1_[0-9a-f]{64}|SG\.[\w-]{16,}\.[\w-]{16,}|ya29\.[\w-]{20,}|shp(?:at|ss|ca|pa)_[0-9a-f]{32}|AGE-SECRET-KEY-1[0-9A-Z]{50,}|xapp-[\w-]{20,}|dckr_pat_[\w-]{20,})/g,
  },
  // Bootstrap token of kubeadm.
  { rule: 'bootstrap-token', pattern: /(?<![A-Za-z0-9.])[a-z0-9]{6}\.[a-z0-9]{16}(?![A-Za-z0-9.])/g, confirm: hasLettersAndDigits },
  { rule: 'aws-access-key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { rule: 'github-token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/g },
  { rule: 'gitlab-token', pattern: /\bglpat-[\w-]{20,}/g },
  { rule: 'google-api-key', pattern: /\bAIza[\w-]{35}\b/g },
  { rule: 'slack-token', pattern: /\bxox[abeoprs]-[\w-]{20,}/g },
  { rule: 'azure-account-key', pattern: /AccountKey=[A-Za-z0-9+/]{80,}/g },
];

/**
 * WireGuard clamps a private key as `wg genkey` prints it: the low three bits of the first byte are clear, the top two of the last are 01.
 * One of 32 random public keys also looks like that, hence the list of public ones.
 */
function isClamped(match: string, isPublic: (value: string) => boolean): boolean {
  const bytes = Buffer.from(match, 'base64');
  return (
    bytes.length === 32 && bytes.toString('base64') === match && (bytes[0]! & 7) === 0 && (bytes[31]! & 0xc0) === 0x40 && !isPublic(match)
  );
}

/** What a value must at least be text of, in bytes. */
const SHORTEST_VALUE = 6;

/** Ciphertext and packet headers contain each short name sooner or later: what stands behind it is a value only where it is text, in UTF-8. */
function beginsAsText(value: string): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value.slice(0, SHORTEST_VALUE), 'latin1'), { stream: true });
    return !/[\p{Cc}\p{Co}\p{Cn}]/u.test(text);
  } catch {
    return false;
  }
}

function hasLettersAndDigits(match: string): boolean {
  const [id = '', secret = ''] = match.split('.');
  return [id, secret].every((part) => /[a-z]/.test(part)) && /\d/.test(secret);
}
