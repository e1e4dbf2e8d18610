#!/usr/bin/python3
"""Lets well-known servers be secondaries of fakedns: NSD, Knot DNS, BIND.

    transfers.py FAKEDNS

A world has a server for each of them, which gives it two zones: one of several messages, and a signed
one. Each has to transfer both at its start, and to serve them as fakedns does. Then an event changes
both; fakedns tells by NOTIFY, and each has to fetch what is new by IXFR, not by AXFR, and to serve
that.

Exit status: 0 all as it should be, 1 a difference, 77 (skipped) when none of them, or dnspython, is
installed, or when this machine is so slow that the event came before the first transfers.
"""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import servers

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.query
    import dns.rcode
except ImportError:
    print("skipped: python3-dnspython is not installed")
    sys.exit(servers.SKIPPED)

ZONES = ["big.test", "signed.test"]
OLD, NEW = 4294967295, 0  # over the end of serials (RFC 1982)
EVENT_S = 15
PATIENCE_S = 60
N_RECORDS = 1500


def zone_text():
    text = f"""    $TTL 300
    @ SOA ns1 hostmaster {OLD} 3600 900 604800 300
    @ NS ns1
    @ MX 10 mail
    ns1 A 192.0.2.1
    mail A 192.0.2.2
    www A 192.0.2.3
    www A 192.0.2.4
    www 60 TXT "a text" "in two"
    alias CNAME www
    *.wild TXT "wild"
    a.b.ent A 192.0.2.5
    sub NS ns.sub
    ns.sub A 192.0.2.6
    old DNAME new
    caa CAA 0 issue "ca.test"
    srv SRV 1 2 3 www
    unknown TYPE65280 \\# 3 010203
    Mixed.Case A 192.0.2.7
"""
    return text + "".join(f'    n{i} TXT "{i} {"x" * 40}"\n' for i in range(N_RECORDS))


def world(secondaries):
    text = f"zones:\n  big.test: |\n{zone_text()}  signed.test:\n    sign: yes\n    text: |\n"
    text += "".join(f"  {line}\n" for line in zone_text().splitlines()[:18])
    text += "servers:\n"
    for i, secondary in enumerate(secondaries):
        text += f"""  ns-{secondary.name}.test:
    addresses: [192.0.2.{i + 1}]
    zones: [big.test, signed.test]
    transfer: ["127.0.0.1"]
    notify: ["127.0.0.1:{secondary.port}"]
"""
    text += "events:\n"
    for zone in ZONES:
        text += f"""  - at: {EVENT_S}s
    zone: {zone}
    serial: next
    remove: [ www TXT, "@ MX", alias ]
    add: |
      www TXT "another"
      www A 192.0.2.8
      added A 192.0.2.9
      alias A 192.0.2.10
"""
    return text


QUESTIONS = [(name, rdtype) for zone in ZONES for name, rdtype in [
    (zone, "SOA"), (zone, "NS"), (zone, "MX"), (zone, "DNSKEY"), (f"www.{zone}", "A"), (f"www.{zone}", "TXT"),
    (f"alias.{zone}", "A"), (f"x.wild.{zone}", "TXT"), (f"ent.{zone}", "A"), (f"a.b.ent.{zone}", "A"),
    (f"x.sub.{zone}", "A"), (f"x.old.{zone}", "A"), (f"caa.{zone}", "CAA"), (f"srv.{zone}", "SRV"),
    (f"unknown.{zone}", "TYPE65280"), (f"mixed.case.{zone}", "A"), (f"none.{zone}", "A"),
    (f"added.{zone}", "A"), (f"n0.{zone}", "TXT"), (f"n{N_RECORDS - 1}.{zone}", "TXT")]]


# ---- the secondaries

class Secondary:
    def __init__(self, name):
        self.name, self.port = name, servers.free_port()


def nsd_command(folder, port, primary):
    command = servers.nsd_command(folder, {zone: f"{zone}.zone" for zone in ZONES}, port)
    conf = folder / "nsd.conf"
    conf.write_text(conf.read_text().replace("zonefile:", f"""allow-notify: 127.0.0.1 NOKEY
    request-xfr: 127.0.0.1@{primary} NOKEY
    zonefile:"""))
    return command


def knot_command(folder, port, primary):
    command = servers.knot_command(folder, {zone: f"{folder}/{zone}.zone" for zone in ZONES}, port)
    conf = folder / "knot.conf"
    text = conf.read_text().replace("template:", f"""remote:
  - id: primary
    address: 127.0.0.1@{primary}
acl:
  - id: notify
    address: 127.0.0.1
    action: notify
template:""").replace("    journal-content: none\n", "    journal-content: changes\n"
                      "    master: primary\n    acl: notify\n")
    conf.write_text(text)
    return command


def bind_command(folder, port, primary):
    command = servers.bind_command(folder, {}, port)
    conf = folder / "named.conf"
    conf.write_text(conf.read_text().replace("empty-zones-enable no;", "empty-zones-enable no;\n    masterfile-format text;")
                    + "".join(f'zone "{zone}" {{ type secondary; file "{folder}/{zone}.zone"; '
                              f'primaries port {primary} {{ 127.0.0.1; }}; allow-notify {{ 127.0.0.1; }}; '
                              "notify no; };\n" for zone in ZONES))
    return command


COMMANDS = {"nsd": nsd_command, "knot": knot_command, "bind": bind_command}


# ---- asking

