#!/usr/bin/python3
"""Sends queries out of the ordinary to fakedns, NSD, Knot DNS, BIND and PowerDNS.

    odd.py FAKEDNS [--show LABEL]

Malformed, cut short, overlong, with every opcode, class, type, flag and kind of EDNS, over UDP and
over TCP. What fakedns does must be what most of the others do (one of the most frequent replies),
or stand in CHOSEN with the RFC that decides. It also gets queries over TCP in every kind of
segments, and answers of every size near the UDP limits, where what the RFCs say is asserted.
--show prints what everybody does with the queries whose label contains LABEL.

Exit status: 0 all as it should be, 1 a difference, 77 (skipped) when not all four of the servers are
installed: what most of fewer do says little.
"""

import argparse
import collections
import concurrent.futures
import pathlib
import re
import select
import socket
import struct
import sys

import servers

HERE = pathlib.Path(__file__).resolve().parent / "honest"
APEX = b"\3odd\4test\0"
WWW = b"\3www" + APEX
A, NS, SOA, TXT, AAAA, OPT, IN = 1, 2, 6, 16, 28, 41, 1
QR, AA, TC, RD, RA, Z, AD, CD = (1 << n for n in (15, 10, 9, 8, 7, 6, 5, 4))
FLAGS = {"aa": AA, "tc": TC, "rd": RD, "ra": RA, "z": Z, "ad": AD, "cd": CD}


def header(flags=0, qd=1, an=0, ns=0, ar=0):
    return struct.pack("!6H", 0, flags, qd, an, ns, ar)


def question(name=WWW, rdtype=A, rdclass=IN):
    return name + struct.pack("!2H", rdtype, rdclass)


def record(name=b"\0", rdtype=A, rdclass=IN, ttl=0, rdata=b"", rdlength=None):
    return name + struct.pack("!2HIH", rdtype, rdclass, ttl,
                              len(rdata) if rdlength is None else rdlength) + rdata


def opt(size=1232, version=0, flags=0, rdata=b"", extended=0, **more):
    return record(rdtype=OPT, rdclass=size, ttl=extended << 24 | version << 16 | flags,
                  rdata=rdata, **more)


def option(code, data=b"", length=None):
    return struct.pack("!2H", code, len(data) if length is None else length) + data


# ---- the queries

def of_length():
    whole = header(RD, ar=1) + question() + opt(rdata=option(65001, b"abc"))
    for n in range(len(whole)):
        yield f"cut after {n} octets", whole[:n]
    for n in (1, 2, 11, 12, 200, 400):
        yield f"{n} octets behind the query", header() + question() + bytes(n)
        yield f"{n} octets behind an OPT", header(ar=1) + question() + opt() + b"x" * n


