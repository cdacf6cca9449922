import { document } from '../plan/script.ts';
import type { PlanDifference } from './plan-difference.ts';

/** Batches of a script, each run only if it has lines. */
function script(batches: readonly (readonly [command: string, lines: readonly string[]])[], before: readonly string[] = []): string {
  const parts = [
    'set -e',
    ...before,
    ...batches.filter(([, lines]) => lines.length > 0).map(([command, lines]) => document(command, lines)),
  ];
  return `${parts.join('\n')}\n`;
}

/**
 * What has to be there, in an order in which nothing is sent before it can be protected: devices up, SAs, policies and peers, then what
 * marks and encapsulates, routes last. A node whose SAs work before its tunnel device is up answers what it decrypts with an ICMP error
 * that quotes the pod's packet in the clear.
 */
export function additionScript(difference: PlanDifference): string {
  const { sysctls, devices, ip, ip6, states, policies, tc, nft, wireguard } = difference;
  const prepared = [
    ...sysctls.map(([path, value]) => `echo ${value} >/proc/sys/${path}`),
    ...devices.map(([name, args]) => `[ -d /proc/sys/net/ipv4/conf/${name} ] || ip link add ${name} ${args}`),
  ];
  const isLink = (line: string): boolean => line.startsWith('link set ');
  return script(
    [
      ['ip -batch -', ip.filter(isLink)],
      ...wireguard.map(([device, text]) => [`wg syncconf ${device} /proc/self/fd/0`, text.split('\n')] as const),
      ['ip -batch -', [...states, ...policies]],
      ['nft -f -', nft],
      ['tc -batch -', tc],
      ['ip -batch -', ip.filter((line) => !isLink(line))],
      ['ip -6 -batch -', ip6],
    ],
    prepared,
  );
}

/** What to remove, in the reverse order: routes first, so that nothing is sent any more when its protection is removed. */
export function removalScript({ gone }: PlanDifference): string {
  return script([
    ['ip -batch -', gone.ip],
    ['ip -6 -batch -', gone.ip6],
    ['tc -batch -', gone.tc],
    ['ip -batch -', [...gone.policies, ...gone.states]],
  ]);
}

/** Only the lines for SAs and policies, added or deleted. */
export function xfrmScript(lines: readonly string[]): string {
  return script([['ip -batch -', lines]]);
}

/** Only the marking of outgoing packets, which decides their key. */
export function markingScript({ nft, tc }: Pick<PlanDifference, 'nft' | 'tc'>): string {
  return script([
    ['nft -f -', nft],
    ['tc -batch -', tc],
  ]);
}
