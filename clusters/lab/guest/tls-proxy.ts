/**
 * The proxy of one pod in a TLS mesh, as ztunnel serves one: TCP of the pod, which is redirected to its outbound port, goes to the
 * inbound port of the other pod's proxy in HTTP/2 CONNECT inside mutual TLS (HBONE, one stream a connection), by OpenSSL. It
 * trusts certificates of the root whose SPIFFE id is of the trust domain, and logs each connection in ztunnel's form. Certificate
 * and key come on standard input, and renewed ones by a named pipe, so that no key is on disk; connections that are open keep the
 * certificate that they began with. Once it listens it prints its process id and goes to the background.
 *
 * With `kernel` the kernel has the keys of the records after the handshake (Documentation/networking/tls.rst): OpenSSL gives it those of
 * what is sent; those of what is received OpenSSL 3.0 gives only with TLS 1.2 (3.2 and later with TLS 1.3 too), so the proxy does it.
 *
 * With `framing transport-header` the connection carries the stream of the pod itself, after a header with the port of the application, as
 * Linkerd's proxies do it (linkerd2-proxy, linkerd/transport-header); the client asks for the identity of the server by name.
 */
export const TLS_PROXY = `#!/usr/bin/perl
use strict; use warnings;
use Socket qw(:DEFAULT IPPROTO_TCP SOMAXCONN inet_ntoa inet_aton pack_sockaddr_in unpack_sockaddr_in);
use Net::SSLeay ();
use POSIX ();
$SIG{PIPE} = 'IGNORE';
# Standard input: \`name value\` a line; \`certificate\`, \`key\` and \`root\` are followed by PEM up to the line of its end.
my (%set, %services, %names);
while (my $line = <STDIN>) { chomp $line; my ($name, @values) = split / /, $line; next unless defined $name;
  if ($name =~ /^(certificate|key|root)$/) { my $pem = ''; while (my $l = <STDIN>) { $pem .= $l; last if $l =~ /^-----END/ } $set{$name} = $pem }
  elsif ($name eq 'service') { my $at = shift @values; $services{$at} = [@values] }
  elsif ($name eq 'name') { $names{$values[0]} = $values[1] }
  else { $set{$name} = join ' ', @values } }
my ($bare, $magic) = (($set{framing} // '') eq 'transport-header', "transport.l5d.io/v1\\r\\n\\r\\n");
Net::SSLeay::load_error_strings(); Net::SSLeay::SSLeay_add_ssl_algorithms(); Net::SSLeay::randomize();
sub bio { my ($text) = @_; my $bio = Net::SSLeay::BIO_new(Net::SSLeay::BIO_s_mem()); Net::SSLeay::BIO_write($bio, $text); return $bio }
sub openssl { my ($what) = @_; die "$what: " . (Net::SSLeay::ERR_error_string(Net::SSLeay::ERR_get_error()) || 'failed') . "\\n" }
sub uri { my ($x509) = @_; return '' unless $x509; my @names = Net::SSLeay::X509_get_subjectAltNames($x509); while (my ($type, $name) = splice @names, 0, 2) { return $name if $type == 6 || $type == 2 } return '' }
my ($own, $identity); my $trust = $set{trust} // ''; my $kernel = $set{kernel} // '';
# The secrets of a session's application data, until the kernel has its keys.
my %secret;
sub secret { my ($ssl, $line) = @_; $secret{$ssl}{$1} = pack('H*', $2) if $line =~ /^(CLIENT|SERVER)_TRAFFIC_SECRET_0 \\S+ (\\S+)/ }
sub hmac { my ($hash, $key, $data) = @_; my $block = $hash eq 'SHA384' ? 128 : 64; my $md = Net::SSLeay::EVP_get_digestbyname($hash); $key .= "\\0" x ($block - length $key);
  return Net::SSLeay::EVP_Digest(($key ^ "\\x5c" x $block) . Net::SSLeay::EVP_Digest(($key ^ "\\x36" x $block) . $data, $md), $md) }
# HKDF-Expand-Label (RFC 8446, section 7.1) for at most one block of the hash.
sub labelled { my ($hash, $secret, $label, $length) = @_; return substr(hmac($hash, $secret, pack('n C/a* C/a* C', $length, "tls13 $label", '', 1)), 0, $length) }
# The ULP of TLS for a connected socket: SOL_TCP, TCP_ULP. OpenSSL may have attached it.
sub attached { my ($l) = @_; setsockopt($l->{wire}, IPPROTO_TCP, 31, 'tls') or $! == POSIX::EEXIST() or die "TCP_ULP tls: $!\\n"; $l->{ulp} = 1 }
# Keys of what is received from here on: SOL_TLS, TLS_RX, struct tls12_crypto_info_aes_gcm_128 or 256. Nothing of it was read yet: OpenSSL reads a record at a time.
sub receives { my ($l) = @_; my $suite = Net::SSLeay::get_cipher($l->{ssl}); my %of = (TLS_AES_128_GCM_SHA256 => [51, 16, 'SHA256'], TLS_AES_256_GCM_SHA384 => [52, 32, 'SHA384']);
  my ($type, $length, $hash) = @{$of{$suite} or die "the kernel has no $suite\\n"}; my $secrets = delete $secret{$l->{ssl}}; my $from = $secrets->{$l->{isServer} ? 'CLIENT' : 'SERVER'} or die "no secret of the peer\\n";
  die "records are left in OpenSSL\\n" if Net::SSLeay::pending($l->{ssl});
  my ($key, $iv) = (labelled($hash, $from, 'key', $length), labelled($hash, $from, 'iv', 12));
  setsockopt($l->{wire}, 282, 2, pack('S S', 0x0304, $type) . substr($iv, 4) . $key . substr($iv, 0, 4) . "\\0" x 8) or die "TLS_RX: $!\\n"; $l->{decrypts} = 1 }
sub context { my ($server) = @_;
  my $ctx = Net::SSLeay::CTX_new_with_method($server ? Net::SSLeay::TLS_server_method() : Net::SSLeay::TLS_client_method()) or openssl('context');
  my %version = ('1.2' => 0x0303, '1.3' => 0x0304);
  Net::SSLeay::CTX_set_min_proto_version($ctx, $version{$set{min}}) or openssl('min'); Net::SSLeay::CTX_set_max_proto_version($ctx, $version{$set{max}}) or openssl('max');
  Net::SSLeay::CTX_set_cipher_list($ctx, $set{ciphers}) or openssl('ciphers') if $set{ciphers};
  Net::SSLeay::CTX_set1_groups_list($ctx, $set{groups}) or openssl('groups') if $set{groups};
  Net::SSLeay::CTX_use_certificate($ctx, $own) or openssl('certificate');
  my $key = Net::SSLeay::PEM_read_bio_PrivateKey(bio($set{key})) or openssl('key');
  Net::SSLeay::CTX_use_PrivateKey($ctx, $key) or openssl('key');
  my $root = Net::SSLeay::PEM_read_bio_X509(bio($set{root})) or openssl('root');
  Net::SSLeay::X509_STORE_add_cert(Net::SSLeay::CTX_get_cert_store($ctx), $root);
  Net::SSLeay::CTX_set_verify($ctx, Net::SSLeay::VERIFY_PEER() | Net::SSLeay::VERIFY_FAIL_IF_NO_PEER_CERT(), 0);
  Net::SSLeay::CTX_set_session_cache_mode($ctx, 0);
  # Nothing is resumed, so there are no tickets, and a kernel that decrypts gets application data alone.
  Net::SSLeay::CTX_set_num_tickets($ctx, 0);
  # SSL_OP_ENABLE_KTLS.
  if ($kernel ne '') { Net::SSLeay::CTX_set_options($ctx, 8); Net::SSLeay::CTX_set_keylog_callback($ctx, \\&secret) if $kernel eq 'send-and-receive' }
  # What could not be written is written again from another buffer, with more behind it (SSL_MODE_ENABLE_PARTIAL_WRITE, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER).
  Net::SSLeay::CTX_set_mode($ctx, 3);
  my $alpn = [$set{alpn} || 'h2'];
  if ($server) { Net::SSLeay::CTX_set_alpn_select_cb($ctx, $alpn) } else { Net::SSLeay::CTX_set_alpn_protos($ctx, $alpn) }
  return $ctx }
my ($client, $server);
# The file is replaced as a whole: somebody may be reading it.
sub certified { my ($certificate, $key) = @_; @set{qw(certificate key)} = ($certificate, $key);
  $own = Net::SSLeay::PEM_read_bio_X509(bio($certificate)) or openssl('certificate'); $identity = uri($own);
  ($client, $server) = (context(0), context(1));
  my $path = $set{certificate_file}; open(my $file, '>', "$path.new") or die "$path: $!\\n"; print $file $certificate; close $file; rename "$path.new", $path or die "$path: $!\\n" }
certified(@set{qw(certificate key)});
sub opened { socket(my $s, AF_INET, SOCK_STREAM | 2048, 0) or die "socket: $!\\n"; return $s }
sub listening { my ($port) = @_; my $s = opened(); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); bind($s, pack_sockaddr_in($port, INADDR_ANY)) or die "port $port: $!\\n"; listen($s, SOMAXCONN) or die "listen: $!\\n"; return $s }
my ($in, $out) = (listening($set{inbound}), listening($set{outbound}));
open(my $log, '>>', $set{log}) or die "$set{log}: $!\\n"; { my $old = select $log; $| = 1; select $old }
{ open(my $file, '>', $set{root_file}) or die "$set{root_file}: $!\\n"; print $file $set{root} }
POSIX::mkfifo($set{renewal}, 0600) or die "$set{renewal}: $!\\n" unless -p $set{renewal};
# Opened for both, so that it never ends.
sysopen(my $renewal, $set{renewal}, 2 | 2048) or die "$set{renewal}: $!\\n"; my $renewed = '';
sub renew { sysread($renewal, $renewed, 65536, length $renewed);
  while ($renewed =~ s/^(-----BEGIN CERT.*?-----END CERTIFICATE-----\\n)(-----BEGIN PRIV.*?-----END PRIVATE KEY-----\\n)//s) { my @pair = ($1, $2); eval { certified(@pair); 1 } or print STDERR "renewal: $@" } }
defined(my $pid = fork) or die "fork: $!\\n"; if ($pid) { print "$pid\\n"; exit 0 }
POSIX::setsid(); open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null'; open STDERR, '>', "$set{log}.err";
# A frame of HTTP/2 (RFC 9113, section 4.1); HBONE is one CONNECT a stream, and here one stream a connection.
sub frame { my ($type, $flags, $stream, $payload) = @_; return substr(pack('N', length $payload), 1) . pack('CCN', $type, $flags, $stream) . $payload }
my $settings = frame(4, 0, 0, pack('nN', 4, 0x7fffffff)) . frame(8, 0, 0, pack('N', 0x7fffffff - 65535));
my $preface = "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n";
my (%link, %turn, $count);
sub connected { my ($address, $port) = @_; my $s = opened(); setsockopt($s, SOL_SOCKET, 36, pack('L', 0x539)) or die "mark: $!\\n";
  connect($s, pack_sockaddr_in($port, inet_aton($address))) or $! == POSIX::EINPROGRESS() or die "connect: $!\\n"; return $s }
# A peer that is cut off answers nothing: after TCP_USER_TIMEOUT (18) its connections are over, and nothing of them is sent when it is back.
sub tls { my ($l, $socket, $isServer) = @_; setsockopt($socket, IPPROTO_TCP, 18, pack('L', 3000)) or die "timeout: $!\\n"; my $ssl = Net::SSLeay::new($isServer ? $server : $client) or openssl('session'); Net::SSLeay::set_fd($ssl, fileno $socket);
  $isServer ? Net::SSLeay::set_accept_state($ssl) : Net::SSLeay::set_connect_state($ssl);
  @$l{qw(ssl wire isServer wireOut wireIn plainOut id)} = ($ssl, $socket, $isServer, '', '', '', ++$count); $link{$l->{id}} = $l; return $l }
sub text { my ($packed) = @_; my ($port, $address) = unpack_sockaddr_in($packed); return (inet_ntoa($address), $port) }
sub begin { my ($listener, $isServer) = @_;
  my $peer = accept(my $s, $listener) or return; my $flags = fcntl($s, 3, 0); fcntl($s, 4, $flags | 2048);
  my ($fromAddress, $fromPort) = text($peer);
  if ($isServer) { my ($toAddress, $toPort) = text(getsockname $s); tls({ from => "$fromAddress:$fromPort", to => "$toAddress:$toPort" }, $s, 1); return }
  my ($address, $port) = text(substr(getsockopt($s, 0, 80), 0, 16));
  my $to = "$address:$port"; my $service = '';
  if (my $backends = $services{$to}) { $service = $to; $to = $backends->[$turn{$to}++ % @$backends] }
  ($address, $port) = split /:/, $to;
  eval { my $wire = connected($address, $set{inbound}); my $l = tls({ from => "$fromAddress:$fromPort", to => "$address:$set{inbound}", hbone => $to, plain => $s, service => $service }, $wire, 0);
    if (my $asked = $names{$address}) { $l->{asked} = $asked; Net::SSLeay::set_tlsext_host_name($l->{ssl}, $asked) }
    if ($bare) { $l->{wireOut} = header((split /:/, $to)[1]); $l->{open} = 1 } else { $l->{wireOut} = $preface . $settings . frame(1, 4, 1, "\\x02\\x07CONNECT\\x01" . chr(length $to) . $to) } 1 } or failed({ from => "$fromAddress:$fromPort", to => $to }, $@) }
sub stamp { my ($s, $ms) = (time, 0); my @t = gmtime $s; return sprintf '%04d-%02d-%02dT%02d:%02d:%02d.000000Z', $t[5] + 1900, $t[4] + 1, @t[3, 2, 1, 0] }
sub failed { my ($l, $why) = @_; $why =~ s/["\\s]+/ /g; note($l, $why) }
sub note { my ($l, $error) = @_; my $peer = $l->{peer} // ''; my $server = $l->{isServer};
  my ($source, $target) = $server ? ($peer, $identity) : ($identity, $peer);
  print $log join("\\t", stamp(), defined $error ? 'error' : 'info', 'access', 'connection complete',
    join(' ', "src.addr=$l->{from}", qq(src.identity="$source"), "dst.addr=$l->{to}", 'dst.hbone_addr=' . ($l->{hbone} // ''), qq(dst.identity="$target"),
      'direction="' . ($server ? 'inbound' : 'outbound') . '"', 'bytes_sent=' . ($l->{sent} // 0), 'bytes_recv=' . ($l->{received} // 0), defined $error ? qq(error="$error") : ())), "\\n" }
sub over { my ($l, $error) = @_; note($l, $error) unless $l->{ending}; delete $secret{$l->{ssl}}; Net::SSLeay::free($l->{ssl}); close $l->{wire}; close $l->{plain} if $l->{plain}; delete $link{$l->{id}} }
# Each side says that it has sent everything (close_notify), and waits until the other has said so.
sub ending { my ($l) = @_; note($l); $l->{ending} = 1; Net::SSLeay::shutdown($l->{ssl}) }
# A transport header: the port, field 1 of a message of protocol buffers, after its length.
sub header { my ($port) = @_; my $value = ''; do { my $byte = $port & 127; $port >>= 7; $value .= chr($byte | ($port ? 128 : 0)) } while $port; return $magic . pack('N/a*', "\\x08$value") }
sub stream { my ($l) = @_;
  if ($l->{isServer} && !$l->{open}) { my $at = length $magic; return if length $l->{wireIn} < $at + 4; substr($l->{wireIn}, 0, $at) eq $magic or die "no header\\n";
    my $size = unpack('N', substr($l->{wireIn}, $at, 4)); return if length $l->{wireIn} < $at + 4 + $size; my $message = substr($l->{wireIn}, $at + 4, $size); substr($l->{wireIn}, 0, $at + 4 + $size) = '';
    $message =~ s/^\\x08// or die "no port\\n"; my ($port, $shift) = (0, 0); for my $byte (unpack 'C*', $message) { $port |= ($byte & 127) << $shift; $shift += 7; last if $byte < 128 }
    my ($own) = split /:/, $l->{to}; $l->{hbone} = "$own:$port"; $l->{plain} = connected($own, $port); $l->{open} = 1 }
  $l->{received} += length $l->{wireIn}; $l->{plainOut} .= $l->{wireIn}; $l->{wireIn} = '' }
# Frames that came: the tunnel is opened by HEADERS, DATA is what it carries.
sub frames { my ($l) = @_; return stream($l) if $bare;
  if ($l->{isServer} && !$l->{begun}) { return if length $l->{wireIn} < 24; substr($l->{wireIn}, 0, 24) eq $preface or die "no preface\\n"; substr($l->{wireIn}, 0, 24) = ''; $l->{begun} = 1; $l->{wireOut} .= $settings }
  while (length $l->{wireIn} >= 9) { my ($length, $type, $flags) = (unpack('N', "\\0" . substr($l->{wireIn}, 0, 3)), unpack('CC', substr($l->{wireIn}, 3, 2)));
    last if length $l->{wireIn} < 9 + $length; my $payload = substr($l->{wireIn}, 9, $length); substr($l->{wireIn}, 0, 9 + $length) = '';
    if ($type == 4 && !($flags & 1)) { $l->{wireOut} .= frame(4, 1, 0, '') }
    elsif ($type == 1 && $l->{isServer}) { $payload =~ /^\\x02\\x07CONNECT\\x01.([\\d.]+):(\\d+)$/s or die "not a CONNECT\\n"; $l->{hbone} = "$1:$2"; $l->{plain} = connected($1, $2); $l->{wireOut} .= frame(1, 4, 1, "\\x88"); $l->{open} = 1 }
    elsif ($type == 1) { $payload =~ /^\\x88/ or die "refused\\n"; $l->{open} = 1 }
    elsif ($type == 0) { $l->{plainOut} .= $payload; $l->{received} += $length; $l->{ended} = 1 if $flags & 1 } } }
# A fault of the lab: a line in the clear before the handshake, or, after the tunnel was opened in TLS, everything in the clear. A record of
# TLS begins with its type, of 20 to 23, and a frame of HTTP/2 with its length, of which the first byte is 0 here.
my $clear = $set{clear} // ''; my $line = "STARTTLS\r\n";
sub greeted { my ($l) = @_; my $n = $l->{isServer} ? sysread($l->{wire}, my $said, length $line) : syswrite($l->{wire}, $line); $l->{greeted} = $n; return $n }
sub received { my ($l) = @_;
  # EIO: a record of another type, which can only be an alert.
  if ($l->{decrypts}) { my $n = sysread($l->{wire}, my $data, 16384); return $data if $n; return if !defined $n && $! == POSIX::EAGAIN();
    die "the kernel cannot decrypt a record: $!\\n" if !defined $n && $! != POSIX::EIO(); $l->{closed} = 1; return }
  if ($clear eq 'after' && $l->{open}) { my $next = recv($l->{wire}, my $first, 1, 2); return unless defined $next; $l->{closed} = 1, return if $first eq '';
    if (ord($first) < 20) { my $n = sysread($l->{wire}, my $data, 16384); return $n ? $data : undef } }
  my ($data, $got) = Net::SSLeay::read($l->{ssl}, 16384); return $data if defined $data && $got > 0;
  my $e = Net::SSLeay::get_error($l->{ssl}, $got // -1); if ($bare && $e == 6 && !$l->{ended}) { $l->{ended} = 1; return } $l->{closed} = 1 unless $e == 2 || $e == 3; return }
sub wire { my ($l) = @_; my $ssl = $l->{ssl};
  return if $clear eq 'before' && !$l->{greeted} && !greeted($l);
  if (!$l->{ready}) { attached($l) if $kernel ne '' && !$l->{ulp}; my $done = Net::SSLeay::do_handshake($ssl);
    if ($done != 1) { my $e = Net::SSLeay::get_error($ssl, $done); $l->{wants} = $e == 3; return if $e == 2 || $e == 3; die 'handshake: ' . (Net::SSLeay::ERR_error_string(Net::SSLeay::ERR_get_error()) || "error $e") . "\\n" }
    $l->{ready} = 1; $l->{wants} = 0; $l->{peer} = uri(Net::SSLeay::get_peer_certificate($ssl));
    die "the peer's identity $l->{peer} is not of the trust domain\\n" if $trust ne '' && index($l->{peer}, $trust) != 0 && substr($l->{peer}, -length $trust) ne $trust;
    die "the peer's identity is $l->{peer}, not $l->{asked}\\n" if defined $l->{asked} && $l->{peer} ne $l->{asked} && !$set{unverified};
    receives($l) if $kernel eq 'send-and-receive' }
  while (defined(my $data = received($l))) { $l->{wireIn} .= $data; frames($l) if $clear eq 'after' && !$l->{open} }
  frames($l); flushed($l) }
sub flushed { my ($l) = @_; return unless $l->{ready};
  while (length $l->{wireOut}) { my $n = $l->{bare} ? syswrite($l->{wire}, $l->{wireOut}) // 0 : Net::SSLeay::write($l->{ssl}, $l->{wireOut}); last if $n <= 0; substr($l->{wireOut}, 0, $n) = '' }
  if ($bare && $l->{done} && !length $l->{wireOut} && !$l->{said}) { $l->{said} = 1; Net::SSLeay::shutdown($l->{ssl}) }
  $l->{bare} = 1 if $clear eq 'after' && $l->{open} && !length $l->{wireOut};
  if (length $l->{plainOut} && $l->{plain}) { my $n = syswrite($l->{plain}, $l->{plainOut});
    if (defined $n) { substr($l->{plainOut}, 0, $n) = '' } elsif ($! != POSIX::EAGAIN() && $! != POSIX::ENOTCONN()) { die "the application is gone: $!\\n" } }
  if ($l->{ended} && !length $l->{plainOut} && $l->{plain} && !$l->{shut}) { shutdown($l->{plain}, 1); $l->{shut} = 1 } }
sub plain { my ($l) = @_; my $n = sysread($l->{plain}, my $data, 16384);
  if (!defined $n) { return if $! == POSIX::EAGAIN() || $! == POSIX::ENOTCONN(); $n = 0 }
  $l->{sent} += $n; $l->{wireOut} .= $bare ? $n ? $data : '' : frame(0, $n ? 0 : 1, 1, $n ? $data : ''); $l->{done} = 1 unless $n; flushed($l) }
while (1) {
  my ($r, $w) = ('', ''); vec($r, fileno $_, 1) = 1 for $in, $out, $renewal;
  for my $l (values %link) { vec($r, fileno $l->{wire}, 1) = 1; vec($w, fileno $l->{wire}, 1) = 1 if $l->{wants} || !$l->{ready} && !$l->{isServer} && !$l->{tried} || length $l->{wireOut} && $l->{ready};
    if ($l->{plain}) { vec($r, fileno $l->{plain}, 1) = 1 if $l->{open} && !$l->{done}; vec($w, fileno $l->{plain}, 1) = 1 if length $l->{plainOut} } }
  next if select($r, $w, undef, undef) < 0;
  renew() if vec($r, fileno $renewal, 1);
  begin($in, 1) if vec($r, fileno $in, 1); begin($out, 0) if vec($r, fileno $out, 1);
  for my $l (values %link) {
    my $ok = eval { my $f = fileno $l->{wire};
      if (vec($r, $f, 1) || vec($w, $f, 1)) { $l->{tried} = 1; wire($l) }
      if ($l->{plain} && defined fileno $l->{plain}) { my $p = fileno $l->{plain}; flushed($l) if vec($w, $p, 1); plain($l) if vec($r, $p, 1) && $l->{open} && !$l->{done} }
      1 };
    my $why = $@; 
    if (!$ok) { chomp $why; $why =~ s/["\\s]+/ /g; over($l, $why) }
    elsif ($l->{done} && $l->{ended} && !length $l->{wireOut} && !length $l->{plainOut}) { ending($l) unless $l->{ending}; over($l) if $l->{closed} || $bare }
    elsif ($l->{closed}) { over($l, $l->{ended} ? undef : 'closed early') } }
}
`;
