"""Records: owner, class, rdata, how many, in what order."""
import wire
from stage import Case

ADDRESSES = [bytes([192, 0, 2, last]) for last in (80, 81, 82)]


def rdatas(*wanted, rdtype="A"):
    def check(asked):
        found = [rr.rdata for rr in asked.message(rdtype).answer]
        assert found == list(wanted), found
    return check


def owner(wanted, rdtype="A"):
    def check(asked):
        found = {rr.owner for rr in asked.message(rdtype).answer}
        assert found == {wanted.replace("{name}", asked.name)}, found
    return check


def owner_asked(asked):
    reply = asked.message("TXT")
    assert [(rr.owner, rr.type, rr.rdata) for rr in reply.answer] == [(asked.name + ".", 1, bytes([192, 0, 2, 66]))]


def classes(asked):
    reply = asked.message("MX")
    assert {rr.rclass for rr in reply.answer} == {3} and {rr.rclass for rr in reply.additional} == {1}


def duplicate(asked):
    assert [rr.rdata for rr in asked.message().answer] == ADDRESSES * 3
    assert len(asked.message("MX").answer) == 1


def rdata(asked):
    reply = asked.message()
    assert [(rr.type, rr.rdata) for rr in reply.answer] == [(16, b"\x01x")] * 3


def length(asked):
    honest = asked.message("MX", name="honest.w.example.test").answer[0]
    raw = asked.raw("MX")
    at = raw.index(b"\xc0\x0c") + 10
    assert int.from_bytes(raw[at:at + 2], "big") == len(honest.rdata) + 3
    assert asked.fails("MX")


def rotate(asked):
    firsts = [asked.message().answer[0].rdata for _ in range(6)]
    assert set(firsts[:3]) == set(ADDRESSES) and firsts[:3] == firsts[3:], firsts


def reverse(asked):
    assert [rr.rdata for rr in asked.message().answer] == ADDRESSES[::-1]
    assert [rr.type for rr in asked.message(name=asked.name.replace(".w.", ".c.")).answer] == [1, 5]


def shuffled(asked):
    seen = {tuple(rr.rdata for rr in asked.message().answer) for _ in range(30)}
    assert len(seen) > 1 and all(sorted(each) == ADDRESSES for each in seen)


def cname_last(asked):
    assert [rr.type for rr in asked.message().answer] == [1, 5]


def flatten(asked):
    reply = asked.message()
    assert [(rr.owner, rr.type, rr.rdata) for rr in reply.answer] == [(asked.name + ".", 1, bytes([192, 0, 2, 90]))]
    empty = asked.message("CNAME")
    assert empty.rcode == 0 and not empty.answer and [rr.type for rr in empty.authority] == [6]


def expanded(asked, rdtype="CNAME"):
    """The names in rdata, decompressed."""
    reply = asked.message(rdtype)
    return [wire.unpack_name(reply.octets, reply.octets.index(rr.rdata, rr.at + 10))[0] for rr in reply.answer]


def flatten_signed(asked):
    reply = asked.message()
    assert [(rr.type, rr.rdata[:2] if rr.type == 46 else b"") for rr in reply.answer] == [(1, b""), (46, b"\0\1")]


def target_is(name):
    def check(asked):
        assert expanded(asked) == [name], expanded(asked)
    return check


def target_mx(asked):
    reply = asked.message("MX")
    rr = reply.answer[0]
    at = reply.octets.index(rr.rdata, rr.at)
    assert rr.rdata[:2] == b"\0\x0a" and wire.unpack_name(reply.octets, at + 2)[0] == "mail.test."


def poison(asked):
    assert ("bank.test.", 1) in [(rr.owner, rr.type) for rr in asked.message().additional]


def two_soas(asked):
    reply = asked.message("SRV")
    assert [rr.type for rr in reply.authority] == [6, 6]


def upward(asked):
    reply = asked.message()
    assert [(rr.owner, rr.type) for rr in reply.authority] == [(".", 2)] and not reply.answer


def no_soa(asked):
    reply = asked.message("SRV")
    assert reply.counts == [1, 0, 0, 0] and reply.rcode == 0


def empty(asked):
    reply = asked.message("SRV", edns=1232)
    assert reply.rcode == 0 and reply.counts == [1, 0, 0, 1]
    assert asked.message(name="empty.nix.example.test").counts == [1, 0, 0, 0]


def swapped(asked):
    assert asked.message("SRV").rcode == 3 and asked.message("SRV").authority


CASES = [
    Case("owner", "owner: other.example.test", owner("other.example.test.")),
    Case("owner-case", "owner: { case: upper }", lambda asked: owner(asked.name.upper() + ".")(asked)),
    Case("owner-append", "owner: { append: example.test, of: A }", owner("{name}.example.test.")),
    Case("owner-asked", 'replace: { answer: "x. A 192.0.2.66" }, owner: asked', owner_asked),
    Case("class", "class: CH", classes),
    Case("duplicate", "duplicate: { copies: 2, of: A }", duplicate),
    Case("rdata", 'rdata: { type: TXT, hex: "0178", of: A }', rdata),
    Case("rdata-length", "rdata: { length: +3, of: MX }", length),
    Case("rotate", "order: rotate", rotate),
    Case("reverse", "order: reverse", reverse, rules=
         '  - { when: { name: "reverse.*.example.test" }, then: { order: reverse } }\n'),
    Case("random", "order: random", shuffled),
    Case("cname-last", "order: cname-last", cname_last, below="c"),
    Case("flatten", "flatten: yes", flatten, below="c"),
    Case("flatten-signed", "flatten: yes", flatten_signed, rules=
         '  - { when: { name: "{name}" }, then: { add: { answer: "x. RRSIG CNAME 8 3 300 20300101000000 20200101000000 '
         '1 example.test. AAAA\\nx. RRSIG A 8 3 300 20300101000000 20200101000000 1 example.test. AAAA" }, '
         'flatten: yes } }\n', below="c"),
    Case("target", "target: elsewhere.test.", target_is("elsewhere.test."), below="c"),
    Case("target-append", "target: { append: example.test }", target_is("target.example.test.example.test."), below="c"),
    Case("target-lose", "target: { lose: 1 }", target_is("target.example."), below="c"),
    Case("target-case", "target: { case: upper }", target_is("TARGET.EXAMPLE.TEST."), below="c"),
    Case("target-mx", "target: mail.test.", target_mx),
    Case("poison", 'add: { additional: "bank.test. A 192.0.2.66" }', poison),
    Case("two-soas", 'add: { authority: "sub.example.test. SOA ns1. host. 1 2 3 4 5" }', two_soas),
    Case("upward", 'replace: { answer: "", authority: ". NS a.root.test." }, clear: [AA]', upward),
    Case("no-soa", 'remove: { authority: "* SOA" }', no_soa),
    Case("empty", "empty: yes", empty, rules='  - { when: { name: "empty.*.example.test" }, then: { empty: yes } }\n'),
    Case("swapped", "set-rcode: NXDOMAIN", swapped, when="answer-kind: nodata"),
]
