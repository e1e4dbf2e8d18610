#!/usr/bin/python3
"""Compares the signatures and proofs of fakedns with those of NSD, Knot DNS and BIND.

    proofs.py FAKEDNS

fakedns signs zones (NSEC; NSEC3; NSEC3 with opt-out) and writes them; all serve these files, fakedns
too, and so each answers from records that none of them made. Every kind of answer is asked for with
DO over TCP. Compared are rcode, AA, the answer section, and of the authority section all but the NS
records of the zone itself, which some add to every answer. Every difference has
to be in KNOWN.

Exit status: 0 all as it should be, 1 a difference, 77 (skipped) when fewer than two of the servers,
or dnspython, are not installed.
"""

import collections
import pathlib
import sys
import tempfile

import servers

try:
    import dns.message
    import dns.name
    import dns.rcode
    import dns.rdatatype
except ImportError:
    print("skipped: python3-dnspython is not installed")
    sys.exit(servers.SKIPPED)

import dnssec

# What differs from fakedns, and why that is no fault of its.
KNOWN = {
    # NSD takes the name that is asked for, not that behind the DNAME, for the one that the wildcard
    # stands in for: validators look for an NSEC that covers the latter (RFC 4035 5.3.4).
    ("nsd", "x.old.example.com TXT"),
    # An empty name that the chain leaves out is no closest encloser (RFC 5155 7.2.1): NSD gives no
    # NSEC3 for com.
    ("nsd", "c.ent.com A"),
}

SIGNED = ["com", "example.com", "three.com"]
JUDGES = ["nsd", "knot", "bind"]
Answer = collections.namedtuple("Answer", "rcode aa answer authority")


def records(section, without=None):
    return frozenset((rrset.name, dns.rdatatype.to_text(rrset.rdtype), rdata.to_text().lower())
                     for rrset in section for rdata in rrset
                     if without is None or rrset.name != without or
                     dns.rdatatype.NS not in (rrset.rdtype, rrset.covers))


def answer_of(server, query, apex):
    octets = server.exchange_tcp(query.to_wire())
    if octets is None:
        return None
    reply = dns.message.from_wire(octets)
    return Answer(dns.rcode.to_text(reply.rcode()), bool(reply.flags & dns.flags.AA),
                  records(reply.answer), records(reply.authority, apex))


def questions():
    for zone in SIGNED[1:]:
        yield from ((zone, question) for question in dnssec.kinds(zone))
        for name in ["sub", "x.sub", "deep.insec", "x.deep.insec", "insec"]:
            yield zone, dnssec.Question(f"{name}.{zone}", "A")
    for name, rdtype in [("example.com", "A"), ("insecure.com", "A"), ("x.insecure.com", "A"),
                         ("none.com", "A"), ("ns.com", "TXT"), ("ent.com", "A"), ("b.ent.com", "A"),
                         ("a.b.ent.com", "A"), ("c.ent.com", "A"), ("ns.com", "A"),
                         ("x.example.com", "TXT"), ("insecure.com", "DS"), ("a.b.ent.com", "DS")]:
        yield "com", dnssec.Question(name, rdtype)


def show(answer):
    if answer is None:
        return "    nothing"
    lines = [f"    {answer.rcode} aa={answer.aa}"]
    for title, section in [("an", answer.answer), ("au", answer.authority)]:
        lines += sorted(f"    {title} {name} {rdtype} {rdata[:100]}" for name, rdtype, rdata in section)
    return "\n".join(lines)


def compare(zone, question, running):
    """Complaints about one question, asked of servers that hold only its zone."""
    query = dns.message.make_query(question.name, question.rdtype, want_dnssec=True)
    query.flags = 0
    said = {server.name: answer_of(server, query, dns.name.from_text(zone)) for server in running}
    ours = said.pop("fakedns")
    against = [name for name, answer in said.items()
               if answer != ours and (name, str(question)) not in KNOWN]
    if not against:
        return []
    return [f"{question}: {', '.join(against)} against fakedns\n  fakedns\n{show(ours)}\n"
            f"  {against[0]}\n{show(said[against[0]])}"]


def signed_zones(fakedns):
    template = dnssec.WORLD.read_text()
    with tempfile.TemporaryDirectory(prefix="dnsconform-proofs-") as name:
        folder = pathlib.Path(name)
        text = dnssec.fill(template, (), {"rsa.com": ""})
        saved = [f"--save-zone={zone}={dnssec.zone_file(folder, zone)}" for zone in SIGNED]
        with dnssec.World(fakedns, folder, text, saved):
            return {zone: dnssec.zone_file(folder, zone).read_text() for zone in SIGNED}


def main():
    judges = [name for name in servers.installed() if name in JUDGES]
    if len(judges) < 2:
        print("skipped: fewer than two of nsd, knotd and named are installed")
        sys.exit(servers.SKIPPED)
    zones = signed_zones(sys.argv[1])
    complaints, n = [], 0
    for zone, text in zones.items():
        apex = dns.name.from_text(zone).to_wire()
        with servers.running(sys.argv[1], {zone: text}, [apex], judges) as running:
            for of, question in questions():
                if of == zone:
                    n += 1
                    complaints += compare(zone, question, running)
    for complaint in complaints:
        print(complaint)
    print(f"{n} questions, {', '.join(judges)}: {len(complaints)} complaints")
    sys.exit(1 if complaints else 0)


main()
