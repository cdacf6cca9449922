# Keeps a steady load going from the network namespace it runs in until it is told to stop (SIGINT, SIGTERM): each stream sends a request every
# interval, whether or not the last one was answered. One process for all streams of a source; perl-base only and no module, as driver.pl.
#
# Arguments: limit(ms)  step(ms). After its last line (__END__) a stream a line, tab-separated:
#   protocol(tcp|udp|icmp)  family(4|6)  address  address(hex)  port  canary(32 hex)  interval(ms)
# Standard error: "driving" when the first request is about to be sent, then "settled T N" for each step of time when the outcome of every request
# sent before T ms is known; N is how many of each stream's are known at least. A request is lost when its answer is not there within the
# limit; what comes later counts for nothing.
# Standard output at the end, a stream a line, tab-separated:
#   number  sent  answered  started-ms  ended-ms  longest-gap-ms  answered-by(comma-separated)  losses(sequence:ms,comma-separated)  note
use strict; BEGIN { $^W = 1 }
sub AF_INET() { 2 } sub AF_INET6() { 10 } sub SOCK_STREAM() { 1 } sub SOCK_DGRAM() { 2 } sub SOCK_RAW() { 3 } sub SOCK_NONBLOCK() { 2048 }
sub SOL_SOCKET() { 1 } sub SO_ERROR() { 4 } sub IPPROTO_ICMP() { 1 } sub IPPROTO_ICMPV6() { 58 } sub EINPROGRESS() { 115 } sub EAGAIN() { 11 }
sub KEPT() { 1000 } sub CROWDED() { 10 }
my ($limit, $step) = @ARGV;
my $stopping = 0; $SIG{INT} = $SIG{TERM} = sub { $stopping = 1 }; $SIG{PIPE} = 'IGNORE';
open(my $uptime, '<', '/proc/uptime') or die "/proc/uptime: $!\n";
sub uptime { seek($uptime, 0, 0); return (split ' ', readline $uptime)[0] }
my $origin = uptime(); sub ms { return int((uptime() - $origin) * 1000 + 0.5) }

