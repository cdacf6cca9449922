/**
 * The configuration of one node, as batches of its tools. Plans are data: pure functions create them, one shell run applies them. Lines of
 * `ip` and `tc` are those of `ip -batch` and `tc -batch`; every line must succeed.
 */
export interface NodePlan {
  /** Path under /proc/sys and value. */
  readonly sysctls: readonly (readonly [path: string, value: string])[];
  /** `ip link add` arguments by device name; made only if the device is absent. */
  readonly devices: readonly (readonly [name: string, arguments_: string])[];
  readonly ip: readonly string[];
  /** Lines for `ip -6 -batch`: rules and default routes, in which no address shows the family. */
  readonly ip6: readonly string[];
  /** States and policies, separate because their lines have keys. */
  readonly xfrm: readonly string[];
  readonly tc: readonly string[];
  readonly nft: readonly string[];
  /** Devices with their `wg setconf` text, which has the private key. */
  readonly wireguard: readonly (readonly [device: string, configuration: string])[];
}

export const EMPTY_PLAN: NodePlan = { sysctls: [], devices: [], ip: [], ip6: [], xfrm: [], tc: [], nft: [], wireguard: [] };

/** One plan after the other, batch by batch. */
export function mergePlans(...plans: readonly Partial<NodePlan>[]): NodePlan {
  const all = <K extends keyof NodePlan>(key: K) => plans.flatMap((plan) => (plan[key] ?? []) as NodePlan[K][number][]);
  return {
    sysctls: all('sysctls') as NodePlan['sysctls'],
    devices: all('devices') as NodePlan['devices'],
    ip: all('ip') as string[],
    ip6: all('ip6') as string[],
    xfrm: all('xfrm') as string[],
    tc: all('tc') as string[],
    nft: all('nft') as string[],
    wireguard: all('wireguard') as NodePlan['wireguard'],
  };
}
