"""The facts of docs/bench.md with testinfra, each in its own words; PEERS leads from a host to the other."""
import json
import os

import pytest

PEERS = json.loads(os.environ["PEERS"])
TOP = "/opt/alation/alation"


@pytest.mark.parametrize("path", ["/opt/alation", "/data", "/backup"])
def test_space(host, path):
    print(host.check_output("df -P -k %s", path))


def test_cpus(host):
    print(host.check_output("nproc"))


def test_memory(host):
    print(host.check_output("grep MemTotal /proc/meminfo"))


def test_kernel(host):
    print(host.check_output("uname -r"))


def test_system(host):
    print(host.file("/etc/os-release").content_string)


@pytest.mark.parametrize("file", ["opt/alation/django/main/alation_version.py", ".disk1_cache", ".disk2_cache"])
def test_product(host, file):
    with host.sudo():
        print(host.file(f"{TOP}/{file}").content_string)


def test_mode(host):
    with host.sudo():
        print(host.check_output("chroot %s /bin/su - alation -c %s", TOP, "alation_conf alation.cluster.replication_mode"))


@pytest.mark.parametrize("port", [22, 5432])
def test_port(host, port):
    print("port", port, host.addr(PEERS[host.backend.hostname]).port(port).is_reachable)


@pytest.mark.parametrize("program", ["rsync", "screen"])
def test_program(host, program):
    print("program", program, host.exists(program))
