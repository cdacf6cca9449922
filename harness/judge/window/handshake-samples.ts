/** Time of the last handshake by the peer's public key, Unix seconds; 0 for none. */
export type Handshakes = ReadonlyMap<string, number>;

/** `wg show DEVICE latest-handshakes`: `key TAB seconds` a line. Null when a line is something else. */
export function readHandshakes(text: string): Handshakes | null {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const match = /^(\S{44})\s+(\d+)$/.exec(line.trim());
    if (match === null) return null;
    found.set(match[1] ?? '', Number(match[2]));
  }
  return found;
}
