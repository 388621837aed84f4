/** The script that rehearses a copy from a peer and sums up on the host what it would change. */

import { giveWay } from '../files/disk-usage.js';
import { SSH_OPTIONS } from '../ssh-batch.js';

/** rsync speaks with the peer through ssh's stdin, which `-n` would close. */
const ssh = ['ssh', ...SSH_OPTIONS.filter((word) => word !== '-n')].join(' ');

/** Entries that are named; the others are counted only. */
export const NAMED = 20;
/** A file that changed this shortly before the dry run may still be on its way. */
const YOUNG_SECONDS = 120;
/** How far a file may lie ahead of the dry run's start: its own duration, and a clock that is fast. More is no age. */
const AHEAD_SECONDS = 900;

/**
 * Judges each line `= CODE YYYY/MM/DD-hh:mm:ss NAME`: a new time alone, of what has no content to copy (a directory, a link),
 * is no difference. The day's number is counted from 0001-01-01, because not every awk can do that by itself.
 */
const summary = `
function day(y, m, d) {
  if (m < 3) { y--; m += 12 }
  return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + d - 306
}
/^= / {
  why = substr($2, 3)
  if (substr($2, 1, 1) == "." && substr($2, 2, 1) != "f") { gsub(/[.tT]/, "", why); if (why == "") next }
  split($3, t, /[\\/:-]/)
  age = now - (day(t[1] + 0, t[2] + 0, t[3] + 0) - 719163) * 86400 - t[4] * 3600 - t[5] * 60 - t[6]
  if (age < ${YOUNG_SECONDS} && age > -${AHEAD_SECONDS}) { young++; next }
  changes++
  if (changes <= ${NAMED}) name[changes] = substr($0, length($1 $2 $3) + 4, 200)
  next
}
/^(Number of|Total) / { print "stat " $0 }
/^exit [0-9]+$/ { code = $2 }
END {
  print "changes " (changes + 0)
  print "young " (young + 0)
  for (i = 1; i in name; i++) print "named " name[i]
  print "exit " code
}`;

/**
 * Takes a key, a login, the peer's address, a directory there, a directory here, and patterns to leave out; prints the local file
 * system's line of df, rsync's statistics, and what `summary` counts, then `end`. Millions of names stay on the host. The pipes
 * keep rsync's own exit status, which a pipe would lose, and its words apart from its list, without a file in between. Times are
 * UTC on both sides of the comparison. It gives way to every other program.
 */
export const rsyncScript = `key=$1 user=$2 host=$3 from=$4 to=$5
shift 5
command -v rsync >/dev/null 2>&1 || { echo 'rsync: not found' >&2; exit 127; }
[ -d "$to" ] || { echo missing; echo end; exit 0; }
case $host in *:*) host="[$host]" ;; esac
for one; do shift; set -- "$@" "--exclude=$one"; done
${giveWay}
df -P -k "$to" 2>/dev/null | awk 'NR == 2 { print "free " $0 }'
TZ=UTC0; export TZ
now=$(date +%s)
exec 4>&1
{
  {
    $n rsync --dry-run --archive --itemize-changes --stats --timeout=60 --out-format='= %i %M %n%L' "$@" \\
      -e "${ssh} $key" "$user@$host:$from/" "$to/" 2>&3 3>&- 4>&-
    echo "exit $?"
  } | awk -v now="$now" '${summary}
' >&4 3>&-
} 3>&1 | awk 'NR <= 20 { print substr($0, 1, 500) }' >&2
echo end
`;
