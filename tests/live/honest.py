#!/usr/bin/python3
"""Compares the honest answers of fakedns with those of NSD, Knot DNS, BIND and PowerDNS.

    honest.py FAKEDNS [--random N] [--seed S] [--questions M] [ZONE=FILE ...]

All serve the same zone files: those named, else the sets below and N groups of zones made at random
(20), of which M questions each (300) are asked. Every name of the zones and names near them are
asked for every type that occurs, over UDP with EDNS and over TCP after TC. Compared are rcode, AA,
the answer section, the SOA record of a denial, and the NS records of a referral with the glue that
it must carry, all with their TTLs.

What differs from fakedns has to be in KNOWN, which says who does so and names the RFC that decides.
A row there that is not meant for a majority does not count when all four agree.

Exit status: 0 all as it should be, 1 a difference, 77 (skipped) when fewer than two of the servers,
or dnspython, are not installed.
"""

import argparse
import collections
import concurrent.futures
import pathlib
import random
import struct
import sys

import random_zones
import servers

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.rcode
    import dns.rdatatype
    import dns.zone
except ImportError:
    print("skipped: python3-dnspython is not installed")
    sys.exit(servers.SKIPPED)

HERE = pathlib.Path(__file__).resolve().parent / "honest"
SETS = [
    ["conform.test", "child.conform.test", "grand.noglue.conform.test", "dname.test"],
    [".", "Upper.TEST", "odd\\.dot.test"],
]

# Types that are asked for everywhere, besides those in the zones.
TYPES = ["A", "AAAA", "NS", "CNAME", "SOA", "MX", "TXT", "DS", "DNAME", "SRV", "ANY", "TYPE65280",
         "TYPE65281", "TYPE1000"]

Answer = collections.namedtuple("Answer", "rcode aa answer denial referral glue")
Case = collections.namedtuple("Case", "name rdtype")
APEXES = set()


# ---- what is known to differ, judge by judge

# who deviates, why that is no fault of fakedns, what tells it from any other difference: a function
# of the case, their answer and ours. against_all: also when every judge says the same.
Known = collections.namedtuple("Known", "who why holds against_all", defaults=(False,))


def is_any_subset(case, theirs, ours):
    return case.rdtype == "ANY" and theirs.answer and set(theirs.answer) < set(ours.answer) and \
        (theirs.rcode, theirs.aa) == (ours.rcode, ours.aa)


def links(answer):
    return {dns.name.from_text(owner): dns.name.from_wire(data, 0)[0]
            for owner, _, rdtype, data in answer.answer if rdtype == "CNAME"}


def chain_end(answer):
    """The target of the last CNAME of a chain that ends with it, or None."""
    chain = links(answer)
    ends = [target for target in chain.values() if target not in chain]
    return ends[0] if len(ends) == 1 else None


def zone_of(name):
    return max((a for a in APEXES if name.is_subdomain(a)), key=len, default=None)


def is_shorter(theirs, ours):
    """Theirs is the beginning of our answer, without what comes after that."""
    return theirs.aa and theirs.rcode == "NOERROR" and theirs != ours and \
        set(theirs.answer) <= set(ours.answer)


def stops_at_other_zone(case, theirs, ours):
    """Also when what the first zone has in place of the other one is taken for an answer."""
    return theirs.aa and theirs.rcode in ("NOERROR", "NXDOMAIN") and \
        any((zone_of(end) not in (None, zone_of(case.name))) or
            (case.rdtype == "DS" and end in APEXES) for end in links(ours).values())


def sees_other_zone(case, theirs, ours):
    """A denial, where one of the zones in question lies below another one that is held."""
    zones = [dns.name.from_text(r[0]) for r in ours.denial + theirs.denial]
    zones += [zone_of(name) for name in [case.name, *links(ours).values()]]
    return bool(theirs.denial) and \
        any(zone is not None and zone != apex and (zone.is_subdomain(apex) or
                                                   apex.is_subdomain(zone))
            for zone in zones for apex in APEXES)


def stops_after_five(case, theirs, ours):
    return len(links(theirs)) == 5 and is_shorter(theirs, ours)


