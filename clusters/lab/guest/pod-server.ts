/**
 * The servers of all pods and nodes: HTTP as the death star of Cilium's demo answers it, and an echo of UDP and SCTP, IPv4 and IPv6. One
 * process opens its sockets in each network namespace, where they stay: under software emulation a program started for each
 * pod, or for each request, costs more than all the rest. Arguments: the TCP port, the UDP and SCTP port, then for each place its
 * namespace and the name it answers with (`X-Backend`). The canary of a request is said back, so that replies carry it too.
 * Once every place listens it prints its process id and goes to the background.
 */
export const POD_SERVER = `#!/usr/bin/perl
use strict; use warnings;
use Socket qw(:DEFAULT IPPROTO_IPV6 IPV6_V6ONLY IN6ADDR_ANY pack_sockaddr_in6 SOMAXCONN);
my ($tcp, $udp, @places) = @ARGV; $SIG{PIPE} = 'IGNORE';
# setns(2) has no wrapper in perl-base; 308 is its number on x86-64, which the guest always is.
sub enter { my ($netns) = @_; open(my $f, '<', "/run/netns/$netns") or die "$netns: $!\\n"; syscall(308, fileno($f), 0x40000000) == 0 or die "setns $netns: $!\\n" }
sub opened { my ($type, $port, $protocol) = @_;
  socket(my $s, AF_INET6, $type, $protocol || 0) or die "socket: $!\\n";
  setsockopt($s, IPPROTO_IPV6, IPV6_V6ONLY, 0) or die "v6only: $!\\n";
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die "reuseaddr: $!\\n";
  bind($s, pack_sockaddr_in6($port, IN6ADDR_ANY)) or die "port $port: $!\\n";
  return $s; }
my (%listener, %echo, %client, %request); my (%associations, %association);
while (@places) { my ($netns, $name) = splice @places, 0, 2; enter($netns);
  my $s = opened(SOCK_STREAM, $tcp); listen($s, SOMAXCONN) or die "listen: $!\\n"; $listener{fileno $s} = { socket => $s, name => $name };
  my $u = opened(SOCK_DGRAM, $udp); $echo{fileno $u} = $u;
  # A kernel without SCTP serves the rest.
  my $a = eval { opened(SOCK_STREAM, $udp, 132) } or next; listen($a, SOMAXCONN) or die "listen: $!\\n"; $associations{fileno $a} = $a }
defined(my $pid = fork) or die "fork: $!\\n"; if ($pid) { print "$pid\\n"; exit 0 }
close STDIN; close STDOUT;
sub answer { my ($text, $name) = @_;
  my ($head, $body) = split /\\r?\\n\\r?\\n/, $text, 2; return undef unless defined $body;
  my $length = $head =~ /^content-length: *(\\d+)/mi ? $1 : 0; return undef if length($body) < $length;
  my ($method, $path) = $head =~ /^(\\S+) (\\S+)/ ? ($1, $2) : ('', '');
  my ($status, $say) = $method eq 'POST' && $path =~ m{^/v1/request-landing} ? ('200 OK', 'Ship landed')
    : $method eq 'PUT' && $path =~ m{^/v1/exhaust-port} ? ('500 Internal Server Error', 'Panic: deathstar exploded')
    : $method eq 'GET' ? ('200 OK', $name) : ('404 Not Found', '404');
  my $canary = $head =~ /^x-canary: *([0-9a-f]+)/mi ? "X-Canary: $1\\r\\n" : '';
  return "HTTP/1.1 $status\\r\\nContent-Type: text/plain\\r\\nContent-Length: " . (length($say) + 1) . "\\r\\nX-Backend: $name\\r\\n\${canary}Connection: close\\r\\n\\r\\n$say\\n"; }
while (1) {
  my $set = ''; vec($set, $_, 1) = 1 for keys %listener, keys %echo, keys %client, keys %associations, keys %association;
  next if select(my $ready = $set, undef, undef, undef) < 0;
  for my $id (grep { vec($ready, $_, 1) } keys %echo) { my $from = recv($echo{$id}, my $data, 65536, 0); send($echo{$id}, $data, 0, $from) if defined $from && length $from }
  for my $id (grep { vec($ready, $_, 1) } keys %association) { my $n = sysread($association{$id}, my $data, 65536); if ($n) { syswrite($association{$id}, $data) } else { close delete $association{$id} } }
  for my $id (grep { vec($ready, $_, 1) } keys %client) {
    my ($s, $name) = @{$client{$id}}{qw(socket name)};
    my $n = sysread($s, my $part, 65536); $request{$id} .= $part if $n;
    my $reply = answer($request{$id}, $name); syswrite($s, $reply) if defined $reply;
    if (!$n || defined $reply) { shutdown($s, 1); close $s; delete $client{$id}; delete $request{$id} }
  }
  for my $id (grep { vec($ready, $_, 1) } keys %listener) {
    accept(my $s, $listener{$id}{socket}) or next; $client{fileno $s} = { socket => $s, name => $listener{$id}{name} }; $request{fileno $s} = '' }
  for my $id (grep { vec($ready, $_, 1) } keys %associations) { accept(my $s, $associations{$id}) or next; $association{fileno $s} = $s }
}
`;
