import { LayoutError } from './layout-error.ts';
import { perFamily, type View } from './topology.ts';

/** Shell lines that name what is left of a layout on a node: SAs, policies, rules, table 200, devices, the nft table. */
export function leftoverProbe(view: View): string {
  const ip = perFamily(view).map(({ self }) => (self.family === 'ipv6' ? 'ip -6' : 'ip'));
  return `echo '#state'; ip xfrm state list nokeys | grep '^src' || :
echo '#policy'; ip xfrm policy list | grep '^src' || :
echo '#rule'; ${ip.map((tool) => `${tool} rule | grep -E 'lookup (200|201|202|2004)$' || :`).join('; ')}
echo '#route'; ${ip.map((tool) => `${tool} route show table 200 2>/dev/null || :`).join('; ')}
echo '#device'; for d in cilium_host cilium_net cilium_vxlan cilium_geneve cilium_wg0; do [ ! -d /proc/sys/net/ipv4/conf/$d ] || echo $d; done
echo '#nft'; nft list tables | grep cilium_datapath || :
echo '#end'
`;
}

/**
 * Make sure nothing of a layout is left on a node, from what {@link leftoverProbe} printed.
 * @throws LayoutError with what is left, or when the output is not whole
 */
export function expectClean(node: string, output: string): void {
  const lines = output.split('\n').filter((line) => line !== '');
  // An incomplete output of the probe would look clean.
  if (lines[0] !== '#state' || lines.at(-1) !== '#end')
    throw new LayoutError(node, 'the probe for leftovers did not run to its end', output);
  const left: string[] = [];
  let section = '';
  for (const line of lines) {
    if (line.startsWith('#')) section = line.slice(1);
    else left.push(`${section} ${line}`);
  }
  if (left.length > 0) throw new LayoutError(node, 'not clean after disabling', left.join('; '));
}