def is_ds_without_parent(case, theirs, ours):
    names = {case.name, *links(ours).values()}
    return case.rdtype == "DS" and bool(names & APEXES) and theirs.answer == ours.answer and \
        bool(theirs.referral or theirs.denial)


def is_loop(answer):
    """Each CNAME leads to another one, or DNAMEs were followed until that was enough."""
    chain = links(answer)
    n_dnames = sum(rdtype == "DNAME" for _, _, rdtype, _ in answer.answer)
    return bool(chain) and (chain_end(answer) is None or (n_dnames > 0 and len(chain) >= 12))


def fails_in_loop(case, theirs, ours):
    return theirs.rcode == "SERVFAIL" and is_loop(ours)


def repeats_in_loop(case, theirs, ours):
    return is_loop(ours) and len(theirs.answer) > len(ours.answer) and \
        set(theirs.answer) == set(ours.answer)


def stops_in_loop(case, theirs, ours):
    return is_loop(ours) and is_shorter(theirs, ours)


def is_any_at_dname(case, theirs, ours):
    return case.rdtype == "ANY" and any(rdtype == "DNAME" for _, _, rdtype, _ in ours.answer) and \
        is_shorter(theirs, ours)


def follows_for_any(case, theirs, ours):
    return case.rdtype == "ANY" and bool(links(ours)) and \
        (set(ours.answer) <= set(theirs.answer) or theirs.rcode == "SERVFAIL")


def shows_empty_name(case, theirs, ours):
    return any(rdtype == "TYPE0" for _, _, rdtype, _ in theirs.answer)


def is_wrong_cut(case, theirs, ours):
    """Theirs is a referral further down, or an answer from below the cut."""
    if not ours.referral:
        return False
    cut = dns.name.from_text(ours.referral[0][0])
    below = {dns.name.from_text(r[0]) for r in theirs.referral + theirs.answer}
    return any(name != cut and name.is_subdomain(cut) for name in below) or \
        (case.rdtype == "DS" and bool(theirs.denial))


def follows_synthesized(case, theirs, ours):
    return case.rdtype == "CNAME" and bool(links(ours)) and \
        (set(ours.answer) <= set(theirs.answer) or theirs.rcode == "SERVFAIL")


KNOWN = [
    Known({"nsd", "knot"}, "ANY is answered with one RRset, which RFC 8482 4.1 allows; fakedns "
          "gives all there are (RFC 1035 3.2.3)", is_any_subset),
    Known({"nsd", "knot", "bind", "pdns"}, "the DS of a zone that is held, whose parent is not but "
          "a zone above that: RFC 4035 3.1.4.1 has the child answer NODATA, not a referral to the "
          "parent", is_ds_without_parent, True),
    Known({"knot", "bind"}, "a CNAME or DNAME into another zone of the same server is not "
          "followed; RFC 1034 4.3.2 goes back to step 1, which looks in all zones (RFC 6604 for "
          "the rcode)", stops_at_other_zone),
    Known({"nsd"}, "whether a name exists is decided by the names of all zones: what a parent zone "
          "has below the child's apex counts in both; RFC 1034 4.2 keeps zones apart",
          sees_other_zone),
    Known({"knot"}, "a chain of CNAMEs is given up after five; RFC 1034 4.3.2 has no limit",
          stops_after_five),
    Known({"bind", "pdns"}, "SERVFAIL for a loop of CNAMEs; RFC 1034 3.6.2 wants software not to "
          "fail at one, NSD and Knot answer what there is", fails_in_loop),
    Known({"nsd", "knot"}, "the same CNAME again and again, for a wildcard or DNAME that leads to "
          "itself; RFC 2181 5 has no record twice", repeats_in_loop),
    Known({"nsd"}, "a DNAME that leads below itself is followed once; RFC 6672 3.2 has no limit, "
          "fakedns ends after 12 of its links", stops_in_loop),
    Known({"bind", "pdns"}, "ANY below a DNAME ends with the synthesized CNAME; RFC 6672 3.2 goes "
          "on with its target", is_any_at_dname),
    Known({"pdns"}, "a CNAME that ANY asked for is followed; RFC 1034 4.3.2 step 3a follows it "
          "only if QTYPE does not match it, and ANY does", follows_for_any),
    Known({"pdns"}, "ANY for an empty non-terminal gives a record of type 0", shows_empty_name),
    Known({"pdns"}, "what is below a delegation is found before the delegation; RFC 1034 4.3.2 "
          "step 3b stops at the first cut from the top", is_wrong_cut),
    Known({"pdns"}, "a CNAME of a wildcard or DNAME that was asked for is followed; RFC 1034 4.3.2 "
          "step 3a does not follow what QTYPE matches", follows_synthesized),
]