def with_counts():
    for qd in (0, 2, 3, 255, 65535):
        for n in {0, 1, min(qd, 3)}:
            for ar in (0, 1):
                yield f"QDCOUNT {qd}, {n} questions{', OPT' * ar}", \
                    header(qd=qd, ar=ar) + n * question() + ar * opt()
    yield "QDCOUNT 2, another name", header(qd=2) + question() + question(APEX, SOA)
    yield "QDCOUNT 2, compressed", header(qd=2) + question() + question(b"\xc0\x0c", AAAA)
    rrs = {
        "A": record(WWW, A, IN, 5, b"\1\2\3\4"),
        "SOA": record(APEX, SOA, rdata=b"\0\0" + bytes(20)),
        "A of 3 octets": record(WWW, A, IN, 5, b"\1\2\3"), "type 65280": record(rdtype=65280),
        "NS that points past the end": record(APEX, NS, rdata=b"\xc0\xff"), "OPT": opt(),
        "TSIG": record(b"\1k\0", 250, 255, rdata=b"\4hmac\0" + bytes(6) + b"\0\5" + b"\0" * 8),
        "A of no octets": record(WWW, A), "MX of 1 octet": record(rdtype=15, rdata=b"\0"),
        "AAAA of 4 octets": record(rdtype=AAAA, rdata=bytes(4)), "empty TXT": record(rdtype=TXT),
        "TXT that overruns": record(rdtype=TXT, rdata=b"\2a"),
        "SOA that is cut": record(rdtype=SOA, rdata=bytes(20)),
        "NS and more": record(rdtype=NS, rdata=b"\0\0"),
        "SRV with a pointer": record(rdtype=33, rdata=bytes(6) + b"\xc0\x0c"),
        "CAA without a tag": record(rdtype=257, rdata=b"\0\0"),
        "DS of 3 octets": record(rdtype=43, rdata=b"\0\0\0"),
        "class 255": record(WWW, A, 255), "owner too long": record(b"\x3f" + b"a" * 63, A),
    }
    for section, key in (("answer", "an"), ("authority", "ns"), ("additional", "ar")):
        for what, rr in rrs.items():
            yield f"{what} in the {section} section", header(**{key: 1}) + question() + rr
            yield f"{what} in the {section} section and an OPT", \
                header(**{key: 1, "ar": 2 if key == "ar" else 1}) + question() + rr + opt()
        yield f"a record that is not there in the {section} section", \
            header(**{key: 1}) + question()
    yield "an OPT, then a record", header(ar=2) + question() + opt() + rrs["A"]
    yield "an OPT, then a TSIG", header(ar=2) + question() + opt() + rrs["TSIG"]
    yield "an OPT of version 1, then a TSIG", \
        header(ar=2) + question() + opt(version=1) + rrs["TSIG"]
    yield "two TSIGs", header(ar=2) + question() + 2 * rrs["TSIG"]


def with_edns():
    for version in (0, 1, 2, 255):
        for flags in (0, 0x8000, 0x4000, 1, 0xffff):
            yield f"EDNS version {version}, flags {flags:04x}", \
                header(RD, ar=1) + question() + opt(version=version, flags=flags)
        yield f"EDNS version {version} and no question", header(qd=0, ar=1) + opt(version=version)
        yield f"EDNS version {version}, other name", \
            header(ar=1) + question(b"\1x\0") + opt(version=version)
        yield f"EDNS version {version}, broken options", \
            header(ar=1) + question() + opt(version=version, rdata=b"\0\1\0\5a")
        yield f"EDNS version {version}, option that is unknown", \
            header(ar=1) + question() + opt(version=version, rdata=option(65001, b"x"))
    for size in (0, 1, 511, 512, 513, 1232, 4096, 65535):
        yield f"EDNS size {size}", header(ar=1) + question() + opt(size)
    for extended in (1, 255):
        yield f"EDNS extended rcode {extended} in a query", \
            header(ar=1) + question() + opt(extended=extended)
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 14, 15, 16, 17, 18, 100, 26946, 65001, 65535):
        for n in (0, 1, 8):
            yield f"EDNS option {code} of {n} octets", \
                header(ar=1) + question() + opt(rdata=option(code, b"\0" * n))
    for n in (0, 7, 8, 9, 15, 16, 40, 41):
        yield f"EDNS cookie of {n} octets", \
            header(ar=1) + question() + opt(rdata=option(10, b"c" * n))
    for n in (0, 1, 2, 3):
        yield f"EDNS keepalive of {n} octets", \
            header(ar=1) + question() + opt(rdata=option(11, b"\0" * n))
    for what, data in {"valid": b"\0\1\x18\0\xc0\0\2", "family 0": b"\0\0\0\0",
                       "empty": b"", "scope set": b"\0\1\x18\x18\xc0\0\2",
                       "too short": b"\0\1\x18\0\xc0", "too long": b"\0\1\x18\0\xc0\0\2\1",
                       "prefix 33": b"\0\1\x21\0\xc0\0\2\1\0",
                       "bits behind it": b"\0\1\x17\0\xc0\0\3",
                       "family 9": b"\0\x09\x08\0\1"}.items():
        yield f"EDNS client subnet, {what}", header(ar=1) + question() + opt(rdata=option(8, data))
    for what, rdata in {"overruns": option(65001, b"a", 2),
                        "overruns far": option(65001, b"", 65535),
                        "cut in its code": b"\0", "cut in its length": b"\0\1\0",
                        "second overruns": option(65001, b"ab") + option(3, b"", 1)}.items():
        yield f"EDNS option {what}", header(ar=1) + question() + opt(rdata=rdata)
    yield "two options that are equal", \
        header(ar=1) + question() + opt(rdata=2 * option(65001, b"abc"))
    yield "NSID and cookie", \
        header(ar=1) + question() + opt(rdata=option(3) + option(10, b"clientck"))
    yield "two OPTs", header(ar=2) + question() + opt() + opt()
    yield "two OPTs that differ", header(ar=2) + question() + opt() + opt(512, flags=0x8000)
    yield "OPT with an owner", header(ar=1) + question() + opt(name=b"\1a\0")
    yield "OPT owned by the question's name", header(ar=1) + question() + opt(name=b"\xc0\x0c")
    yield "OPT whose owner points to a root", header(ar=1) + question() + opt(name=b"\xc0\x18")
    yield "OPT that is too long for the query", header(ar=1) + question() + opt(rdlength=4)
    yield "OPT in class 0 in front of the question", header(ar=1) + opt(0) + question()


