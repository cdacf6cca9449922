import type { ClusterDescription, NodeDescription } from '../../model/cluster.ts';

/** Where every agent's own Hubble listens (images/cilium/Dockerfile, HUBBLE_SERVER). */
const SERVER = 'unix:///var/run/cilium/hubble.sock';

/** Flows that are kept: of the pods of the run, and of the node's own address. */
const [OF_PODS, OF_NODE] = [1000, 100];

/**
 * The flows that the Hubble of a node calls encrypted (`--encrypted`, from 1.19, cilium/cilium #43096): the last ones of the pods of the run, and
 * of the node itself, whose packets carry them.
 */
export function hubbleCommands({ pods }: Pick<ClusterDescription, 'pods'>, { addresses }: Pick<NodeDescription, 'addresses'>): string[][] {
  const observe = (last: number, filter: string, values: Iterable<string>): string[] => [
    ...['hubble', 'observe', '--server', SERVER, '--last', String(last), '--encrypted', '-o', 'jsonpb'],
    ...[...values].flatMap((value) => [filter, value]),
  ];
  return [observe(OF_PODS, '--namespace', new Set(pods.map(({ namespace }) => namespace))), observe(OF_NODE, '--ip', addresses)];
}