# ---- asking

def wire_of(case):
    """Flags 0, an OPT of 1232 octets."""
    return struct.pack("!6H", random.getrandbits(16), 0, 1, 0, 0, 1) + case.name.to_wire() + \
        struct.pack("!2H", dns.rdatatype.from_text(case.rdtype), 1) + \
        b"\0" + struct.pack("!HHIH", dns.rdatatype.OPT, servers.UDP_LIMIT, 0, 0)


def ask(server, case):
    query = wire_of(case)
    wire = server.exchange(query)
    if wire is not None and len(wire) > 2 and wire[2] & 2:
        wire = server.exchange_tcp(query)
    if wire is None:
        return Answer("no reply", False, *4 * [()])
    try:
        return answer_of(dns.message.from_wire(wire, one_rr_per_rrset=True))
    except dns.exception.DNSException as error:
        return Answer(f"{type(error).__name__} {error}", False, *4 * [()])


def records(rrsets):
    """Owner, TTL, type and rdata of every record; owners without case."""
    return tuple(sorted((str(rrset.name).lower(), rrset.ttl, dns.rdatatype.to_text(rrset.rdtype),
                         rdata.to_digestable()) for rrset in rrsets for rdata in rrset))


def answer_of(reply):
    aa = bool(reply.flags & dns.flags.AA)
    denial = records(r for r in reply.authority if r.rdtype == dns.rdatatype.SOA)
    cut = []
    # NS records of the zone itself are optional in other answers.
    if not denial and (ends_at_cut(reply) if aa else True):
        cut = [r for r in reply.authority if r.rdtype == dns.rdatatype.NS]
    inside = {ns.target for r in cut for ns in r if ns.target.is_subdomain(r.name)}
    glue = records(r for r in reply.additional if r.name in inside)
    return Answer(dns.rcode.to_text(reply.rcode()), aa, records(reply.answer), denial,
                  records(cut), glue)


def ends_at_cut(reply):
    """The answer is a chain into a delegation: its last target lies at or below the NS owner."""
    targets = [r[0].target for r in reply.answer if r.rdtype == dns.rdatatype.CNAME]
    owners = {r.name for r in reply.answer}
    last = [t for t in targets if t not in owners]
    return any(t.is_subdomain(r.name) and r.name not in APEXES
               for t in last for r in reply.authority if r.rdtype == dns.rdatatype.NS)


# ---- what is asked

def near(name, apex):
    """The name, what lies below and beside it, and all that lies between it and the apex."""
    yield name
    for prefix in (b"new", b"*", b"a.b", b"\x00"):
        for labels in ((prefix,), (b"very", b"far", prefix)):
            try:
                yield dns.name.Name(labels + name.labels)
            except dns.name.NameTooLong:
                pass
    while name != apex:
        parent = name.parent()
        yield dns.name.Name((b"beside",) + parent.labels)
        yield parent
        name = parent
    if apex != dns.name.root:
        yield apex.parent()
        yield dns.name.Name((b"x" + apex.labels[0],) + apex.labels[1:])


def cases_of(zones):
    """Every name near one of the zones with every type."""
    names, types = {}, set(TYPES)
    for text, content in zones.items():
        apex = dns.name.from_text(text)
        zone = dns.zone.from_text(content, apex, relativize=False)
        for owner, node in zone.nodes.items():
            types.update(dns.rdatatype.to_text(r.rdtype) for r in node.rdatasets)
            names.update((name.to_wire(), name) for name in near(owner, apex))
    upper = [dns.name.Name(tuple(label.swapcase() for label in n.labels)) for n in names.values()]
    return [Case(name, rdtype) for name in list(names.values()) + upper[::7]
            for rdtype in sorted(types)]


