"""Runs a program with a terminal of its own, and a person who answers there; reads a job and writes a result, as JSON."""
import fcntl
import json
import os
import re
import select
import signal
import struct
import sys
import termios
import time

job = json.load(sys.stdin)
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, job.get("columns", 80), 0, 0))
stdin, to_stdin = os.pipe()
from_stdout, stdout = os.pipe()
from_stderr, stderr = os.pipe()


def echoes():
    return bool(termios.tcgetattr(slave)[3] & termios.ECHO)


pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    os.dup2(slave if job["stdin"] is None else stdin, 0)
    os.dup2(slave if job.get("stdout") == "terminal" else stdout, 1)
    os.dup2(slave if job.get("stderr") == "terminal" else stderr, 2)
    os.closerange(3, 64)
    os.chdir(job["folder"])
    os.execvpe(job["words"][0], job["words"], job["env"])

for fd in (stdin, stdout, stderr):
    os.close(fd)
os.write(to_stdin, (job["stdin"] or "").encode())
os.close(to_stdin)
texts = {master: b"", from_stdout: b"", from_stderr: b""}
seen = 0
prompts = []
end = time.time() + 40
status = None
while status is None or len(texts) > 0:
    done, code = os.waitpid(pid, os.WNOHANG) if status is None else (0, 0)
    if done:
        status = code
    ready = select.select(list(texts), [], [], 0.05)[0]
    if status is not None and not ready:
        break
    for fd in ready:
        chunk = os.read(fd, 65536)
        if chunk == b"":
            job[fd] = texts.pop(fd)
        else:
            texts[fd] += chunk
    screen = texts[master].decode("utf8", "replace")
    # In order and once each, or whenever its pattern shows.
    for pattern, answer in job["answers"][: 1 if job.get("once") else None]:
        found = re.compile(pattern).search(screen, seen)
        if found:
            seen = found.end()
            if job.get("once"):
                job["answers"] = job["answers"][1:]
            prompts.append({"prompt": found.group(0), "echo": echoes()})
            # A person takes a moment, in which others may write to the terminal.
            time.sleep(0.3)
            if answer.startswith("signal "):
                os.kill(pid, getattr(signal, answer[7:]))
            elif answer.startswith("columns "):
                fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(answer[8:]), 0, 0))
            else:
                os.write(master, answer.encode())
    if status is None and time.time() > end:
        os.kill(pid, signal.SIGKILL)

text = lambda fd: (job.get(fd) or texts.get(fd) or b"").decode("utf8", "replace")
json.dump(
    {
        "code": os.waitstatus_to_exitcode(status),
        "screen": text(master),
        "stdout": text(from_stdout),
        "stderr": text(from_stderr),
        "prompts": prompts,
        "echoAfter": echoes(),
    },
    sys.stdout,
)
