"""Header: id, flags, codes."""
import struct

from stage import Case
from wire import flag


def rcode(asked):
    reply = asked.message()
    assert reply.rcode == 2 and reply.counts == [1, 0, 0, 0] and not flag(reply, "AA")


def rcode_extended(asked):
    reply = asked.message(edns=1232)
    assert reply.flags & 15 == 7 and reply.opt.ttl >> 24 == 1 and reply.rcode == 23
    assert asked.message().rcode == 7  # without an OPT there is no room for the upper bits


def set_rcode(asked):
    reply = asked.message()
    assert reply.rcode == 3 and len(reply.answer) == 3 and flag(reply, "AA")


def flags(asked):
    reply = asked.message(flags=0x0100)
    assert reply.flags == 0x8000 | 0x0080 | 0x0040 | 0x0020, hex(reply.flags)


def no_qr(asked):
    assert not flag(asked.message(), "QR")


def id_of(wanted):
    def check(asked):
        assert asked.message(ident=0xfffe).id == wanted
    return check


def copied(asked):
    assert asked.message(flags=0x0150).flags == 0x8000 | 0x0400 | 0x0150
    assert asked.message(flags=0).flags == 0x8400


def opcode(asked):
    reply = asked.message()
    assert reply.flags >> 11 & 15 == 4 and len(reply.answer) == 3


def counts(asked):
    raw = asked.raw()
    assert struct.unpack_from("!4H", raw, 4) == (1, 4, 7, 0), raw[:12]
    assert asked.fails() == "name runs past the end"


def counts_less(asked):
    reply = asked.message()
    assert reply.counts == [1, 2, 0, 0] and reply.end < len(reply.octets)


CASES = [
    Case("rcode", "rcode: SERVFAIL", rcode),
    Case("rcode-extended", "rcode: BADCOOKIE", rcode_extended),
    Case("set-rcode", "set-rcode: NXDOMAIN", set_rcode),
    Case("flags", "set: [RA, Z, AD], clear: [AA, RD]", flags),
    Case("no-qr", "clear: [QR]", no_qr),
    Case("copied", "copy: [Z, CD, RD]", copied),
    Case("opcode", "opcode: NOTIFY", opcode),
    Case("counts", "counts: { answer: +1, authority: 7 }", counts),
    Case("counts-less", "counts: { answer: -1 }", counts_less),
    Case("id-fixed", "id: 0", id_of(0)),
    Case("id-more", "id: +5", id_of(3)),
    Case("id-less", "id: -1", id_of(0xfffd)),
]