def with_opcodes():
    for opcode in range(16):
        bits = opcode << 11
        for what, query in {
                "and a question": header(bits) + question(),
                "and a question for the SOA": header(bits) + question(APEX, SOA),
                "alone": header(bits, qd=0),
                "and an OPT": header(bits, ar=1) + question() + opt(),
                "RD and a question": header(bits | RD) + question(),
                "and a cut question": header(bits) + WWW,
                "of another zone": header(bits) + question(b"\1x\0", SOA),
                "of version 1": header(bits, ar=1) + question() + opt(version=1)}.items():
            yield f"opcode {opcode} {what}", query
    yield "NOTIFY with AA and SOA", header(4 << 11 | AA, an=1) + question(APEX, SOA) + \
        record(b"\xc0\x0c", SOA, rdata=b"\0\0" + bytes(20))
    yield "UPDATE that adds", header(5 << 11, ns=1) + question(APEX, SOA) + \
        record(WWW, A, IN, 5, b"\1\2\3\4")


def with_flags():
    for bit in range(16):
        if bit in (11, 12, 13, 14):
            continue
        yield f"header bit {bit:02} set", header(1 << bit) + question()
        yield f"header bit {bit:02} set, OPT with DO", \
            header(1 << bit, ar=1) + question() + opt(flags=0x8000)
        yield f"header bit {bit:02} set, other name", header(1 << bit) + question(b"\1x\0")
    yield "all header flags", header(0x07ff) + question()
    yield "a response with all flags", header(0xffff) + question()
    yield "a response with opcode 5", header(QR | 5 << 11) + question()
    yield "a response without question", header(QR, qd=0)
    yield "a response that is malformed", header(QR) + b"\xff"


def with_codes():
    for rdclass in (0, 1, 2, 3, 4, 5, 253, 254, 255, 256, 257, 65280, 65535):
        for name, what in ((WWW, "www"), (APEX, "apex"), (b"\1x\0", "other name")):
            for rdtype in (A, SOA, 255):
                yield f"class {rdclass}, {what}, type {rdtype}", \
                    header() + question(name, rdtype, rdclass)
    for rdtype in [0, OPT, *range(128, 129), *range(245, 263), 32768, 32769, 65279, 65280, 65535]:
        for name, what in ((WWW, "www"), (APEX, "apex"), (b"\1n" + APEX, "no such name"),
                           (b"\1x\0", "other name"), (b"\1a\3cut" + APEX, "below a cut"),
                           (b"\5alias" + APEX, "alias")):
            yield f"type {rdtype}, {what}", header() + question(name, rdtype)
    for name in (b"\7version\4bind\0", b"\2id\6server\0", b"\7version\6server\0",
                 b"\10hostname\4bind\0", b"\7authors\4bind\0"):
        for rdtype in (TXT, A):
            yield f"CH {name[1:-1]!r} type {rdtype}", header() + question(name, rdtype, 3)


