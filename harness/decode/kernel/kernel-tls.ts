import type { Decoded, UnparsedLine } from '../decoded.ts';
import { textLines, unparsedLine, unsigned } from './lines.ts';

/** A counter of TLS in the kernel, of one pod's network namespace: `TlsTxSw`, `TlsDecryptError` (Documentation/networking/tls.rst). */
export interface KernelTlsCounter {
  /** `namespace/name`. */
  readonly pod: string;
  readonly name: string;
  readonly value: number;
}

/** Where the records of one direction of a socket are made: by nobody in the kernel, by the kernel, by the network device. */
export type KernelTlsPlace = 'none' | 'sw' | 'hw' | 'hw-record';

/** A TCP socket of a pod, with what the kernel knows of its TLS. */
export interface KernelTlsSocket {
  /** `namespace/name`. */
  readonly pod: string;
  /** `address:port`, an IPv6 address in brackets. */
  readonly local: string;
  readonly peer: string;
  /** Null where the socket has no ULP `tls` (net/tls). */
  readonly tls: {
    /** `TLS 1.3`; null while the kernel has no key. */
    readonly version: string | null;
    /** As the kernel names it: `aes-gcm-256`. */
    readonly cipher: string | null;
    readonly send: KernelTlsPlace;
    readonly receive: KernelTlsPlace;
  } | null;
}

/** Outputs of several pods, one after the other: the line `pod namespace.name` stands before that of each. */
function byPod(text: string, read: (pod: string, words: string) => boolean): UnparsedLine[] {
  const unparsed: UnparsedLine[] = [];
  let pod: string | null = null;
  for (const { line, text: raw, words } of textLines(text)) {
    const head = /^pod ([a-z0-9-]+)\.([a-z0-9.-]+)$/.exec(words);
    if (head !== null) pod = `${head[1]}/${head[2]}`;
    else if (pod === null || !read(pod, words)) unparsed.push(unparsedLine(line, raw));
  }
  return unparsed;
}

/** Reads /proc/net/tls_stat of pods (net/tls/tls_proc.c). No counter means not available, never zero. */
export function decodeKernelTlsCounters(text: string): Decoded<KernelTlsCounter> {
  const items: KernelTlsCounter[] = [];
  const unparsed = byPod(text, (pod, words) => {
    const match = /^(Tls\w+) (\d+)$/.exec(words);
    const value = unsigned(match?.[2]);
    if (match === null || value === undefined) return false;
    items.push({ pod, name: match[1]!, value });
    return true;
  });
  return { items, unparsed };
}

/** Reads `ss -HOnti` of pods (iproute2, misc/ss.c: tls_version, tls_cipher, tls_conf). Sockets that do not exchange data are left out. */
export function decodeKernelTlsSockets(text: string): Decoded<KernelTlsSocket> {
  const items: KernelTlsSocket[] = [];
  const unparsed = byPod(text, (pod, words) => {
    const match = /^([A-Z][A-Z0-9-]+) \d+ \d+ (\S+:\d+) (\S+:\d+)( .*)?$/.exec(words);
    if (match === null) return false;
    const [, state, local, peer, more = ''] = match;
    if (state === 'TIME-WAIT' || state === 'LISTEN' || state === 'SYN-SENT' || state === 'SYN-RECV') return true;
    // What ss reads from /proc/net/tcp has no information of the socket, so nothing about TLS either.
    if (!/ mss:\d+/.test(more)) return false;
    const ulp = / tcp-ulp-tls((?: (?:version|cipher|rxconf|txconf): \S+)*)/.exec(more);
    const field = (name: string): string | undefined => new RegExp(` ${name}: (\\S+)`).exec(ulp?.[1] ?? '')?.[1];
    const [send, receive] = [placeOf(field('txconf')), placeOf(field('rxconf'))];
    if (ulp !== null && (send === null || receive === null)) return false;
    const version = field('version');
    items.push({
      pod,
      local: local!,
      peer: peer!,
      tls:
        ulp === null
          ? null
          : { version: version === undefined ? null : `TLS ${version}`, cipher: field('cipher') ?? null, send: send!, receive: receive! },
    });
    return true;
  });
  return { items, unparsed };
}

/** Null for a word that ss does not have; without the word the kernel said nothing of the direction. */
function placeOf(word: string | undefined): KernelTlsPlace | null {
  if (word === undefined) return 'none';
  return word === 'none' || word === 'sw' || word === 'hw' || word === 'hw-record' ? word : null;
}

/** How the kernel names the cipher of a suite; null for one that it does not have (include/uapi/linux/tls.h). */
export function kernelCipherOf(suite: string): string | null {
  const [, key, mode] = /_AES_(128|256)_(GCM|CCM)_SHA\d+$/.exec(suite) ?? [];
  if (key !== undefined && mode !== undefined) return `aes-${mode.toLowerCase()}-${key}`;
  return suite.includes('_CHACHA20_POLY1305_') ? 'chacha20-poly1305' : null;
}
