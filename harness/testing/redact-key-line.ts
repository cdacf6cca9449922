/** The Secret's key line with every key as `<key:BITS:FINGERPRINT>`: any word of 32 hex digits or more is one. */
export function redactKeyLine(line: string, fingerprint: (key: Uint8Array) => string): string {
  return line.replace(/\b(?:[0-9a-f]{2}){16,}\b/gi, (hex) => {
    const key = Buffer.from(hex, 'hex');
    return `<key:${key.length * 8}:${fingerprint(key)}>`;
  });
}
