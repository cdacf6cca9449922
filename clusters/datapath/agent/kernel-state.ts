import type { Shell } from '../../../harness/model/shell.ts';
import { applyScript } from '../apply.ts';
import { LayoutError } from '../layout-error.ts';

/**
 * What an agent reads from its node's kernel; IPsec's values are empty if there is a WireGuard device. No key leaves this module: SA keys
 * are only counted.
 */
export interface KernelState {
  readonly states: readonly { readonly src: string; readonly dst: string; readonly spi: number }[];
  /** The agent reports IPsec in any state. */
  readonly saysIpsec: boolean;
  /** Distinct SA keys, which is what agents call keys in use. */
  readonly keysInUse: number;
  /** Highest 64-bit output sequence number over all SAs. */
  readonly maxSequence: bigint;
  /** Non-zero counters of /proc/net/xfrm_stat. */
  readonly errors: readonly (readonly [name: string, count: number])[];
  /** Whether a packet filter on the uplink's ingress marks packets for decryption. */
  readonly decryptsOnUplink: boolean;
  /** Whether one on its egress sends whole nodes' traffic into WireGuard. */
  readonly redirectsNodes: boolean;
  readonly wireguard: { readonly publicKey: string; readonly port: number; readonly endpoints: readonly string[] } | undefined;
}

/** If the WireGuard device exists, agents report only WireGuard: IPsec is then not read. */
const script = (uplink: string) => `w=0; [ ! -d /proc/sys/net/ipv4/conf/cilium_wg0 ] || w=1
echo '#state'; [ $w = 1 ] || ip xfrm state list
echo '#stat'; [ $w = 1 ] || cat /proc/net/xfrm_stat
echo '#ingress'; [ $w = 1 ] || tc filter show dev ${uplink} ingress
echo '#egress'; [ $w = 0 ] || tc filter show dev ${uplink} egress
echo '#wg'; [ $w = 0 ] || { wg show cilium_wg0 public-key; wg show cilium_wg0 listen-port; wg show cilium_wg0 endpoints; }
echo '#end'
`;

/** @throws LayoutError when the node cannot be read completely */
export async function readKernelState(shell: Shell, uplink: string, nodeAddresses: readonly string[]): Promise<KernelState> {
  const output = await applyScript(shell, script(uplink), 'reading the kernel');
  const section = (name: string) => between(shell.name, output, name);
  const state = section('state');
  const wireguard = section('wg')
    .split('\n')
    .filter((line) => line !== '');
  const [publicKey, port, ...peers] = wireguard;
  return {
    saysIpsec: false,
    states: [...state.matchAll(/^src (\S+) dst (\S+)\n\s*proto esp spi (0x[0-9a-f]+)/gm)].map((found) => ({
      src: String(found[1]),
      dst: String(found[2]),
      spi: Number(found[3]),
    })),
    keysInUse: new Set([...state.matchAll(/^\s*(?:aead|enc) \S+ (0x[0-9a-f]+)/gm)].map((found) => found[1])).size,
    maxSequence: highest(state),
    errors: [...section('stat').matchAll(/^(Xfrm\w+)\s+(\d+)$/gm)]
      .map((found) => [String(found[1]), Number(found[2])] as const)
      .filter(([, count]) => count > 0),
    decryptsOnUplink: /flower/.test(section('ingress')),
    redirectsNodes: nodeAddresses.some((address) => section('egress').includes(`dst_ip ${address}\n`)),
    wireguard:
      publicKey === undefined || port === undefined
        ? undefined
        : { publicKey, port: Number(port), endpoints: peers.map((line) => line.split('\t')[1] ?? '') },
  };
}

function between(place: string, output: string, name: string): string {
  const start = output.indexOf(`#${name}\n`);
  const end = output.indexOf('\n#', start);
  // An incomplete output must not count as empty.
  if (start === -1 || end === -1 || !output.endsWith('#end\n'))
    throw new LayoutError(place, `the kernel's ${name} was not read completely`, '');
  return output.slice(start + name.length + 2, end + 1);
}

/** The numbers are compared as numbers; old agents compared them as text and named the wrong one. */
function highest(state: string): bigint {
  const plain = [...state.matchAll(/anti-replay context: seq \S+ oseq (0x[0-9a-f]+)/g)].map((found) => BigInt(String(found[1])));
  const extended = [...state.matchAll(/oseq-hi (0x[0-9a-f]+), oseq (0x[0-9a-f]+)/g)].map(
    (found) => (BigInt(String(found[1])) << 32n) | BigInt(String(found[2])),
  );
  return [...plain, ...extended].reduce((max, value) => (value > max ? value : max), 0n);
}
