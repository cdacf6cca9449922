/**
 * The server of a pod or node: HTTP as the death star of Cilium's demo answers it, and a UDP echo, IPv4 and IPv6, in one
 * process. No program is started for a request: under software emulation that would cost more than all the rest.
 * Arguments: the name it answers with (`X-Backend`), the TCP port, the UDP port. The canary of a request is said back, so
 * that replies carry it too.
 */
export const POD_SERVER = `#!/usr/bin/perl
use strict; use warnings;
use Socket qw(:DEFAULT IPPROTO_IPV6 IPV6_V6ONLY IN6ADDR_ANY pack_sockaddr_in6 SOMAXCONN);
my ($name, $tcp, $udp) = @ARGV; $SIG{PIPE} = 'IGNORE';
sub opened { my ($type, $port) = @_;
  socket(my $s, AF_INET6, $type, 0) or die "socket: $!\\n";
  setsockopt($s, IPPROTO_IPV6, IPV6_V6ONLY, 0) or die "v6only: $!\\n";
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die "reuseaddr: $!\\n";
  bind($s, pack_sockaddr_in6($port, IN6ADDR_ANY)) or die "port $port: $!\\n";
  return $s; }
my $listener = opened(SOCK_STREAM, $tcp); listen($listener, SOMAXCONN) or die "listen: $!\\n";
my $echo = opened(SOCK_DGRAM, $udp);
my (%client, %request);
sub answer { my ($text) = @_;
  my ($head, $body) = split /\\r?\\n\\r?\\n/, $text, 2; return undef unless defined $body;
  my $length = $head =~ /^content-length: *(\\d+)/mi ? $1 : 0; return undef if length($body) < $length;
  my ($method, $path) = $head =~ /^(\\S+) (\\S+)/ ? ($1, $2) : ('', '');
  my ($status, $say) = $method eq 'POST' && $path =~ m{^/v1/request-landing} ? ('200 OK', 'Ship landed')
    : $method eq 'PUT' && $path =~ m{^/v1/exhaust-port} ? ('500 Internal Server Error', 'Panic: deathstar exploded')
    : $method eq 'GET' ? ('200 OK', $name) : ('404 Not Found', '404');
  my $canary = $head =~ /^x-canary: *([0-9a-f]+)/mi ? "X-Canary: $1\\r\\n" : '';
  return "HTTP/1.1 $status\\r\\nContent-Type: text/plain\\r\\nContent-Length: " . (length($say) + 1) . "\\r\\nX-Backend: $name\\r\\n\${canary}Connection: close\\r\\n\\r\\n$say\\n"; }
while (1) {
  my $set = ''; vec($set, fileno($_), 1) = 1 for $listener, $echo, values %client;
  next if select(my $ready = $set, undef, undef, undef) < 0;
  if (vec($ready, fileno($echo), 1)) { my $from = recv($echo, my $data, 65536, 0); send($echo, $data, 0, $from) if defined $from && length $from }
  for my $id (keys %client) {
    my $s = $client{$id}; next unless vec($ready, $id, 1);
    my $n = sysread($s, my $part, 65536); $request{$id} .= $part if $n;
    my $reply = answer($request{$id}); syswrite($s, $reply) if defined $reply;
    if (!$n || defined $reply) { shutdown($s, 1); close $s; delete $client{$id}; delete $request{$id} }
  }
  if (vec($ready, fileno($listener), 1) && accept(my $s, $listener)) { $client{fileno $s} = $s; $request{fileno $s} = '' }
}
`;
