/** A mark and its mask as unsigned 32-bit numbers. A mask that was not printed is 0xffffffff. */
export interface Mark {
  readonly value: number;
  readonly mask: number;
}

/** An algorithm line of an SA. `keyBits` counts the whole key with its salt (160 for AES-128-GCM). The key itself is never here. */
export interface XfrmAlgorithm {
  readonly name: string;
  readonly keyBits?: number;
  readonly icvBits?: number;
  readonly fingerprint?: string;
}

/** A traffic selector. Addresses are CIDRs as printed. */
export interface XfrmSelector {
  readonly src: string;
  readonly dst: string;
  readonly proto?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly dev?: string;
}

/**
 * One SA of `ip xfrm state`, from `decodeXfrmState(text, options?): Decoded<XfrmState>` in `xfrm-state.ts`.
 * A key is absent when the kernel or iproute2 did not print it.
 */
export interface XfrmState {
  readonly src: string;
  readonly dst: string;
  /** `esp`, `ah`, `comp` … Only `esp` with a real cipher encrypts. */
  readonly proto: string;
  /** `0x%08x`; as printed when it is not a number. */
  readonly spi: string;
  readonly reqid?: number;
  /** `tunnel`, `transport`, `beet`. */
  readonly mode?: string;
  readonly mark?: Mark;
  readonly outputMark?: Mark;
  /** The window in use, in packets: that of the ESN context if there is one (the first line then says 0). */
  readonly replayWindow?: number;
  /** `esn`, `af-unspec`, `align4` …; empty when none. */
  readonly flags: string[];
  readonly aead?: XfrmAlgorithm;
  readonly auth?: XfrmAlgorithm;
  readonly enc?: XfrmAlgorithm;
  readonly comp?: XfrmAlgorithm;
  /** Last sequence number sent, high and low half joined for ESN; exact below 2^53. */
  readonly oseq?: number;
  /** Highest sequence number received, likewise. */
  readonly seq?: number;
  /** Lifetime counters, printed with `-s` only. */
  readonly bytes?: number;
  readonly packets?: number;
  /** When the kernel got it, local time of the node as printed with `-s`: `2026-11-28 16:05:43`. */
  readonly added?: string;
  readonly encap?: { readonly type: string; readonly sport?: number; readonly dport?: number; readonly addr?: string };
  readonly sel?: XfrmSelector;
  readonly ifId?: number;
  /** Hardware offload: the device, direction and mode. */
  readonly offload?: { readonly dev: string; readonly dir?: string; readonly mode?: string };
  /** `in` or `out`, printed by kernels from 6.10. */
  readonly dir?: string;
  /** Counters of `stats:`, with `-s` only. */
  readonly stats?: { readonly replayWindow: number; readonly replay: number; readonly failed: number };
  /** The output ended inside this SA, or one of its fields could not be read: it proves nothing. */
  readonly incomplete?: true;
}

/** A template of a policy. */
export interface XfrmTemplate {
  readonly src: string;
  readonly dst: string;
  readonly proto?: string;
  /** `0x%08x`; absent when the policy does not set it (spi 0 is printed only by `-s` and kept). */
  readonly spi?: string;
  readonly reqid?: number;
  readonly mode?: string;
  /** `use` means optional: clear traffic passes. Absent means required. */
  readonly level?: string;
}

/** One policy of `ip xfrm policy`, from `decodeXfrmPolicy(text): Decoded<XfrmPolicy>` in `xfrm-policy.ts`. */
export interface XfrmPolicy {
  readonly src: string;
  readonly dst: string;
  readonly proto?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly dev?: string;
  readonly uid?: number;
  /** `in`, `out`, `fwd`; `socket in` and `socket out` for per-socket policies. */
  readonly dir: string;
  /** `allow` unless printed. */
  readonly action: 'allow' | 'block';
  readonly priority?: number;
  readonly index?: number;
  readonly mark?: Mark;
  readonly ifId?: number;
  readonly ptype?: string;
  readonly flags: string[];
  readonly templates: XfrmTemplate[];
  /** The device that encrypts instead of the kernel. */
  readonly offload?: string;
  /** `add` and `use` of `-s`: `use` is `-` when the policy never matched. */
  readonly added?: string;
  readonly used?: string;
  readonly incomplete?: true;
}

/** One counter of /proc/net/xfrm_stat, from `decodeXfrmStat(text): Decoded<XfrmCounter>` in `xfrm-stat.ts`. */
export interface XfrmCounter {
  readonly name: string;
  readonly value: number;
}