# ---- judging

def show(answer):
    lines = [f"{answer.rcode}{' AA' if answer.aa else ''}"]
    for section in ("answer", "denial", "referral", "glue"):
        lines += [f"      {section} {o} {ttl} {t} {data.hex()}"
                  for o, ttl, t, data in getattr(answer, section)]
    return "\n".join(lines)


def report(kind, case, answers):
    print(f"{kind}: {case.name} {case.rdtype}")
    groups = collections.defaultdict(list)
    for name, answer in answers.items():
        groups[answer].append(name)
    for answer, names in groups.items():
        print(f"   {', '.join(names)}: {show(answer)}")


def explain(case, name, theirs, ours, alone):
    """The row that explains why a judge differs, or None."""
    for row in KNOWN:
        if name in row.who and (row.against_all or not alone) and row.holds(case, theirs, ours):
            return row
    return None


def judge(case, answers, tally):
    """True if the case is as it should be."""
    ours = answers["fakedns"]
    others = {name: answer for name, answer in answers.items() if answer != ours}
    if not others:
        tally["equal"] += 1
        return True
    alone = len(others) == len(servers.JUDGES) and len(set(others.values())) == 1
    rows = {name: explain(case, name, theirs, ours, alone) for name, theirs in others.items()}
    if None not in rows.values():
        for name, row in rows.items():
            tally[name, row.why] += 1
        tally["explained"] += 1
        return True
    tally["different"] += 1
    unknown = ", ".join(name for name, row in rows.items() if row is None)
    kind = "all agree, fakedns differs" if alone else f"not in the table ({unknown})"
    report(kind, case, answers)
    return False


def compare(fakedns, zones, cases, tally):
    names = [dns.name.from_text(zone) for zone in zones]
    APEXES.clear()
    APEXES.update(names)
    good = True
    with servers.running(fakedns, zones, [n.to_wire() for n in names]) as running, \
            concurrent.futures.ThreadPoolExecutor(4) as pool:
        def ask_all(case):
            return case, {server.name: ask(server, case) for server in running}
        for case, answers in pool.map(ask_all, cases):
            good &= judge(case, answers, tally)
    return good


def comparisons(arguments):
    """(zones, cases) of everything that is to be compared."""
    if arguments.zone:
        zones = {zone: pathlib.Path(file).read_text()
                 for zone, file in (text.split("=", 1) for text in arguments.zone)}
        yield zones, cases_of(zones)
        return
    for names in SETS:
        zones = {name: (HERE / file_name(name)).read_text() for name in names}
        yield zones, cases_of(zones)
    rng = random.Random(arguments.seed)
    all_zones, cases = {}, []
    for zones in random_zones.groups(arguments.random, arguments.seed):
        all_zones.update(zones)
        group_cases = cases_of(zones)
        cases += rng.sample(group_cases, min(arguments.questions, len(group_cases)))
    if all_zones:
        yield all_zones, cases


def file_name(zone):
    return ("root" if zone == "." else zone.lower().replace("\\", "_")) + ".zone"


def main():
    parser = argparse.ArgumentParser(description="Judges the honest answers of fakedns.")
    parser.add_argument("fakedns")
    parser.add_argument("--random", type=int, default=20, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=300, metavar="M")
    parser.add_argument("zone", nargs="*", metavar="ZONE=FILE")
    arguments = parser.parse_args()
    tally = collections.Counter()
    good = True
    for zones, cases in comparisons(arguments):
        good &= compare(arguments.fakedns, zones, cases, tally)
    print(f"fakedns beside {', '.join(servers.installed())}: {tally['equal']} answers equal "
          f"everywhere, {tally['explained']} explained, {tally['different']} different")
    for row in KNOWN:
        for name in sorted(row.who):
            print(f"   {tally[name, row.why]:5} {name}: {row.why}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
