# Counts the frames of an interface for a long time and keeps none: several tcpdumps, each with a filter of its own, write to /dev/null, and are
# asked for their statistics again and again (SIGUSR1). The interface's own counters are read before and after, so that what passed in the time
# of the reading is known. perl-base without modules.
#
# After its last line (__END__), a line each: interface, milliseconds between readings, then for each tcpdump the number of its words, and the words.
# Standard error: what the tcpdumps print, each line behind its number from 0 ("0: tcpdump: listening on ..."), then "counting PID", and a line for each
# reading: "reading N why uptime(s) rx-before tx-before captured,received,dropped[,...] ... rx-after tx-after". A tcpdump that gave no statistics has "-".
# Why: 0 by the clock, 1 the final one (SIGUSR1), 2 asked for in between (SIGUSR2), both at once. SIGINT, SIGTERM: end.
use strict; BEGIN { $^W = 1 }
sub WNOHANG() { 1 } sub ANSWER_SECONDS() { 5 }
# It is a file of its own because it is longer than what some servers take as a command; nobody else needs it.
unlink $0;
my ($device, $every, @lines) = map { chomp; $_ } <DATA>;
my ($stopping, $asked) = (0, 0); $SIG{INT} = $SIG{TERM} = sub { $stopping = 1 }; $SIG{USR1} = sub { $asked = 1 }; $SIG{USR2} = sub { $asked ||= 2 }; $SIG{PIPE} = 'IGNORE';
select(STDERR); $| = 1;
sub uptime { open(my $f, '<', '/proc/uptime') or die "/proc/uptime: $!\n"; return (split ' ', readline $f)[0] }
# "  eth0: rx-bytes rx-packets ... (8 columns) tx-bytes tx-packets ..."
sub counters { open(my $f, '<', '/proc/net/dev') or die "/proc/net/dev: $!\n";
  while (my $line = <$f>) { my ($name, $rest) = $line =~ /^\s*([^:]+):\s*(.*)$/ or next; next if $name ne $device; my @n = split ' ', $rest; return "$n[1] $n[9]" }
  return '- -' }

my @children;
while (@lines) { my $words = shift @lines; my @argv = splice @lines, 0, $words;
  pipe(my $read, my $write) or die "pipe: $!\n"; defined(my $pid = fork) or die "fork: $!\n";
  if ($pid == 0) { open(STDIN, '<', '/dev/null'); open(STDERR, '>&', $write) or exit 127; exec { $argv[0] } @argv or exit 127 }
  close $write; push @children, { pid => $pid, from => $read, text => '', ready => 0, answer => undef, ended => 0 } }

# A line of a tcpdump: the answer to SIGUSR1, or something to pass on.
sub heard { my ($i, $line) = @_; my $c = $children[$i];
  if ($line =~ /^\S*tcpdump: (\d+) packets? captured, (\d+) packets? received by filter, (\d+) packets? dropped by kernel(?:, (\d+) packets? dropped by interface)?$/) {
    $c->{answer} = join ',', $1, $2, $3, defined $4 ? $4 : (); return }
  $c->{ready} = 1 if $line =~ /listening on /; print "$i: $line\n" }
# Wait for output, at most for these seconds.
sub listen_for { my ($seconds) = @_; my $bits = ''; for my $c (@children) { vec($bits, fileno $c->{from}, 1) = 1 unless $c->{ended} }
  return select(undef, undef, undef, $seconds) if $bits !~ /[^\0]/;
  my $found = select(my $ready = $bits, undef, undef, $seconds); return if $found <= 0;
  for my $i (0 .. $#children) { my $c = $children[$i]; next if $c->{ended} || !vec($ready, fileno $c->{from}, 1);
    $c->{ended} = 1 unless sysread($c->{from}, $c->{text}, 65536, length $c->{text});
    heard($i, $1) while $c->{text} =~ s/^(.*)\n// } }
sub statistics { my ($c) = @_; return '-' if $c->{ended}; $c->{answer} = undef; kill USR1 => $c->{pid};
  my $until = uptime() + ANSWER_SECONDS; while (!defined $c->{answer} && !$c->{ended} && uptime() < $until) { listen_for(0.05) }
  return $c->{answer} // '-' }
my $number = 0;
sub reading { my ($why) = @_; my $at = uptime(); my $before = counters(); my @all = map { statistics($_) } @children; my $after = counters();
  print join(' ', 'reading', $number++, $why, $at, $before, @all, $after), "\n" }

my $limit = uptime() + 30;
while (grep { !$_->{ready} && !$_->{ended} } @children) { listen_for(0.1); last if $stopping || uptime() > $limit }
print "counting $$\n";
my $next = uptime();
until ($stopping) {
  my $now = uptime();
  if ($asked) { my $why = $asked; $asked = 0; reading($why) }
  elsif ($now >= $next) { reading(0); $next += $every / 1000; $next = $now if $next < $now }
  else { my $left = $next - $now; listen_for($left > 1 ? 1 : $left) } }
kill INT => map { $_->{pid} } grep { !$_->{ended} } @children;
my $until = uptime() + 10; while (grep { !$_->{ended} } @children) { listen_for(0.1); last if uptime() > $until }
for my $i (0 .. $#children) { waitpid($children[$i]{pid}, $children[$i]{ended} ? 0 : WNOHANG); print "$i: exit ", $? >> 8, "\n" }
__END__
