import type { AnyCheck } from '../judge/check.ts';
import type { ClusterDescription } from '../model/cluster.ts';
import type { Mode } from '../model/mode.ts';
import type { Finding } from '../model/verdict.ts';
import type { FindingText } from './finding-text.ts';
import { healthyOutputs } from './healthy-outputs.ts';
import { buildRecording, type OutputParts } from './recording.ts';
import { checkOf, judgeState, type SampleChange } from './sample-judge.ts';
import { twoNodes } from './two-nodes.ts';

/** An IPv4 text of the sample with IPv6 addresses; node 1 has `fd00:10:0:1::/64`. */
export function inIpv6(text: string): string {
  return text
    .replace(/\b10\.0\.(\d)\.0\/24/g, 'fd00:10:0:$1::/64')
    .replace(/\b10\.0\.(\d)\.(\d+)/g, (_, node: string, host: string) => `fd00:10:0:${node}::${Number(host).toString(16)}`)
    .replace(/\b172\.18\.0\.(\d+)/g, 'fd00:172:18::$1')
    .replace(/\b0\.0\.0\.0\b/g, '::')
    .replace(/ (via \S+|scope host) /g, ' ')
    .replace(/\/32\b/g, '/128');
}

/** The sample's cluster with both families. */
export const dualCluster: ClusterDescription = {
  ...twoNodes,
  nodes: twoNodes.nodes.map((node) => ({
    ...node,
    addresses: node.addresses.flatMap((a) => [a, inIpv6(a)]),
    podCidrs: node.podCidrs.flatMap((a) => [a, inIpv6(a)]),
    internalAddresses: node.internalAddresses.flatMap((a) => [a, inIpv6(a)]),
  })),
  pods: twoNodes.pods.map((pod) => ({ ...pod, addresses: pod.addresses.flatMap((a) => [a, inIpv6(a)]) })),
};

/** Blocks of a multi-line listing, each from a line that starts with `src`; those of the node pair are left out. */
function podBlocks(text: string): string {
  return text
    .split(/^(?=src )/m)
    .filter((block) => !/^src 172\./.test(block))
    .join('');
}

/** The outputs of an IPv6 cluster, in addition to or instead of those of the sample. */
function withIpv6(output: OutputParts): readonly OutputParts[] {
  const { collector, stdout } = output;
  switch (collector) {
    case 'xfrm-state':
    case 'xfrm-policy':
      return [{ ...output, stdout: `${stdout}${inIpv6(podBlocks(stdout))}` }];
    case 'ip-rule':
      return [output, { ...output, collector: 'ip-rule-6' }];
    case 'ip-route-200':
      return [output, { ...output, argv: ['ip', '-6', 'route', 'show', 'table', '200'], stdout: inIpv6(stdout) }];
    case 'ip-route':
      return [{ ...output, stdout: `${stdout}${inIpv6(stdout.replace(/^default.*\n/, ''))}` }];
    case 'ip-route-get':
      return [output, { ...output, argv: (output.argv ?? []).map(inIpv6), stdout: inIpv6(stdout).replace(/\n.*$/s, '\n') }];
    case 'wg-allowed-ips':
      return [{ ...output, stdout: stdout.replace(/\t(\S+)/g, (_, range: string) => `\t${range} ${inIpv6(range)}`) }];
    default:
      return [output];
  }
}

/** Judge the healthy dual stack sample, or what a test made of it, by the check of that id. */
export async function judgeDual(
  checks: readonly AnyCheck[],
  id: string,
  mode: Exclude<Mode, 'tls' | 'none'>,
  change: Omit<SampleChange, 'captures' | 'traffic'> = {},
): Promise<FindingText<Finding>> {
  const check = checkOf(checks, id);
  const outputs = healthyOutputs(mode)
    .flatMap(withIpv6)
    .flatMap((output) => (change.output ?? ((o) => o))(output) ?? []);
  const intent = { mode, families: ['ipv4', 'ipv6'] as const, ...change.intent };
  return judgeState(buildRecording({ intent, cluster: dualCluster, outputs }), check);
}
