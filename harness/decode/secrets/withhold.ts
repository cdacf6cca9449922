import { NAME, SECRET_PATTERNS } from './patterns.ts';

/** A public key looks like a private one in one of 32 cases, so this rule alone removes nothing from an output. */
const LIKE_PUBLIC = 'curve25519-private-key';

/** Text with everything that has the shape of a secret replaced by `<withheld:RULE>`; names stay. For outputs before they are stored. */
export function withholdSecrets(text: string): string {
  let held = text;
  for (const { rule, pattern } of SECRET_PATTERNS)
    if (rule !== LIKE_PUBLIC)
      held = held.replace(pattern, (match) => `${rule.startsWith('named-') ? (NAME.exec(match)?.[0] ?? '') : ''}<withheld:${rule}>`);
  return held;
}

/**
 * Text of a log: what has the shape of a secret, a key or an opaque token is removed, even if public values look the same, because keys and
 * fingerprints are not read from logs.
 */
export function withholdLog(text: string): string {
  let held = withholdSecrets(text);
  for (const { rule, pattern } of SECRET_PATTERNS) if (rule === LIKE_PUBLIC) held = held.replace(pattern, `<withheld:${rule}>`);
  return held.replace(OPAQUE, WITHHELD);
}

const WITHHELD = '<withheld>';
/** The last words of a setting's name whose value is a secret, unless it is a place, a number or a Boolean. */
const SECRET_NAME =
  /(?:passwo?r?d|passphrase|pwd|psk|secret|token|credentials?|(?:api|access|private|auth|account|encryption|shared|signing)[-_.]?key)$/i;
const PLAIN_VALUE = /^(?:|""|''|["']?(?:true|false|null|none|\/\S*|[0-9.]+[a-z]{0,2}|\[\s*\]|\{\s*\}|map\[\s*\]|<withheld\S*)["']?)$/i;
/** Twenty characters or more of one token in which digits, small and capital letters mix, or 32 hex digits. */
const OPAQUE =
  /(?<![\w+/=-])(?=[\w+/=-]*[0-9])(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])[\w+/=-]{20,}|(?<![0-9a-fA-F:])[0-9a-fA-F]{32,}(?![0-9a-fA-F])/g;

/** The value of a setting as it may be stored or shown. */
export function withheldValue(name: string, value: string): string {
  if (SECRET_NAME.test(name) && !PLAIN_VALUE.test(value.trim())) return WITHHELD;
  return withholdSecrets(value).replace(OPAQUE, WITHHELD);
}

/**
 * The same for a list of settings, one `name: value` or `Name : value` on each line, as YAML or as an agent prints it: any of them may
 * contain a secret, and no check reads one.
 */
export function withholdSettings(text: string): string {
  let inside = -1;
  return withholdSecrets(text)
    .split('\n')
    .map((line, index, lines) => {
      const indent = line.search(/\S/);
      // The lines of a block whose name is that of a secret.
      if (inside >= 0 && (indent < 0 || indent > inside)) return indent < 0 ? line : `${' '.repeat(indent)}${WITHHELD}`;
      inside = -1;
      // The name of a map, with its entries below it: `IPv4NativeRoutingCIDR` has the letters and digits of a token.
      const [, map] = /^\s*([A-Za-z][\w.-]*)\s*$/.exec(line) ?? [];
      if (map !== undefined && (lines[index + 1] ?? '').search(/\S/) > indent) {
        if (SECRET_NAME.test(map)) inside = indent;
        return line;
      }
      const [, head, name, value] =
        /^(\s*(?:- )?["']?([\w./-]+)["']?\s*[:=]\s+)(.*)$/.exec(line) ?? /^(\s*([\w./-]+) {2,})(\S.*)$/.exec(line) ?? [];
      if (head === undefined || name === undefined || value === undefined) return line.replace(OPAQUE, WITHHELD);
      if (/^[|>][-+0-9]*$/.test(value) && SECRET_NAME.test(name)) {
        inside = indent;
        return line;
      }
      return `${head}${withheldValue(name, value)}`;
    })
    .join('\n');
}
