"""The control API over HTTP, as programs and hostile clients use it.

usage: control_http.py FAKEDNS
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

FAKEDNS = sys.argv[1]
TOKEN = "a-token-of-some-length"
WORLD = """
zones: { example.com: "@ SOA a b 1 1 1 1 1\\n@ NS a\\n" }
servers: { a: { addresses: [192.0.2.1], zones: [example.com] } }
"""
failures = []
n_checks = 0


def check(expected, actual, what):
    global n_checks
    n_checks += 1
    if expected != actual:
        failures.append(what)
        print(f"FAILED: {what}: expected {expected!r}, got {actual!r}", file=sys.stderr)


class Server:
    """A running fakedns; .port is that of its control."""

    def __init__(self, world, *options):
        self.process = subprocess.Popen([FAKEDNS, world, *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("control "):
                self.host, port = line.split()[1].rsplit(":", 1)
                self.port = int(port)
            if line == "ready\n":
                return
        sys.exit("fakedns did not start: " + self.process.stderr.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        check((0, ""), (self.process.returncode, errors), "how fakedns ends")

    def connect(self):
        return socket.create_connection((self.host, self.port), timeout=60)

    def ask(self, method, path, body=None, **headers):
        """Status and body; a JSON body is parsed."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        text = response.read().decode()
        self.headers = response.headers
        connection.close()
        is_json = response.headers["Content-Type"] == "application/json"
        return response.status, json.loads(text) if is_json else text

    def code(self, *arguments, **headers):
        status, body = self.ask(*arguments, **headers)
        return status, body.get("error", {}).get("code")


def refused(pattern, *arguments, program=FAKEDNS):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60,
                          check=False)
    check((2, True), (done.returncode, pattern in done.stderr), f"{arguments}: {done.stderr}")


def try_commands(server):
    status, body = server.ask("GET", "/")
    check((200, "advance"), (status, body["result"]["commands"][0]["name"]), "the list")
    status, body = server.ask("POST", "/v1/advance", '{"by": "72h"}')
    check((200, {"result": {"now": "72h", "now_us": 259200000000}}), (status, body), "advance")
    check("no-store", server.headers["Cache-Control"], "caching")
    status, body = server.ask("GET", "/v1/zone?zone=example.com&server=a")
    check(True, body["result"]["text"].startswith("example.com. 300 IN SOA"), "an argument in the query")
    status, body = server.ask("POST", "/v1/patch", json.dumps({"world": "zones: { x: }"}))
    check((422, "patch"), (status, body["error"]["diagnostics"][0]["file"]), "a refused patch")
    status, text = server.ask("GET", "/metrics")
    check(True, "\nfakedns_world_time_seconds 259200.000000\n" in text, "metrics")
    check("text/plain; version=0.0.4; charset=utf-8", server.headers["Content-Type"], "their type")


def try_mistakes(server):
    check((404, "unknown-command"), server.code("POST", "/v1/advanec"), "an unknown command")
    check((404, "no-such-path"), server.code("GET", "/v1"), "an unknown path")
    check((405, "method"), server.code("GET", "/v1/reset"), "GET for what changes")
    check("POST", server.headers["Allow"], "the method that is allowed")
    check((400, "bad-json"), server.code("POST", "/v1/advance", "{"), "bad JSON")
    check((400, "unknown-argument"), server.code("GET", "/v1/log?sinec=1"), "an unknown argument")
    check((400, "bad-argument"), server.code("GET", "/v1/log?since=x"), "no number")
    check((400, "bad-argument"), server.code("GET", "/v1/log?since=1&since=2"), "given twice")
    check((400, "bad-argument"), server.code("GET", "/v1/log?" + "a=1&" * 40), "many arguments")
    check((409, "clock-backwards"), server.code("POST", "/v1/set-clock", '{"to": "1h"}'), "backwards")
    check((404, "unknown-rule"),
          server.code("POST", "/v1/rule", '{"name": "x", "action": "remove"}'), "an unknown rule")
    check((403, "foreign-origin"),
          server.code("POST", "/v1/reset", Origin="http://localhost"), "a web page")
    check((403, "foreign-host"), server.code("POST", "/v1/reset", Host="example.com"), "a name")
    check((413, "too-large"), server.code("POST", "/v1/patch", "x" * (4 << 20 | 1)), "a large body")
    check((400, "bad-json"), server.code("POST", "/v1/patch", "x" * (4 << 20)), "the largest body")


