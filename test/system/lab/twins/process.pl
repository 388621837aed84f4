# A process of the lab that shows other words as its command line, as another user, and may listen on a port.
# Usage: SHOW=WORD,WORD... RUN_AS=UID PORT=NUMBER perl - FILLER <process.pl   (PORT 0: does not listen)
# FILLER makes the arguments exactly as long as the words: the kernel shows the space that they took, NULs and all, only
# if its last byte is still a NUL.
use strict; use Socket;
my ($uid, $port, $line) = ($ENV{RUN_AS}, $ENV{PORT}, join "\0", split /,/, $ENV{SHOW});
my $ear;
if ($port) {
  socket($ear, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
  setsockopt($ear, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($ear, sockaddr_in($port, INADDR_ANY)) or die "bind $port: $!";
  listen($ear, 64) or die "listen: $!";
}
# Perl takes the first word for the process's name and copies all of them over its own arguments.
$0 = $line;
$( = $uid; $) = "$uid $uid"; $< = $uid; $> = $uid;
$| = 1; print "ready\n";
while ($ear && accept(my $caller, $ear)) { close $caller }
sleep 3600 while 1;
