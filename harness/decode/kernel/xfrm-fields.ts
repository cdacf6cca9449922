import { type Draft, unsigned } from './lines.ts';
import type { Mark, XfrmSelector } from './xfrm-items.ts';

/** `0xVALUE[/0xMASK]`. Without a mask the kernel compares all 32 bits. */
export function decodeMark(text: string | undefined): Mark | undefined {
  const [first, second] = (text ?? '').split('/');
  const value = unsigned(first);
  const mask = second === undefined ? 0xffffffff : unsigned(second);
  return value === undefined || mask === undefined || value > 0xffffffff || mask > 0xffffffff ? undefined : { value, mask };
}

/** `0x%08x`; undefined when it is not a 32-bit number. */
export function decodeSpi(text: string): string | undefined {
  return /^0x[0-9a-fA-F]{1,8}$/.test(text) ? `0x${Number(text).toString(16).padStart(8, '0')}` : undefined;
}

/** `flag esn af-unspec (0x10100000)`: the names, without the number that `-s` adds. */
export function decodeFlags(text: string | undefined): string[] {
  return (text ?? '')
    .replace(/\(0x[0-9a-f]+\)/g, ' ')
    .split(' ')
    .filter((word) => word !== '' && word !== 'extra-flag' && word !== 'extra_flag');
}

/** A name of a flag; any other text there was inserted by somebody. */
export function isFlagName(word: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{1,23}$/.test(word) && !/[0-9a-f]{9}/.test(word);
}

const SELECTOR = /^src (.+?) dst (\S+|<[^>]+>)((?: (?:proto|sport|dport|type|code|dev|uid|key) \S+)*)$/;

/** `src A dst B [proto P] [sport N] [dport N] [dev D] [uid N]`, of a policy, or of an SA after `sel`. */
export function decodeSelector(words: string): (XfrmSelector & { readonly uid?: number }) | undefined {
  const match = SELECTOR.exec(words);
  if (match === null) return undefined;
  const selector: Draft<XfrmSelector> & { uid?: number } = { src: match[1] ?? '', dst: match[2] ?? '' };
  const rest = (match[3] ?? '').trim().split(' ');
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const value = rest[at + 1] ?? '';
    const number = Number.parseInt(value, 10);
    if (rest[at] === 'proto') selector.proto = value;
    else if (rest[at] === 'dev') selector.dev = value;
    else if (rest[at] === 'sport' && !Number.isNaN(number)) selector.sport = number;
    else if (rest[at] === 'dport' && !Number.isNaN(number)) selector.dport = number;
    else if (rest[at] === 'uid' && !Number.isNaN(number)) selector.uid = number;
  }
  return selector;
}

/** Lines of `-s` and of newer kernels that no check needs. */
export const HOUSEKEEPING =
  /^(?:lifetime (?:config|current):|limit: soft .*, hard .*|expire (?:add|use): soft .*, hard .*|stats:|lastused \S.*|security context \S+|tfcpad \S+|coa \S+|nat_keepalive_interval \d+|pcpu-num \d+|mtimer-thresh \d+|iptfs-opts .*|enc-mask \S+ auth-mask \S+ comp-mask \S+)$/;
