import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { PodDescription } from '../../model/cluster.ts';
import type { Family } from '../../model/mode.ts';
import type { NodePairs } from '../../model/node-pairs.ts';
import type { FlowEnd } from '../../model/recording.ts';
import { type LoadFlow, SERVED_AT } from './planned-flow.ts';

/**
 * Streams of a window: from each source pod to each destination pod on a node that its own is paired with, TCP, UDP and ICMP, for each family, each with its own
 * canary.
 *
 * @param canary 16 random bytes in hex; a parameter so that tests can know them.
 */
export function planLoad(
  sources: readonly PodDescription[],
  destinations: readonly PodDescription[],
  families: readonly Family[],
  pairs: Pick<NodePairs, 'has'>,
  canary: () => string = () => randomBytes(16).toString('hex'),
): LoadFlow[] {
  return families.flatMap((family) => {
    const to = destinations.flatMap((pod) => podEnd(pod, family));
    return sources
      .flatMap((pod) => podEnd(pod, family))
      .flatMap((source) =>
        to
          .filter((destination) => pairs.has(source.node ?? '', destination.node ?? ''))
          .flatMap((destination) =>
            (['tcp', 'udp', 'icmp'] as const).map((protocol): LoadFlow => {
              const id = ['load', 'pod-pod', protocol, family, source.name, destination.name].join('/');
              const ends = { source, destination, port: SERVED_AT[protocol], canary: canary() };
              return { id, path: 'pod-pod', family, protocol, ...ends, count: 0, bytes: 0 };
            }),
          ),
      );
  });
}

/** The first pod of each node, in the order of the nodes' first appearance. */
export function firstPods(pods: readonly PodDescription[]): PodDescription[] {
  return [...Map.groupBy(pods, (pod) => pod.node).values()].flatMap((onNode) => onNode.slice(0, 1));
}

function podEnd(pod: PodDescription, family: Family): FlowEnd[] {
  const address = pod.addresses.find((candidate) => isIP(candidate) === (family === 'ipv6' ? 6 : 4));
  return address === undefined ? [] : [{ name: `${pod.namespace}/${pod.name}`, kind: 'pod', node: pod.node, address }];
}
