/** Dotted quad of an IPv4 address in one unsigned word. */
export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** RFC 5952 text of an IPv6 address in four words from `at`. */
export function formatIpv6(words: Uint32Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) groups.push(words[at + i]! >>> 16, words[at + i]! & 0xffff);
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLength) {
      best = i;
      bestLength = j - i;
    }
    if (j > i) i = j;
  }
  const hex = (part: number[]): string => part.map((g) => g.toString(16)).join(':');
  return best < 0 ? hex(groups) : `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

/** Text of the address at `words[at …]`; `family` 4 or 6. */
export function formatAddress(family: number, words: Uint32Array, at: number): string {
  return family === 4 ? formatIpv4(words[at]!) : formatIpv6(words, at);
}
