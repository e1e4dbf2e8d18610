"""Words of `when`: each rule answers REFUSED, and only to what it is about."""
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
    Case("has-cname", "rcode: REFUSED", has_cname,
         rules='  - { when: { name: "has-cname.*.example.test", answer-has: CNAME }, then: { rcode: REFUSED } }\n'),
]