def with_names():
    for what, name in {
            "a pointer to itself": b"\xc0\x0c", "a pointer forwards": b"\xc0\x10",
            "a pointer to the end": b"\xc0\x12", "a pointer far behind the end": b"\xff\xff",
            "a pointer into the header": b"\xc0\x04", "a pointer to a header octet that is 0":
            b"\xc0\x06", "a label, then a pointer to itself": b"\1a\xc0\x0c",
            "a label, then a pointer back into the label": b"\3\1a\0\xc0\x0d",
            "a pointer of one octet": b"\xc0", "label type 01": b"\x41a\0",
            "label type 10": b"\x81a\0", "bit string label": b"\x41\x08\xaa\0",
            "a label of 64 octets": b"\x40" + b"a" * 64 + b"\0", "the root": b"\0",
            "an empty label before others": b"\0\3www\0",
            "a label of 63": b"\x3f" + b"a" * 63 + APEX,
            "127 labels": b"\1a" * 122 + APEX, "255 octets": (b"\x3f" + b"a" * 63) * 3 + b"\x33" +
            b"b" * 51 + APEX, "256 octets": (b"\x3f" + b"a" * 63) * 3 + b"\x34" + b"b" * 52 + APEX,
            "128 labels": b"\1a" * 123 + APEX, "300 octets": (b"\x3b" + b"a" * 59) * 5 + APEX,
            "no end": b"\3www", "case": b"\3wWw\3OdD\4TeSt\0", "odd octets": b"\4\0\xff.\\" + APEX,
            "an asterisk": b"\1*" + APEX, "an asterisk below a wildcard": b"\1*\1*\4wild" + APEX,
            "255 octets by a DNAME": (b"\x3f" + b"a" * 63) * 3 + b"\x2d" + b"b" * 45 + b"\1d" +
            APEX,
            "254 octets below a DNAME": (b"\x3f" + b"a" * 63) * 3 + b"\x30" + b"b" * 48 + b"\1d" +
            APEX}.items():
        yield f"name: {what}", header() + question(name)
        yield f"name: {what}, OPT", header(ar=1) + question(name) + opt()
    yield "name in an additional record: a pointer to itself", \
        header(ar=1) + question() + record(b"\xc0\x1e", A)
    yield "name in an additional record: label type 01", \
        header(ar=1) + question() + record(b"\x41\0", A)


# Lengths of a whole answer without OPT, and numbers of servers of a delegation with glue.
SIZES = [*range(498, 520), *range(1016, 1028), *range(1218, 1236), 1400, 4096, 9000]
CUTS = range(9, 17)


def size_zone():
    """Records for the answers that with_sizes asks for."""
    lines = []
    for size in SIZES:
        left, strings = size - 43, []
        while left > 0:
            strings.append('"' + "x" * (min(left, 256) - 1) + '"')
            left -= 256
        lines.append(f"t{size:04} TXT {' '.join(strings)}")
    for n in CUTS:
        for i in range(n):
            lines += [f"cut{n} NS ns{i}.cut{n}", f"ns{i}.cut{n} A 192.0.2.{i}"]
            lines += [f"out{n} NS ns{i}.beside", f"mx{n} MX {i} host{i}"]
    for i in range(max(CUTS)):
        lines += [f"ns{i}.beside A 192.0.2.{i}", f"host{i} AAAA 2001:db8::{i}"]
    return "\n".join(lines) + "\n"


def with_sizes():
    for limit in (None, 512, 1024, 1232, 4096):
        more = b"" if limit is None else opt(limit)
        for size in SIZES:
            name = b"\5t%04d" % size + APEX
            yield f"an answer of {size} octets, limit {limit}", \
                header(ar=limit is not None) + question(name, TXT) + more
        for n in CUTS:
            for what, rdtype in (("cut", A), ("out", A), ("mx", 15)):
                label = f"{what}{n}".encode()
                yield f"{what} with {n} hosts, limit {limit}", \
                    header(ar=limit is not None) + \
                    question(bytes([len(label)]) + label + APEX, rdtype) + more


