#!/usr/bin/python3
"""Holds what fakedns signs against validators: unbound, delv and ldns-verify-zone.

    dnssec.py FAKEDNS

A world of signed zones (a root, com with NSEC3 and opt-out, zones with NSEC and with NSEC3, of
algorithms 8, 13, 14 and 15, and one that is not signed) is served; unbound validates it from the
trust anchor that fakedns writes. Every kind of answer has to come out secure, or insecure where it
has to, with the rcode and records that fakedns gives without DNSSEC. Then one thing after the other
is broken, and unbound has to say what the row of FAULTS says: bogus (SERVFAIL, and an answer with
CD), or, where it does not look, why not.

Exit status: 0 all as it should be, 1 a difference, 77 (skipped) when unbound, delv,
ldns-verify-zone, ldns-keygen or dnspython is not installed.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import servers

try:
    import dns.flags
    import dns.message
    import dns.query
    import dns.rcode
except ImportError:
    print("skipped: python3-dnspython is not installed")
    sys.exit(servers.SKIPPED)

WORLD = pathlib.Path(__file__).resolve().parent / "dnssec" / "world.yaml"
TOOLS = ["unbound", "delv", "ldns-verify-zone", "ldns-keygen"]
ZONES = [".", "com", "example.com", "three.com", "rsa.com"]

SECURE, OPEN, BOGUS = "secure", "insecure", "bogus"


class Question:
    def __init__(self, name, rdtype, rcode="NOERROR"):
        self.name, self.rdtype, self.rcode = name, rdtype, rcode

    def __str__(self):
        return f"{self.name} {self.rdtype}"


def kinds(zone):
    """Every kind of answer that a zone of the world gives."""
    return [Question(f"{name}.{zone}", rdtype, rcode) for name, rdtype, rcode in [
        ("www", "A", "NOERROR"), ("WWW", "AAAA", "NOERROR"), ("alias", "A", "NOERROR"),
        ("www", "TXT", "NOERROR"), ("none", "A", "NXDOMAIN"), ("a.none", "A", "NXDOMAIN"),
        ("none.www", "A", "NXDOMAIN"), ("zz", "A", "NXDOMAIN"), ("_0", "A", "NXDOMAIN"),
        ("x.wild", "TXT", "NOERROR"), ("a.b.wild", "TXT", "NOERROR"), ("x.wild", "A", "NOERROR"),
        ("exact.wild", "A", "NOERROR"), ("exact.wild", "TXT", "NOERROR"), ("*.wild", "TXT", "NOERROR"),
        ("below.exact.wild", "TXT", "NXDOMAIN"), ("x.walias", "A", "NOERROR"),
        ("x.walias", "TXT", "NOERROR"), ("ent", "A", "NOERROR"), ("c.ent", "A", "NOERROR"),
        ("d.ent", "A", "NXDOMAIN"), ("a.b.c.ent", "TXT", "NOERROR"), ("exact.old", "A", "NOERROR"),
        ("x.old", "TXT", "NOERROR"), ("old", "DNAME", "NOERROR"), ("old", "A", "NOERROR"),
        ("sub", "DS", "NOERROR"), ("deep.insec", "DS", "NOERROR"), ("to-none", "A", "NXDOMAIN"),
    ]] + [Question(zone, rdtype) for rdtype in
          ["SOA", "NS", "DNSKEY", "MX", "A", "DS", "NSEC3PARAM"]]


# What is broken: keys of `sign` of example.com (or of com, three.com), or rules; what is asked; what
# unbound says; and where that is not "bogus", why.
FAULTS = [
    # name, zone, sign, rules, question, expected
    ("signature missing", "example.com", "wrong-signatures: [ { name: www, type: A, missing: yes } ]",
     None, Question("www.example.com", "A"), BOGUS),
    ("another RRset is not hurt", "example.com",
     "wrong-signatures: [ { name: www, type: A, missing: yes } ]", None,
     Question("www.example.com", "AAAA"), SECURE),
    ("signature expired", "example.com",
     "wrong-signatures: [ { name: www, type: A, inception: -20d, expiration: -10d } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("signature not yet valid", "example.com",
     "wrong-signatures: [ { name: www, type: A, inception: +10d, expiration: +20d } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("all signatures expired", "example.com", "inception: -20d, expiration: -10d", None,
     Question("www.example.com", "A"), BOGUS),
    ("signature corrupt", "example.com",
     "wrong-signatures: [ { name: www, type: A, corrupt: yes } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("key tag of no key", "example.com",
     "wrong-signatures: [ { name: www, type: A, key-tag: +1 } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("algorithm of no key", "example.com",
     "wrong-signatures: [ { name: www, type: A, algorithm: 13 } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("signer is another zone", "example.com",
     "wrong-signatures: [ { name: www, type: A, signer: other.com. } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("DNSKEY is not signed", "example.com", "wrong-signatures: [ { type: DNSKEY, missing: yes } ]",
     None, Question("www.example.com", "A"), BOGUS),
    ("zsk is not published", "example.com",
     "keys: [ { role: ksk }, { role: zsk, published: no } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("ksk is not published", "example.com",
     "keys: [ { role: ksk, published: no }, { role: zsk } ]", None,
     Question("www.example.com", "A"), BOGUS),
    ("zsk without the zone bit", "example.com", "keys: [ { role: ksk }, { role: zsk, flags: 0 } ]",
     None, Question("www.example.com", "A"), BOGUS),
    ("ksk revoked", "example.com", "keys: [ { role: ksk, flags: 385 }, { role: zsk } ]", None,
     Question("www.example.com", "A"), SECURE),  # unbound minds the bit in trust anchors only (RFC 5011)
    ("NSEC passes over a name", "example.com", "wrong-denials: [ { name: www, skip: yes } ]", None,
     Question("www.example.com", "TXT"), BOGUS),
    ("NSEC lists a type that is not there", "example.com",
     "wrong-denials: [ { name: www, with: [TXT] } ]", None, Question("www.example.com", "TXT"), BOGUS),
    ("NSEC does not list a type that is there", "example.com",
     "wrong-denials: [ { name: www, without: [A] } ]", None, Question("www.example.com", "TXT"),
     SECURE),  # nothing in this answer contradicts it; it denies A to whoever caches it (RFC 8198)
    ("NSEC not signed", "example.com", "wrong-signatures: [ { type: NSEC, missing: yes } ]", None,
     Question("none.example.com", "A", "NXDOMAIN"), BOGUS),
    ("NSEC3 lists a type that is not there", "three.com",
     "nsec3: yes, wrong-denials: [ { name: www, with: [TXT] } ]", None,
     Question("www.three.com", "TXT"), BOGUS),
    ("NSEC3 passes over a name", "three.com", "nsec3: yes, wrong-denials: [ { name: www, skip: yes } ]",
     None, Question("www.three.com", "TXT"), BOGUS),
    ("NSEC3 of an unknown hash", "three.com", "nsec3: { algorithm: 2 }", None,
     Question("none.three.com", "A", "NXDOMAIN"), BOGUS),
    ("NSEC3 with too many iterations", "three.com", "nsec3: { iterations: 2500 }", None,
     Question("none.three.com", "A", "NXDOMAIN"), OPEN),  # RFC 9276 3.2: may be taken for insecure
    ("opt-out passes over a name with data", "com",
     "nsec3: { opt-out: yes }, algorithm: 13, wrong-denials: [ { name: ns, skip: yes } ]", None,
     Question("ns.com", "TXT"), OPEN),  # the span leaves open what is in it (RFC 5155 12.2)
    ("DS matches no key", "example.com", "ds: mismatch", None, Question("www.example.com", "A"), BOGUS),
    ("DS of an unknown digest", "example.com", "ds: unknown-digest", None,
     Question("www.example.com", "A"), OPEN),  # RFC 4035 5.2: as if there were no DS
    ("DS of an unknown algorithm", "example.com", "ds: unknown-algorithm", None,
     Question("www.example.com", "A"), OPEN),  # RFC 4035 5.2
    ("no DS", "example.com", "ds: none", None, Question("www.example.com", "A"), OPEN),
    ("NSEC and NSEC3", "example.com", "nsec3: { beside-nsec: yes }", None,
     Question("none.example.com", "A", "NXDOMAIN"), SECURE),  # the NSEC3 records are all that answers use
    ("compact denial of a name", "example.com", "compact-denial: yes", None,
     Question("none.example.com", "A"), SECURE),  # RFC 9824: it is NODATA, and right
    ("compact denial of a type", "example.com", "compact-denial: yes", None,
     Question("www.example.com", "TXT"), SECURE),
    ("compact denial of an empty name", "example.com", "compact-denial: yes", None,
     Question("ent.example.com", "TXT"), SECURE),
    ("compact denial of a wildcard's type", "example.com", "compact-denial: yes", None,
     Question("x.wild.example.com", "A"), SECURE),
    ("compact denial: a wildcard's data", "example.com", "compact-denial: yes", None,
     Question("x.wild.example.com", "TXT"), SECURE),
    ("compact denial: a wildcard's alias", "example.com", "compact-denial: yes", None,
     Question("x.walias.example.com", "A"), SECURE),
    ("compact denial of a DS", "example.com", "compact-denial: yes", None,
     Question("sub.example.com", "DS"), SECURE),
    ("CDS asks to delete the DS", "example.com", "cds: delete", None,
     Question("www.example.com", "A"), SECURE),  # only parents read CDS
    ("server leaves signatures out", "example.com", "", "{ dnssec: { signatures: missing } }",
     Question("www.example.com", "A"), BOGUS),
    ("server hands out wrong signatures", "example.com", "", "{ dnssec: { signatures: corrupt } }",
     Question("www.example.com", "A"), BOGUS),
    ("server does not see DO", "example.com", "", "{ dnssec: { ignore-do: yes } }",
     Question("www.example.com", "A"), BOGUS),
    ("server leaves proofs out", "example.com", "", "{ dnssec: { denial: missing } }",
     Question("none.example.com", "A", "NXDOMAIN"), BOGUS),
    ("server hands out proofs of other names", "example.com", "", "{ dnssec: { denial: other } }",
     Question("none.example.com", "A", "NXDOMAIN"), BOGUS),
    ("server leaves the NSEC3 of a wildcard out", "three.com", "", "{ dnssec: { denial: missing } }",
     Question("x.wild.three.com", "TXT"), BOGUS),
    ("server hands out NSEC3 of other names", "three.com", "nsec3: yes",
     "{ dnssec: { denial: other } }", Question("www.three.com", "TXT"), BOGUS),
    ("NODATA instead of NXDOMAIN", "example.com", "", "{ rcode: NOERROR }",
     Question("none.example.com", "A"), BOGUS),
    ("NXDOMAIN instead of NODATA", "example.com", "", "{ rcode: NXDOMAIN }",
     Question("www.example.com", "TXT", "NXDOMAIN"), BOGUS),
]


def unbound_config(folder, port, endpoints, zone_servers):
    text = f"""server:
    interface: 127.0.0.1@{port}
    port: {port}
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    verbosity: 0
    val-log-level: 2
    num-threads: 1
    do-ip6: no
    do-not-query-localhost: no
    module-config: "validator iterator"
    trust-anchor-file: "{folder}/anchor"
    trust-anchor-signaling: no
    root-key-sentinel: no
    aggressive-nsec: no
    val-bogus-ttl: 0
    harden-algo-downgrade: no
    access-control: 127.0.0.0/8 allow
    local-zone: "ready.test." static
    local-data: "ready.test. SOA ready.test. ready.test. 1 2 3 4 5"
