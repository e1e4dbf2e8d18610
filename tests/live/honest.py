#!/usr/bin/python3
"""Compares the honest answers of fakedns with those of NSD and Knot DNS on the same zone files.

    honest.py FAKEDNS [ZONE=FILE ...]

Every name of the zones and names near them are asked for every type that occurs, over UDP with
EDNS. Compared are rcode, AA, the answer section as a set, the SOA record of a denial, and the NS
records of a referral, all with their TTLs. Where NSD and Knot agree fakedns has to say the same; where they differ the case has to be in EXPECTED,
which names the RFC that decides.

Exit status: 0 all as it should be, 1 a difference, 77 (skipped) when nsd, knotd or dnspython is not
installed.
"""

import collections
import concurrent.futures
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SKIPPED = 77

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.query
    import dns.rcode
    import dns.rdatatype
    import dns.zone
except ImportError:
    print("skipped: python3-dnspython is not installed")
    sys.exit(SKIPPED)

HERE = pathlib.Path(__file__).resolve().parent / "honest"
ZONES = ["conform.test", "child.conform.test", "grand.noglue.conform.test", "dname.test"]

# Types that are asked for everywhere, besides those in the zones.
TYPES = ["A", "AAAA", "NS", "CNAME", "SOA", "MX", "TXT", "DS", "DNAME", "SRV", "ANY", "TYPE65280",
         "TYPE65281", "TYPE1000"]

Answer = collections.namedtuple("Answer", "rcode aa answer denial referral")


# A difference that is known: who deviates, why, and what tells it from any other difference (a
# function of the case and the answers; those who do not deviate agree in any case).
Expected = collections.namedtuple("Expected", "who why holds")


def is_any_subset(case, answers):
    ours = answers["fakedns"]
    return case.rdtype == "ANY" and all(
        a.answer and a.answer <= ours.answer and (a.rcode, a.aa) == (ours.rcode, ours.aa)
        for a in answers.values())


def chain_end(answer):
    """The target of the last CNAME of a chain that ends with it, or None."""
    links = {owner: data for owner, _, rdtype, data in answer.answer if rdtype == "CNAME"}
    owners = {dns.name.from_text(owner) for owner in links}
    ends = [target for target in (dns.name.from_wire(data, 0)[0] for data in links.values())
            if target not in owners]
    return ends[0] if len(ends) == 1 else None


def zone_of(name):
    return max((a for a in APEXES if name.is_subdomain(a)), key=len, default=None)


def is_shorter(answer, ours):
    return answer.answer < ours.answer or \
        (answer.answer == ours.answer and answer.rcode == "NOERROR")


def stops_at_other_zone(case, answers):
    knot, end = answers["knot"], chain_end(answers["knot"])
    return end is not None and zone_of(end) not in (None, zone_of(case.name)) and \
        knot.aa and is_shorter(knot, answers["fakedns"])


def stops_after_five(case, answers):
    knot = answers["knot"]
    n_links = sum(rdtype == "CNAME" for _, _, rdtype, _ in knot.answer)
    return n_links == 5 and knot.aa and is_shorter(knot, answers["fakedns"])


def is_ds_without_parent(case, answers):
    nsd = answers["nsd"]
    return case.rdtype == "DS" and case.name in APEXES and nsd == answers["knot"] and \
        not nsd.aa and bool(nsd.referral)


EXPECTED = [
    Expected({"nsd", "knot"}, "ANY is answered with one RRset, which RFC 8482 4.1 allows; fakedns "
             "gives all there are (RFC 1035 3.2.3)", is_any_subset),
    Expected({"nsd", "knot"}, "the DS of a zone that is held, whose parent is not but a zone above "
             "that: RFC 4035 3.1.4.1 has the child answer NODATA, not a referral to the parent",
             is_ds_without_parent),
    Expected({"knot"}, "a CNAME or DNAME into another zone of the same server is not followed; "
             "RFC 1034 4.3.2 goes back to step 1, which looks in all zones (RFC 6604 for the "
             "rcode)", stops_at_other_zone),
    Expected({"knot"}, "a chain of CNAMEs is given up after five; RFC 1034 4.3.2 has no limit",
             stops_after_five),
]


