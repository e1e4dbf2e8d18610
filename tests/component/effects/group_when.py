"""Words of `when`: each rule answers REFUSED, and only to what it is about."""
import struct

import wire
from stage import Case

ECS = bytes([0, 1, 24, 0, 192, 0, 2])


def only(match, *others):
    """The first way of asking gets REFUSED, the others the honest code."""
    def check(asked):
        assert asked.message(**match).rcode == 5, "does not match"
        for other in others:
            assert asked.message(**other).rcode in (0, 16), f"matches {other}"
    return check


def name_case(asked):
    assert asked.message(name=asked.name.replace("name", "nAme")).rcode == 5
    assert asked.message().rcode == 0


def chance(asked):
    codes = [asked.message().rcode for _ in range(40)]
    assert 4 < codes.count(5) < 36, codes


def options(code, data=b""):
    return {"edns": 1232, "options": wire.option(code, data)}


def has_cname(asked):
    assert asked.message(name="has-cname.c.example.test").rcode == 5
    assert asked.message(name="has-cname.w.example.test").rcode == 0


TSIG = (wire.pack_name("key.test") + struct.pack("!HHIH", 250, 255, 0, 22) + wire.pack_name("hmac")
        + bytes(6) + struct.pack("!HHHHH", 300, 0, 0x1234, 0, 0))


def after(asked):
    other = asked.name.replace("after", "after-first")
    assert asked.message().rcode == 0
    assert asked.message(name=other).rcode == 0 and asked.message().rcode == 0
    assert asked.message(name=other).rcode == 0 and asked.message().rcode == 5


def on_second(asked):
    assert asked.message(server="192.0.2.2").rcode == 5 and asked.message().rcode == 0


def of_class(asked):
    assert asked.message(rclass=3).rcode == 4 and asked.message(rclass=4).rcode == 5


def of_opcode(asked):
    assert asked.message(flags=4 << 11).rcode == 1 and asked.message(flags=2 << 11).rcode == 4


def in_zone(asked):
    assert asked.message(name="in-zone.target.test").rcode == 5 and asked.message(name="in-zone.example.test").rcode == 3


def of_type(asked):
    assert asked.message("TXT").rcode == 5 and asked.message("MX").rcode == 5 and asked.message().rcode == 0


KINDS = {
    "data": ("A", "w."),
    "nodata": ("SRV", "w."),
    "nxdomain": ("A", "nix."),
    "referral": ("A", "sub."),
    "error": ("AXFR", ""),
}


def kind_is(wanted):
    """Only this one of all kinds of answers is changed."""
    def check(asked):
        for rdtype, below in KINDS.values():
            label = asked.case.name
            reply = asked.message(rdtype, name=f"{label}.{below}example.test")
            assert (reply.flags >> 11 & 15 == 2) == ((rdtype, below) == wanted), (rdtype, below)
    return check


def honest(asked):
    assert asked.message().rcode == 0


def malformed(asked):
    overrun = {"edns": 1232, "options": b"\0\3\0\7x"}
    assert asked.message(**overrun).rcode == 5 and asked.message().rcode == 0


def questions(asked):
    assert asked.message(questions=2).rcode == 5 and asked.message().rcode == 0


def signed(code):
    def check(asked):
        assert asked.message(extra=TSIG, n_extra=1).rcode == code
        assert asked.message().rcode == (5 if asked.case.name == "tsig-no" else 0)
    return check


