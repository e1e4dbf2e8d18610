#!/usr/bin/python3
"""What dig and dnspython say of faulty answers: they have to see the fault that the rule makes.

    faults.py FAKEDNS

Exit status: 0 they see all of them, 1 they do not, 77 (skipped) when neither is installed.
"""

import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "component/effects"))
import stage  # noqa: E402  (the stage of the component tests)

try:
    import dns.message
    import dns.query
except ImportError:
    dns = None
DIG = shutil.which("dig")

# name of the case, `then`, what dig has to print, the exception of dnspython (None: it reads the answer)
FAULTS = [
    ("two-opts", "edns: { twice: yes }", "malformed message packet", "BadEDNS"),
    ("opt-in-answer", "edns: { place: answer }", "malformed message packet", "BadEDNS"),
    ("loop", "bad-name: loop", "bad compression pointer", "BadPointer"),
    ("forward", "bad-name: forward", "bad compression pointer", "BadPointer"),
    ("past-end", "bad-name: past-end", "bad compression pointer", "BadPointer"),
    ("label-type", "bad-name: label-type-10", "bad label type", "BadLabelType"),
    ("too-long", "bad-name: too-long", "name too long", "NameTooLong"),
    ("trailing", "octets: { random: 9 }", "Message has 9 extra bytes at end", "TrailingJunk"),
    ("cut", "octets: { cut: 3 }", "malformed message packet", "FormError"),
    ("counts", "counts: { additional: +1 }", "malformed message packet", "FormError"),
    ("header", "octets: { keep: 12 }", "malformed message packet", "FormError"),
    ("other-question", "question: { name: other.example.test }", "Question section mismatch", "BadResponse"),
    ("no-qr", "clear: [QR]", "query response not set", "BadResponse"),
    ("cookie", "edns: { cookie: wrong-client }", r"COOKIE: \w+ \(bad\)", None),
    ("badcookie", "edns: { cookie: server }, set-rcode: BADCOOKIE", r"BADCOOKIE(?s:.*)COOKIE: \w+ \(good\)", None),
    ("ede", "edns: { ede: { code: 18, text: not you } }", r"EDE: 18 \(Prohibited\): \(not you\)", None),
    ("nsid", "edns: { nsid: ns1 }", r'NSID: 6e 73 31 \("ns1"\)', None),
    ("ecs", "edns: { ecs: 16 }", "CLIENT-SUBNET: 192.0.2.0/24/16", None),
    ("truncated", "truncate: yes", "Truncated, retrying in TCP mode", None),
    ("version", "edns: { version: 3 }", "EDNS: version: 3", None),
    ("ttl", "ttl: 0", r"\t0\tIN\tA\t192\.0\.2\.80", None),
    ("class", "class: HS", r"\tHS\tA\t192\.0\.2\.80", None),
]


def ask_dig(place, name):
    command = [DIG, f"@{place[0]}", "-p", str(place[1]), name, "A", "+nsid", "+subnet=192.0.2.0/24", "+tries=1",
               "+time=2"]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout


def ask_dnspython(place, name):
    query = dns.message.make_query(name, "A", use_edns=0)
    try:
        dns.query.udp(query, place[0], port=place[1], timeout=5)
    except dns.exception.DNSException as exception:
        return [each.__name__ for each in type(exception).__mro__]
    return []


def main():
    if dns is None and DIG is None:
        print("skipped: neither dig nor dnspython is installed")
        sys.exit(77)
    cases = [stage.Case(name, then, None) for name, then, _, _ in FAULTS]
    scene = stage.Stage(sys.argv[1], cases)
    failed = 0
    try:
        for case, (name, then, pattern, wanted) in zip(cases, FAULTS):
            place = scene.place("192.0.2.1")
            said = ask_dig(place, case.qname) if DIG else None
            if said is not None and not re.search(pattern, said, re.IGNORECASE):
                failed += 1
                print(f"{name}: dig does not see {then}:\n{said}")
            raised = ask_dnspython(place, case.qname) if dns else None
            if raised is not None and (wanted not in raised if wanted else raised):
                failed += 1
                print(f"{name}: dnspython says {raised[:1]} to {then}, not {wanted}")
    finally:
        scene.close()
    sys.exit(1 if failed else 0)


main()
