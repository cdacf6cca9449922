# Drives flows from the network namespace it runs in: one process for all of a source's flows, because starting a program
# for each request costs more than the request. perl-base only, which every Debian system and image has.
#
# Requests go one after the other. One that is not answered within the patience is waited for beside those that follow, so that a
# request may wait as long as its protocols need, and a flow that is blocked does not hold up the others.
#
# No module is loaded: on an emulated machine `warnings` and Socket take three times as long to load as everything else here,
# so addresses come as bytes and the few constants stand below (Linux, asm-generic).
#
# Argument: patience(ms). After its last line (__END__) a flow a line, tab-separated:
#   id  protocol(tcp|udp|icmp|sctp)  family(4|6)  address  address(hex)  port  canary(32 hex)  count  bytes  limit(ms)  again(ms)  request
# `again`: what is not answered is sent anew each so many milliseconds until it is or the limit has passed; 0 for never. UDP only.
# `request`: method and path in place of the demo's, without a body.
# Standard output, a flow a line as it ends, tab-separated: id  sent  answered  started-ms  ended-ms  answered-by(comma-separated)  note
use strict; BEGIN { $^W = 1 }
sub AF_INET() { 2 } sub AF_INET6() { 10 } sub SOCK_STREAM() { 1 } sub SOCK_DGRAM() { 2 } sub SOCK_RAW() { 3 } sub SOCK_NONBLOCK() { 2048 }
sub SOL_SOCKET() { 1 } sub SO_ERROR() { 4 } sub IPPROTO_ICMP() { 1 } sub IPPROTO_ICMPV6() { 58 } sub IPPROTO_SCTP() { 132 } sub EAGAIN() { 11 } sub EINPROGRESS() { 115 }
$| = 1; $SIG{PIPE} = 'IGNORE';
my ($patience) = @ARGV;
# Wall time with a resolution of 10 ms, without a module: a module's start costs more than a request.
open(my $uptime, '<', '/proc/uptime') or die "/proc/uptime: $!\n";
sub uptime { seek($uptime, 0, 0); return (split ' ', readline $uptime)[0] }
my $origin = uptime(); sub ms { return int((uptime() - $origin) * 1000 + 0.5) }

my @queue;
while (my $line = <DATA>) {
  chomp $line; next if $line eq '';
  my %f; @f{qw(id protocol family address octets port canary count bytes limit again request)} = split /\t/, $line;
  my $octets = pack('H*', $f{octets}); my $port = $f{protocol} eq 'icmp' ? 0 : $f{port}; my $six = $f{family} == 6;
  @f{qw(six domain)} = ($six, $six ? AF_INET6 : AF_INET);
  $f{to} = $six ? pack('S n N a16 L', AF_INET6, $port, 0, $octets, 0) : pack('S n a4 x8', AF_INET, $port, $octets);
  @f{qw(sent answered left by notes)} = (0, 0, $f{count}, {}, {});
  push @queue, map { { flow => \%f, number => $_, in => '', out => '' } } 1 .. $f{count};
}

sub checksum { my ($data) = @_; $data .= "\0" if length($data) % 2; my $sum = 0; $sum += $_ for unpack('n*', $data);
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16; return ~$sum & 0xffff }
sub repeated { my ($text, $bytes, $least) = @_; my $times = int($bytes / length $text); return $text x ($times > $least ? $times : $least) }

my %open = (tcp => sub { my ($r, $f) = @_;
  socket(my $s, $f->{domain}, SOCK_STREAM | SOCK_NONBLOCK, 0) or die "socket: $!\n"; $r->{socket} = $s;
  connect($s, $f->{to}) or $! == EINPROGRESS or die "connect: $!\n";
  my $request = $f->{request} // ''; my $body = $request eq '' ? repeated($f->{canary}, $f->{bytes}, 1) : ''; my $host = $f->{six} ? "[$f->{address}]" : $f->{address};
  $r->{connecting} = 1;
  $request = 'POST /v1/request-landing' if $request eq '';
  $r->{out} = "$request HTTP/1.1\r\nHost: $host\r\nX-Canary: $f->{canary}\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body" },
udp => sub { my ($r, $f) = @_;
  socket(my $s, $f->{domain}, SOCK_DGRAM | SOCK_NONBLOCK, 0) or die "socket: $!\n"; $r->{socket} = $s;
  connect($s, $f->{to}) or die "connect: $!\n";
  $r->{message} = "$f->{canary} seq=$r->{number} " . repeated($f->{canary}, $f->{bytes}, 0);
  defined send($s, $r->{message}, 0) or die "send: $!\n" },
icmp => sub { my ($r, $f) = @_;
  socket(my $s, $f->{domain}, SOCK_RAW | SOCK_NONBLOCK, $f->{six} ? IPPROTO_ICMPV6 : IPPROTO_ICMP) or die "socket: $!\n"; $r->{socket} = $s;
  connect($s, $f->{to}) or die "connect: $!\n";
  $r->{identifier} = ($$ + $f->{id}) & 0xffff; $r->{message} = repeated(pack('H*', $f->{canary}), $f->{bytes}, 3);
  my $m = pack('CCnnn', $f->{six} ? 128 : 8, 0, 0, $r->{identifier}, $r->{number}) . $r->{message};
  substr($m, 2, 2) = pack('n', checksum($m)) unless $f->{six};
  defined send($s, $m, 0) or die "send: $!\n" },
# One association a request (RFC 6458, one-to-one style): the text in a message, which the echo says back.
sctp => sub { my ($r, $f) = @_;
  socket(my $s, $f->{domain}, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_SCTP) or die "socket: $!\n"; $r->{socket} = $s;
  connect($s, $f->{to}) or $! == EINPROGRESS or die "connect: $!\n";
  $r->{connecting} = 1; $r->{out} = $r->{message} = "$f->{canary} seq=$r->{number} " . repeated($f->{canary}, $f->{bytes}, 0) });