my (@streams, %connection);
# It is a file of its own because it is longer than what some servers take as a command; nobody else needs it.
unlink $0;
while (my $line = <DATA>) {
  chomp $line; my %s; @s{qw(protocol family address bytes port canary interval)} = split /\t/, $line;
  my $bytes = pack('H*', $s{bytes}); my $port = $s{protocol} eq 'icmp' ? 0 : $s{port};
  $s{domain} = $s{family} == 6 ? AF_INET6 : AF_INET;
  $s{to} = $s{family} == 6 ? pack('S n N a16 L', AF_INET6, $port, 0, $bytes, 0) : pack('S n a4 x8', AF_INET, $port, $bytes);
  @s{qw(sent answered settled longest pending order by losses notes)} = (0, 0, 0, 0, {}, [], {}, [], {});
  $s{identifier} = ($$ + @streams) & 0xffff;
  push @streams, \%s;
}
sub opened { my ($s) = @_;
  my ($type, $protocol) = $s->{protocol} eq 'udp' ? (SOCK_DGRAM, 0) : (SOCK_RAW, $s->{family} == 6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
  socket(my $socket, $s->{domain}, $type | SOCK_NONBLOCK, $protocol) or die "socket: $!\n";
  connect($socket, $s->{to}) or die "connect: $!\n"; return $socket }
for my $s (@streams) { next if $s->{protocol} eq 'tcp'; $s->{socket} = eval { opened($s) }; $s->{notes}{$@ =~ s/\s+$//r}++ unless $s->{socket} }

sub checksum { my ($data) = @_; $data .= "\0" if length($data) % 2; my $sum = 0; $sum += $_ for unpack('n*', $data);
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16; return ~$sum & 0xffff }
sub payload { my ($s, $n) = @_; return sprintf('%s seq=%d', $s->{canary}, $n) }
sub echo_request { my ($s, $n) = @_;
  my $m = pack('CCnnn', $s->{family} == 6 ? 128 : 8, 0, 0, $s->{identifier}, $n & 0xffff) . pack('H*', $s->{canary}) . pack('N', $n);
  substr($m, 2, 2) = pack('n', checksum($m)) unless $s->{family} == 6; return $m }

sub failed { my ($s, $why) = @_; $why =~ s/[\s,]+/ /g; $s->{notes}{$why}++ if keys %{$s->{notes}} < 20 || $s->{notes}{$why} }
sub answered { my ($s, $n, $now) = @_;
  return unless exists $s->{pending}{$n};
  delete $s->{pending}{$n}; $s->{answered}++;
  $s->{longest} = $now - $s->{last} if defined $s->{last} && $now - $s->{last} > $s->{longest}; $s->{last} = $now }
sub lost { my ($s, $n) = @_; push @{$s->{losses}}, "$n:" . delete $s->{pending}{$n} if exists $s->{pending}{$n} }

sub request { my ($s, $now) = @_;
  my $n = ++$s->{sent}; $s->{pending}{$n} = $now; push @{$s->{order}}, $n; $s->{started} //= $now; $s->{asked} = $now;
  if ($s->{protocol} ne 'tcp') {
    defined($s->{socket}) or return;
    defined send($s->{socket}, $s->{protocol} eq 'udp' ? payload($s, $n) : echo_request($s, $n), 0) or failed($s, "send: $!"); return }
  socket(my $c, $s->{domain}, SOCK_STREAM | SOCK_NONBLOCK, 0) or return failed($s, "socket: $!");
  connect($c, $s->{to}) or $! == EINPROGRESS or return failed($s, "connect: $!");
  $connection{fileno $c} = { socket => $c, stream => $s, number => $n, since => $now, answer => '' } }

sub writable { my ($id) = @_; my $c = $connection{$id}; my $s = $c->{stream};
  my $error = unpack('i', getsockopt($c->{socket}, SOL_SOCKET, SO_ERROR));
  if ($error) { local $! = $error; failed($s, "connect: $!"); delete $connection{$id}; return }
  my $host = $s->{family} == 6 ? "[$s->{address}]" : $s->{address}; my $body = payload($s, $c->{number});
  my $request = "POST /v1/request-landing HTTP/1.1\r\nHost: $host\r\nX-Canary: $s->{canary}\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
  if ((syswrite($c->{socket}, $request) // -1) == length $request) { $c->{asked} = 1 } else { failed($s, "send: $!"); delete $connection{$id} } }

sub readable { my ($id, $now) = @_; my $c = $connection{$id}; my $s = $c->{stream};
  my $n = sysread($c->{socket}, my $part, 65536);
  if (!defined $n) { return if $! == EAGAIN; failed($s, "receive: $!"); delete $connection{$id}; return }
  if ($n) { $c->{answer} .= $part; return }
  delete $connection{$id};
  $c->{answer} =~ m{^HTTP/1\.[01] 200} or return failed($s, 'answer: ' . substr($c->{answer} =~ s/[\r\n\t].*//sr, 0, 80));
  $s->{by}{$1} = 1 if $c->{answer} =~ /^X-Backend: *([^\r\n\t,]+)/mi;
  answered($s, $c->{number}, $now) }

sub datagram { my ($s, $now) = @_;
  while (defined recv($s->{socket}, my $data, 65536, 0)) {
    if ($s->{protocol} eq 'udp') { answered($s, $1, $now) if $data =~ /^\Q$s->{canary}\E seq=(\d+)$/; next }
    $data = substr($data, 4 * (ord($data) & 15)) unless $s->{family} == 6;
    next if length($data) < 28;
    my ($type, undef, undef, $id) = unpack('CCnnn', $data);
    next unless $type == ($s->{family} == 6 ? 129 : 0) && $id == $s->{identifier} && substr($data, 8, 16) eq pack('H*', $s->{canary});
    answered($s, unpack('N', substr($data, 24, 4)), $now) }
  failed($s, "receive: $!") unless $! == EAGAIN }

# Requests lost by now; the time before which every outcome is known, and how many of each stream's are at least.
sub settle { my ($now) = @_; my ($time, $least) = ($now, undef);
  for my $s (@streams) {
    while (@{$s->{order}}) { my $n = $s->{order}[0]; my $at = $s->{pending}{$n};
      if (defined $at) { if ($now - $at < $limit) { $time = $at if $at < $time; last } lost($s, $n) }
      $s->{settled} = shift @{$s->{order}} }
    $least = $s->{settled} if !defined $least || $s->{settled} < $least }
  for my $id (keys %connection) { delete $connection{$id} if $now - $connection{$id}{since} >= $limit }
  return ($time, $least // 0) }

# Streams start one after the other within their interval, so that their requests do not come in bursts.
$| = 1; select((select(STDERR), $| = 1)[0]); print STDERR "driving\n"; $origin = uptime();
$streams[$_]{next} = int($streams[$_]{interval} * $_ / @streams) for 0 .. $#streams;
my $mark = $step;
while (1) {
  my $now = ms(); my $wake = $now + $limit;
  for my $s (@streams) { last if $stopping;
    # The second request waits for the first answer, up to a second: until then neighbours, sessions and connection tracking know nothing of the flow.
    if ($s->{sent} == 1 && exists $s->{pending}{1} && $now - $s->{pending}{1} < 1000) { $wake = $now + 20 if $wake > $now + 20; next }
    # Behind time it goes on from now: a burst would be another load than the one that is recorded.
    # With many answers outstanding it goes slower: on a machine that cannot keep up, full pace would make every answer come too late.
    if ($now >= $s->{next}) { request($s, $now); my $pause = $s->{interval} * (keys %{$s->{pending}} >= CROWDED ? 5 : 1);
      $s->{next} += $pause; $s->{next} = $now + $pause if $s->{next} < $now }
    $wake = $s->{next} if $s->{next} < $wake }
  my ($in, $out) = ('', '');
  for my $s (@streams) { vec($in, fileno($s->{socket}), 1) = 1 if $s->{socket} }
  for my $id (keys %connection) { if ($connection{$id}{asked}) { vec($in, $id, 1) = 1 } else { vec($out, $id, 1) = 1 } }
  my $wait = $stopping ? 0.05 : ($wake - ms()) / 1000; $wait = 0.001 if $wait < 0.001;
  if (select($in, $out, undef, $wait) > 0) {
    $now = ms();
    for my $s (@streams) { datagram($s, $now) if $s->{socket} && vec($in, fileno($s->{socket}), 1) }
    for my $id (keys %connection) { if ($connection{$id}{asked}) { readable($id, $now) if vec($in, $id, 1) } else { writable($id) if vec($out, $id, 1) } } }
  # What has arrived has been read, so a request that waits too long now has no answer.
  my ($time, $least) = settle($now);
  if ($time >= $mark) { print STDERR "settled $mark $least\n"; $mark += $step }
  last if $stopping && !grep { @{$_->{order}} } @streams;
}
my $number = 0;
for my $s (@streams) { my @kept = @{$s->{losses}}; splice @kept, KEPT if @kept > KEPT;
  # An outage that lasts to the end is one too: from the last answer, or the first request, to the last request.
  my $silent = ($s->{asked} // 0) - ($s->{last} // $s->{started} // 0); $s->{longest} = $silent if $silent > $s->{longest};
  my $note = join('; ', map { "$s->{notes}{$_}x $_" } sort keys %{$s->{notes}});
  print join("\t", ++$number, $s->{sent}, $s->{answered}, $s->{started} // 0, ms(), $s->{longest}, join(',', sort keys %{$s->{by}}), join(',', @kept), $note), "\n" }
__END__
