"""What sockets do before anything is asked: ports that are closed, connections that end, are too many or too quiet.

Those rules are about servers, so each case has one of its own.
"""
import errno
import socket
import struct

import wire
from group_stream import framed, message, until_end
from stage import Case, PATIENCE_S

WORLD = """\
zones:
  example.test: |
    $TTL 300
    @ SOA ns1 hostmaster 7 3600 900 604800 300
    @ NS ns1
    * A 192.0.2.80
servers:
""" + "".join(f"  ns{n}.example.test: {{ addresses: [192.0.2.{n}], zones: [example.test] }}\n" for n in range(1, 8)) + """\
rules:
"""


def query(name="target.example.test", **how):
    return wire.query(name, **how)


def connect(asked, n):
    return socket.create_connection(asked.stage.place(f"192.0.2.{n}"), PATIENCE_S)


def exchange(stream):
    stream.sendall(framed(query()))
    return message(stream)


def life_of(asked, n):
    """What came over a connection, and how it ended; a reset may come as early as connect() looks."""
    try:
        with connect(asked, n) as stream:
            return until_end(stream)
    except ConnectionResetError:
        return b"", "reset"


def ended(how, n):
    def check(asked):
        assert life_of(asked, n) == (b"", how)
        assert wire.Message(asked.stage.wait(query(), server=f"192.0.2.{n}")).rcode == 0
    return check


def refused(n):
    def check(asked):
        try:
            connect(asked, n).close()
        except ConnectionRefusedError:
            return
        raise AssertionError("it was accepted")
    return check


def hangs(asked):
    with connect(asked, 4) as stream:
        stream.sendall(framed(query()))
        stream.settimeout(0.2)
        try:
            assert stream.recv(1) is None
        except socket.timeout:
            pass


def limited(asked):
    """Two are served, the third is closed; when one has gone there is room again."""
    with connect(asked, 5) as first, connect(asked, 5) as second:
        assert exchange(first).rcode == 0 and exchange(second).rcode == 0
        with connect(asked, 5) as third:
            assert until_end(third) == (b"", "closed")
        assert exchange(first).rcode == 0
        second.shutdown(socket.SHUT_WR)
        assert until_end(second) == (b"", "closed")
        with connect(asked, 5) as fourth:
            assert exchange(fourth).rcode == 0


def idle(asked):
    """Closed when quiet; not while an answer is owed."""
    with connect(asked, 6) as stream:
        assert exchange(stream).rcode == 0
        stream.sendall(framed(query("slow.example.test")))
        assert message(stream).rcode == 0
        assert until_end(stream) == (b"", "closed")


def udp_error(asked, n):
    """What the kernel says of a datagram, or None if it was answered."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(PATIENCE_S)
        udp.connect(asked.stage.place(f"192.0.2.{n}"))
        udp.send(query())
        try:
            udp.recv(65535)
        except OSError as error:
            return error.errno
    return None


def udp_closed(asked):
    assert udp_error(asked, 7) == errno.ECONNREFUSED
    with connect(asked, 7) as stream:
        assert exchange(stream).rcode == 0


def rule(n, then, when=""):
    return f"  - {{ when: {{ server: ns{n}.example.test{when} }}, then: {{ {then} }} }}\n"


CASES = [
    Case("refuse", "", refused(1), rules=rule(1, "tcp: refuse")),
    Case("close", "", ended("closed", 2), rules=rule(2, "tcp: close")),
    Case("reset", "", ended("reset", 3), rules=rule(3, "tcp: reset")),
    Case("hang", "", hangs, rules=rule(4, "tcp: hang")),
    Case("limit", "", limited, rules=rule(5, "tcp: { limit: 2 }")),
    Case("idle", "", idle, rules=rule(6, "tcp: { idle: 300ms }") + rule(6, "delay: 1s", ", name: slow.example.test")),
    Case("udp", "", udp_closed, rules=rule(7, "udp: refuse")),
]
