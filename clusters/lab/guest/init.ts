/**
 * The guest's first process. It prints `LAB <uptime> ready` on the console when ssh answers, and powers off on request. The guest has no
 * access to the outside: the user network is restricted and only the ssh port is forwarded into it.
 */
export const INIT = `#!/usr/bin/dash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts
mount -t devpts pts /dev/pts
mount -t tmpfs run /run
mkdir -p /run/netns /run/command
mount -t tmpfs -o size=75% tmp /tmp
say() { read now idle </proc/uptime; echo "LAB $now $*" >/dev/console; }
say kernel
# One process for all modules: starting insmod for each takes longer than what it does. 313 is finit_module on x86-64.
perl -e 'my ($none, $file) = ""; open(my $order, "<", "/mods/order") or die "/mods/order: $!\\n";
  while (my $module = readline $order) { chomp $module;
    open($file, "<", "/mods/$module.ko") && syscall(313, fileno($file), $none, 0) == 0 or print "$module: $!\\n" }' |
  while read -r module; do say "module-failed $module"; done
say modules
ip link set lo up
tries=0
while ! [ -e /sys/class/net/eth0 ] && [ $tries -lt 100 ]; do usleep 20000; tries=$((tries + 1)); done
ip addr add 10.99.0.15/24 dev eth0 && ip link set eth0 up || say "no-network"
mkdir -p /root/.ssh
cp /lab/hostkey /etc/dropbear/hostkey
cp /lab/authorized_keys /root/.ssh/authorized_keys
rm -r /lab
chmod 700 /root /root/.ssh
chmod 600 /root/.ssh/authorized_keys /etc/dropbear/hostkey
dropbear -s -r /etc/dropbear/hostkey -p 10.99.0.15:22 -K 0 -I 0 -j -k 2>/dev/console || say "no-ssh"
say ready
exec setsid busybox sh -c 'while :; do wait; sleep 3600; done' </dev/console >/dev/console 2>&1
`;
