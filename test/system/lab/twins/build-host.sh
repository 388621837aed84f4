#!/bin/sh
# Builds one host of the lab. Runs as root in the host's own mount, network, UTS and IPC namespaces; every mount made
# here dies with them, loop devices included, so that killing this one process leaves nothing behind.
# Usage: build-host.sh WORK HOSTNAME CHROOT [MOUNTPOINT=SIZE ...]   (CHROOT: the product's real root, seen from the host;
# empty where the host has none)
set -eu
work=$1 name=$2 chroot=$3
shift 3
root=$work/root

mount -t tmpfs -o mode=755 pflab "$work"
mkdir "$work/upper" "$work/overlay" "$root" "$work/images" "$work/spool"
mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/overlay" overlay "$root"

mkdir -p "$root/run" "$root/tmp" "$root/dev" "$root/sys" "$root/proc"
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
mount -t tmpfs -o mode=755,nosuid devtmpfs "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t sysfs -o ro sysfs "$root/sys"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

devices() {
  mknod -m 666 "$1/null" c 1 3
  mknod -m 666 "$1/zero" c 1 5
  mknod -m 666 "$1/full" c 1 7
  mknod -m 666 "$1/random" c 1 8
  mknod -m 666 "$1/urandom" c 1 9
  mknod -m 666 "$1/tty" c 5 0
}
devices "$root/dev"

for disk; do
  at=${disk%%=*} size=${disk#*=}
  image=$work/images/$(echo "$at" | tr / _)
  truncate -s "$size" "$image"
  mkfs.ext4 -q -F -m 0 -O '^has_journal' -E nodiscard,lazy_itable_init=1 "$image"
  mkdir -p "$root$at"
  # Another lab may take the same free loop device first; losetup then says busy.
  tries=0
  until device=$(losetup --find --show "$image" 2>"$work/losetup"); do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || { cat "$work/losetup" >&2; exit 1; }
    sleep 0.1
  done
  mount -t ext4 -o noinit_itable "$device" "$root$at"
  losetup --detach "$device" # in use, so it is detached when its last mount goes
  mknod -m 660 "$root$device" b 7 "${device#/dev/loop}"
  rmdir "$root$at/lost+found"
done

product_shell() {
  inside=$root$chroot
  mkdir -p "$inside/usr" "$inside/dev" "$inside/proc" "$inside/tmp" "$inside/data1" "$inside/data2"
  mkdir -p "$inside/opt/alation/env/var"
  chmod 1777 "$inside/tmp"
  devices "$inside/dev"
  readonly_bind() {
    mkdir -p "$2"
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2"
  }
  # The chroot's programs are the machine's, not the host's: what a host lacks, the product's shell still has.
  readonly_bind /usr "$inside/usr"
  for dir in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$dir" ]; then
      ln -s "$(readlink "/$dir")" "$inside/$dir"
    elif [ -d "/$dir" ]; then
      readonly_bind "/$dir" "$inside/$dir"
    fi
  done
  [ ! -d "$root/data" ] || mount --bind "$root/data" "$inside/data1"
  [ ! -d "$root/backup" ] || mount --bind "$root/backup" "$inside/data2"
  mount --bind "$work/spool" "$inside/opt/alation/env/var"
}
[ -z "$chroot" ] || product_shell

hostname "$name"
ip link set lo up
echo mounted
read -r _ # until the files are in place
# This process stays in the mount namespace made so far, where the overlay's layers can be seen; the host leaves it.
exec unshare --pid --fork --kill-child=KILL unshare --mount /bin/sh "${0%/*}/host-init.sh" "$work" "$chroot"
