# Sends an IP packet unchanged towards a node, whatever its source address is, past everything that this machine would do to it.
# perl-base only, without modules, for the time they take on an emulated machine; the constants are Linux's (asm-generic).
#
# Arguments: IPv4 address of the node  packet(hex), IPv4 or IPv6. Prints `sent` and the interface. The kernel writes the Ethernet header.
#
# PACKET_QDISC_BYPASS (packet(7), from Linux 3.14) hands the frame to the driver: without it a frame that is sent on a node passes the
# programs at its uplink (clsact, tcx), which may encrypt it. No capture on this machine sees such a frame.
use strict; BEGIN { $^W = 1 }
my ($AF_PACKET, $SOCK_DGRAM, $SIOCGIFINDEX, $ETH_P_IP, $ETH_P_IPV6) = (17, 2, 0x8933, 0x0800, 0x86dd);
my ($SOL_PACKET, $PACKET_QDISC_BYPASS) = (263, 20);
my ($node, $packet) = @ARGV;
# The node itself, or the router before it.
open(my $routes, '-|', 'ip', '-4', 'route', 'get', $node) or die "ip: $!\n";
my $route = readline($routes) // ''; close $routes or die "$node: no route\n";
my $neighbour = $route =~ / via (\d+\.\d+\.\d+\.\d+) / ? $1 : $node;
# A datagram to a port that nobody has makes the kernel look for the neighbour.
socket(my $ask, 2, $SOCK_DGRAM, 0) or die "socket: $!\n";
defined send($ask, '', 0, pack('S n a4 x8', 2, 9, pack('C4', split /\./, $neighbour))) or die "$neighbour: $!\n";
my ($mac, $device);
for (1 .. 60) {
  open(my $table, '<', '/proc/net/arp') or die "/proc/net/arp: $!\n";
  # IP address, HW type, flags (0x2: known), HW address, mask, device
  for (readline $table) { my @f = split ' '; ($mac, $device) = @f[3, 5] if $f[0] eq $neighbour && hex($f[2]) & 2 }
  last if defined $mac; select(undef, undef, undef, 0.05) }
defined $mac or die "$neighbour: not a neighbour on the link\n";
socket(my $s, $AF_PACKET, $SOCK_DGRAM, 0) or die "packet socket: $!\n";
setsockopt($s, $SOL_PACKET, $PACKET_QDISC_BYPASS, pack('i', 1)) or die "PACKET_QDISC_BYPASS: $!\n";
my $request = pack('a16 x24', $device); ioctl($s, $SIOCGIFINDEX, $request) or die "$device: $!\n";
my $type = $packet =~ /^6/ ? $ETH_P_IPV6 : $ETH_P_IP;
my $to = pack('S n i S C C a8', $AF_PACKET, $type, unpack('x16 i', $request), 0, 0, 6, pack('H*', $mac =~ tr/://dr));
defined send($s, pack('H*', $packet), 0, $to) or die "send: $!\n";
print "sent $device\n";
