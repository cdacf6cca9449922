/** One rule of `ip rule` (text, `-j`), from `decodeIpRule(text): Decoded<IpRule>` in `ip-rule.ts`. */
export interface IpRule {
  readonly priority: number;
  /** `all`, an address or a CIDR. */
  readonly from: string;
  readonly to?: string;
  /** Unsigned numbers; `fwmask` is 0xffffffff when a mark is printed without a mask. */
  readonly fwmark?: number;
  readonly fwmask?: number;
  readonly iif?: string;
  readonly oif?: string;
  /** Table number or name as a string: `200`, `main`. */
  readonly lookup?: string;
  readonly invert: boolean;
  /** `lookup` for a table; else `blackhole`, `unreachable`, `prohibit`, `goto N`, `nop`, `masquerade` … */
  readonly action: string;
  readonly protocol?: string;
  /** Further selectors as printed: `ipproto`, `sport`, `dport`, `tos`, `uidrange`, `suppress_prefixlength` … */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * One route of `ip route` (text, `-j`), from `decodeIpRoute(text): Decoded<IpRoute>` in `ip-route.ts`, and the answer of
 * `ip route get`, from `decodeIpRouteGet(text): Decoded<IpRoute>`. "FIB table does not exist" is an empty list.
 */
export interface IpRoute {
  /** `unicast` unless printed: `local`, `blackhole`, `unreachable`, `prohibit`, `throw`, `broadcast`, `multicast`, `anycast`. */
  readonly type: string;
  /** `default`, an address or a CIDR. */
  readonly dst: string;
  readonly via?: string;
  readonly dev?: string;
  readonly table?: string;
  readonly protocol?: string;
  readonly scope?: string;
  /** Preferred source (`src` in text, `prefsrc` in JSON). */
  readonly src?: string;
  /** `from` of a route get or of a source route. */
  readonly from?: string;
  readonly iif?: string;
  readonly mark?: number;
  readonly metric?: number;
  readonly mtu?: number;
  readonly flags: string[];
  /** Next hops of a multipath route. */
  readonly nexthops?: { readonly via?: string; readonly dev?: string; readonly weight?: number }[];
  readonly extra?: Readonly<Record<string, string>>;
}

/** One interface of `ip link` or `ip addr` (text, `-j`, with or without `-d`), from `decodeIpLink(text): Decoded<IpLink>` in `ip-link.ts`. */
export interface IpLink {
  readonly name: string;
  readonly index?: number;
  /** The other end of a veth, or the lower device, as printed after `@`. */
  readonly peer?: string;
  /** Bytes. */
  readonly mtu: number;
  /** `UP`, `LOWER_UP` … */
  readonly flags: string[];
  readonly state?: string;
  /** `veth`, `vxlan`, `wireguard` …, printed with `-d` only. */
  readonly kind?: string;
  readonly mac?: string;
  /** CIDRs, from `ip addr` only. */
  readonly addresses: string[];
}

/** One algorithm of /proc/crypto, from `decodeProcCrypto(text): Decoded<CryptoAlgorithm>` in `proc-crypto.ts`. */
export interface CryptoAlgorithm {
  readonly name: string;
  readonly driver?: string;
  readonly type?: string;
}
