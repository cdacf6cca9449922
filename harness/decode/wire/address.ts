/**
 * Texts that were made before, by address: a capture has few addresses, and each is asked for several times a frame. A text that is the
 * same object each time is hashed once, however often a table is asked for it.
 */
const PLACES = 1024;
const IPV4 = { words: new Uint32Array(PLACES), texts: new Array<string>(PLACES).fill('') };
const IPV6 = { words: new Uint32Array(4 * PLACES), texts: new Array<string>(PLACES).fill('') };

function placeOf(word: number): number {
  return (Math.imul(word, 0x9e3779b1) >>> 22) & (PLACES - 1);
}

/** Dotted quad of an IPv4 address in one unsigned word. */
export function formatIpv4(word: number): string {
  const place = placeOf(word);
  const known = IPV4.texts[place]!;
  if (known !== '' && IPV4.words[place] === word) return known;
  const text = `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  IPV4.words[place] = word;
  IPV4.texts[place] = text;
  return text;
}

/** RFC 5952 text of an IPv6 address in four words from `at`. */
export function formatIpv6(words: Uint32Array, at: number): string {
  const [a, b, c, d] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
  const place = placeOf(a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f));
  const known = IPV6.texts[place]!;
  const w = IPV6.words;
  const first = 4 * place;
  if (known !== '' && w[first] === a && w[first + 1] === b && w[first + 2] === c && w[first + 3] === d) return known;
  const text = ipv6Text(words, at);
  w.set([a, b, c, d], first);
  IPV6.texts[place] = text;
  return text;
}

function ipv6Text(words: Uint32Array, at: number): string {
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