CASES = [
    Case("client", "rcode: REFUSED", only({"source": "127.1.0.1"}, {}, {"source": "127.0.1.1"}), when="client: 127.1.0.0/16"),
    Case("ecs", "rcode: REFUSED",
         only(options(8, ECS), {}, options(8, bytes([0, 1, 24, 0, 192, 0, 3])), options(8, bytes([0, 1, 16, 0, 192, 0]))),
         when="ecs: 192.0.2.0/24"),
    Case("edns-version", "rcode: REFUSED", only({"edns": 1232, "version": 1}, {}, {"edns": 1232}), when="edns-version: 1.."),
    Case("edns-option", "rcode: REFUSED", only(options(65001), {}, options(3)), when="edns-option: [COOKIE, 65001]"),
    Case("udp-size", "rcode: REFUSED", only({"edns": 4096}, {}, {"edns": 1232}), when="udp-size: 1233.."),
    Case("name-case", "rcode: REFUSED", name_case, when="name-case: nAme-case.w.example.test"),
    Case("chance", "rcode: REFUSED", chance, when="chance: 50%"),
    Case("answer-rcode", "rcode: REFUSED", only({"name": "answer-rcode.nix.example.test"}, {}),
         rules='  - { when: { name: "answer-rcode.*.example.test", answer-rcode: NXDOMAIN }, then: { rcode: REFUSED } }\n'),
    Case("answer-size", "rcode: REFUSED", only({"rdtype": "TXT", "name": "answer-size.big.example.test"}, {}),
         rules='  - { when: { name: "answer-size.*.example.test", answer-size: 1233.. }, then: { rcode: REFUSED } }\n'),
    Case("answer-has", "rcode: REFUSED", only({"rdtype": "MX"}, {}, {"rdtype": "TXT"}),
         when="answer-has: { additional: mail.example.test A }"),
    Case("server", "rcode: REFUSED", on_second, when="server: ns2.example.test"),
    Case("address", "rcode: REFUSED", on_second, when="address: 192.0.2.2"),
    Case("class", "rcode: NOTIMP", of_class, when="class: CH"),
    Case("opcode", "rcode: FORMERR", of_opcode,
         rules="  - { when: { opcode: NOTIFY }, then: { rcode: FORMERR } }\n"),
    Case("type", "rcode: REFUSED", of_type, when="type: [TXT, MX]"),
    Case("in-zone", "rcode: REFUSED", in_zone,
         rules='  - { when: { name: "in-zone.*.test", zone: target.test }, then: { rcode: REFUSED } }\n'),
    Case("after", "rcode: REFUSED", after,
         rules="  - { name: first, when: { name: after-first.w.example.test }, then: { set: [RA] } }\n"
               "  - { when: { name: after.w.example.test, after: { rule: first, times: 2 } }, then: { rcode: REFUSED } }\n"),
    Case("any", "rcode: REFUSED", only({"rdtype": "TXT"}, {}, {"rdtype": "MX"}),
         when="any: [ { type: TXT }, { edns: yes, udp-size: 0..600 } ]"),
    Case("any-second", "rcode: REFUSED", only({"edns": 512}, {"edns": 1232}),
         when="any: [ { type: TXT }, { edns: yes, udp-size: 0..600 } ]"),
    Case("not", "rcode: REFUSED", only({}, {"rdtype": "TXT"}, {"edns": 1232}), when="not: [ { type: TXT }, { edns: yes } ]"),
    Case("cookie", "rcode: REFUSED", only(options(10, bytes(16)), {}, options(10, bytes(8)), options(10, bytes(9))),
         when="cookie: server"),
    Case("cookie-client", "rcode: REFUSED", only(options(10, bytes(8)), {}, options(10, bytes(16))), when="cookie: client"),
    Case("cookie-bad", "rcode: REFUSED", only(options(10, bytes(9)), {}, options(10, bytes(8))), when="cookie: malformed"),
    Case("cookie-none", "rcode: REFUSED", only({}, options(10, bytes(8))), when="cookie: none"),
    Case("family", "rcode: REFUSED", only({}), when="family: ipv4"),
    Case("family-6", "rcode: REFUSED", honest, when="family: ipv6"),
    Case("malformed", "rcode: REFUSED", malformed,
         rules="  - { when: { questions: 1, malformed: yes }, then: { rcode: REFUSED } }\n"),
    Case("query-size", "rcode: REFUSED", only(options(12, bytes(500)), {}), when="query-size: 500.."),
    Case("questions", "rcode: REFUSED", questions, rules="  - { when: { questions: 2.. }, then: { rcode: REFUSED } }\n"),
    Case("tsig", "rcode: REFUSED", signed(5), when="tsig: yes"),
    Case("tsig-no", "rcode: REFUSED", signed(9), when="tsig: no"),
    Case("tsig-key", "rcode: REFUSED", signed(5), when="tsig: KEY.test"),
    Case("tsig-other", "rcode: REFUSED", signed(9), when="tsig: other.test"),
    Case("z-flag", "rcode: REFUSED", only({"flags": 0x0160}, {"flags": 0x0120}), when="flags: [Z, AD]"),
    *[Case(f"kind-{kind}", "opcode: STATUS", kind_is(how), when="", rules=
           f'  - {{ when: {{ name: ["kind-{kind}.*.example.test", kind-{kind}.example.test], answer-kind: {kind} }}, then: {{ opcode: 2 }} }}\n')
      for kind, how in KINDS.items()],
    Case("has-cname", "rcode: REFUSED", has_cname,
         rules='  - { when: { name: "has-cname.*.example.test", answer-has: CNAME }, then: { rcode: REFUSED } }\n'),
]