def ask(port, name, rdtype, dnssec=False):
    query = dns.message.make_query(name, rdtype, use_edns=0 if dnssec else -1, want_dnssec=dnssec)
    query.flags = 0
    try:
        return dns.query.udp(query, "127.0.0.1", timeout=2, port=port) if not dnssec else \
            dns.query.tcp(query, "127.0.0.1", timeout=2, port=port)
    except (OSError, dns.exception.DNSException):
        return None


def serial(port, zone):
    reply = ask(port, zone, "SOA")
    return reply.answer[0][0].serial if reply is not None and reply.answer else None


def wait_for(port, zone, wanted):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if serial(port, zone) == wanted:
            return True
        time.sleep(0.1)
    return False


def digest(reply):
    """What of a reply servers have to agree about: not which helpful records they add."""
    if reply is None:
        return "silence"
    found = sorted(rrset.to_text() if len(rrset) == 1 else "\n".join(
        sorted(f"{rrset.name} {rrset.ttl} {rdata.to_text()}" for rdata in rrset)) for rrset in reply.answer)
    return dns.rcode.to_text(reply.rcode()), bool(reply.flags & dns.flags.AA), [text.lower() for text in found]


def differences(ours, secondary):
    found = []
    for name, rdtype in QUESTIONS:
        for dnssec in (False, True) if name.endswith("signed.test") else (False,):
            expected = digest(ask(ours, name, rdtype, dnssec))
            got = digest(ask(secondary.port, name, rdtype, dnssec))
            if expected != got:
                found.append(f"{secondary.name}: {name} {rdtype}{' DO' if dnssec else ''}:\n  fakedns {expected}\n"
                             f"  {secondary.name} {got}")
    return found


def transfers(log, address):
    """Types of the transfers that were asked of an address, with the world's time."""
    return [(line["time_us"], line["qtype"], line["qname"], line["transport"])
            for line in map(json.loads, log.read_text().splitlines())
            if line["server"].startswith(f"{address}:") and line.get("qtype") in ("AXFR", "IXFR")]


def judge(secondary, address, ours, log):
    problems = []
    for zone in ZONES:
        if not wait_for(secondary.port, zone, NEW):
            problems.append(f"{secondary.name}: {zone} stays at serial {serial(secondary.port, zone)}")
    late = [what for what in transfers(log, address) if what[0] >= EVENT_S * 1000000]
    for zone in ZONES:
        kinds = {what[1] for what in late if what[2].rstrip(".").lower() == zone}
        if kinds != {"IXFR"}:
            problems.append(f"{secondary.name}: {zone} was fetched by {kinds or 'nothing'} after the event")
    notified = [line for line in map(json.loads, log.read_text().splitlines())
                if line["server"].startswith(f"{address}:") and line.get("opcode") == "NOTIFY" and "qr" in line["flags"]]
    if len({line["qname"].rstrip(".").lower() for line in notified}) != len(ZONES):
        problems.append(f"{secondary.name}: did not answer NOTIFY for each zone")
    return problems + differences(ours, secondary)


class Fakedns:
    """fakedns in real time, with the endpoints that it has printed."""

    def __init__(self, program, folder, text):
        path = folder / "world.yaml"
        path.write_text(text)
        self.log = folder / "queries.jsonl"
        self.process = subprocess.Popen([os.path.abspath(program), "--query-log", str(self.log), str(path)],
                                        stdout=subprocess.PIPE, text=True)
        self.started = time.monotonic()
        self.ports = {}
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "ready":
                break
            self.ports[words[1].rpartition(":")[0]] = int(words[2].rpartition(":")[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def start(stack, folder, secondary, primary):
    own = folder / secondary.name
    own.mkdir()
    if os.geteuid() == 0:
        shutil.chown(own, "nobody", "nogroup")
    command = COMMANDS[secondary.name](own, secondary.port, primary)
    # none is waited for: they have to fetch their zones before they answer
    return stack.enter_context(servers.Server(secondary.name, command, secondary.port, own, [], True))


def main():
    here = [Secondary(name) for name in servers.installed(1) if name in COMMANDS]
    if not here:
        print("skipped: none of nsd, knotd and named is installed")
        sys.exit(servers.SKIPPED)
    problems = []
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        fakedns = stack.enter_context(Fakedns(sys.argv[1], folder, world(here)))
        ports = [fakedns.ports[f"192.0.2.{i + 1}"] for i in range(len(here))]
        for secondary, port in zip(here, ports):
            start(stack, folder, secondary, port)
        for secondary, port in zip(here, ports):
            for zone in ZONES:
                if not wait_for(secondary.port, zone, OLD) and serial(port, zone) == OLD:
                    problems.append(f"{secondary.name}: {zone} did not arrive")
            problems += differences(port, secondary) if not problems else []
        if any(serial(port, ZONES[0]) != OLD for port in ports):
            print("skipped: the event came before the first transfers were done")
            sys.exit(servers.SKIPPED)
        for i, (secondary, port) in enumerate(zip(here, ports)):
            problems += judge(secondary, f"192.0.2.{i + 1}", port, fakedns.log)
    print("\n".join(problems) or f"{len(here)} secondaries ({', '.join(s.name for s in here)}): {len(ZONES)} zones by AXFR, "
          f"then by IXFR after NOTIFY; {len(QUESTIONS)} questions answered alike, twice")
    sys.exit(1 if problems else 0)


main()
