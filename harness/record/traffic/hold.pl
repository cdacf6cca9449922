# Opens a TCP connection to each destination at once, has one HTTP request answered on it, and keeps it open until it is stopped: the server
# has closed its side then, this side has not. perl-base without modules, as in driver.pl.
#
# Arguments: the longest wait for an answer (ms), then for each destination family(4|6),address(hex),port.
# It prints `held N of M` when each request is answered or has failed.
use strict; BEGIN { $^W = 1 }
sub AF_INET() { 2 } sub AF_INET6() { 10 } sub SOCK_STREAM() { 1 } sub SOCK_NONBLOCK() { 2048 } sub EAGAIN() { 11 } sub EINPROGRESS() { 115 }
$| = 1; $SIG{PIPE} = 'IGNORE'; $SIG{INT} = sub { exit 0 };
my ($limit, @destinations) = @ARGV;
my (%open, @held);
for (@destinations) { my ($family, $hex, $port) = split /,/; my ($six, $octets) = ($family == 6, pack('H*', $hex));
  socket(my $s, $six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0) or die "socket: $!\n";
  connect($s, $six ? pack('S n N a16 L', AF_INET6, $port, 0, $octets, 0) : pack('S n a4 x8', AF_INET, $port, $octets)) or $! == EINPROGRESS or next;
  $open{fileno $s} = { socket => $s, in => '' } }
# Seconds of one clock, without a module.
open(my $uptime, '<', '/proc/uptime') or die "/proc/uptime: $!\n";
sub uptime { seek($uptime, 0, 0); return (split ' ', readline $uptime)[0] }
my $end = uptime() + $limit / 1000;
while (%open && (my $left = $end - uptime()) > 0) {
  my ($in, $out) = ('', ''); vec($open{$_}{asked} ? $in : $out, $_, 1) = 1 for keys %open;
  next unless select($in, $out, undef, $left) > 0;
  for my $id (keys %open) { my $r = $open{$id};
    if (vec($out, $id, 1)) { if (syswrite($r->{socket}, "GET / HTTP/1.1\r\nHost: held\r\nConnection: close\r\n\r\n")) { $r->{asked} = 1 } else { delete $open{$id} } }
    elsif (vec($in, $id, 1)) { my $n = sysread($r->{socket}, $r->{in}, 65536, length $r->{in});
      if (defined $n ? !$n : $! != EAGAIN) { push @held, $r->{socket} if $r->{in} =~ m{^HTTP/1\.[01] 200}; delete $open{$id} } } } }
print 'held ', scalar @held, ' of ', scalar @destinations, "\n";
sleep 1 while 1;
