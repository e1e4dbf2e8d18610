"""Messages that are wrong octet by octet, and names that cannot be read."""
import wire
from stage import Case



def honest(asked, rdtype="A", **how):
    """What the same question gets under another name of the same length."""
    return asked.raw(rdtype, name="h" * len(asked.name.split(".")[0]) + asked.name[asked.name.index("."):], **how)


def same_rest(asked, raw):
    """raw is the honest reply with something changed behind the question."""
    start = 12 + len(wire.pack_name(asked.name)) + 4
    assert raw[start - 4:start] == b"\0\1\0\1"
    return raw[start:], honest(asked)[start:]


def raw_message(asked):
    assert asked.raw(ident=0xabcd) == b"\xab\xcd\x84\x00" + bytes(8)


def keep(n):
    def check(asked):
        assert len(asked.raw()) == n
    return check


def cut(asked):
    found, whole = same_rest(asked, asked.raw())
    assert found == whole[:-3] and asked.fails()


def append(asked):
    found, whole = same_rest(asked, asked.raw())
    assert found == whole + b"\xc0\xff\xee"
    reply = asked.message()
    assert reply.end == len(reply.octets) - 3


def random_octets(asked):
    tails = {asked.raw()[-20:] for _ in range(3)}
    assert len(tails) == 3


def insert(asked):
    raw = asked.raw("MX")
    whole = honest(asked, "MX")
    assert len(raw) == len(whole) + 2 and wire.Message(whole).additional
    at = min(rr.at for rr in wire.Message(whole).additional)
    assert raw[at:at + 2] == b"\0\0" and raw[at + 2:] == whole[at:]


def replace(asked):
    assert asked.raw()[2:4] == b"\xff\xff" and len(asked.raw()) == len(honest(asked))


def flip(asked):
    turned = []
    for _ in range(5):
        raw, whole = asked.raw(), honest(asked)
        assert raw[:2] == whole[:2] and len(raw) == len(whole)
        start = 12 + len(asked.name.split(".")[0]) + 1  # the question's label differs
        turned.append(sum(bin(a ^ b).count("1") for a, b in zip(raw[start:], whole[start:])))
    assert any(turned) and max(turned) <= 3, turned


def after_tsig(asked):
    reply = asked.message()
    assert reply.rrs[-1].type == 1 and reply.counts[3] == 1


def owner_field(asked):
    """The octets of the last answer's owner, and where they stand."""
    raw = asked.raw()
    rdata = bytes([192, 0, 2, 82])
    end = raw.rindex(b"\0\1\0\1\0\0\x01\x2c\0\4" + rdata)
    start = raw.rindex(bytes([192, 0, 2, 81]), 0, end) + 4
    return raw[start:end], start, raw


def pointer(test):
    def check(asked):
        field, start, raw = owner_field(asked)
        assert len(field) == 2 and field[0] >= 0xc0
        target = int.from_bytes(field, "big") & 0x3fff
        assert test(target, start, len(raw)), (target, start, len(raw))
        assert asked.fails()
    return check


def label(octet, length):
    def check(asked):
        field, _, _ = owner_field(asked)
        assert field[0] == octet and len(field) == length, field
        assert asked.fails()
    return check


def too_long(asked):
    field, _, raw = owner_field(asked)
    assert field == (b"\x3f" + b"x" * 63) * 4 + b"\0" and len(raw) > 300


def selected(asked):
    reply_fails = asked.fails("MX")
    assert reply_fails and asked.fails() is None


def uncompressed(asked):
    reply = asked.message("MX")
    for rr in reply.rrs:
        assert reply.octets[rr.at:].startswith(wire.pack_name(rr.owner)), rr
    assert reply.answer[0].rdata[2:] == wire.pack_name("mail.example.test")
    assert len(honest(asked, "MX")) < len(reply.octets)


def all_compressed(asked):
    reply = asked.message("SRV")
    assert reply.answer[0].rdata[6] == 4 and reply.answer[0].rdata[-2] >= 0xc0, reply.answer[0].rdata


def rfc3597(asked):
    assert asked.message("SRV").answer[0].rdata[6:] == wire.pack_name("mail.example.test")


def wrapping(asked):
    raw = asked.stage.tcp(asked.query("TXT"))
    far = wire.pack_name("far")[:-1]
    at = raw.index(far)
    assert at > 0x3fff
    second = raw.index(b"\0\x1c\0\1", at) - 2
    assert int.from_bytes(raw[second:second + 2], "big") == 0xc000 | (at & 0x3fff)


CASES = [
    Case("raw-message", 'octets: { raw: "000084000000000000000000" }', raw_message),
    Case("keep-header", "octets: { keep: 12 }", keep(12)),
    Case("keep-few", "octets: { keep: 5 }", keep(5)),
    Case("keep-none", "octets: { keep: 0 }", keep(0)),
    Case("cut", "octets: { cut: 3 }", cut),
    Case("append", "octets: { append: c0ffee }", append),
    Case("random", "octets: { random: 20 }", random_octets),
    Case("insert", 'octets: { insert: { before: additional, hex: "0000" } }', insert),
    Case("replace", "octets: { replace: { at: 2, hex: ffff } }", replace),
    Case("flip", "octets: { flip: 3 }", flip),
    Case("after-all", 'octets: { append: "00000100010000012c0004c0000242" }, counts: { additional: +1 }', after_tsig),
    Case("loop", "bad-name: loop", pointer(lambda target, start, length: target == start)),
    Case("forward", "bad-name: forward", pointer(lambda target, start, length: target > start)),
    Case("into-header", "bad-name: into-header", pointer(lambda target, start, length: target < 12)),
    Case("past-end", "bad-name: past-end", pointer(lambda target, start, length: target >= length)),
    Case("type-01", "bad-name: label-type-01", label(0x44, 6)),
    Case("type-10", "bad-name: label-type-10", label(0x84, 6)),
    Case("label-64", "bad-name: label-too-long", label(64, 66)),
    Case("too-long", "bad-name: too-long", too_long),
    Case("selected", "bad-name: { as: loop, of: MX }", selected),
    Case("uncompressed", "compress: none", uncompressed),
    Case("srv", "compress: usual", rfc3597, rules=
         '  - { when: { name: "{name}" }, then: { replace: { answer: "srv.w.example.test. SRV 1 2 3 mail.example.test." } } }\n'),
    Case("all", "compress: all", all_compressed, rules=
         '  - { when: { name: "{name}" }, then: { replace: { answer: "all.w.example.test. SRV 1 2 3 mail.example.test." }, compress: all } }\n'),
    Case("wrapping", "compress: wrapping", wrapping, below="big", rules=
         '  - { when: { name: "{name}" }, then: { duplicate: 15, compress: wrapping, '
         'add: { authority: "far.example.test. A 192.0.2.1", additional: "far.example.test. AAAA 2001:db8::1" } } }\n'),
]