# What became readable. True when the request is answered; dies when it never will be.
my %take = (tcp => sub { my ($r, $f) = @_;
  my $n = sysread($r->{socket}, $r->{in}, 65536, length $r->{in});
  if (!defined $n) { return 0 if $! == EAGAIN; die "receive: $!\n" }
  return 0 if $n;
  $r->{in} =~ m{^HTTP/1\.[01] 200} or die 'answer: ' . substr($r->{in} =~ s/[\r\n\t].*//sr, 0, 80) . "\n";
  $f->{by}{$1} = 1 if $r->{in} =~ /^X-Backend: *([^\r\n\t,]+)/mi; return 1 },
udp => sub { my ($r) = @_; my $data;
  if (!defined recv($r->{socket}, $data, 65536, 0)) { return 0 if $! == EAGAIN; die "receive: $!\n" }
  $data eq $r->{message} or die "the echo differs from what was sent\n"; return 1 },
icmp => sub { my ($r, $f) = @_;
  while (defined recv($r->{socket}, my $data, 65536, 0)) {
    $data = substr($data, 4 * (ord($data) & 15)) unless $f->{six};
    next if length($data) < 8;
    my ($type, undef, undef, $id, $seq) = unpack('CCnnn', $data);
    return 1 if $type == ($f->{six} ? 129 : 0) && $id == $r->{identifier} && $seq == $r->{number} && substr($data, 8) eq $r->{message} }
  return 0 if $! == EAGAIN; die "receive: $!\n" },
sctp => sub { my ($r) = @_;
  my $n = sysread($r->{socket}, $r->{in}, 65536, length $r->{in});
  if (!defined $n) { return 0 if $! == EAGAIN; die "receive: $!\n" }
  return 1 if $r->{in} eq $r->{message};
  die "the echo differs from what was sent\n" if !$n || length($r->{in}) >= length($r->{message}); return 0 });

sub writable { my ($r) = @_;
  if (delete $r->{connecting}) { my $error = unpack('i', getsockopt($r->{socket}, SOL_SOCKET, SO_ERROR)); if ($error) { local $! = $error; die "connect: $!\n" } }
  my $n = syswrite($r->{socket}, $r->{out}); if (!defined $n) { return if $! == EAGAIN; die "send: $!\n" }
  substr($r->{out}, 0, $n) = '' }

my %active;
sub begin { my ($r) = @_; my $f = $r->{flow}; my $now = ms();
  $f->{started} //= $now; $r->{since} = $now; $r->{resend} = $now + $f->{again}; $f->{sent}++;
  my $why = eval { $open{$f->{protocol}}->($r, $f); 1 } ? undef : $@;
  if ($r->{socket} && (!defined $why || $f->{again})) { $active{fileno $r->{socket}} = $r } else { over($r, $why) } }
# The end of a request: without a reason it was answered.
sub over { my ($r, $why) = @_; my $f = $r->{flow};
  delete $active{fileno $r->{socket}} if $r->{socket}; close delete $r->{socket} if $r->{socket};
  if (defined $why) { chomp $why; $why =~ s/\s+/ /g; $f->{notes}{$why}++ } else { $f->{answered}++ }
  return if --$f->{left};
  print join("\t", @$f{qw(id sent answered started)}, ms(), join(',', sort keys %{$f->{by}}), join('; ', map { "$f->{notes}{$_}x $_" } sort keys %{$f->{notes}})), "\n" }
# An error of one attempt may pass where there are more to come: a port that does not listen yet refuses.
sub attempt { my ($r, $step) = @_; eval { $step->(); 1 } or $r->{flow}{again} or over($r, $@) }

while (@queue || %active) {
  my $now = ms(); my $wake;
  for my $r (values %active) { my $f = $r->{flow};
    my $end = $r->{since} + $f->{limit};
    if ($now >= $end) { over($r, ($r->{connecting} ? 'no connection' : 'no answer') . ' within ' . $f->{limit} / 1000 . " s\n"); next }
    if ($f->{again}) { if ($now >= $r->{resend}) { $f->{sent}++; $r->{resend} = $now + $f->{again}; attempt($r, sub { defined send($r->{socket}, $r->{message}, 0) or die "send: $!\n" }) }
      $end = $r->{resend} if $r->{resend} < $end }
    $wake = $end if !defined $wake || $end < $wake }
  if (@queue) {
    my $pressing; for my $r (values %active) { my $until = $r->{since} + $patience; $pressing = $until if $until > $now && (!defined $pressing || $until > $pressing) }
    if (!defined $pressing) { begin(shift @queue); next }
    $wake = $pressing if $pressing < $wake }
  next unless %active;
  my ($in, $out) = ('', '');
  for my $r (values %active) { vec($r->{connecting} || $r->{out} ne '' ? $out : $in, fileno($r->{socket}), 1) = 1 }
  my $wait = ($wake - $now) / 1000; $wait = 0.01 if $wait < 0.01;
  next unless select($in, $out, undef, $wait) > 0;
  for my $id (keys %active) { my $r = $active{$id};
    if (vec($out, $id, 1)) { attempt($r, sub { writable($r) }) }
    elsif (vec($in, $id, 1)) { my $answered; attempt($r, sub { $answered = $take{$r->{flow}{protocol}}->($r, $r->{flow}) }); over($r) if $answered } }
}
__END__
