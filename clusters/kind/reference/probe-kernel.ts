import { runOrThrow } from '../../../harness/proc/run.ts';

/** Features of this machine's kernel, which all kind nodes use. */
export interface KernelAbility {
  /** IPsec ESP with AES-GCM. */
  readonly esp: boolean;
  /** `userspace`: wireguard-go over TUN. */
  readonly wireguard: 'kernel' | 'userspace' | 'none';
  /** Whether packets can be put into a tunnel by `tc` (act_tunnel_key), as the reference datapath does for vxlan and geneve. */
  readonly tunnel: boolean;
}

const KEY = `0x${'0'.repeat(40)}`;
const SCRIPT = `ip link add wwa type veth peer name wwb && ip link set wwa up
ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 1 mode tunnel aead 'rfc4106(gcm(aes))' ${KEY} 128 2>/dev/null && echo esp
/sbin/ip link add wwg type wireguard 2>/dev/null && echo kernel-wireguard
[ -c /dev/net/tun ] && echo tun
tc qdisc add dev wwa clsact && /sbin/tc filter add dev wwa egress pref 1 protocol ip flower dst_ip 192.0.2.0/24 action skbedit mark 0 pipe action tunnel_key set src_ip 192.0.2.1 dst_ip 192.0.2.2 id 1 dst_port 8472 nocsum 2>/dev/null && echo tunnel
echo end
`;

/** Test the kernel in a separate network namespace that is removed at once. The key of the test is zeros. */
export async function probeKernel(image: string): Promise<KernelAbility> {
  const argv = ['docker', 'run', '--rm', '--interactive', '--privileged', '--network', 'none', image, 'sh', '-s'];
  const { stdout } = await runOrThrow(argv, { place: 'docker', stdin: SCRIPT, timeoutMs: 60_000 });
  const said = new Set(stdout.split('\n'));
  if (!said.has('end')) throw new Error(`the probe of the kernel did not run to its end: ${stdout}`);
  const userspace = said.has('tun') ? 'userspace' : 'none';
  return { esp: said.has('esp'), wireguard: said.has('kernel-wireguard') ? 'kernel' : userspace, tunnel: said.has('tunnel') };
}