def all_queries():
    seen, queries = set(), []
    for make in (of_length, with_counts, with_edns, with_opcodes, with_flags, with_codes,
                 with_names, with_sizes):
        for label, query in make():
            if query not in seen:
                seen.add(query)
                queries.append((label, query))
    return queries


# ---- the replies

def skip_name(message, at):
    while message[at] != 0:
        if message[at] >= 0xc0:
            return at + 2
        at += 1 + message[at]
    return at + 1


def find_opt(message):
    """(version, flags, extended rcode) of the OPT in the additional section, or None."""
    counts = struct.unpack("!4H", message[4:12])
    at, found = 12, None
    for _ in range(counts[0]):
        at = skip_name(message, at) + 4
    for _ in range(sum(counts[1:])):
        at = skip_name(message, at)
        rdtype, _, ttl, length = struct.unpack("!2HIH", message[at:at + 10])
        at += 10 + length
        if rdtype == OPT:
            found = ttl >> 16 & 255, ttl & 0xffff, ttl >> 24
    if at != len(message):
        raise ValueError("octets behind the last record")
    return found


def summary(query, reply):
    """What matters of a reply; what is optional (authority NS, additional addresses) does not."""
    if reply is None:
        return "silent"
    flags, qd, an, ns, _ = struct.unpack("!5H", reply[2:12])
    try:
        edns = find_opt(reply)
    except (ValueError, IndexError, struct.error) as error:
        return f"malformed ({error})"
    rcode = flags & 15 | (edns[2] << 4 if edns else 0)
    words = [f"rcode {rcode}", f"opcode {flags >> 11 & 15}"]
    words += [name for name, bit in FLAGS.items() if flags & bit]
    if qd:
        end = skip_name(reply, 12) + 4
        words.append("question" if reply[12:end] == query[12:end] and qd == 1 else "QUESTION")
    words.append(f"{an} answers")
    if edns:
        do, z = edns[1] & 0x8000 != 0, edns[1] & 0x7fff != 0
        words.append(f"OPT {edns[0]}{' do' * do}{' Z' * z}")
    return ", ".join(words)


def numbered(query, number):
    return struct.pack("!H", number)[:len(query)] + query[2:]


def collect(udp, wanted, seconds):
    """Replies by id until all wanted are there or nothing came for a while."""
    replies = {}
    while wanted - replies.keys() and select.select([udp], [], [], seconds)[0]:
        reply = udp.recv(65535)
        if len(reply) >= 12:
            replies[int.from_bytes(reply[:2], "big")] = reply
    return replies


def ask_udp(server, queries):
    """The reply or None for each; what got none is asked again, so that silence is no loss."""
    replies = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", server.port))
        for seconds in (0.5, 1):
            left = [i for i in range(len(queries)) if i + 1 not in replies]
            for start in range(0, len(left), 50):
                batch = left[start:start + 50]
                for i in batch:
                    udp.send(numbered(queries[i], i + 1))
                replies.update(collect(udp, {i + 1 for i in batch}, seconds))
    return [replies.get(i + 1) for i in range(len(queries))]


def ask_tcp(server, queries):
    """Each on a connection of its own, closed for writing: who does not answer closes it."""
    def ask(query):
        try:
            with server.tcp_socket(2) as tcp:
                tcp.sendall(struct.pack("!H", len(query)) + query)
                replies = servers.read_frames(tcp, 1)
                return replies[0] if replies and len(replies[0]) >= 12 else None
        except OSError:
            return None
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return list(pool.map(ask, queries))


# ---- judging

