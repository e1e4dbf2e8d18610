"""The OPT record of an answer."""
import struct

import wire
from stage import Case

CLIENT = bytes(range(8))


def none(asked):
    assert asked.message(edns=1232).opt is None


def force(asked):
    assert asked.message().opt.rclass == 1232


def unforced(asked):
    assert asked.message().opt is None
    assert asked.message(edns=512).opt.ttl >> 16 & 255 == 3


def fields(asked):
    opt = asked.message(edns=1232, edns_flags=0x8000).opt
    assert (opt.rclass, opt.ttl) == (0, 0x02010000), opt


def flags(bits):
    def check(asked):
        assert asked.message(edns=1232, edns_flags=0xc001).opt.ttl & 0xffff == bits
    return check


def options(wanted, given=b""):
    def check(asked):
        found = asked.message(edns=1232, options=given).options
        assert found == wanted, found
    return check


def cookie(client, server_len):
    def check(asked):
        found = dict(asked.message(edns=1232, options=wire.option(10, CLIENT)).options)[10]
        assert found[:8] == client and len(found) == 8 + server_len, found
    return check


def cookie_stable(asked):
    ask = lambda: asked.message(edns=1232, options=wire.option(10, CLIENT)).options
    assert ask() == ask() and asked.message(edns=1232).options[0][1][:8] == bytes(8)


def cookie_changing(asked):
    ask = lambda: asked.message(edns=1232, options=wire.option(10, CLIENT)).options[0][1]
    first, second = ask(), ask()
    assert first[:8] == second[:8] == CLIENT and first[8:] != second[8:]


def overrun(asked):
    opt = asked.message(edns=1232).opt
    assert opt.rdata == struct.pack("!HH", 3, 6) + b"ns"


def overrun_later(asked):
    """A rule of its own finds the last option of the rules before."""
    opt = asked.message(edns=1232).opt
    assert opt.rdata == wire.option(3, b"ns") + struct.pack("!HH", 9, 5) + b"x", opt.rdata


def twice(asked):
    reply = asked.message(edns=1232)
    assert len(reply.opts) == 2 and reply.counts[3] == 2


def first(asked):
    reply = asked.message("MX", edns=1232)
    assert reply.opts[0].section == 3 and len(reply.opts) == 1
    assert reply.opts[0].at < min(rr.at for rr in reply.additional)


def placed(section):
    def check(asked):
        reply = asked.message(edns=1232)
        assert [rr.section for rr in reply.opts] == [section]
    return check


ECS = bytes([0, 1, 24, 0, 192, 0, 2])

CASES = [
    Case("none", "edns: none", none),
    Case("force", "edns: { force: yes }", force),
    Case("unforced", "edns: { version: 3 }", unforced),
    Case("fields", "edns: { version: 1, udp-size: 0, flags: [], extended-rcode: 2 }", fields),
    Case("flags-copy", "edns: { flags: copy }", flags(0xc001)),
    Case("flags-given", 'edns: { flags: [DO, CO, "0x0008"] }', flags(0xc008)),
    Case("nsid", "edns: { nsid: ns1 }", options([(3, b"ns1")])),
    Case("echo", "edns: { echo: yes }",
         options([(65001, b"ab"), (3, b"")], wire.option(65001, b"ab") + wire.option(3))),
    Case("ede", "edns: { ede: [ { code: 18, text: not you }, { code: 3 } ] }",
         options([(15, b"\0\x12not you"), (15, b"\0\3")])),
    Case("ecs", "edns: { ecs: 16 }", options([(8, bytes([0, 1, 24, 16, 192, 0, 2]))], wire.option(8, ECS))),
    Case("numbers", "edns: { expire: 604800, keepalive: 10s, padding: 3 }",
         options([(9, struct.pack("!I", 604800)), (11, b"\0\x64"), (12, bytes(3))])),
    Case("raw", "edns: { options: [ { code: 65001, hex: c0ffee }, { code: NSID, text: x }, { code: 7 } ] }",
         options([(65001, b"\xc0\xff\xee"), (3, b"x"), (7, b"")])),
    Case("cookie-server", "edns: { cookie: server }", cookie(CLIENT, 16)),
    Case("cookie-wrong", "edns: { cookie: wrong-client }", cookie(bytes(b ^ 255 for b in CLIENT), 16)),
    Case("cookie-client", "edns: { cookie: client-only }", cookie(CLIENT, 0)),
    Case("cookie-short", "edns: { cookie: short }", cookie(CLIENT, 4)),
    Case("cookie-long", "edns: { cookie: long }", cookie(CLIENT, 33)),
    Case("cookie-stable", "edns: { cookie: server }", cookie_stable),
    Case("cookie-changing", "edns: { cookie: changing }", cookie_changing),
    Case("overrun", "edns: { nsid: ns, overrun: 4 }", overrun),
    Case("overrun-later", "edns: { overrun: 4 }", overrun_later, rules=
         '  - { when: { name: "{name}" }, then: { edns: { nsid: ns, options: [ { code: 9, text: x } ] } } }\n'
         '  - { when: { name: "{name}" }, then: { edns: { overrun: 4 } } }\n'),
    Case("twice", "edns: { twice: yes }", twice),
    Case("first", "edns: { place: first }", first),
    Case("in-answer", "edns: { place: answer }", placed(1)),
    Case("in-authority", "edns: { place: authority }", placed(2)),
]
