"""DNS messages as octets, with nothing but struct: what the effects did is read by other code than ours."""
import collections
import struct

RR = collections.namedtuple("RR", "section owner type rclass ttl rdata at")
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "DNAME": 39,
         "OPT": 41, "IXFR": 251, "TSIG": 250, "AXFR": 252, "ANY": 255}


def pack_name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.rstrip(".").split(".") if label) + b"\0"


def option(code, data=b""):
    return struct.pack("!HH", code, len(data)) + data


def query(name, rdtype="A", *, ident=0x1234, flags=0x0100, rclass=1, edns=None, version=0, edns_flags=0, options=b"",
          questions=1, extra=b"", n_extra=0):
    octets = struct.pack("!6H", ident, flags, questions, 0, 0, n_extra + (edns is not None))
    for _ in range(questions):
        octets += pack_name(name) + struct.pack("!HH", TYPES.get(rdtype, rdtype), rclass)
    if edns is not None:
        octets += b"\0" + struct.pack("!HHBBHH", 41, edns, 0, version, edns_flags, len(options)) + options
    return octets + extra


class Bad(Exception):
    pass


def unpack_name(octets, at):
    """Name as text and the offset behind it. Pointers have to lead backwards."""
    labels, end, before = [], None, at
    while True:
        if at >= len(octets):
            raise Bad("name runs past the end")
        length = octets[at]
        if length >= 0xc0:
            end = end or at + 2
            target = struct.unpack_from("!H", octets, at)[0] & 0x3fff
            if target >= before:
                raise Bad("pointer does not lead backwards")
            at = before = target
        elif length > 63:
            raise Bad("label type")
        elif length == 0:
            return ".".join(labels) + ".", end or at + 1
        else:
            labels.append(octets[at + 1:at + 1 + length].decode("latin-1"))
            at += 1 + length


class Message:
    """Everything in a message, strictly; raises Bad."""

    def __init__(self, octets):
        if len(octets) < 12:
            raise Bad("short")
        self.octets = octets
        self.id, self.flags, *self.counts = struct.unpack_from("!6H", octets)
        self.questions, self.rrs, at = [], [], 12
        try:
            for _ in range(self.counts[0]):
                name, at = unpack_name(octets, at)
                self.questions.append((name, *struct.unpack_from("!HH", octets, at)))
                at += 4
            for section in (1, 2, 3):
                for _ in range(self.counts[section]):
                    start = at
                    owner, at = unpack_name(octets, at)
                    rdtype, rclass, ttl, length = struct.unpack_from("!HHIH", octets, at)
                    at += 10
                    if at + length > len(octets):
                        raise Bad("record runs past the end")
                    self.rrs.append(RR(section, owner, rdtype, rclass, ttl, octets[at:at + length], start))
                    at += length
        except struct.error as error:
            raise Bad("counts promise more than there is") from error
        self.end = at

    @property
    def rcode(self):
        return self.flags & 15 | (self.opt.ttl >> 24 << 4 if self.opt else 0)

    @property
    def opts(self):
        return [rr for rr in self.rrs if rr.type == 41]

    @property
    def opt(self):
        return self.opts[0] if self.opts else None

    @property
    def options(self):
        """[(code, octets)]; raises Bad if one runs past the end."""
        found, data = [], self.opt.rdata
        while data:
            code, length = struct.unpack_from("!HH", data)
            if 4 + length > len(data):
                raise Bad("option overruns")
            found.append((code, data[4:4 + length]))
            data = data[4 + length:]
        return found

    def section(self, number):
        return [rr for rr in self.rrs if rr.section == number and rr.type != 41]

    @property
    def answer(self):
        return self.section(1)

    @property
    def authority(self):
        return self.section(2)

    @property
    def additional(self):
        return self.section(3)


def flag(message, name):
    return bool(message.flags & {"QR": 0x8000, "AA": 0x400, "TC": 0x200, "RD": 0x100, "RA": 0x80, "Z": 0x40,
                                 "AD": 0x20, "CD": 0x10}[name])


def strings(rdata):
    """Character strings of a TXT."""
    found = []
    while rdata:
        found.append(rdata[1:1 + rdata[0]])
        rdata = rdata[1 + rdata[0]:]
    return found
