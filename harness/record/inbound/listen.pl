# Stands in a pod for one packet that claims to come from it: waits at the packet's source port for what the other pod answers.
# perl-base only, without modules, for the time they take on an emulated machine; the constants are Linux's (asm-generic). IPv4 or IPv6.
#
# Arguments: own address(hex)  own port  address of the other pod(hex)  its port  text of the own request  text of the packet
#   limit of the own request(ms)  limit of the packet(ms)
# Standard output: `own answered` or `own silent` for a request that the pod sends itself, then `waiting`, then `answered` if the packet is.
# Whoever sends the packet ends this program when its answer is late: how long the sending takes is not known here.
use strict; BEGIN { $^W = 1 }
my ($own, $port, $other, $its, $control, $text, $limit, $longest) = @ARGV; $| = 1;
my $six = length($own) == 32;
sub address { my ($hex, $number) = @_; my $bytes = pack('H*', $hex);
  return $six ? pack('S n N a16 N', 10, $number, 0, $bytes, 0) : pack('S n a4 x8', 2, $number, $bytes) }
open(my $uptime, '<', '/proc/uptime') or die "/proc/uptime: $!\n";
sub ms { seek($uptime, 0, 0); return 1000 * (split ' ', readline $uptime)[0] }
socket(my $s, $six ? 10 : 2, 2, 0) or die "socket: $!\n";
bind($s, address($own, $port)) or die "port $port: $!\n";
# True when the other pod sends the text back before the limit is over.
sub answered { my ($wanted, $limit) = @_; my $end = ms() + $limit;
  while ((my $left = $end - ms()) > 0) {
    my $set = ''; vec($set, fileno $s, 1) = 1;
    next unless select($set, undef, undef, $left / 1000) > 0;
    my $from = recv($s, my $data, 65536, 0); defined $from or die "receive: $!\n";
    return 1 if $data eq $wanted && $from eq address($other, $its) }
  return 0 }
defined send($s, $control, 0, address($other, $its)) or die "send: $!\n";
print 'own ', answered($control, $limit) ? 'answered' : 'silent', "\n";
print "waiting\n";
print "answered\n" if answered($text, $longest);
