"""Changes a running fakedns over its unix socket, as a user's program would.

usage: control.py FAKEDNS
"""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile

try:
    import dns.message
    import dns.query
    import dns.rcode
    import dns.rdatatype
except ImportError:
    print("skipped: python3-dnspython is not installed")
    sys.exit(77)

FAKEDNS = sys.argv[1]
failures = []
n_checks = 0

WORLD = """
zones:
  example.com: |
    @ IN SOA ns1 hostmaster 1 3600 900 604800 300
    @ IN NS ns1
    ns1 IN A 192.0.2.1
    www IN A 192.0.2.80
servers:
  ns1: { addresses: [192.0.2.1], zones: [example.com] }
rules:
  - { name: first-fails, when: { name: www.example.com, first: 1 }, then: { rcode: SERVFAIL } }
  - { name: slow, enabled: no, when: { name: slow.example.com }, then: { delay: 5s } }
events:
  - { at: 24h, zone: example.com, add: "later A 192.0.2.81" }
  - { at: 1000h, rules: on, rule: slow }
"""


def check(expected, actual, what):
    global n_checks
    n_checks += 1
    if expected != actual:
        failures.append(what)
        print(f"FAILED: {what}: expected {expected!r}, got {actual!r}", file=sys.stderr)


class Server:
    """A running fakedns."""

    def __init__(self, folder, *options, world=WORLD):
        path = os.path.join(folder, "world.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(world)
        self.socket = os.path.join(folder, "control")
        self.process = subprocess.Popen(
            [FAKEDNS, path, "--control", "unix:" + self.socket, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.split())
            if line == "ready\n":
                break
        else:
            sys.exit("fakedns did not start: " + self.process.stderr.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        check((0, ""), (self.process.returncode, errors), "how fakedns ends")
        check(False, os.path.exists(self.socket), "the socket is left behind")

    def client(self):
        return Client(self.socket)


class Client:
    """A connection to the socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(path)
        self.file = self.socket.makefile("r", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def read(self):
        line = self.file.readline()
        return json.loads(line) if line else None

    def ask(self, command, **arguments):
        self.send(json.dumps({"command": command, **arguments}) + "\n")
        return self.read()

    def do(self, command, **arguments):
        reply = self.ask(command, **arguments)
        if "result" not in reply:
            sys.exit(f"{command} {arguments}: {reply}")
        return reply["result"]

    def code(self, command, **arguments):
        return self.ask(command, **arguments).get("error", {}).get("code")

    def endpoints(self):
        return {a["address"]: a["endpoint"] for s in self.do("servers")["servers"]
                for a in s["addresses"]}


def ask(endpoint, name, rdtype="A", tcp=False, timeout=60):
    host, port = endpoint.rsplit(":", 1)
    query = dns.message.make_query(name, rdtype)
    ask_by = dns.query.tcp if tcp else dns.query.udp
    return ask_by(query, host.strip("[]"), port=int(port), timeout=timeout)


def answer(endpoint, name, rdtype="A", tcp=False):
    """The RCODE, or what is in the answer section."""
    reply = ask(endpoint, name, rdtype, tcp)
    if reply.rcode() != dns.rcode.NOERROR:
        return dns.rcode.to_text(reply.rcode())
    return " ".join(sorted(r.to_text() for rrset in reply.answer for r in rrset))


def try_world(client):
    at = client.endpoints()["192.0.2.1:53"]
    check("SERVFAIL", answer(at, "www.example.com"), "the rule's first query")
    check("192.0.2.80", answer(at, "www.example.com"), "the rule's second query")

    # A patch adds, and what is counted goes on.
    result = client.do("patch", world="zones: { example.com: { add: 'new A 192.0.2.82' } }\n")
    check(1, result["patches"], "patches")
    check("192.0.2.82", answer(at, "new.example.com"), "what a patch added")
    check("192.0.2.80", answer(at, "www.example.com"), "the counter after a patch")
    check(at, client.endpoints()["192.0.2.1:53"], "the endpoint after a patch")
    check("NXDOMAIN", answer(at, "later.example.com"), "before the event")

    # All of it or nothing.
    refused = client.ask("patch", world="zones:\n  example.com:\n    remove: [ nosuch A ]\n"
                                        "    add: other A 192.0.2.83\n")["error"]
    check("patch-refused", refused["code"], "a patch that removes nothing")
    check(("patch", 3, 15), tuple(refused["diagnostics"][0][k] for k in ("file", "line", "column")),
          "where its mistake is")
    check("NXDOMAIN", answer(at, "other.example.com"), "after a refused patch")
    for text in ("", "servres: {}", "base: lib/easy-dkim.yaml", "zones: { a.test: { file: x } }",
                 "rules: [ { name: slow, then: { drop: yes } } ]",
                 "events: [ { at: 1h, zone: example.com, remove: [ nosuch A ] } ]",
                 "servers: { ns2: { addresses: [192.0.2.1], zones: [example.com] } }", "{"):
        check("patch-refused", client.code("patch", world=text), f"the patch {text!r}")
    check(1, client.do("stats")["patches"], "patches after those refused")


def try_clock(client):
    at = client.endpoints()["192.0.2.1:53"]
    check(259200000000, client.do("advance", by="72h")["now_us"], "the time after advance")
    check("192.0.2.81", answer(at, "later.example.com"), "after the event")
    check("clock-backwards", client.code("set-clock", to="71h59m"), "a time that has passed")
    check("bad-argument", client.code("advance", by="-1h"), "a negative time")
    check("bad-argument", client.code("advance", by="100000000000d"), "a time without end")
    check("73h", client.do("set-clock", to="73h")["now"], "set-clock")
    check("73h", client.do("advance", by="0")["now"], "advance by nothing")


def try_rules(client):
    at = client.endpoints()["192.0.2.1:53"]
    fails = "rules: [ { name: mine, when: { type: TXT }, then: { rcode: NOTIMP } } ]"
    client.do("patch", world=fails)
    check("NOTIMP", answer(at, "www.example.com", "TXT"), "a rule of a patch")
    check("off", client.do("rule", name="mine", action="disable")["order"], "disable")
    check("", answer(at, "www.example.com", "TXT"), "a rule that is disabled")
    client.do("rule", name="mine", action="enable")
    check("NOTIMP", answer(at, "www.example.com", "TXT"), "a rule that is enabled")
    client.do("rule", name="mine", action="remove")
    check("", answer(at, "www.example.com", "TXT"), "a rule that is removed")
    check("unknown-rule", client.code("rule", name="mine", action="enable"), "a removed rule")
    check(["first-fails", "slow"], [r["name"] for r in client.do("rules")["rules"]], "the rules")
    client.do("patch", world=fails)
    check("NOTIMP", answer(at, "www.example.com", "TXT"), "a rule with a name that was free again")
    check({"name": "mine", "file": "patch 3", "line": 1, "enabled": True, "order": "as-written", "fired": 1},
          client.do("rules")["rules"][-1], "the last rule")
    check("unknown-rule", client.code("rule", name="no\nsuch", action="enable"), "an unknown rule")
    # Ports follow rules.
    client.do("patch", world="rules: [ { name: no-tcp, when: { transport: tcp }, then: { tcp: refuse } } ]")
    try:
        answer(at, "www.example.com", tcp=True)
        check("refused", "served", "TCP that a rule refuses")
    except ConnectionRefusedError:
        check(1, 1, "TCP that a rule refuses")
    client.do("rule", name="no-tcp", action="remove")
    check("192.0.2.80", answer(at, "www.example.com", tcp=True), "TCP that is served again")


def try_servers(client):
    before = client.endpoints()
    client.do("patch", world="servers: { ns2: { addresses: [192.0.2.2, '2001:db8::2'],"
                             " zones: [example.com] } }")
    now = client.endpoints()
    check(before["192.0.2.1:53"], now["192.0.2.1:53"], "an endpoint that was there")
    check("192.0.2.80", answer(now["192.0.2.2:53"], "www.example.com"), "a new server")
    check("192.0.2.80", answer(now["[2001:db8::2]:53"], "www.example.com", tcp=True), "over IPv6")
    client.do("patch", world="servers: { ns2: { addresses: [192.0.2.2] }, ns1: { addresses: [192.0.2.9] } }")
    check({"192.0.2.2:53": now["192.0.2.2:53"]},
          {k: v for k, v in client.endpoints().items() if k != "192.0.2.9:53"}, "what is left")
    try:
        ask(now["192.0.2.1:53"], "www.example.com", tcp=True)
        check("refused", "served", "an endpoint that is gone")
    except ConnectionRefusedError:
        check(1, 1, "an endpoint that is gone")
    check("192.0.2.80", answer(client.endpoints()["192.0.2.9:53"], "www.example.com"),
          "a server that has moved")


def try_log(client):
    at = client.endpoints()["192.0.2.9:53"]
    client.do("clear-log")
    for name in ("a", "b", "c"):
        answer(at, name + ".example.com")
    log = client.do("log")
    check(["a.example.com.", "b.example.com.", "c.example.com."],
          [q["qname"] for q in log["queries"]], "the log")
    check((1, 3, False), (log["first"], log["last"], log["more"]), "its numbers")
    some = client.do("log", since=1, limit=1)
    check(([2], True), ([q["n"] for q in some["queries"]], some["more"]), "a part of it")
    check([], client.do("log", since="3")["queries"], "nothing new")
    client.do("clear-log")
    check((0, []), (client.do("log")["last"], client.do("log")["queries"]), "a log that was cleared")
    check("unknown-zone", client.code("zone", zone="example.net"), "a zone that nobody holds")
    text = client.do("zone", zone="example.com", server="ns2")["text"]
    check(True, "later.example.com. 300 IN A 192.0.2.81\n" in text, "a zone as it is now")


def try_reset(client):
    held = socket.create_connection(tuple(client.endpoints()["192.0.2.9:53"].rsplit(":", 1)))
    dns.query.tcp(dns.message.make_query("www.example.com", "A"), "127.0.0.1", sock=held, timeout=60)
    client.do("reset")
    check(b"", held.recv(1), "a connection after reset")
    held.close()
    stats = client.do("stats")
    check({"queries": 0, "replies": 0, "dropped": 0, "connections": 0, "patches": 0, "now": "0s",
           "now_us": 0, "clock": "manual"}, stats, "statistics after reset")
    check(["192.0.2.1:53"], list(client.endpoints()), "the servers after reset")
    check(["first-fails", "slow"], [r["name"] for r in client.do("rules")["rules"]],
          "the rules after reset")
    at = client.endpoints()["192.0.2.1:53"]
    check("SERVFAIL", answer(at, "www.example.com"), "the first query after reset")
    check("NXDOMAIN", answer(at, "new.example.com"), "what a patch had added")
    check("NXDOMAIN", answer(at, "later.example.com"), "what the event will add")


def try_held(client):
    """A reply that waits is sent when the clock comes to its time."""
    at = client.endpoints()["192.0.2.1:53"]
    client.do("rule", name="slow", action="enable")
    host, port = at.rsplit(":", 1)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect((host, int(port)))
    udp.settimeout(60)
    n = client.do("stats")["queries"]
    udp.send(dns.message.make_query("slow.example.com", "A").to_wire())
    while client.do("stats")["queries"] == n:
        pass
    client.do("advance", by="4s")
    udp.setblocking(False)
    try:
        udp.recv(512)
        check("nothing", "a reply", "before the time of a reply")
    except BlockingIOError:
        check(1, 1, "before the time of a reply")
    udp.settimeout(60)
    client.do("advance", by="1s")
    check(True, len(udp.recv(512)) > 12, "at the time of a reply")
    # Its rule is named by a patch that reset takes away.
    client.do("patch", world="rules: [ { name: patched, when: { name: w.example.com },"
                             " then: { delay: 1h } } ]")
    n = client.do("stats")["queries"]
    udp.send(dns.message.make_query("w.example.com", "A").to_wire())
    while client.do("stats")["queries"] == n:
        pass
    client.do("reset")
    client.do("advance", by="2h")
    check(0, client.do("stats")["replies"], "replies that waited when all was reset")
    udp.close()


def try_mistakes(client):
    check("unknown-command", client.code("ptach"), "an unknown command")
    check(True, '(did you mean "patch"?)' in client.ask("ptach")["error"]["message"], "the suggestion")
    check("unknown-argument", client.code("advance", bye="1h"), "an unknown argument")
    check("missing-argument", client.code("advance"), "a missing argument")
    check("bad-argument", client.code("advance", by=5), "a number for a duration")
    check("bad-argument", client.code("rule", name="x", action="toggle"), "an unknown action")
    check("bad-argument", client.code("log", limit=-1), "a negative limit")
    check("missing-argument", client.code(None), "no command")
    for text in ("nonsense", "[]", "{", '{"a":1,"a":2}', '{"command":"stats"} x', "\xff", "{}\0"):
        client.send(text.encode("latin-1") + b"\n")
        code = client.read()["error"]["code"]
        check(True, code in ("bad-json", "missing-argument"), f"{text!r} gives {code}")
    client.send('\n\r\n{"id":[7],"command":"stats"}\n{"id":8,"command":"stats"}\n')
    check(([7], 8), (client.read()["id"], client.read()["id"]), "requests in one go")
    sequence = "\x1b[31m\u202e"
    check(False, "\x1b" in json.dumps(client.ask(sequence), ensure_ascii=False), "an escape sequence")


def try_slow(server):
    with server.client() as slow, server.client() as other:
        slow.send('{"command": "st')
        check("408 timeout", slow_code(slow), "a line that does not end")
        check(None, slow.read(), "after it")
        check(0, other.do("stats")["patches"], "another client meanwhile")


def try_hostile(server):
    with server.client() as large:
        try:
            large.send(b" " * (5 << 20))
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            check("too-large", large.read()["error"]["code"], "a line that is too long")
        except ConnectionResetError:
            check(1, 1, "a line that is too long")
    gone = server.client()
    gone.send('{"command":"log"}\n{"command":"lo')
    gone.__exit__()
    clients = [server.client() for _ in range(64)]
    with server.client() as one_too_many:
        check("too-many-clients", one_too_many.read()["error"]["code"], "the 65th client")
    for client in clients:
        client.__exit__()
    # Until it has seen that they are gone.
    reply = {"error": {"code": "too-many-clients"}}
    while reply.get("error", {}).get("code") == "too-many-clients":
        with server.client() as again:
            again.send('{"command":"stats"}\n')
            reply = again.read()
    check(0, reply["result"]["patches"], "a client after the crowd")


def slow_code(client):
    return "408 " + client.read()["error"]["code"]


def refused(pattern, *arguments):
    done = subprocess.run([FAKEDNS, *arguments], capture_output=True, text=True, timeout=60,
                          check=False)
    check((2, True), (done.returncode, pattern in done.stderr), f"{arguments}: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        with Server(folder, "--clock", "manual") as server:
            check(["control", "unix:" + server.socket], server.lines[-2], "the line of the socket")
            check(0o600, os.stat(server.socket).st_mode & 0o777, "the mode of the socket")
            world = os.path.join(folder, "world.yaml")
            refused("address already in use", world, "--control", "unix:" + server.socket)
            with server.client() as client:
                try_world(client)
                try_clock(client)
                try_rules(client)
                try_servers(client)
                try_log(client)
                try_reset(client)
                try_held(client)
                try_mistakes(client)
            try_hostile(server)
        with Server(folder, "--control-timeout", "1") as server:
            try_slow(server)
        # A socket whose program was killed is replaced, another file is not.
        with Server(folder) as server, server.client() as client:
            client.do("advance", by="72h")
            check(True, client.do("stats")["now_us"] >= 259200000000, "a real clock that has jumped")
            server_socket = server.socket
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(server_socket)
        stale.close()
        with Server(folder):
            pass
        with open(server_socket, "w", encoding="utf-8"):
            pass
        refused("address already in use", world, "--control", "unix:" + server_socket)
        os.unlink(server_socket)
        refused("1 to 107 octets", world, "--control", "unix:" + "a" * 200)
        refused("no such folder", world, "--control", "unix:" + folder + "/no/such/folder")
        refused("unix:PATH or ADDRESS:PORT", world, "--control", "somewhere")
        refused("real or manual", world, "--clock", "fast")
        refused("needs --control", world, "--clock", "manual")
    if failures:
        sys.exit(f"{len(failures)} of {n_checks} failed")
    print(f"control: {n_checks} checks, all as they should be")


main()
