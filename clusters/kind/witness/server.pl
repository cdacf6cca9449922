# Answers on the node or in the pod it runs in: HTTP as the death star of Cilium's demo does, and an echo of UDP, and of SCTP
# where the kernel has it, IPv4 and IPv6.
# The canary of a request is said back, so that replies carry it too. Arguments: the TCP port, the UDP and SCTP port. The name it answers
# with (`X-Backend`) is WITNESS_NAME. perl-base only. It is process 1 of its container: it reaps what exec leaves behind.
use strict; use warnings;
use Socket qw(:DEFAULT IPPROTO_IPV6 IPV6_V6ONLY IN6ADDR_ANY pack_sockaddr_in6 SOMAXCONN);
my ($tcp, $udp) = @ARGV; my $name = $ENV{WITNESS_NAME} // 'witness';
$SIG{PIPE} = 'IGNORE'; $SIG{CHLD} = 'IGNORE'; $SIG{TERM} = $SIG{INT} = sub { exit 0 };
sub opened { my ($type, $port, $protocol) = @_; $protocol ||= 0;
  # A kernel without IPv6 still serves IPv4.
  if (socket(my $s, AF_INET6, $type, $protocol)) {
    setsockopt($s, IPPROTO_IPV6, IPV6_V6ONLY, 0) or die "v6only: $!\n"; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die "reuseaddr: $!\n";
    bind($s, pack_sockaddr_in6($port, IN6ADDR_ANY)) or die "port $port: $!\n"; return $s }
  socket(my $s, AF_INET, $type, $protocol) or die "socket: $!\n";
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die "reuseaddr: $!\n";
  bind($s, pack_sockaddr_in($port, INADDR_ANY)) or die "port $port: $!\n"; return $s }
my $listener = opened(SOCK_STREAM, $tcp); listen($listener, SOMAXCONN) or die "listen: $!\n";
my $echo = opened(SOCK_DGRAM, $udp);
my $associations = eval { opened(SOCK_STREAM, $udp, 132) }; if ($associations) { listen($associations, SOMAXCONN) or die "listen: $!\n" }
$| = 1; print "serving tcp $tcp and udp $udp as $name\n";
sub answer { my ($text) = @_;
  my ($head, $body) = split /\r?\n\r?\n/, $text, 2; return undef unless defined $body;
  my $length = $head =~ /^content-length: *(\d+)/mi ? $1 : 0; return undef if length($body) < $length;
  my ($method, $path) = $head =~ /^(\S+) (\S+)/ ? ($1, $2) : ('', '');
  my ($status, $say) = $method eq 'POST' && $path =~ m{^/v1/request-landing} ? ('200 OK', 'Ship landed')
    : $method eq 'GET' ? ('200 OK', $name) : ('404 Not Found', '404');
  my $canary = $head =~ /^x-canary: *([0-9a-f]+)/mi ? "X-Canary: $1\r\n" : '';
  return "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nContent-Length: " . (length($say) + 1) . "\r\nX-Backend: $name\r\n${canary}Connection: close\r\n\r\n$say\n"; }
my (%client, %request, %association);
while (1) {
  my $set = ''; vec($set, $_, 1) = 1 for fileno($listener), fileno($echo), keys %client, keys %association, $associations ? fileno($associations) : ();
  next if select(my $ready = $set, undef, undef, undef) < 0;
  if (vec($ready, fileno($echo), 1)) { my $from = recv($echo, my $data, 65536, 0); send($echo, $data, 0, $from) if defined $from && length $from }
  for my $id (grep { vec($ready, $_, 1) } keys %association) { my $n = sysread($association{$id}, my $data, 65536); if ($n) { syswrite($association{$id}, $data) } else { close delete $association{$id} } }
  if ($associations && vec($ready, fileno($associations), 1) && accept(my $s, $associations)) { $association{fileno $s} = $s }
  for my $id (grep { vec($ready, $_, 1) } keys %client) {
    my $s = $client{$id}; my $n = sysread($s, my $part, 65536); $request{$id} .= $part if $n;
    my $reply = answer($request{$id}); syswrite($s, $reply) if defined $reply;
    if (!$n || defined $reply) { shutdown($s, 1); close $s; delete $client{$id}; delete $request{$id} }
  }
  if (vec($ready, fileno($listener), 1) && accept(my $s, $listener)) { $client{fileno $s} = $s; $request{fileno $s} = '' }
}
