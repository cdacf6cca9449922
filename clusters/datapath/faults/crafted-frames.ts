import { UDP_ECHO_PORT } from '../../../harness/model/demo-ports.ts';
import { ethernetBytes, geneveWithOption, ipv4Bytes, PROTOCOL, TUNNEL_PORT, udpBytes } from '../../../harness/stacks/frame-bytes.ts';
import { applyScript } from '../apply.ts';
import type { DatapathContext } from '../context.ts';
import { LAB_WIREGUARD_PORT } from '../plan/wireguard.ts';
import type { View } from '../topology.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, type Pair } from './on-first-node.ts';

const FRAMES = 5;

/** Instead of a canary, which only the recorder knows: the ends of a driven flow must be found. */
const PLAINTEXT = Buffer.from('plaintext of a crafted frame '.repeat(4), 'latin1');

/**
 * Sends a frame unchanged on an interface by a packet socket: below routing, policies and address translation. Its mark is the one that
 * passes WireGuard's redirect. perl-base without modules; constants are Linux's (asm-generic).
 */
const sender = (uplink: string, frame: Buffer, frames: number) => `exec perl -e '
my ($packet, $raw, $index, $mark) = (17, 3, 0x8933, 36);
socket(my $s, $packet, $raw, 0) or die "packet socket: $!\\n";
setsockopt($s, 1, $mark, pack("i", 0xe00)) or die "mark: $!\\n";
my $request = pack("a16 x24", "${uplink}"); ioctl($s, $index, $request) or die "${uplink}: $!\\n";
my $to = pack("S n i S C C a8", $packet, 0x0800, unpack("x16 i", $request), 0, 0, 6, "");
for (1 .. ${frames}) { defined send($s, pack("H*", "${frame.toString('hex')}"), 0, $to) or die "send: $!\\n" }'
`;

/** Sends the same frame many times from a node's uplink, below everything that encrypts. */
export async function sendFrames(
  context: DatapathContext,
  { view, frame, frames }: { readonly view: View; readonly frame: Buffer; readonly frames: number },
  what: string,
): Promise<void> {
  const { name, uplink } = view.self;
  await applyScript(context.options.host(name), sender(uplink, frame, frames), what);
}

const crafted = (id: string, what: string, why: string, cells: DatapathFault['cells'], frame: (pair: Pair) => Buffer): DatapathFault => ({
  id,
  what,
  like: '',
  when: 'during-traffic',
  scenario: 'steady',
  cells,
  why,
  inject: async (context) => {
    const pair = anyPair(context, id);
    await sendFrames(context, { view: pair.view, frame: frame(pair), frames: FRAMES }, `fault ${id}`);
  },
});

/** A datagram of the flow from the first pod of the first node to the first pod of its peer. */
function podDatagram({ view, peer }: Pair): Buffer {
  return ipv4Bytes(podOf(view.self), podOf(peer), PROTOCOL.udp, udpBytes(40_000, UDP_ECHO_PORT, PLAINTEXT));
}

function podOf({ name, pods }: Pair['peer'] | Pair['view']['self']): string {
  const [pod] = pods;
  if (pod === undefined) throw new RangeError(`a crafted frame needs a pod on ${name}`);
  return pod.address;
}

const cells = (reddens: string) => [cell({ mode: 'ipsec' }, reddens, 'WIR-10'), cell({ mode: 'wireguard' }, reddens, 'WIR-10')];
const FOUND = cells('WIR-01 WIR-11');
const READABLE =
  'the frame carries no canary, so the addresses of a driven flow must be found in it, at any depth; the large flow of the same pods has them too (WIR-10); nothing else in the cluster is touched';

export const IN_GENEVE_OPTIONS = crafted('L28a', 'a pod packet is readable inside Geneve with options', READABLE, FOUND, (pair) =>
  ethernetBytes(
    ipv4Bytes(
      pair.view.self.underlay,
      pair.peer.underlay,
      PROTOCOL.udp,
      udpBytes(50_000, TUNNEL_PORT.geneve, geneveWithOption(ethernetBytes(podDatagram(pair)))),
    ),
  ),
);

export const IN_VLAN = crafted('L28b', 'a pod packet is readable behind a VLAN tag', READABLE, FOUND, (pair) =>
  ethernetBytes(podDatagram(pair), 42),
);

export const IN_IPIP = crafted('L28c', 'a pod packet is readable inside IP-in-IP', READABLE, FOUND, (pair) =>
  ethernetBytes(ipv4Bytes(pair.view.self.underlay, pair.peer.underlay, PROTOCOL.ipip, podDatagram(pair))),
);

export const LATER_FRAGMENT = crafted(
  'L28d',
  'a fragment of a pod packet that is not its first is readable',
  'a later fragment has no ports and no canary of its own: it may belong to any flow of its addresses, and failing closed means that it does; what it is of cannot be accounted for (WIR-04)',
  cells('WIR-01 WIR-04 WIR-11'),
  ({ view, peer }) => ethernetBytes(ipv4Bytes(podOf(view.self), podOf(peer), PROTOCOL.udp, PLAINTEXT, 185)),
);

export const NOT_WIREGUARD = crafted(
  'L30',
  "datagrams that are no WireGuard go to WireGuard's port between the nodes",
  'the port makes no WireGuard: neither type nor length fits, so the frames count as readable',
  [cell({ mode: 'wireguard', nodeEncryption: true }, 'WIR-08', 'WIR-01 WIR-11'), cell({ mode: 'wireguard' }, 'WIR-08')],
  ({ view, peer }) =>
    ethernetBytes(ipv4Bytes(view.self.underlay, peer.underlay, PROTOCOL.udp, udpBytes(LAB_WIREGUARD_PORT, LAB_WIREGUARD_PORT, PLAINTEXT))),
);
