#!/bin/sh
# Runs `npm test` as a machine with Node and git alone would: in a mount namespace whose folders of programs hold node, npm,
# git, a POSIX shell and coreutils, and nothing else. Fails where that is not green. Needs root and util-linux.
#   test/bare.sh [COMMAND...]     runs another command there
set -eu
cd "$(dirname "$0")/.."

if [ "${1:-}" != --inside ]; then
  room=$(mktemp -d)
  trap 'rm -rf "$room"' EXIT
  unshare --mount --propagation private -- test/bare.sh --inside "$room" "$@"
  exit
fi

room=$2
shift 2
[ $# -gt 0 ] || set -- npm test
coreutils='[ b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir
  dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls
  md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink
  realpath rm rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty
  sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami yes'

mkdir "$room/bin" "$room/none"
for name in sh $coreutils git; do
  for folder in /usr/bin /bin /usr/sbin /sbin; do
    [ ! -e "$folder/$name" ] || cp -L "$folder/$name" "$room/bin/$name"
  done
done
cp -L "$(command -v node)" "$room/bin/node"
printf '#!/bin/sh\nexec node %s "$@"\n' "$(readlink -f "$(command -v npm)")" >"$room/bin/npm"
chmod 755 "$room/bin/npm"
cp -L "$(command -v mount)" "$room/mount"

for folder in /sbin /usr/sbin /usr/local/bin /usr/local/sbin /usr/games /usr/lib/postgresql; do
  [ ! -d "$folder" ] || [ -L "$folder" ] || "$room/mount" --bind "$room/none" "$folder"
done
[ -L /bin ] || "$room/mount" --bind "$room/bin" /bin
"$room/mount" --bind "$room/bin" /usr/bin

unset PAIRFLIGHT_REQUIRE_ALL
PATH=/usr/bin:/bin exec "$@"
