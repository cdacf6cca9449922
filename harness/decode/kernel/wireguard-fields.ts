import type { Fingerprint } from '../decoded.ts';
import { unsigned } from './lines.ts';

/** Base64 of 32 bytes is 43 characters and `=`; the shorter ones of hand-edited outputs are accepted as names. */
export const PUBLIC_KEY = /^[A-Za-z0-9+/]{38,43}=$/;

/** A device name as the kernel allows it (15 bytes, no blank, no slash). */
export const DEVICE = /^[^\s/:]{1,15}$/;

/** `address:port`, IPv6 in brackets; undefined for anything else. `(none)` is not an endpoint. */
export function decodeEndpoint(text: string): string | undefined {
  return /^(?:\[[0-9a-fA-F:.%a-z]+\]|[^\s:[\]()]+):\d{1,5}$/.test(text) ? text : undefined;
}

/** Prefixes separated by commas or blanks; `(none)` is an empty list. */
export function decodeAllowedIps(text: string): string[] | undefined {
  const parts = text.split(/[,\s]+/).filter((part) => part !== '' && part !== '(none)');
  return parts.every((part) => /^[0-9a-fA-F:.]+\/\d{1,3}$/.test(part)) ? parts : undefined;
}

/** `off` is 0. */
export function decodeOffOr(text: string | undefined): number | undefined {
  return text === 'off' ? 0 : unsigned(text);
}

/** The fingerprint of a base64 key; undefined when it is not one. */
export function fingerprintBase64(text: string, fingerprint: Fingerprint): string | undefined {
  if (!/^[A-Za-z0-9+/]{42}[A-Za-z0-9+/=]=$/.test(text)) return undefined;
  return fingerprint(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

const UNIT: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

/** `190.18 KiB` in bytes, rounded as printed. */
export function decodeSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ([KMGT]?i?B)$/.exec(text);
  const unit = UNIT[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, year: 31_536_000 };

/** `1 minute, 31 seconds ago` or `Now` in seconds. After a clock was set back, another text is printed: undefined. */
export function decodeAge(text: string): number | undefined {
  if (text === 'Now') return 0;
  const match = /^((?:\d+ [a-z]+(?:, )?)+) ago$/.exec(text);
  if (match === null) return undefined;
  let seconds = 0;
  for (const part of (match[1] ?? '').split(', ')) {
    const [count, unit = ''] = part.split(' ');
    const factor = SECONDS[unit.replace(/s$/, '')];
    if (factor === undefined) return undefined;
    seconds += Number(count) * factor;
  }
  return seconds;
}
