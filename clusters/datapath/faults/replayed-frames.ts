import { cell, ONE_IN_SA } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair } from './on-first-node.ts';

const FRAMES = 8;
const LIMIT_SECONDS = 60;

/**
 * Copies of the first ESP frames that leave an interface, sent once more. ESP is looked for directly in the frame and inside UDP tunnels.
 * It ends when it has sent them all, or at the limit.
 */
const REPLAYER = `
my ($uplink, $wanted, $limit) = @ARGV; my ($packet, $raw, $all, $outgoing) = (17, 3, 3, 4); $SIG{ALRM} = sub { exit 0 }; alarm $limit; $| = 1;
sub opened { my ($protocol) = @_; socket(my $s, $packet, $raw, unpack("S", pack("n", $protocol))) or die "packet socket: $!\\n"; return $s }
my $s = opened($all); my $request = pack("a16 x24", $uplink); ioctl($s, 0x8933, $request) or die "$uplink: $!\\n"; my $index = unpack("x16 i", $request);
bind($s, pack("S n i S C C a8", $packet, $all, $index, 0, 0, 0, "")) or die "bind: $!\\n";
print STDERR "replaying on $uplink\\n"; my %sent;
while (keys %sent < $wanted) { defined(my $from = recv($s, my $frame, 65536, 0)) or die "receive: $!\\n";
  my (undef, undef, $on, undef, $kind) = unpack("S n i S C", $from); next unless $on == $index && $kind == $outgoing && length $frame > 100;
  my ($type, $protocol, $port, $inner) = unpack("x12 n x9 C x12 n x35 C", $frame);
  next unless $type == 0x0800 && ($protocol == 50 || $protocol == 17 && ($port == 8472 || $port == 6081) && $inner == 50);
  next if $sent{$frame}++; defined send($s, $frame, 0, pack("S n i S C C a8", $packet, 0x0800, $index, 0, 0, 6, "")) or die "send: $!\\n" }
`;

export const REPLAYED: DatapathFault = {
  id: 'L29',
  what: 'ESP frames of the first node are sent once more, byte for byte, while traffic flows',
  like: 'F01',
  when: 'during-traffic',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec', profiles: ONE_IN_SA }, 'WIR-09'), cell({ mode: 'ipsec' }, 'WIR-09 XFR-08')],
  why: 'the wire shows the same numbers twice; a receiver with a replay window drops the copies (XfrmInStateSeqError), one without (1.14) takes them',
  inject: async (context) => {
    const { view } = firstPair(context, 'L29', 'ipsec');
    const { name, uplink } = view.self;
    const running = await context.options.host(name).start(['perl', '-e', REPLAYER, '--', uplink, String(FRAMES), String(LIMIT_SECONDS)]);
    context.background.push(running);
    await running.ready(/replaying on/, LIMIT_SECONDS * 1000);
    // It ends by itself; the recording shows what it missed. A shell that was lost with the lab is not an error of the run.
    running.ended.catch((error: Error) => context.options.progress?.(`fault L29: ${error.message}`));
  },
};
