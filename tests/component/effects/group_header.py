"""Header: id, flags, codes."""
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


CASES = [
    Case("rcode", "rcode: SERVFAIL", rcode),
    Case("rcode-extended", "rcode: BADCOOKIE", rcode_extended),
    Case("set-rcode", "set-rcode: NXDOMAIN", set_rcode),
    Case("flags", "set: [RA, Z, AD], clear: [AA, RD]", flags),
    Case("no-qr", "clear: [QR]", no_qr),
    Case("id-fixed", "id: 0", id_of(0)),
    Case("id-more", "id: +5", id_of(3)),
    Case("id-less", "id: -1", id_of(0xfffd)),
]
