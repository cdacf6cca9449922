import { randomBytes } from 'node:crypto';
import { connect, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { Kube } from '../../harness/kube/kube.ts';
import { waitFor } from '../../harness/kube/wait.ts';
import type { ClusterDescription, NodeDescription, PodDescription, ServiceDescription } from '../../harness/model/cluster.ts';
import { EnvironmentError } from '../../harness/model/environment-error.ts';
import { FAMILIES, type Family } from '../../harness/model/mode.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { UsageError } from '../../harness/model/usage-error.ts';
import { findProgram } from '../../harness/proc/find-program.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { openNodePorts } from '../demo/node-ports.ts';
import type { ClientOutside } from './names.ts';

/** Name of the client in flows. */
export const OUTSIDE = 'outside';

const FLAG = '--client-outside local';

/** Two ports of the nodes are opened for each node, of the 2768 that a cluster has (Kubernetes, --service-node-port-range). */
const MOST_NODES = 500;

/** How long a new port of a node may take until it answers. */
const ANSWER_MS = 120_000;
/** One attempt. */
const ATTEMPT_MS = 5_000;

/** Addresses of this machine, without those that only it can reach. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address.replace(/%.*$/, ''))
    .filter((address) => ipaddr.parse(address).range() !== 'linkLocal');
}

/**
 * Whether this machine can be a client outside, before anything is created.
 * @param own its addresses
 * @throws UsageError where it is a node or a pod of the cluster, or where there are more nodes than ports; EnvironmentError where the program
 *   that drives requests cannot run here
 */
export function expectOutside(nodes: readonly NodeDescription[], own: readonly string[] = ownAddresses()): void {
  if (nodes.length > MOST_NODES)
    throw new UsageError(
      `${FLAG}: opens two ports of the nodes for each of ${nodes.length} nodes, and ${MOST_NODES} is the most; choose some with --node-selector`,
    );
  if (process.env.KUBERNETES_SERVICE_HOST !== undefined)
    throw new UsageError(
      `${FLAG}: this program runs in a pod, which is not outside a cluster; run it on another machine, or leave the flag out`,
    );
  for (const address of own) {
    const whose = ownerOf(address, nodes, []);
    if (whose !== null)
      throw new UsageError(
        `${FLAG}: this machine has the address ${address} of ${whose}, so it is not outside the cluster; run it on a machine that is neither a node nor a pod, or leave the flag out`,
      );
  }
  if (process.platform !== 'linux')
    throw new EnvironmentError(`${FLAG}: the program that drives requests needs Linux, and this machine has ${process.platform}`);
  if (findProgram('perl') === undefined)
    throw new EnvironmentError(`${FLAG}: perl, which drives the requests, is not on the PATH; install it (perl-base is enough)`);
}

/** Whose address it is; null for one that the cluster does not have. */
function ownerOf(address: string, nodes: readonly NodeDescription[], pods: readonly PodDescription[]): string | null {
  const same = (other: string): boolean => ipaddr.parse(other).toString() === ipaddr.parse(address).toString();
  for (const { name, addresses, internalAddresses, podCidrs } of nodes) {
    if ([...addresses, ...internalAddresses].some(same)) return `the node ${name}`;
    const cidr = podCidrs.find((each) => contains(each, address));
    if (cidr !== undefined) return `the pod range ${cidr} of ${name}`;
  }
  const pod = pods.find(({ addresses }) => addresses.some(same));
  return pod === undefined ? null : `the pod ${pod.namespace}/${pod.name}`;
}

function contains(cidr: string, address: string): boolean {
  const [range, one] = [ipaddr.parseCIDR(cidr), ipaddr.parse(address)];
  return one.kind() === range[0].kind() && one.match(range);
}

/** A cluster whose ports are open. */
export interface OpenedCluster {
  /** Those that were reached. */
  readonly nodes: readonly NodeDescription[];
  readonly pods: readonly PodDescription[];
  readonly services: readonly ServiceDescription[];
  readonly families: readonly Family[];
  host(node: string): Shell;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a client outside needs: ports of the nodes, and its own addresses as the nodes see them. */
export interface OpenedToOutside {
  readonly ports: readonly ServiceDescription[];
  readonly client: ClusterDescription['outside'];
}

/** Opens ports of the nodes and finds the client's addresses; nothing where there is no client. */
export async function openToOutside(
  kube: Kube,
  { client, run, ...cluster }: Omit<OpenedCluster, 'services'> & { readonly client: ClientOutside | undefined; readonly run: string },
): Promise<OpenedToOutside> {
  if (client === undefined) return { ports: [], client: undefined };
  const ports = await openNodePorts(kube, cluster.pods, run);
  return { ports, client: { name: OUTSIDE, addresses: [...(await addressesSeen({ ...cluster, services: ports }))] } };
}

/**
 * Ask every node by a port that a pod of its own answers, and look at the request at its uplink: the client's address is the one that nodes
 * see, which an address translation on the way may have changed. What was not seen there would not be seen in the captures either. Asking also
 * waits until the new ports work.
 * @returns the client's addresses, as nodes see them
 * @throws EnvironmentError where a node is not reached in a family in which another one is, or none in any; UsageError where a node sees an
 *   address of the cluster
 */
export async function addressesSeen(cluster: OpenedCluster): Promise<readonly string[]> {
  const { nodes, pods, services, families, progress } = cluster;
  const found = new Set<string>();
  const unreached: string[] = [];
  for (const family of FAMILIES.filter((each) => families.includes(each))) {
    const tries = nodes.flatMap((node) => {
      const address = node.addresses.find((each) => isIPv4(each) === (family === 'ipv4'));
      const port = portOf(node, pods, services);
      return address === undefined || port === undefined ? [] : [{ node, address, port }];
    });
    const seen = await Promise.all(tries.map(async (each) => ({ ...each, ...(await ask(cluster, each)) })));
    const lost = seen.filter(({ from }) => from === null);
    const why = lost.map(({ node, address, port, problem }) => `${node.name} (${address}, TCP port ${port}): ${problem}`).join('; ');
    if (lost.length > 0 && lost.length < seen.length)
      throw new EnvironmentError(`${FLAG}: this machine reaches some nodes over ${family} and not others: ${why}`);
    if (lost.length > 0) {
      unreached.push(why);
      progress(`not tested: requests from outside over ${family}, because this machine reaches no node: ${why}`);
    }
    for (const { node, from } of seen) {
      const whose = from === null ? null : ownerOf(from, nodes, pods);
      if (whose !== null)
        throw new UsageError(
          `${FLAG}: ${node.name} sees the requests of this machine as from ${from} of ${whose}, so they do not come from outside the cluster; run it on another machine, or leave the flag out`,
        );
      if (from !== null) found.add(from);
    }
  }
  if (found.size === 0)
    throw new EnvironmentError(
      `${FLAG}: this machine reaches no port of a node: ${unreached.join('; ') || 'no node has an address of the claimed families'}`,
    );
  progress(`the client outside is this machine, which nodes see as ${[...found].join(', ')}`);
  return [...found];
}

/** A port of the node that its own pod answers and other nodes do not. */
function portOf({ name }: NodeDescription, pods: readonly PodDescription[], services: readonly ServiceDescription[]): number | undefined {
  const own = new Set(pods.filter(({ node }) => node === name).map((pod) => `${pod.namespace}/${pod.name}`));
  return services.find(({ nodePort, backends }) => nodePort?.kind === 'local' && backends.some((each) => own.has(each)))?.nodePort?.port;
}

interface Asked {
  readonly node: NodeDescription;
  readonly address: string;
  readonly port: number;
}

/** The address from which the node sees the request come; null, with the reason, where it does not. */
async function ask(
  { host, progress, signal }: OpenedCluster,
  { node, address, port }: Asked,
): Promise<{ from: string | null; problem: string }> {
  const token = randomBytes(16).toString('hex');
  const shell = host(node.name);
  const watch = await shell.start(['tcpdump', '-n', '-l', '-A', '-i', node.uplink, `dst host ${address} and tcp dst port ${port}`], {
    signal,
  });
  let problem = '';
  try {
    await watch.ready(/listening on /, LIMITS_MS.open);
    await waitFor({
      what: `port ${port} of ${node.name} to answer this machine`,
      limitMs: ANSWER_MS,
      progress,
      signal,
      look: async () => {
        const missing = await request(address, port, token);
        return missing === null ? { done: undefined } : { missing };
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    problem = error instanceof Error ? error.message : String(error);
  }
  const { stdout } = await watch.stop();
  const from = sourceOf(stdout, token);
  if (from !== null) return { from, problem };
  return { from, problem: problem || `it answers, but its uplink ${node.uplink} does not show the request` };
}

/** One request with a token; null when it was answered, else what came instead. */
function request(host: string, port: number, token: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ATTEMPT_MS });
    const end = (result: string | null): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Canary: ${token}\r\nConnection: close\r\n\r\n`));
    socket.on('data', (bytes) => end(bytes.toString('latin1').startsWith('HTTP/1.1 200') ? null : 'the answer is not that of a demo pod'));
    socket.on('timeout', () => end(`no answer within ${ATTEMPT_MS / 1000} s`));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.on('close', () => end('the connection was closed without an answer'));
  });
}

/** The source of the packet with a token, in what `tcpdump -n -A` prints; null without one. */
export function sourceOf(printed: string, token: string): string | null {
  let source: string | null = null;
  for (const line of printed.split('\n')) {
    const [, from] = /^\S+ IP6? (\S+)\.\d+ > \S+\.\d+: /.exec(line) ?? [];
    if (from !== undefined) source = from;
    else if (source !== null && line.includes(token)) return source;
  }
  return null;
}
