import type { ClusterDescription } from '../../model/cluster.ts';
import { LOG_CUT } from '../../model/recording.ts';
import type { Collector } from '../collector.ts';
import { httpGet } from '../http-get.ts';
import { logCommand } from '../log-command.ts';
import { ADMIN_PORT, ZTUNNEL_CONTAINER } from './tls.ts';

/** Collectors of a ztunnel's outputs. */
export const ZTUNNEL_COLLECTORS = { log: 'proxy-log', dump: 'proxy-config-dump' } as const;

/** The log of a node's ztunnel, of which only the lines about pods on record are kept: others name workloads that are not examined. */
export function accessLogOf(
  node: string,
  { namespace, selector }: { readonly namespace: string; readonly selector: string },
  { pods }: ClusterDescription,
): Collector {
  const addresses = pods.flatMap((pod) => pod.addresses);
  const isOurs = (line: string): boolean =>
    line.includes('access') && addresses.some((address) => line.includes(`addr=${address}:`) || line.includes(`addr=[${address}]:`));
  return {
    collector: ZTUNNEL_COLLECTORS.log,
    shell: 'api',
    argv: logCommand({ namespace, selector, node, container: ZTUNNEL_CONTAINER }),
    node,
    redact: (output) =>
      output
        .split('\n')
        .filter((line) => isOurs(line) || line === LOG_CUT)
        .map((line) => `${line}\n`)
        .join(''),
  };
}

/**
 * The certificates of a ztunnel in the network namespace of its node, from its configuration dump. Nothing else of the dump is kept: it has
 * every workload of the cluster.
 */
export function configDumpOf(node: string): Collector {
  return {
    collector: ZTUNNEL_COLLECTORS.dump,
    shell: 'host',
    argv: ['bash', '-c', httpGet('127.0.0.1', ADMIN_PORT, '/config_dump')],
    node,
    redact: (output) => (output.trim() === '' ? output : keptOf(output)),
  };
}

function keptOf(output: string): string {
  const { certificates = null } = JSON.parse(output) as { certificates?: unknown };
  return `${JSON.stringify({ certificates }, null, 1)}\n`;
}
