/** The script that listens for a moment on ports that nobody uses. */

/** Seconds after which every listener ends by itself. */
export const LISTEN_SECONDS = 5;

// Bound to one address, and without SO_REUSEADDR: then the kernel refuses a port that anything, a wildcard too, listens on. The
// other end closes first, so that no port stays in TIME_WAIT here and looks used in the next run.
const python = `import errno,select,signal,socket,sys,time
signal.alarm(7)
a=sys.argv[1]
n={}
c=[]
for p in sys.argv[2:]:
  s=socket.socket(socket.AF_INET,socket.SOCK_STREAM)
  try:
    s.bind((a,int(p)))
    s.listen(1)
  except OSError as e:
    print(p,"in-use" if e.errno==errno.EADDRINUSE else "failed "+str(e.strerror),flush=True)
    s.close()
    continue
  n[s]=p
  print(p,"listening",flush=True)
end=time.monotonic()+${LISTEN_SECONDS}
while n and time.monotonic()<end:
  for s in select.select(list(n)+c,[],[],max(0,end-time.monotonic()))[0]:
    try:
      if s in n:
        c.append(s.accept()[0])
        print(n[s],"accepted",flush=True)
      elif not s.recv(1024):
        c.remove(s)
        s.close()
    except OSError:
      if s in c: c.remove(s)`;

const perl = `use IO::Socket::INET; use IO::Select; use Errno;
alarm 7;
$|=1;
my ($h,@p)=@ARGV;
my (%n,%c);
my $q=IO::Select->new;
for my $p (@p) {
  my $s=IO::Socket::INET->new(LocalAddr=>$h,LocalPort=>$p,Proto=>"tcp",Listen=>1);
  if (!$s) { print $!{EADDRINUSE} ? "$p in-use\\n" : "$p failed $!\\n"; next }
  $n{fileno $s}=$p;
  $q->add($s);
  print "$p listening\\n";
}
my $end=time+${LISTEN_SECONDS};
while (%n and time<$end) {
  for my $s ($q->can_read(1)) {
    my $p=$n{fileno $s};
    if (defined $p && !$c{$s}) {
      my $k=$s->accept or next;
      $c{$k}=$k;
      $q->add($k);
      print "$p accepted\\n";
    } elsif (!sysread $s, my $x, 1024) { $q->remove($s); delete $c{$s}; close $s }
  }
}`;

/**
 * Takes an IPv4 address and ports; prints `via TOOL`, for each port `PORT in-use`, `PORT failed WHY` or `PORT listening` (and
 * `PORT accepted` when a connection came), then `end`; where there is no tool it prints `via none`. nc may take a used port from
 * its owner (SO_REUSEPORT), so /proc is asked first; one that cannot be told its address, or does not say where it listens, is
 * not used. Nothing outlives seven seconds.
 */
export const earsScript = `a=$1; shift
case $a in ''|0.*|*[!0-9.]*) echo via none; echo end; exit 0 ;; esac
limited() { timeout -k 1 2 true 2>/dev/null; }
nc_kind() { nc -h 2>&1 | grep -E -o 'OpenBSD|Ncat' | head -n 1; }
if command -v python3 >/dev/null 2>&1; then via=python3
elif command -v perl >/dev/null 2>&1 && perl -MIO::Socket::INET -MIO::Select -e 1 2>/dev/null; then via=perl
elif command -v nc >/dev/null 2>&1 && limited && [ -n "$(nc_kind)" ] && [ -r /proc/net/tcp ]; then via=nc
else echo via none; echo end; exit 0; fi
echo "via $via"
used() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F]*:0000 0A "
}
ear() {
  if used "$1"; then echo "$1 in-use"; return; fi
  timeout -k 1 ${LISTEN_SECONDS} nc -n -v -l "$a" "$1" 2>&1 </dev/null | while read -r l; do
    case $l in
      *istening\\ on*"$a"*) echo "$1 listening" ;;
      *onnection*) echo "$1 accepted" ;;
      *ersion*) ;;
      *) echo "$1 failed $l" ;;
    esac
  done
}
case $via in
  python3) python3 -IB -c '${python}' "$a" "$@" ;;
  perl) perl -e '${perl}' "$a" "$@" ;;
  nc) for p; do ear "$p" & done; wait ;;
esac
echo end
`;
