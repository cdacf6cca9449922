import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import type { ClusterDescription, NodeDescription, PodDescription } from '../../model/cluster.ts';
import { UDP_ECHO_PORT } from '../../model/demo-ports.ts';
import type { FlowEnd, TrafficRecord } from '../../model/recording.ts';
import { reachedNodes } from '../../model/scope.ts';
import type { Shell } from '../../model/shell.ts';
import { LIMITS_MS } from '../../proc/limits.ts';
import { asUnanswered } from '../../proc/unanswered.ts';
import { collectSnapshot } from '../collect.ts';
import type { RecordingSession } from '../session.ts';
import { ANSWER_MS } from '../traffic/waits.ts';
import { inboundPacket } from './inbound-packet.ts';

/** Source port of the packet, which its answer goes to. Below the ports that kernels give to clients (ip_local_port_range). */
const SOURCE_PORT = 19_000;

/** The programs, read once. */
const listener = readFile(new URL('./listen.pl', import.meta.url), 'utf8');
const injector = readFile(new URL('./inject.pl', import.meta.url), 'utf8');

interface End {
  readonly pod: FlowEnd;
  readonly node: string;
}

/**
 * Send one packet between two pods in the clear from outside the cluster, as somebody on the wire could, and see whether the second pod
 * answers it: the first pod, whose address the packet has as its source, waits for the answer. Nothing where the cluster has no client
 * outside, or no two nodes with pods and IPv4. It comes after all captures, so that the packet is no leak in any of them.
 */
export async function tryInbound(session: RecordingSession): Promise<void> {
  const { cluster, intent, writer, progress, signal } = session;
  const ends = intent.families.includes('ipv4') ? inboundEnds(cluster.description) : null;
  if (cluster.outside === undefined || ends === null) return;
  const [source, destination] = ends;
  progress(`sending a readable packet from outside as if from ${source.pod.name} to ${destination.pod.name}`);
  const planned = (what: string): Planned => ({
    phase: 'inbound',
    id: `inbound/${what}/udp/ipv4/${source.pod.name}/${destination.pod.name}`,
    path: 'pod-pod',
    family: 'ipv4',
    protocol: 'udp',
    source: source.pod,
    destination: destination.pod,
    port: UDP_ECHO_PORT,
    canary: randomBytes(16).toString('hex'),
    answeredBy: [],
  });
  const [own, injected] = [planned('own'), planned('injected')];
  writer.event('traffic-planned', { phase: 'inbound', flows: Object.fromEntries([own, injected].map(({ id, canary }) => [id, canary])) });
  const packet = inboundPacket(
    {
      pods: [source.pod.address, destination.pod.address],
      nodes: [source.node, destination.node],
      ports: [SOURCE_PORT, UDP_ECHO_PORT],
    },
    intent.routing,
    injected.canary,
  );
  const startedAt = writer.now();
  const answers = await waitFor(cluster.workloads.shell(source.pod.name), [own, injected], signal, async () => {
    const argv = ['perl', '-', destination.node, packet.toString('hex')];
    return await cluster.outside!.run(argv, { stdin: await injector, timeoutMs: LIMITS_MS.read }).catch(asUnanswered(argv));
  });
  const times = { startedAt, endedAt: writer.now() };
  writer.traffic([
    { ...own, sent: 1, answered: answers.own ? 1 : 0, ...times, note: answers.problem },
    { ...injected, sent: answers.sent ? 1 : 0, answered: answers.injected ? 1 : 0, ...times, note: answers.problem },
  ]);
  writer.event('traffic-ended', { phase: 'inbound' });
  await collectSnapshot(session, 'inbound');
}

type Planned = Omit<TrafficRecord, 'sent' | 'answered' | 'startedAt' | 'endedAt' | 'note'>;

interface Answers {
  readonly own: boolean;
  readonly sent: boolean;
  readonly injected: boolean;
  /** What a program printed when something went wrong, else empty. */
  readonly problem: string;
}

/** Start the listener in the first pod, inject when it waits, and read what it got. */
async function waitFor(
  pod: Shell,
  [own, injected]: readonly [Planned, Planned],
  signal: AbortSignal | undefined,
  inject: () => ReturnType<Shell['run']>,
): Promise<Answers> {
  const hex = (address: string) => Buffer.from(address.split('.').map(Number)).toString('hex');
  const [to, from] = [own.destination.address, own.source.address];
  const words = [hex(from), SOURCE_PORT, hex(to), UDP_ECHO_PORT, own.canary, injected.canary, ANSWER_MS].map(String);
  const command = await pod.start(['perl', '-e', await listener, '--', ...words], signal === undefined ? {} : { signal });
  const waiting = await command.ready(/^waiting$/, LIMITS_MS.open).then(
    () => '',
    (error: Error) => error.message,
  );
  if (waiting !== '') {
    const { stderr } = await command.stop();
    return { own: false, sent: false, injected: false, problem: `${pod.name}: ${stderr.trim() || waiting}` };
  }
  const { exitCode, stderr } = await inject();
  const { stdout, stderr: said } = await command.ended;
  const lines = stdout.split('\n');
  return {
    own: lines.includes('own answered'),
    sent: exitCode === 0,
    injected: lines.includes('answered'),
    problem: [exitCode === 0 ? '' : `not injected: ${stderr.trim()}`, said.trim()].filter((text) => text !== '').join('; '),
  };
}

/** The first pod of each of the first two nodes that have one, with the address of its node; null where there are not two. */
export function inboundEnds(cluster: ClusterDescription): readonly [End, End] | null {
  const ends = reachedNodes(cluster).flatMap((node): readonly End[] => {
    const pod = cluster.pods.find((each) => each.node === node.name && each.addresses.some(isIPv4));
    const address = ipv4Of(node);
    if (pod === undefined || address === undefined) return [];
    return [{ pod: { name: `${pod.namespace}/${pod.name}`, kind: 'pod', node: node.name, address: ipv4Of(pod)! }, node: address }];
  });
  const [source, destination] = ends;
  return source === undefined || destination === undefined ? null : [source, destination];
}

function ipv4Of({ addresses }: NodeDescription | PodDescription): string | undefined {
  return addresses.find(isIPv4);
}
