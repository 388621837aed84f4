#!/bin/sh
# The last step of build-host.sh, in the host's own PID namespace: its /proc, its boot id, its root; then process 1.
set -eu
work=$1 chroot=$2
cd "$work/root"
for proc in proc ${chroot:+"${chroot#/}/proc"}; do
  mount -t proc proc "$proc"
  mount --bind "$work/boot_id" "$proc/sys/kernel/random/boot_id"
done
pivot_root . .
umount -l .
cd /
# Ignoring SIGCHLD lets the kernel bury orphans, which is all that process 1 has to do here.
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin perl -e '
  $SIG{CHLD} = "IGNORE"; $| = 1;
  print "ready\n"; close STDIN; open STDOUT, ">/dev/null"; open STDERR, ">/dev/null";
  $0 = "/sbin/init"; sleep 3600 while 1;'
