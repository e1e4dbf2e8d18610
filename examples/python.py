#!/usr/bin/env python3
"""A test in Python: the server runs beside it, and is made wrong over HTTP.

    python.py FAKEDNS WORLD
"""
import json
import subprocess
import sys
import urllib.request


class FakeDns:
    def __init__(self, program, world):
        self.process = subprocess.Popen([program, world, "--control", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, text=True)
        self.endpoints = {}
        for line in self.process.stdout:
            words = line.split()
            if words == ["ready"]:
                break
            if words[0] == "control":
                self.control = words[1]
            else:
                self.endpoints[words[-2]] = words[-1]

    def command(self, name, **arguments):
        request = urllib.request.Request(f"http://{self.control}/v1/{name}",
                                         data=json.dumps(arguments).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["result"]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def ask(dns):
    host, port = dns.endpoints["192.0.2.1:53"].rsplit(":", 1)
    return subprocess.run(["dig", "+short", "+tries=1", "+time=5", f"@{host}", "-p", port, "www.example.com", "A"],
                          stdout=subprocess.PIPE, text=True, check=False).stdout.strip()


server = FakeDns(*sys.argv[1:3])
try:
    assert ask(server) == "192.0.2.80"
    server.command("patch", world="rules: [ { name: broken, then: { rcode: SERVFAIL } } ]")
    assert ask(server) == ""
    assert "broken" in json.dumps(server.command("log"))
    print("python: as it should be")
finally:
    server.stop()