# Where fakedns does not what most do: a pattern of labels with the transport, and why.
CHOSEN = [
    (r"QDCOUNT .*, OPT$", "FORMERR for more questions has an OPT: RFC 6891 6.1.1 wants one if the "
     "query has one"),
    (r"opcode 4 |NOTIFY", "NOERROR with AA for NOTIFY of a zone that is held, NOTAUTH for others; "
     "each of the others says something else"),
    (r"opcode 5 |UPDATE", "NOTIMP for UPDATE, which fakedns does not take part in (RFC 2136 3.1)"),
    (r"opcode \d+ and a cut", "NOTIMP whatever follows the header: what that is only the opcode "
     "tells"),
    (r"TXT that overruns|CAA without a tag", "FORMERR for rdata that is not of its type's form, as "
     "for other types"),
    (r"class 255", "REFUSED for QCLASS *, as for every class but IN; RFC 1035 6.2 lets a server "
     "answer, without AA"),
    (r"CH b'", "version.bind and the like are told only if the world says so (RFC 4892 3)"),
    (r"pointer into the header|pointer to a header octet", "FORMERR for a name that continues in "
     "the header: RFC 1035 4.1.4 has pointers lead to names that came before"),
    (r"OPT with an owner|OPT owned by|OPT whose owner", "FORMERR for an OPT that is not owned by "
     "the root: RFC 6891 6.1.2 says it MUST be"),
    (r"by a DNAME|below a DNAME", "a truncated reply has no answer section: RFC 2181 9 has clients "
     "ignore what there is"),
]
SILENCE = "an error reply, where most say nothing: RFC 8906 3 wants an answer to every query"


def rcode_of(text):
    return text.split(",")[0]


def is_most(ours, theirs):
    """No value is more frequent among theirs than ours."""
    counts = collections.Counter(theirs)
    return counts[ours] == max(counts.values(), default=0)


def is_like_most(ours, theirs):
    """The rcode is as with most, and every other word as with most of those that have it."""
    same = [text.split(", ") for text in theirs if rcode_of(text) == rcode_of(ours)]
    words = {word for text in same for word in text} | set(ours.split(", "))
    return is_most(rcode_of(ours), map(rcode_of, theirs)) and all(
        is_most(word in ours.split(", "), [word in text for text in same]) for word in words)


def why_chosen(transport, label, ours, theirs):
    for pattern, why in CHOSEN:
        if re.search(pattern, f"{transport} {label}"):
            return why
    spoken = [text for text in theirs if text != "silent"]
    is_error = not ours.startswith(("silent", "rcode 0", "rcode 3"))
    if is_error and "silent" in theirs and \
            is_most(rcode_of(ours), map(rcode_of, spoken)):
        return SILENCE
    return None


def judge(transport, label, query, replies, tally):
    texts = {name: summary(query, reply) for name, reply in replies.items()}
    ours = texts.pop("fakedns")
    theirs = list(texts.values())
    if set(theirs) == {ours}:
        tally["like all"] += 1
        return True
    why = "like most" if is_like_most(ours, theirs) else why_chosen(transport, label, ours, theirs)
    if why is not None:
        tally[why] += 1
        return True
    tally["different"] += 1
    show(transport, label, query, replies)
    return False


def show(transport, label, query, replies):
    print(f"{transport} {label}")
    groups = collections.defaultdict(list)
    for name, reply in replies.items():
        groups[summary(query, reply)].append(name)
    for text, names in groups.items():
        print(f"   {', '.join(names)}: {text}")


def compare(running, wanted):
    queries = all_queries()
    tally = collections.Counter()
    good = True
    for transport, ask in (("UDP", ask_udp), ("TCP", ask_tcp)):
        chosen = [q for q in queries if wanted is None or wanted in q[0]]
        with concurrent.futures.ThreadPoolExecutor(len(running)) as pool:
            asked = pool.map(lambda server: ask(server, [q for _, q in chosen]), running)
            replies = dict(zip([server.name for server in running], asked))
        for i, (label, query) in enumerate(chosen):
            own = {name: of[i] for name, of in replies.items()}
            if wanted is not None:
                show(transport, label, query, own)
            else:
                good &= judge(transport, label, query, own, tally)
    if wanted is None:
        print(f"{2 * len(queries)} odd queries")
        for what, n in tally.items():
            print(f"   {n:5} {what}")
    return good


# ---- TCP streams

def frame(number, query=header() + question()):
    return struct.pack("!H", len(query)) + numbered(query, number)


