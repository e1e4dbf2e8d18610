#!/usr/bin/python3
"""Asks ldns-testns and `fakedns --testns` the same, from the same data file, and compares the octets.

    testns.py FAKEDNS

What differs on purpose (docs/TESTNS.md) is not asked. Exit status: 0 alike, 1 a difference, 77 (skipped) when ldns-testns
is not installed.
"""

import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

import servers

SAMPLE = pathlib.Path(__file__).resolve().parent / "testns" / "sample.data"
A, NS, SOA, TXT, IXFR, AXFR, ANY = 1, 2, 6, 16, 251, 252, 255


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def query(owner, rdtype, *, ident=0x1234, opcode=0, flags=0x100, edns=None, serial=None, rrclass=1):
    head = struct.pack("!6H", ident, opcode << 11 | flags, 1, 0, serial is not None, edns is not None)
    octets = head + name(owner) + struct.pack("!2H", rdtype, rrclass)
    if serial is not None:
        octets += b"\xc0\x0c" + struct.pack("!2HIH", SOA, 1, 0, 22) + b"\0\0" + struct.pack("!5I", serial, 0, 0, 0, 0)
    if edns is not None:
        octets += b"\0" + struct.pack("!2HIH", 41, 1232, edns, 0)
    return octets


Z = "example.test"
QUESTIONS = [
    ("the first of two", query(f"www.{Z}", A)),
    ("in other letters", query("wWw.Example.TEST", A)),
    ("another id", query(f"www.{Z}", A, ident=0xffff)),
    ("another type", query(f"www.{Z}", TXT)),
    ("another opcode", query(f"www.{Z}", A, opcode=2)),
    ("by transport", query(f"big.{Z}", TXT)),
    ("a serial", query(f"zone.{Z}", IXFR, serial=7)),
    ("another serial", query(f"zone.{Z}", IXFR, serial=6)),
    ("no serial", query(f"zone.{Z}", IXFR)),
    ("several packets", query(f"zone.{Z}", AXFR)),
    ("a subdomain", query(f"a.b.below.{Z}", TXT)),
    ("the name itself", query(f"below.{Z}", A)),
    ("not below", query(f"xbelow.{Z}", A)),
    ("DO", query(f"secure.{Z}", A, edns=0x8000)),
    ("EDNS without DO", query(f"secure.{Z}", A, edns=0)),
    ("no EDNS", query(f"secure.{Z}", A)),
    ("octets", query(f"hex.{Z}", A)),
    ("octets that are a message", query(f"message.{Z}", A)),
    ("NOTIFY", query(f"notified.{Z}", SOA, opcode=4)),
    ("UPDATE", query(f"notified.{Z}", SOA, opcode=5)),
    ("later", query(f"slow.{Z}", A)),
    ("many types", query(f"many.{Z}", ANY)),
    ("anything below", query(f"x.any.{Z}", NS)),
    ("nothing that matches", query("other.test", A)),
    ("a query cut short", query(f"www.{Z}", A)[:-3]),
    ("octets behind a query", query(f"www.{Z}", A) + b"xx"),
]


def over_udp(port, octets):
    """The replies: a query that is answered at once goes behind, so that silence is seen without a wait."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", port))
        udp.settimeout(10)
        udp.send(octets)
        if b"\4slow" not in octets:
            udp.send(query(f"mark.any.{Z}", A, ident=0xaaaa))
        replies = []
        while True:
            reply = udp.recv(65535)
            if b"\4mark" in reply:
                return replies
            replies.append(reply)
            if b"\4slow" in octets:
                return replies


def over_tcp(port, octets):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as tcp:
        tcp.sendall(struct.pack("!H", len(octets)) + octets)
        tcp.shutdown(socket.SHUT_WR)
        return servers.read_frames(tcp, 100)


def start_testns(port, folder):
    log = open(folder / "testns.log", "wb")
    process = subprocess.Popen([shutil.which("ldns-testns"), "-p", str(port), str(SAMPLE)], stdout=log, stderr=log)
    return process


def wait_for(port, process):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if servers_reply(port):
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit("a server did not start")


def servers_reply(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", port))
        udp.settimeout(0.3)
        udp.send(query(f"mark.any.{Z}", A))
        return udp.recv(65535)


def main():
    if shutil.which("ldns-testns") is None:
        print("skipped: ldns-testns is not installed")
        sys.exit(servers.SKIPPED)
    problems, n, answered = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        theirs, ours = servers.free_port(), servers.free_port()
        processes = [start_testns(theirs, pathlib.Path(folder)),
                     subprocess.Popen([sys.argv[1], "--port", str(ours), "--testns", str(SAMPLE)],
                                      stdout=subprocess.DEVNULL)]
        try:
            for port, process in zip((theirs, ours), processes):
                wait_for(port, process)
            for what, octets in QUESTIONS:
                for how, ask in (("UDP", over_udp), ("TCP", over_tcp)):
                    n += 1
                    expected, got = ask(theirs, octets), ask(ours, octets)
                    answered += bool(expected)
                    if expected != got:
                        problems.append(f"{what} over {how}:\n  ldns-testns {[reply.hex() for reply in expected]}\n"
                                        f"  fakedns     {[reply.hex() for reply in got]}")
        finally:
            for process in processes:
                process.terminate()
                process.wait()
    print("\n".join(problems) or f"{n} questions, {answered} of them answered: the same octets")
    sys.exit(1 if problems or answered < n / 2 else 0)


main()
