import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { ClusterDescription } from '../../model/cluster.ts';
import { UDP_ECHO_PORT } from '../../model/demo-ports.ts';
import type { Family } from '../../model/mode.ts';
import type { FlowEnd, TrafficRecord } from '../../model/recording.ts';
import { reachedNodes } from '../../model/scope.ts';
import type { Shell } from '../../model/shell.ts';
import { LIMITS_MS } from '../../proc/limits.ts';
import { asUnanswered } from '../../proc/unanswered.ts';
import { collectSnapshot } from '../collect.ts';
import type { RecordingSession } from '../session.ts';
import { ANSWER_MS } from '../traffic/waits.ts';
import { type InboundEnds, inboundPacket } from './inbound-packet.ts';
import { inboundFilter, watchUplink } from './watch-uplink.ts';

/** Source port of the packet, which its answer goes to. Below the ports that kernels give to clients (ip_local_port_range). */
const SOURCE_PORT = 19_000;

/** The programs, read once. */
const listener = readFile(new URL('./listen.pl', import.meta.url), 'utf8');
const injector = readFile(new URL('./inject.pl', import.meta.url), 'utf8');

interface End {
  readonly pod: FlowEnd;
  /** Its node: the name, the IPv4 address, the interface towards the other nodes. */
  readonly name: string;
  readonly node: string;
  readonly uplink: string;
}

/**
 * Send one packet of each family between two pods in the clear, as somebody on the wire could, and see whether the second pod answers it:
 * the first pod, whose address the packet has as its source, waits for the answer. Nothing where nobody may send it, where there are no
 * two nodes with pods, or where TLS is claimed. It comes after all captures, so that the packet is no leak in any of them.
 */
export async function tryInbound(session: RecordingSession): Promise<void> {
  const { cluster, intent, writer } = session;
  const { injector } = cluster;
  // The packet is UDP, which a TLS mesh leaves clear: pods take it by design.
  if (injector === undefined || intent.mode === 'tls') return;
  const tries = intent.families.flatMap((family) => {
    const ends = inboundEnds(cluster.description, family);
    return ends === null ? [] : [{ family, ends }];
  });
  if (tries.length === 0) return;
  const all = tries.map((each) => ({ ...each, own: planned('own', each), injected: planned('injected', each) }));
  const flows = all.flatMap(({ own, injected }) => [own, injected]);
  writer.event('traffic-planned', { phase: 'inbound', flows: Object.fromEntries(flows.map(({ id, canary }) => [id, canary])) });
  for (const each of all) await tryOne(session, injector(each.ends[0].name), each);
  writer.event('traffic-ended', { phase: 'inbound' });
  await collectSnapshot(session, 'inbound');
}

interface Try {
  readonly family: Family;
  readonly ends: readonly [End, End];
}

function planned(what: string, { family, ends: [source, destination] }: Try): Planned {
  return {
    phase: 'inbound',
    id: `inbound/${what}/udp/${family}/${source.pod.name}/${destination.pod.name}`,
    path: 'pod-pod',
    family,
    protocol: 'udp',
    source: source.pod,
    destination: destination.pod,
    port: UDP_ECHO_PORT,
    canary: randomBytes(16).toString('hex'),
    answeredBy: [],
  };
}