MANY = b"".join(frame(i + 1) for i in range(50))
# What is sent, in pieces, and whether the sending side is then closed.
STREAMS = {
    "a query": ([frame(1)], False),
    "a query, half closed": ([frame(1)], True),
    "a query in pieces of one octet": ([bytes([octet]) for octet in frame(1)], False),
    "cut within the length": ([frame(1)[:1], frame(1)[1:]], False),
    "cut behind the length": ([frame(1)[:2], frame(1)[2:]], False),
    "two queries in one segment": ([frame(1) + frame(2)], False),
    "two and a half queries, then the rest": ([MANY[:100], MANY[100:150]], False),
    "fifty queries in one segment": ([MANY], False),
    "fifty queries, half closed": ([MANY], True),
    "nothing, half closed": ([], True),
    "nothing": ([], False),
    "half a query, half closed": ([frame(1)[:20]], True),
    "half a query": ([frame(1)[:20]], False),
    "half a length, half closed": ([b"\0"], True),
    "a query and a half, half closed": ([frame(1) + frame(2)[:20]], True),
    "length 0, then a query": ([b"\0\0" + frame(1)], False),
    "length 5, then a query": ([b"\0\5hello" + frame(1)], False),
    "length 12, then a query": ([frame(2, header(qd=0)) + frame(1)], False),
    "a response, then a query": ([frame(2, header(QR) + question()) + frame(1)], False),
    "a malformed query, then a query": ([frame(2, header() + b"\xff") + frame(1)], False),
    "65535 octets, then a query": ([frame(2, (header() + question()).ljust(65535, b"\0")) +
                                    frame(1)], False),
}


def converse(server, pieces, half_close):
    """What came back: ids in order, and whether the connection was ended."""
    ids, ended = [], "open"
    with server.tcp_socket() as tcp:
        try:
            for piece in pieces:
                tcp.sendall(piece)
                if len(pieces) > 1:
                    select.select([tcp], [], [], 0.002)
            if half_close:
                tcp.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        tcp.settimeout(0.7)
        data = b""
        try:
            while more := tcp.recv(65536):
                data += more
            ended = "closed"
        except socket.timeout:
            pass
        except OSError:
            ended = "closed"
    while len(data) >= 2:
        n = int.from_bytes(data[:2], "big")
        ids.append(int.from_bytes(data[2:4], "big"))
        data = data[2 + n:]
    return f"{len(ids)} replies to {len(set(ids))} queries, {ended}"


# Where fakedns does not what most do with a stream, and why.
CHOSEN_STREAMS = {
    "a malformed query, then a query": "FORMERR does not end a connection, whose framing is "
                                       "sound: RFC 7766 6.2.4 leaves that to the client",
}


def compare_streams(running):
    good = True
    counts = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(len(running)) as pool:
        for label, (pieces, half_close) in STREAMS.items():
            texts = dict(zip([server.name for server in running],
                             pool.map(lambda s: converse(s, pieces, half_close), running)))
            ours = texts["fakedns"]
            if is_most(ours, [text for name, text in texts.items() if name != "fakedns"]):
                counts["like most"] += 1
            elif label in CHOSEN_STREAMS:
                counts[CHOSEN_STREAMS[label]] += 1
            else:
                good = False
                counts["different"] += 1
                print(f"TCP stream: {label}")
                for name, text in texts.items():
                    print(f"   {name}: {text}")
    print(f"{len(STREAMS)} TCP streams")
    for what, n in counts.items():
        print(f"   {n:5} {what}")
    return good


def main():
    parser = argparse.ArgumentParser(description="Sends odd queries to fakedns and other servers.")
    parser.add_argument("fakedns")
    parser.add_argument("--show", metavar="LABEL")
    arguments = parser.parse_args()
    servers.installed(len(servers.JUDGES))
    zone = (HERE / "odd.test.zone").read_text() + size_zone()
    with servers.running(arguments.fakedns, {"odd.test": zone}, [APEX]) as running:
        good = compare(running, arguments.show)
        if arguments.show is None:
            good &= compare_streams(running)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
