import type { Lab } from '../../../clusters/lab/lab.ts';
import { netnsOf } from '../../../clusters/lab/topology/plan.ts';
import { succeeded } from '../../proc/run.ts';

/** Milliseconds by which the wire delays each frame while both nodes start: much more than the time between the two starts. */
export const HELD_MS = 300;

/**
 * Sends one datagram from each of two network namespaces while the wire delays frames, and ends the delay when both handshakes have passed.
 * Arguments: the ports of the bridge, `--`, then for each end namespace and address to send to. 308 is setns on x86-64.
 */
const START_BOTH = `use strict; my (@ports, @ends);
while (@ARGV) { my $port = shift @ARGV; last if $port eq '--'; push @ports, $port }
while (@ARGV) { push @ends, [splice @ARGV, 0, 2] }
open(my $own, '<', '/proc/self/ns/net') or die "own namespace: $!\\n";
my @sockets = map { my ($netns, $to) = @$_;
  open(my $file, '<', "/run/netns/$netns") or die "$netns: $!\\n"; syscall(308, fileno($file), 0) == 0 or die "setns: $!\\n";
  socket(my $s, 2, 2, 0) or die "socket: $!\\n"; connect($s, pack('S n C4 x8', 2, 9000, split /[.]/, $to)) or die "connect: $!\\n"; $s } @ends;
syscall(308, fileno($own), 0) == 0 or die "setns: $!\\n";
for my $port (@ports) { system("tc qdisc add dev $port root netem delay ${HELD_MS}ms") == 0 or die "$port: netem\\n" }
for my $s (@sockets) { defined send($s, 'crossing', 0) or die "send: $!\\n" }
select(undef, undef, undef, ${(3 * HELD_MS) / 1000});
for my $port (@ports) { system("tc qdisc del dev $port root") == 0 or die "$port: netem\\n" }`;

/** Milliseconds by which a slow wire delays each frame, always. */
const SLOW_MS = 50;

/** Removes a node's WireGuard sessions: every peer is removed and added again with the same settings. The key stays in the guest's pipe. */
const FORGET_SESSIONS = ['dash', '-c', 'wg showconf cilium_wg0 | wg setconf cilium_wg0 /proc/self/fd/0'];

const PORTS = ['w1', 'w2'];

async function forgetSessions(lab: Lab): Promise<void> {
  for (const { name } of lab.description.nodes) succeeded(await lab.host(name).run(FORGET_SESSIONS), name);
}

/**
 * Remove the sessions of the two nodes and let both start a handshake at the same moment, so that their initiations cross: each then
 * replaces its own by that of the other, and nothing passes between them until WireGuard tries again.
 */
export async function crossInitiations(lab: Lab): Promise<void> {
  const [a, b] = lab.description.nodes.map(({ name }) => lab.description.pods.find(({ node }) => node === name));
  if (a === undefined || b === undefined) throw new RangeError('two nodes with a pod each are needed');
  await forgetSessions(lab);
  const ends = [a, b].flatMap((pod, index) => [netnsOf(pod.namespace, pod.name), [b, a][index]?.addresses[0] ?? '']);
  succeeded(await lab.root.run(['perl', '-e', START_BOTH, '--', ...PORTS, '--', ...ends]), 'lab');
}

/** Remove the sessions of the two nodes, and make the wire so slow that handshakes of both cross if they start within a tenth of a second. */
export async function slowWire(lab: Lab): Promise<void> {
  await forgetSessions(lab);
  for (const port of PORTS)
    succeeded(await lab.root.run(['tc', 'qdisc', 'replace', 'dev', port, 'root', 'netem', 'delay', `${SLOW_MS}ms`]), 'lab');
}