remote-control:
    control-enable: no
"""
    for zone, address in zone_servers.items():
        host, port_of = endpoints[address].rsplit(":", 1)
        text += f'stub-zone:\n    name: "{zone}"\n    stub-addr: {host}@{port_of}\n' \
                "    stub-prime: no\n"
    return servers.write(folder / "unbound.conf", text)


ZONE_SERVERS = {".": "192.0.2.1", "com": "192.0.2.2", "example.com": "192.0.2.3",
                "three.com": "192.0.2.3", "rsa.com": "192.0.2.3", "insecure.com": "192.0.2.3"}


class World:
    """fakedns with a world, and unbound that validates it."""

    def __init__(self, fakedns, folder, text, options=()):
        self.fakedns, self.folder, self.text, self.options = fakedns, folder, text, options

    def __enter__(self):
        file = self.folder / "world.yaml"
        file.write_text(self.text)
        self.errors = open(self.folder / "fakedns.err", "w+")
        self.server = subprocess.Popen(
            [self.fakedns, "--trust-anchor", str(self.folder / "anchor"), *self.options, str(file)],
            stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.endpoints = {}
        for line in self.server.stdout:
            if line == "ready\n":
                break
            _, address, endpoint = line.split()
            self.endpoints[address.removesuffix(":53")] = endpoint
        else:
            self.errors.seek(0)
            sys.exit(f"fakedns ended: {self.errors.read()}")
        self.port = servers.free_port()
        config = unbound_config(self.folder, self.port, self.endpoints, ZONE_SERVERS)
        self.unbound = servers.Server("unbound", ["unbound", "-d", "-c", config], self.port,
                                      self.folder, [b"\x05ready\x04test\x00"])
        self.unbound.__enter__()
        return self

    def __exit__(self, *_):
        self.unbound.__exit__()
        self.server.terminate()
        self.server.wait(10)
        self.errors.close()

    def ask(self, question, port=None, flags=dns.flags.RD, do=True):
        query = dns.message.make_query(question.name, question.rdtype, want_dnssec=do, payload=1232)
        query.flags = flags
        return dns.query.udp_with_fallback(query, "127.0.0.1", port=port or self.port, timeout=10)[0]

    def authority_port(self, address):
        return int(self.endpoints[address].rsplit(":", 1)[1])

    def judge(self, question):
        """What unbound says: secure, insecure or bogus; and why it is another rcode than asked for."""
        reply = self.ask(question)
        if reply.rcode() == dns.rcode.SERVFAIL:
            checked = self.ask(question, flags=dns.flags.RD | dns.flags.CD)
            return BOGUS if checked.rcode() != dns.rcode.SERVFAIL else "no answer even with CD"
        if dns.rcode.to_text(reply.rcode()) != question.rcode:
            return f"rcode {dns.rcode.to_text(reply.rcode())}"
        return SECURE if reply.flags & dns.flags.AD else OPEN


def expectation(zone, question):
    """In com, which opts out, what is proven by a record with that flag is not secure; no more is
    what ends in a zone that is not signed."""
    if zone == "com":
        return OPEN if question.rcode == "NXDOMAIN" or question.name.startswith("insecure") else SECURE
    return SECURE


def check_kinds(world):
    complaints = []
    for zone in ["example.com", "three.com", "rsa.com"]:
        for question in kinds(zone):
            said = world.judge(question)
            if said != expectation(zone, question):
                complaints.append(f"{question}: {said}, expected {expectation(zone, question)}")
    for question, expected in [
            (Question("com", "DS"), SECURE), (Question("example.com", "DS"), SECURE),
            (Question("com", "SOA"), SECURE), (Question("none", "A", "NXDOMAIN"), SECURE),
            (Question("none.com", "A", "NXDOMAIN"), OPEN),
            (Question("ns.com", "TXT"), SECURE), (Question("insecure.com", "DS"), OPEN),
            (Question("www.insecure.com", "A"), OPEN),
            (Question("none.insecure.com", "A", "NXDOMAIN"), OPEN)]:
        said = world.judge(question)
        if said != expected:
            complaints.append(f"{question}: {said}, expected {expected}")
    return complaints


def check_faults(fakedns, folder, template, keys):
    complaints = []
    for i, (name, zone, sign, effect, question, expected) in enumerate(FAULTS):
        text = fill(template, keys, {zone: sign} if sign else {})
        if effect:
            text += f"rules:\n  - when: {{ name: {question.name}, type: {question.rdtype} }}\n" \
                    f"    then: {effect}\n"
        place = folder / f"fault{i}"
        place.mkdir()
        with World(fakedns, place, text) as world:
            said = world.judge(question)
        if said != expected:
            complaints.append(f"{name}: {question} is {said}, expected {expected}")
    return complaints


SIGN = {".": "", "com": "nsec3: { opt-out: yes }, algorithm: 13", "example.com": "",
        "three.com": "nsec3: { salt: ab12, iterations: 3 }, keys: [ { role: csk, algorithm: 14 } ]",
        "rsa.com": "keys: [ { role: ksk, file: %s }, { role: zsk, file: %s } ]"}


def fill(template, keys, changed):
    for zone, sign in {**SIGN, **changed}.items():
        text = sign % keys if "%s" in sign else sign
        template = template.replace(f"SIGN({zone})", f"{{ {text} }}" if text else "yes")
    return template


def make_keys(folder):
    return tuple(subprocess.run(["ldns-keygen", "-r", "/dev/urandom", "-a", "RSASHA256", "-b", "2048",
                                 "rsa.com"], cwd=folder, check=True, capture_output=True, text=True)
                 .stdout.strip() + ".private" for _ in range(2))


def zone_file(folder, zone):
    return folder / f"zone.{zone.strip('.')}"


def check_zone_files(folder):
    complaints = []
    for zone in ZONES:
        result = subprocess.run(["ldns-verify-zone", str(zone_file(folder, zone))],
                                capture_output=True, text=True, check=False)
        if result.returncode != 0:
            complaints.append(f"ldns-verify-zone {zone}: {result.stdout}{result.stderr}")
    return complaints


def check_delv(world, folder):
    """delv's own validation, of what unbound hands through."""
    key = next(line.split() for line in (folder / "anchor").read_text().splitlines()
               if " DNSKEY " in line)
    anchor = servers.write(folder / "delv.key", "trust-anchors {\n    . static-key "
                           f'{key[4]} {key[5]} {key[6]} "{key[7]}";\n}};\n')
    complaints = []
    for question in [Question("www.example.com", "A"), Question("x.wild.three.com", "TXT"),
                     Question("none.example.com", "A", "NXDOMAIN"), Question("ent.three.com", "A"),
                     Question("alias.rsa.com", "A"), Question("x.old.example.com", "TXT")]:
        out = subprocess.run(["delv", "-a", anchor, "+root", "@127.0.0.1", "-p", str(world.port),
                              question.name, question.rdtype],
                             capture_output=True, text=True, check=False).stdout
        if "fully validated" not in out:
            complaints.append(f"delv {question}: {out}")
    return complaints


def main():
    for tool in TOOLS:
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is not installed")
            sys.exit(servers.SKIPPED)
    template = WORLD.read_text()
    with tempfile.TemporaryDirectory(prefix="dnsconform-dnssec-") as name:
        folder = pathlib.Path(name)
        keys = make_keys(folder)
        saved = [f"--save-zone={zone}={zone_file(folder, zone)}" for zone in ZONES]
        with World(sys.argv[1], folder, fill(template, keys, {}), saved) as world:
            complaints = check_zone_files(folder) + check_kinds(world) + check_delv(world, folder)
        complaints += check_faults(sys.argv[1], folder, template, keys)
    for complaint in complaints:
        print(complaint)
    print(f"{3 * len(kinds('x'))} kinds of answers, {len(FAULTS)} faults: "
          f"{len(complaints)} complaints")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