async function tryOne(
  { cluster, intent, writer, progress, signal }: RecordingSession,
  from: Shell,
  { ends: [source, destination], own, injected }: Try & { readonly own: Planned; readonly injected: Planned },
): Promise<void> {
  progress(`sending a readable packet by ${from.name} as if from ${source.pod.address} (${source.pod.name}) to ${destination.pod.name}`);
  const ends: InboundEnds = {
    pods: [source.pod.address, destination.pod.address],
    nodes: [source.node, destination.node],
    ports: [SOURCE_PORT, UDP_ECHO_PORT],
  };
  const packet = inboundPacket(ends, intent.routing, injected.canary);
  const { name, uplink } = destination;
  const startedAt = writer.now();
  const seen = await watchUplink(cluster.host(name), uplink, inboundFilter(ends, intent.routing), signal);
  const answers = await waitFor(cluster.workloads.shell(source.pod.name), [own, injected], signal, async () => {
    const argv = ['perl', '-', destination.node, packet.toString('hex')];
    return await from.run(argv, { stdin: await injector, timeoutMs: LIMITS_MS.read }).catch(asUnanswered(argv));
  });
  const { frames, problem } = await seen(injected.canary);
  const times = { startedAt, endedAt: writer.now() };
  const note = [answers.problem, problem].filter((text) => text !== '').join('; ');
  writer.traffic([
    { ...own, sent: 1, answered: answers.own ? 1 : 0, ...times, note: answers.problem },
    { ...injected, sent: answers.sent ? 1 : 0, answered: answers.injected ? 1 : 0, arrived: frames, ...times, note },
  ]);
}

type Planned = Omit<TrafficRecord, 'sent' | 'answered' | 'arrived' | 'startedAt' | 'endedAt' | 'note'>;

interface Answers {
  readonly own: boolean;
  readonly sent: boolean;
  readonly injected: boolean;
  /** What a program printed when something went wrong, else empty. */
  readonly problem: string;
}

/** Start the listener in the first pod, inject when it waits, and read what it got until the time for an answer is over. */
async function waitFor(
  pod: Shell,
  [own, injected]: readonly [Planned, Planned],
  signal: AbortSignal | undefined,
  inject: () => ReturnType<Shell['run']>,
): Promise<Answers> {
  const hex = (address: string) => Buffer.from(ipaddr.parse(address).toByteArray()).toString('hex');
  const [to, from] = [own.destination.address, own.source.address];
  const limits = [ANSWER_MS, LIMITS_MS.read + ANSWER_MS];
  const words = [hex(from), SOURCE_PORT, hex(to), UDP_ECHO_PORT, own.canary, injected.canary, ...limits].map(String);
  const argv = ['perl', '-e', await listener, '--', ...words];
  const command = await pod.start(argv, signal === undefined ? {} : { signal });
  const waiting = await command.ready(/^waiting$/, LIMITS_MS.open).then(
    () => '',
    (error: Error) => error.message,
  );
  if (waiting !== '') {
    const { stderr } = await command.stop().catch(asUnanswered(argv));
    return { own: false, sent: false, injected: false, problem: `${pod.name}: ${stderr.trim() || waiting}` };
  }
  const { exitCode, stderr } = await inject();
  // No answer is an answer too: what the listener printed is read below.
  if (exitCode === 0) await command.ready(/^answered$/, ANSWER_MS).catch(() => {});
  const { stdout, stderr: said } = await command.stop().catch(asUnanswered(argv));
  const lines = stdout.split('\n');
  return {
    own: lines.includes('own answered'),
    sent: exitCode === 0,
    injected: lines.includes('answered'),
    problem: [exitCode === 0 ? '' : `not injected: ${stderr.trim()}`, said.trim()].filter((text) => text !== '').join('; '),
  };
}

/**
 * The first pod of each of the first two nodes that have one of the family, with the IPv4 address of its node, by which the node is found
 * on the link and between which tunnels run; null where there are not two.
 */
export function inboundEnds(cluster: ClusterDescription, family: Family): readonly [End, End] | null {
  const isOf = family === 'ipv4' ? isIPv4 : isIPv6;
  const ends = reachedNodes(cluster).flatMap((node): readonly End[] => {
    const pod = cluster.pods.find((each) => each.node === node.name && each.addresses.some(isOf));
    const own = pod?.addresses.find(isOf);
    const address = node.addresses.find(isIPv4);
    if (pod === undefined || own === undefined || address === undefined) return [];
    const end: FlowEnd = { name: `${pod.namespace}/${pod.name}`, kind: 'pod', node: node.name, address: own };
    return [{ pod: end, name: node.name, node: address, uplink: node.uplink }];
  });
  const [source, destination] = ends;
  return source === undefined || destination === undefined ? null : [source, destination];
}
