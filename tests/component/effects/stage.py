"""A fakedns that serves one world in which every case has a name of its own, and what it says to raw octets.

A case is a rule (`when` beside the name, `then`) and a function that looks at what comes back. It asks through a
Stage: octets in, octets out (None: silence).
"""
import pathlib
import socket
import struct
import subprocess
import tempfile
import traceback

import wire

WORLD = """\
zones:
  example.test: |
    $TTL 300
    @ SOA ns1 hostmaster 7 3600 900 604800 300
    @ NS ns1
    @ NS ns2
    @ MX 10 mail
    ns1 A 192.0.2.1
    ns1 AAAA 2001:db8::1
    ns2 A 192.0.2.2
    mail A 192.0.2.25
    ent.below A 192.0.2.81
    sub NS ns1.sub
    ns1.sub A 192.0.2.83
    $ORIGIN w.example.test.
    * A 192.0.2.80
    * A 192.0.2.81
    * A 192.0.2.82
    * TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A+/=" "second"
    * AAAA 2001:db8::80
    * MX 10 mail.example.test.
    $ORIGIN c.example.test.
    * CNAME target.example.test.
    $ORIGIN example.test.
    target A 192.0.2.90
    target TXT "found"
    $ORIGIN big.example.test.
    * TXT "{big}" "{big}" "{big}" "{big}" "{big}" "{big}" "{big}" "{big}"
    $ORIGIN example.test.
  target.test: |
    @ 300 SOA ns1.example.test. hostmaster 7 3600 900 604800 300
    @ 300 NS ns1.example.test.
servers:
  ns1.example.test: {{ addresses: [192.0.2.1], zones: [example.test, target.test] }}
  ns2.example.test: {{ addresses: [192.0.2.2], zones: [example.test] }}
rules:
"""

# Long enough for a reply on a busy machine; only cases of silence ever wait so long, and those ask
# something else behind it and take the order of the replies as proof.
PATIENCE_S = 20


class Case:
    """name: also its label in the world. below: which wildcard answers it (w, c, big) or None for the zone itself.
    rules: more rules before and after may be given as text with {name}."""

    def __init__(self, name, then, check, *, when="", below="w", rules=None, top=""):
        self.name, self.then, self.check, self.when, self.below, self.rules = name, then, check, when, below, rules
        self.qname = f"{name}.{below}.example.test" if below else f"{name}.example.test"

    def text(self):
        if self.rules is not None:
            return self.rules.replace("{name}", self.qname)
        when = f'name: "{self.qname}"' + (f", {self.when}" if self.when else "")
        return f"  - {{ when: {{ {when} }}, then: {{ {self.then} }} }}\n"


class Stage:
    def __init__(self, program, cases, world=None):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name) / "world.yaml"
        base = world or WORLD.format(big="x" * 200)
        path.write_text(base + "".join(case.text() for case in cases))
        self.child = subprocess.Popen([program, str(path)], stdout=subprocess.PIPE, text=True)
        self.endpoints = {}
        for line in self.child.stdout:
            words = line.split()
            if words[:1] == ["ready"]:
                break
            if words[:1] == ["server"]:
                self.endpoints[words[1]] = words[2]
        if not self.endpoints:
            raise SystemExit("fakedns did not start")
        self.sockets = []

    def close(self):
        for each in self.sockets:
            each.close()
        self.child.terminate()
        status = self.child.wait()
        self.child.stdout.close()
        self.folder.cleanup()
        return status

    def place(self, server):
        host, _, port = self.endpoints[f"{server}:53"].rpartition(":")
        return host.strip("[]"), int(port)

    def udp(self, source="127.0.0.1"):
        found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        found.settimeout(PATIENCE_S)
        found.bind((source, 0))
        self.sockets.append(found)
        return found

    def ask(self, octets, *, server="192.0.2.1", source="127.0.0.1"):
        """The reply's octets, or None. A query that nothing edits is sent behind it: if its reply comes first, there
        is none to the first (replies that are delayed have to be asked for with `wait`)."""
        udp = self.udp(source)
        udp.sendto(octets, self.place(server))
        udp.sendto(wire.query("target.example.test", ident=0xffff), self.place(server))
        replies = []
        while True:
            reply = udp.recvfrom(65535)[0]
            if reply[:2] == b"\xff\xff" and b"\6target" in reply:
                return replies[0] if replies else None
            replies.append(reply)

    def burst(self, octets, n, *, server="192.0.2.1"):
        """n at once; the replies that came."""
        udp = self.udp()
        for _ in range(n):
            udp.sendto(octets, self.place(server))
        udp.sendto(wire.query("target.example.test", ident=0xffff), self.place(server))
        replies = []
        while not replies or replies[-1][:2] != b"\xff\xff":
            replies.append(udp.recvfrom(65535)[0])
        return replies[:-1]

    def wait(self, octets, *, server="192.0.2.1", n=1):
        """The next n replies, with where they came from."""
        udp = self.udp()
        udp.sendto(octets, self.place(server))
        found = [udp.recvfrom(65535) for _ in range(n)]
        return found if n > 1 else found[0][0]

    def tcp(self, octets, *, server="192.0.2.1"):
        with socket.create_connection(self.place(server), PATIENCE_S) as stream:
            stream.sendall(struct.pack("!H", len(octets)) + octets)
            head = read_exactly(stream, 2)
            return read_exactly(stream, struct.unpack("!H", head)[0]) if head else None


def read_exactly(stream, n):
    found = b""
    while len(found) < n:
        more = stream.recv(n - len(found))
        if not more:
            return None
        found += more
    return found


class Asked:
    """What a case's check gets: the stage and the case's name."""

    def __init__(self, stage, case):
        self.stage, self.case, self.name = stage, case, case.qname

    def query(self, rdtype="A", **how):
        return wire.query(how.pop("name", self.name), rdtype, **how)

    def raw(self, rdtype="A", *, server="192.0.2.1", source="127.0.0.1", **how):
        return self.stage.ask(self.query(rdtype, **how), server=server, source=source)

    def message(self, rdtype="A", **how):
        raw = self.raw(rdtype, **how)
        assert raw is not None, "silence"
        return wire.Message(raw)

    def tcp(self, rdtype="A", **how):
        return wire.Message(self.stage.tcp(self.query(rdtype, **how)))

    def fails(self, rdtype="A", **how):
        """Why the reply cannot be read."""
        raw = self.raw(rdtype, **how)
        try:
            wire.Message(raw)
        except wire.Bad as bad:
            return str(bad)
        return None


def run(program, cases, world=None):
    """Status of the group: 0 if every case is as it should be."""
    stage = Stage(program, cases, world)
    failed = 0
    try:
        for case in cases:
            try:
                case.check(Asked(stage, case))
                print(f"ok {case.name}")
            except Exception:  # the other cases are worth running
                failed += 1
                print(f"FAILED {case.name}: {case.text().strip()}")
                traceback.print_exc(limit=-2)
    finally:
        status = stage.close()
    if status != 0:
        print(f"FAILED: fakedns ended with status {status}")
    return 1 if failed or status else 0