def try_hostile(server):
    # One that says little and one that says nothing are ended; others are served meanwhile.
    slow, silent, trickle = server.connect(), server.connect(), server.connect()
    slow.sendall(b"POST /v1/advance HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    trickle.sendall(b"GET / HTTP/1.1\r\n")
    gone = server.connect()
    gone.sendall(b"POST /v1/advance HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
    gone.close()
    check(200, server.ask("GET", "/v1/stats")[0], "others meanwhile")
    trickle.settimeout(0.05)
    ended = False
    while not ended:
        try:
            trickle.sendall(b"X")
            ended = trickle.recv(1000) == b""
        except TimeoutError:
            pass
        except OSError:
            ended = True
    for connection, what in ((slow, "half a body"), (silent, "silence")):
        try:
            answer = connection.recv(1000)
            while answer and connection.recv(1000):
                pass
        except ConnectionResetError:
            pass
        check(True, True, what)
        connection.close()
    trickle.close()
    # Long lines and garbage.
    for octets in (b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                   b"\x16\x03\x01\x00\xa5\x01\x00\x00", b"\r\n" * 1000,
                   b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100000):
        with server.connect() as connection:
            try:
                connection.sendall(octets)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            except OSError:
                pass
    crowd = [server.connect() for _ in range(100)]
    for connection in crowd:
        connection.close()
    check(200, server.ask("GET", "/v1/stats")[0], "after all of them")


def try_token(folder, world):
    path = os.path.join(folder, "token")
    for text in ("", "short", "a-token-with a blank in it", "a-token-of-some-length\nand-another-line"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        refused("holds no token", world, "--control", "127.0.0.1:0", "--control-token-file", path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(TOKEN + "\n")
    refused("cannot be read", world, "--control", "127.0.0.1:0", "--control-token-file", path + "x")
    with Server(world, "--control", "127.0.0.1:0", "--control-token-file", path) as server:
        check((401, "no-token"), server.code("GET", "/v1/stats"), "no token")
        check("Bearer", server.headers["WWW-Authenticate"], "what is asked for")
        check((401, "no-token"), server.code("GET", "/metrics", Authorization="Bearer x"), "another")
        check(200, server.ask("GET", "/v1/stats", Authorization="Bearer " + TOKEN)[0], "the token")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = os.path.join(folder, "world.yaml")
        with open(world, "w", encoding="utf-8") as file:
            file.write(WORLD)
        with Server(world, "--control", "127.0.0.1:0", "--clock", "manual") as server:
            refused("in use", world, "--control", f"127.0.0.1:{server.port}")
            try_commands(server)
            try_mistakes(server)
            left = server.connect()  # open when it ends
        left.close()
        with Server(world, "--control", "127.0.0.1:0", "--control-timeout", "1") as server:
            try_hostile(server)
        try_token(folder, world)
        refused("needs --control-token-file", world, "--control", "192.0.2.1:0")
        refused("ADDRESS:PORT", world, "--control", "127.0.0.1")
        refused("ADDRESS:PORT", world, "--control", "localhost:80")
        alone = os.path.join(folder, "fakedns")
        shutil.copy(FAKEDNS, alone)
        refused("needs the module dnsconform-http.so", world, "--control", "127.0.0.1:0", program=alone)
        with open(os.path.join(folder, "dnsconform-http.so"), "w", encoding="utf-8"):
            pass
        refused("control over HTTP: ", world, "--control", "127.0.0.1:0", program=alone)
    if failures:
        sys.exit(f"{len(failures)} of {n_checks} failed")
    print(f"control over HTTP: {n_checks} checks, all as they should be")


main()
