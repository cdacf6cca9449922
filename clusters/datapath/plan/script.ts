import type { NodePlan } from './node-plan.ts';

/**
 * The plan as one POSIX shell script for standard input. Each batch starts one program: under emulation each start costs 50 ms. The
 * here-documents keep keys out of argument lists; dash passes them through pipes, not files.
 */
export function planScript(plan: NodePlan): string {
  const parts = ['set -e'];
  // Defaults come before the devices that inherit them, settings of a device after it exists.
  const own = (path: string) =>
    plan.devices.some(([name, args]) => [name, ...args.split(' ')].some((word) => path.includes(`/conf/${word}/`)));
  const write = ([path, value]: NodePlan['sysctls'][number]) => `echo ${value} >/proc/sys/${path}`;
  parts.push(...plan.sysctls.filter(([path]) => !own(path)).map(write));
  // /proc/sys/net lists the devices of the caller's own network namespace, without starting a program.
  for (const [name, args] of plan.devices) parts.push(`[ -d /proc/sys/net/ipv4/conf/${name} ] || ip link add ${name} ${args}`);
  parts.push(...plan.sysctls.filter(([path]) => own(path)).map(write));
  // Not /dev/stdin: a small machine has no such link.
  for (const [device, text] of plan.wireguard) parts.push(document(`wg setconf ${device} /proc/self/fd/0`, text.split('\n')));
  if (plan.ip.length + plan.xfrm.length > 0) parts.push(document('ip -batch -', [...plan.ip, ...plan.xfrm]));
  if (plan.ip6.length > 0) parts.push(document('ip -6 -batch -', plan.ip6));
  if (plan.nft.length > 0) parts.push(document('nft -f -', plan.nft));
  if (plan.tc.length > 0) parts.push(document('tc -batch -', plan.tc));
  return `${parts.join('\n')}\n`;
}

/** Deletions that tolerate absence: `-force` continues after a line that found nothing. The result is verified afterwards. */
export function forcedScript(plan: Pick<NodePlan, 'ip' | 'ip6' | 'tc' | 'nft'>): string {
  const parts: string[] = [];
  if (plan.tc.length > 0) parts.push(document('tc -force -batch - >/dev/null 2>&1', plan.tc));
  if (plan.nft.length > 0) parts.push(document('nft -f -', plan.nft));
  if (plan.ip.length > 0) parts.push(document('ip -force -batch - >/dev/null 2>&1', plan.ip));
  if (plan.ip6.length > 0) parts.push(document('ip -6 -force -batch - >/dev/null 2>&1', plan.ip6));
  parts.push(':');
  return `${parts.join('\n')}\n`;
}

/** One batch for a program's standard input. @throws RangeError for a line that would end it */
export function document(command: string, lines: readonly string[]): string {
  if (lines.includes('END')) throw new RangeError(`a batch for ${command} has the line END, which would end it`);
  return `${command} <<'END'\n${lines.join('\n')}\nEND`;
}