def free_port():
    """A port that is free for UDP and TCP on 127.0.0.1 now."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                continue
            return udp.getsockname()[1]
    sys.exit("no free port")


def nsd_command(folder, zones, port):
    text = f"""server:
    ip-address: 127.0.0.1@{port}
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
    logfile: "{folder}/nsd.log"
    server-count: 1
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
    refuse-any: no
    minimal-responses: no
remote-control:
    control-enable: no
"""
    for zone, file in zones.items():
        text += f'zone:\n    name: "{zone}"\n    zonefile: "{file}"\n'
    config = folder / "nsd.conf"
    config.write_text(text)
    return ["nsd", "-d", "-c", str(config)]


def knot_command(folder, zones, port):
    text = f"""server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{folder}"
log:
  - target: "{folder}/knot.log"
    any: info
template:
  - id: default
    storage: "{folder}"
    semantic-checks: off
    journal-content: none
    zonefile-sync: -1
zone:
"""
    for zone, file in zones.items():
        text += f'  - domain: "{zone}"\n    file: "{file}"\n'
    config = folder / "knot.conf"
    config.write_text(text)
    return ["knotd", "-c", str(config)]


class Server:
    """A running server on a port of its own; ended by leaving the with block."""

    def __init__(self, name, command, port, folder, zone):
        self.name, self.command, self.port = name, command, port
        self.zone = zone  # asked for until the server answers
        self.log = folder / f"{name}.out"

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                sys.exit(f"{self.name} ended: {self.log.read_text()}")
            try:
                query = dns.message.make_query(self.zone, "SOA")
                reply = dns.query.udp(query, "127.0.0.1", port=self.port, timeout=0.5)
                if reply.rcode() == dns.rcode.NOERROR:
                    return self
            except (OSError, dns.exception.DNSException):
                time.sleep(0.05)
        sys.exit(f"{self.name} does not answer: {self.log.read_text()}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, case):
        query = dns.message.make_query(case.name, case.rdtype, use_edns=0, payload=1232)
        query.flags = 0
        try:
            reply = dns.query.udp(query, "127.0.0.1", port=self.port, timeout=5)
            if reply.flags & dns.flags.TC:
                reply = dns.query.tcp(query, "127.0.0.1", port=self.port, timeout=5)
        except (OSError, EOFError, dns.exception.DNSException) as error:
            return Answer(f"{type(error).__name__} {error}", False, *3 * [frozenset()])
        referral = frozenset()
        aa = bool(reply.flags & dns.flags.AA)
        if not any(rrset.rdtype == dns.rdatatype.SOA for rrset in reply.authority):
            if not aa or reply.answer:
                referral = records(r for r in reply.authority if r.rdtype == dns.rdatatype.NS)
        if aa and not ends_at_cut(reply):
            referral = frozenset()  # NS records of the zone itself, which are optional
        denial = records(r for r in reply.authority if r.rdtype == dns.rdatatype.SOA)
        return Answer(dns.rcode.to_text(reply.rcode()), aa, records(reply.answer), denial, referral)


def ends_at_cut(reply):
    """The answer is a chain into a delegation: its last target lies at or below the NS owner."""
    targets = [r[0].target for r in reply.answer if r.rdtype == dns.rdatatype.CNAME]
    owners = {r.name for r in reply.answer}
    last = [t for t in targets if t not in owners]
    return any(t.is_subdomain(r.name) and r.name not in APEXES
               for t in last for r in reply.authority if r.rdtype == dns.rdatatype.NS)


def records(rrsets):
    """TTL, owner, type and rdata of every record; owners without case."""
    return frozenset((str(rrset.name).lower(), rrset.ttl, dns.rdatatype.to_text(rrset.rdtype),
                      rdata.to_digestable()) for rrset in rrsets for rdata in rrset)


Case = collections.namedtuple("Case", "name rdtype")
APEXES = set()


def near(name, apex):
    """The name, what lies below and beside it, and all that lies between it and the apex."""
    yield name
    for prefix in (b"new", b"*", b"a.b", b"\x00"):
        try:
            yield dns.name.Name((prefix,) + name.labels)
            yield dns.name.Name((b"very", b"far", prefix) + name.labels)
        except dns.name.NameTooLong:
            pass
    while name != apex:
        parent = name.parent()
        yield dns.name.Name((b"beside",) + parent.labels)
        yield parent
        name = parent
    yield apex.parent()
    yield dns.name.Name((b"x" + apex.labels[0],) + apex.labels[1:])


def cases_of(zones):
    names, types = {}, set(TYPES)
    for text, file in zones.items():
        apex = dns.name.from_text(text)
        APEXES.add(apex)
        zone = dns.zone.from_file(str(file), apex, relativize=False)
        for owner, node in zone.nodes.items():
            types.update(dns.rdatatype.to_text(r.rdtype) for r in node.rdatasets)
            for name in near(owner, apex):
                names[name.to_wire()] = name
    upper = [dns.name.Name(tuple(label.swapcase() for label in n.labels)) for n in names.values()]
    return [Case(name, rdtype) for name in list(names.values()) + upper[::7]
            for rdtype in sorted(types)]


def show(answer):
    lines = [f"{answer.rcode}{' AA' if answer.aa else ''}"]
    lines += [f"      {o} {ttl} {t} {data.hex()}" for o, ttl, t, data in sorted(answer.answer)]
    lines += [f"      authority {o} {ttl} {t} {data.hex()}"
              for o, ttl, t, data in sorted(answer.denial | answer.referral)]
    return "\n".join(lines)


def report(kind, case, answers):
    print(f"{kind}: {case.name} {case.rdtype}")
    for name, answer in answers.items():
        print(f"   {name}: {show(answer)}")


def judge(case, answers, tally):
    """True if the case is as it should be."""
    ours, nsd, knot = answers["fakedns"], answers["nsd"], answers["knot"]
    if ours == nsd == knot:
        tally["equal"] += 1
        return True
    for expected in EXPECTED:
        others = [answers[n] for n in answers if n not in expected.who]
        if all(a == ours for a in others) and expected.holds(case, answers):
            tally[expected.why] += 1
            tally["explained"] += 1
            return True
    report("NSD and Knot agree, fakedns differs" if nsd == knot else "not in the table", case,
           answers)
    tally["different"] += 1
    return False


def compare(servers, cases):
    tally = collections.Counter()
    good = True
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        def ask_all(case):
            return case, {server.name: server.ask(case) for server in servers}
        for case, answers in pool.map(ask_all, cases):
            good &= judge(case, answers, tally)
    print(f"{len(cases)} questions: {tally['equal']} equal everywhere, "
          f"{tally['explained']} explained, {tally['different']} different")
    for expected in EXPECTED:
        print(f"   {tally[expected.why]:5} {' and '.join(sorted(expected.who))}: {expected.why}")
    return good


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    os.environ["PATH"] += ":/usr/sbin:/usr/local/sbin"
    for program in ("nsd", "knotd"):
        if shutil.which(program) is None:
            print(f"skipped: {program} is not installed")
            return SKIPPED
    zones = dict(a.split("=", 1) for a in arguments[1:]) or \
        {zone: str(HERE / f"{zone}.zone") for zone in ZONES}
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        ports = [free_port() for _ in range(3)]
        ours = [arguments[0], "--listen", "127.0.0.1", "--port", str(ports[0])]
        for zone, file in zones.items():
            ours += ["--zone", f"{zone}={file}"]
        commands = [ours, nsd_command(folder, zones, ports[1]),
                    knot_command(folder, zones, ports[2])]
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(Server(name, command, port, folder, next(iter(zones))))
                       for name, command, port in zip(["fakedns", "nsd", "knot"], commands, ports)]
            return 0 if compare(servers, cases_of(zones)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
