# Drives flows from the network namespace it runs in: one process for all of a source's flows, because starting a program
# for each request costs more than the request. perl-base only, which every Debian system and image has.
#
# No module is loaded: on an emulated machine `warnings` and Socket take three times as long to load as everything else here,
# so addresses come as bytes and the few constants stand below (Linux, asm-generic).
#
# Standard input, a flow a line, tab-separated:  id  protocol(tcp|udp|icmp)  family(4|6)  address  address(hex)  port  canary(32 hex)  count  bytes  seconds
# Standard output, a flow a line, tab-separated: id  sent  answered  started-ms  ended-ms  answered-by(comma-separated)  note
use strict; BEGIN { $^W = 1 }
sub AF_INET() { 2 } sub AF_INET6() { 10 } sub SOCK_STREAM() { 1 } sub SOCK_DGRAM() { 2 } sub SOCK_RAW() { 3 }
sub SOL_SOCKET() { 1 } sub SO_SNDTIMEO() { 21 } sub IPPROTO_ICMP() { 1 } sub IPPROTO_ICMPV6() { 58 }
$| = 1; $SIG{PIPE} = 'IGNORE';
# Wall time with a resolution of 10 ms, without a module: a module's start costs more than a request.
open(my $uptime, '<', '/proc/uptime') or die "/proc/uptime: $!\n";
sub seconds { seek($uptime, 0, 0); return (split ' ', readline $uptime)[0] }
my $origin = seconds();
sub ms { return int((seconds() - $origin) * 1000) }

sub endpoint { my ($f, $port) = @_; my $bytes = pack('H*', $f->{bytes_of_address});
  return $f->{family} == 6 ? pack('S n N a16 L', AF_INET6, $port, 0, $bytes, 0) : pack('S n a4 x8', AF_INET, $port, $bytes); }

sub readable { my ($socket, $seconds) = @_; my $set = ''; vec($set, fileno($socket), 1) = 1; return select($set, undef, undef, $seconds) > 0 }

sub http { my ($f) = @_;
  socket(my $s, $f->{family} == 6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die "socket: $!\n";
  setsockopt($s, SOL_SOCKET, SO_SNDTIMEO, pack('l!l!', $f->{seconds}, 0));
  connect($s, endpoint($f, $f->{port})) or die "connect: $!\n";
  my $body = $f->{canary} x ($f->{bytes} > 32 ? int($f->{bytes} / 32) : 1);
  my $host = $f->{family} == 6 ? "[$f->{address}]" : $f->{address};
  my $request = "POST /v1/request-landing HTTP/1.1\r\nHost: $host\r\nX-Canary: $f->{canary}\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
  defined syswrite($s, $request) or die "send: $!\n";
  my $answer = '';
  while (1) { readable($s, $f->{seconds}) or die "no answer within $f->{seconds} s\n"; my $n = sysread($s, my $part, 65536); defined $n or die "receive: $!\n"; last if $n == 0; $answer .= $part }
  $answer =~ m{^HTTP/1\.[01] 200} or die "answer: " . substr($answer =~ s/[\r\n\t].*//sr, 0, 80) . "\n";
  return $answer =~ /^X-Backend: *([^\r\n\t,]+)/mi ? $1 : ''; }

sub udp { my ($f, $sequence) = @_;
  socket(my $s, $f->{family} == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
  connect($s, endpoint($f, $f->{port})) or die "connect: $!\n";
  my $payload = sprintf('%s seq=%d ', $f->{canary}, $sequence); $payload .= $f->{canary} x int($f->{bytes} / 32) if $f->{bytes} > 32;
  defined send($s, $payload, 0) or die "send: $!\n";
  readable($s, $f->{seconds}) or die "no answer within $f->{seconds} s\n";
  defined recv($s, my $answer, 65536, 0) or die "receive: $!\n";
  $answer eq $payload or die "the echo differs from what was sent\n";
  return ''; }

sub checksum { my ($data) = @_; $data .= "\0" if length($data) % 2; my $sum = 0; $sum += $_ for unpack('n*', $data);
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16; return ~$sum & 0xffff }

sub icmp { my ($f, $sequence) = @_;
  my $six = $f->{family} == 6;
  socket(my $s, $six ? AF_INET6 : AF_INET, SOCK_RAW, $six ? IPPROTO_ICMPV6 : IPPROTO_ICMP) or die "socket: $!\n";
  connect($s, endpoint($f, 0)) or die "connect: $!\n";
  my $identifier = ($$ + $f->{number}) & 0xffff;
  my $payload = pack('H*', $f->{canary}) x ($f->{bytes} > 16 ? int($f->{bytes} / 16) : 3);
  my $message = pack('CCnnn', $six ? 128 : 8, 0, 0, $identifier, $sequence) . $payload;
  substr($message, 2, 2) = pack('n', checksum($message)) unless $six;
  defined send($s, $message, 0) or die "send: $!\n";
  my $until = ms() + $f->{seconds} * 1000;
  while ((my $left = ($until - ms()) / 1000) > 0) {
    readable($s, $left) or last;
    defined recv($s, my $answer, 65536, 0) or die "receive: $!\n";
    $answer = substr($answer, 4 * (ord($answer) & 15)) unless $six;
    next if length($answer) < 8;
    my ($type, undef, undef, $id, $seq) = unpack('CCnnn', $answer);
    return '' if $type == ($six ? 129 : 0) && $id == $identifier && $seq == $sequence && substr($answer, 8) eq $payload;
  }
  die "no answer within $f->{seconds} s\n"; }

my %drive = (tcp => \&http, udp => \&udp, icmp => \&icmp); my $number = 0;
while (my $line = <STDIN>) {
  chomp $line; next if $line eq '';
  my %f; @f{qw(id protocol family address bytes_of_address port canary count bytes seconds)} = split /\t/, $line; $f{number} = ++$number;
  my ($sent, $answered, %by, %notes) = (0, 0); my $started = ms();
  for my $sequence (1 .. $f{count}) {
    $sent++;
    my $from = eval { $drive{$f{protocol}}->(\%f, $sequence) };
    if (defined $from) { $answered++; $by{$from} = 1 if $from ne '' } else { chomp(my $why = $@); $why =~ s/\s+/ /g; $notes{$why}++ }
  }
  print join("\t", $f{id}, $sent, $answered, $started, ms(), join(',', sort keys %by), join('; ', map { "$notes{$_}x $_" } sort keys %notes)), "\n";
}
