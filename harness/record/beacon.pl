# Sends a beacon through each interface and waits until each one stands in its capture file.
# Arguments: seconds to wait, 0 for not at all; after how many looks at the files, 20 a second, those that are not seen are sent again, 0 for never;
# then for each capture: interface, token, file. Prints a line each: interface, "seen" or "not seen".
#
# A beacon is a broadcast datagram that a packet socket gives to the interface: it passes the capture on any kind of interface, needs no neighbour
# and no route, and carries no mark, so that no datapath encrypts it. A UDP socket would do as well, but the kernel gives its broadcasts to the
# sending node too, without a link-layer header (net/core/dev.c, dev_loopback_xmit), where the agent's programs read the datagram as a frame from the
# network, drop it and count it. A device that has nowhere to send it (WireGuard, an external VXLAN device) drops it behind the tap and may say so:
# whether it was seen is what counts.
# No module is loaded, for the time that takes on an emulated machine; the constants are Linux's (asm-generic).
use strict; BEGIN { $^W = 1 }
my ($AF_PACKET, $AF_INET, $SOCK_DGRAM, $SIOCGIFADDR, $SIOCGIFINDEX, $ETH_P_IP) = (17, 2, 2, 0x8915, 0x8933, 0x0800);
my ($seconds, $looks) = splice @ARGV, 0, 2;
my @captures; while (@ARGV) { push @captures, { interface => shift @ARGV, token => shift @ARGV, file => shift @ARGV } }
socket(my $asked, $AF_INET, $SOCK_DGRAM, 0) or die "socket: $!\n";
# What the kernel says of an interface: the value behind its name in struct ifreq.
sub value { my ($request, $interface, $form) = @_;
  my $ifreq = pack('a16 x24', $interface);
  return ioctl($asked, $request, $ifreq) ? unpack("x16 $form", $ifreq) : undef; }
sub checksum { my $sum = unpack('%32n*', $_[0]); $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16; return ~$sum & 0xffff; }
# An IPv4 broadcast to the discard port, from the interface's own address where it has one; without the checksum that UDP may leave out.
sub datagram { my ($source, $payload) = @_;
  my $udp = pack('n4', 9, 9, 8 + length $payload, 0) . $payload;
  my $header = pack('C2 n3 C2 n a4 a4', 0x45, 0, 20 + length $udp, 0, 0x4000, 64, 17, 0, $source, "\xff" x 4);
  substr($header, 10, 2) = pack('n', checksum($header));
  return $header . $udp; }
sub emit { my ($c) = @_;
  my $index = value($SIOCGIFINDEX, $c->{interface}, 'i') or die "$c->{interface}: $!\n";
  my $source = value($SIOCGIFADDR, $c->{interface}, 'x4 a4') // "\0" x 4;
  socket(my $s, $AF_PACKET, $SOCK_DGRAM, 0) or die "packet socket: $!\n";
  my $everyone = pack('S n i S C2 a8', $AF_PACKET, $ETH_P_IP, $index, 0, 0, 6, "\xff" x 6);
  defined send($s, datagram($source, "wirewitness-beacon:$c->{token}"), 0, $everyone) or warn "$c->{interface}: $!\n"; }
emit($_) for @captures;
# The newest frames are at the end of the file; a beacon lies within its last part however busy the interface is.
sub seen { my ($c) = @_;
  open(my $f, '<:raw', $c->{file}) or return 0;
  my $size = -s $f; seek($f, $size > 1_048_576 ? $size - 1_048_576 : 0, 0);
  local $/; return index(readline($f) // '', $c->{token}) >= 0; }
exit 0 if $seconds == 0;
my $until = time + $seconds + 1; my @left = @captures; my $looked = 0;
while (@left = grep { !seen($_) } @left) {
  last if time >= $until;
  select(undef, undef, undef, 0.05);
  if ($looks && ++$looked % $looks == 0) { emit($_) for @left } }
my %missing = map { $_->{token} => 1 } @left;
print "$_->{interface} ", $missing{$_->{token}} ? 'not seen' : 'seen', "\n" for @captures;
