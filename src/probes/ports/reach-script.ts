/** The script that connects to ports of another host, with what the host has. */

/**
 * Connects to all ports at once, each from a process of its own that says its number first; bash itself waits for each, so that
 * `timeout` is not needed. All have begun before the first is waited for: where one has had its whole time, so have the others.
 * Takes a line feed, the address, the seconds and the ports. An older bash, or one without /dev/fd, says nothing and fails.
 */
const bash = `n=$1 a=$2 w=$3
shift 3
[ "$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))" -ge 401 ] && [ -e /dev/fd/0 ] || exit 1
f=()
for p; do
  exec {d}< <(
    exec 2>&1
    echo "$BASHPID"
    if [ "$EPOCHREALTIME" ]; then s=\${EPOCHREALTIME//[!0-9]/}000; else s=$(date +%s%N 2>/dev/null); fi
    exec 3<>"/dev/tcp/$a/$p"; r=$?
    if [ "$EPOCHREALTIME" ]; then e=\${EPOCHREALTIME//[!0-9]/}000; else e=$(date +%s%N 2>/dev/null); fi
    case $s$e in *[!0-9]*) ;; *) [ "\${#s}\${#e}" = 1919 ] && [ "$e" -ge "$s" ] && echo "ms=$(((e - s) / 1000000))" ;; esac
    printf "r=%s\\0" "$r"
  ) || exit 1
  f+=("$d")
done
echo "via bash"
for p; do
  IFS= read -r -d "" -t "$w" -u "\${f[0]}" m; s=$?
  f=("\${f[@]:1}")
  k=\${m%%"$n"*} m=\${m#*"$n"} r=1 d=-
  if [ "$s" = 0 ]; then r=\${m##*r=}; m=\${m%r=*}
  elif [ "$s" -gt 128 ]; then r=124 w=0.1; [ "$k" ] && kill "$k" 2>/dev/null; fi
  case $m in *ms=[0-9]*) b=\${m##*ms=}; d=\${b%%[!0-9]*}; m=\${m%ms=*}\${b#"$d"} ;; esac
  echo "$p $r $d \${m//"$n"/ }"
done
echo end`;

const python = `import socket,sys,time
m=0
s=time.monotonic()
try: socket.create_connection((sys.argv[1],int(sys.argv[2])),float(sys.argv[3])).close()
except Exception as e: m="timed out" if isinstance(e,socket.timeout) else (getattr(e,"strerror",None) or str(e))
print("ms=%d"%((time.monotonic()-s)*1000))
sys.exit(m)`;

// Not IO::Socket: with a time limit it loses why a connect was refused by ICMP.
const perl = `use Socket;
my $t=eval { require Time::HiRes; 1 };
my $b=$t && Time::HiRes::time();
my $m="";
eval {
  local $SIG{ALRM}=sub { die "timed out\\n" };
  my $a=inet_aton($ARGV[0]) or die "Bad hostname\\n";
  socket(my $s,PF_INET,SOCK_STREAM,0) or die "$!\\n";
  alarm $ARGV[2];
  connect($s,pack_sockaddr_in($ARGV[1],$a)) or die "$!\\n";
  alarm 0;
  1;
} or $m=$@ || "failed";
my $d=$t && int((Time::HiRes::time()-$b)*1000);
print "ms=$d\\n" if $t && $d>=0;
exit 0 if $m eq "";
print STDERR $m;
exit 1;`;

/**
 * Takes an address, seconds and ports; prints `via TOOL`, then for each port `PORT EXIT MS what the tool said`, then `end`. MS is
 * how long the connect took, or `-` where the host has no clock that is finer than seconds. Only tools that tell refused from
 * filtered are used; where there is none it prints `via none`, and every state stays unknown. Bash runs without its start-up
 * files, which it would read under sshd and which may end it; python3 without the modules of the current folder.
 */
export const reachScript = `a=$1 t=$2 n='
'
shift 2
if command -v bash >/dev/null 2>&1 && bash --norc -p -c '${bash}' tcp-reach "$n" "$a" "$t" "$@"; then exit 0; fi
if command -v python3 >/dev/null 2>&1; then via=python3
elif command -v perl >/dev/null 2>&1 && perl -MSocket -e 1 2>/dev/null; then via=perl
elif command -v nc >/dev/null 2>&1 && timeout -k 1 2 true 2>/dev/null; then via=nc
else echo via none; echo end; exit 0; fi
echo "via $via"
try() {
  case $via in
    python3) python3 -IB -c '${python}' "$a" "$1" "$t" ;;
    perl) perl -e '${perl}' "$a" "$1" "$t" ;;
    nc)
      s=$(date +%s%N 2>/dev/null)
      timeout -k 1 "$t" nc -v -z "$a" "$1"; r=$?
      e=$(date +%s%N 2>/dev/null)
      case $s$e in *[!0-9]*) ;; *) [ "\${#s}\${#e}" = 1919 ] && [ "$e" -ge "$s" ] && echo "ms=$(((e - s) / 1000000))" ;; esac
      return "$r" ;;
  esac
}
for p; do
  (
    m=$(try "$p" 2>&1 </dev/null); r=$?; d=-
    case $m in *ms=[0-9]*) b=\${m##*ms=}; d=\${b%%[!0-9]*}; m=\${m%ms=*}\${b#"$d"} ;; esac
    while case $m in *"$n"*) true ;; *) false ;; esac; do m=\${m%%"$n"*}' '\${m#*"$n"}; done
    printf '%s %s %s %s\\n' "$p" "$r" "$d" "$m"
  ) &
done
wait
echo end
`;
