# Sends one beacon through each interface and waits until each one stands in its capture file.
# Arguments: seconds to wait, 0 for not at all, then for each capture: interface, token, file. Prints a line each: interface, "seen" or "not seen".
#
# A beacon is a broadcast datagram bound to the interface: it passes the capture on any kind of interface, needs no neighbour
# and no route, and carries no mark, so that no datapath encrypts it. A device that has nowhere to send it (WireGuard, an
# external VXLAN device) drops it behind the tap and may say so: whether it was seen is what counts.
# No module is loaded, for the time that takes on an emulated machine; the constants are Linux's (asm-generic).
use strict; BEGIN { $^W = 1 }
my ($AF_INET, $SOCK_DGRAM, $SOL_SOCKET, $SO_BROADCAST, $SO_BINDTODEVICE) = (2, 2, 1, 6, 25);
my $everyone = pack('S n a4 x8', $AF_INET, 9, "\xff" x 4);
my $seconds = shift @ARGV;
my @captures; while (@ARGV) { push @captures, { interface => shift @ARGV, token => shift @ARGV, file => shift @ARGV } }
for my $c (@captures) {
  socket(my $s, $AF_INET, $SOCK_DGRAM, 0) or die "socket: $!\n";
  setsockopt($s, $SOL_SOCKET, $SO_BROADCAST, 1) or die "broadcast: $!\n";
  setsockopt($s, $SOL_SOCKET, $SO_BINDTODEVICE, pack('Z*', $c->{interface})) or die "$c->{interface}: $!\n";
  defined send($s, "wirewitness-beacon:$c->{token}", 0, $everyone) or warn "$c->{interface}: $!\n";
}
# The newest frames are at the end of the file; a beacon lies within its last part however busy the interface is.
sub seen { my ($c) = @_;
  open(my $f, '<:raw', $c->{file}) or return 0;
  my $size = -s $f; seek($f, $size > 1_048_576 ? $size - 1_048_576 : 0, 0);
  local $/; return index(readline($f) // '', $c->{token}) >= 0; }
exit 0 if $seconds == 0;
my $until = time + $seconds + 1; my @left = @captures;
while (@left = grep { !seen($_) } @left) { last if time >= $until; select(undef, undef, undef, 0.05) }
my %missing = map { $_->{token} => 1 } @left;
print "$_->{interface} ", $missing{$_->{token}} ? 'not seen' : 'seen', "\n" for @captures;
