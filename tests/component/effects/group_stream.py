"""What comes over TCP, octet by octet: segments, frames, ends of connections.

A busy machine merges segments that were sent apart: the checks count reads, and are content with a part of them.
"""
import socket
import struct

import wire
from stage import Case, PATIENCE_S, read_exactly


def framed(octets):
    return struct.pack("!H", len(octets)) + octets


def connect(asked, server="192.0.2.1"):
    return socket.create_connection(asked.stage.place(server), PATIENCE_S)


def until_end(stream):
    """All octets up to the end of the stream, and how it ended: closed or reset."""
    found = b""
    try:
        while True:
            more = stream.recv(65536)
            if not more:
                return found, "closed"
            found += more
    except ConnectionResetError:
        return found, "reset"


def message(stream):
    head = read_exactly(stream, 2)
    return wire.Message(read_exactly(stream, struct.unpack("!H", head)[0]))


def ends(how, *, answered):
    """One query, and all that comes of it."""
    def check(asked):
        with connect(asked) as stream:
            stream.sendall(framed(asked.query()))
            octets, end = until_end(stream)
        assert end == how, end
        assert (len(octets) > 2) == answered, octets
        if answered:
            assert wire.Message(octets[2:]).rcode == 0 and len(octets) == 2 + struct.unpack("!H", octets[:2])[0]
        assert asked.message().rcode == 0 or not answered
    return check


def hangs(asked):
    """The first query is answered; what is sent then fills the buffers, since nobody reads it."""
    with connect(asked) as stream:
        stream.sendall(framed(asked.query()))
        assert message(stream).rcode == 0
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        stream.setblocking(False)
        sent = 0
        try:
            while sent < 64 << 20:
                sent += stream.send(framed(wire.query("target.example.test")) * 100)
        except BlockingIOError:
            pass
        assert sent < 64 << 20
        try:
            assert stream.recv(1) is None, "it was read"
        except BlockingIOError:
            pass


def length(wanted):
    def check(asked):
        with connect(asked) as stream:
            stream.sendall(framed(asked.query()))
            stream.shutdown(socket.SHUT_WR)
            octets, end = until_end(stream)
        whole = len(octets) - 2
        assert end == "closed" and wire.Message(octets[2:]).rcode == 0
        assert struct.unpack("!H", octets[:2])[0] == wanted(whole), (octets[:2], whole)
    return check


def half(asked):
    with connect(asked) as stream:
        stream.sendall(framed(asked.query()))
        octets, end = until_end(stream)
    promised = struct.unpack("!H", octets[:2])[0]
    assert end == "closed" and len(octets) == 2 + promised // 2, (end, len(octets), promised)


def kept(asked):
    with connect(asked) as stream:
        stream.sendall(framed(asked.query()))
        octets, end = until_end(stream)
    assert (len(octets), end) == (1, "closed")


def drips(asked):
    """Octet by octet; meanwhile others are served."""
    reads = 0
    octets = b""
    with connect(asked) as stream:
        stream.sendall(framed(asked.query()))
        octets = stream.recv(65536)
        assert asked.message(name="target.example.test").rcode == 0
        with connect(asked) as other:
            other.sendall(framed(wire.query("target.example.test")))
            assert message(other).rcode == 0
        assert len(octets) < 100
        while len(octets) < 2 or len(octets) < 2 + struct.unpack("!H", octets[:2])[0]:
            octets += stream.recv(65536)
            reads += 1
    assert wire.Message(octets[2:]).rcode == 0 and reads >= 10, reads


def drips_in_order(asked):
    """A reply that another query gets meanwhile comes behind, not in the middle."""
    with connect(asked) as stream:
        stream.sendall(framed(asked.query(ident=1)) + framed(wire.query("target.example.test", ident=2)))
        first, second = message(stream), message(stream)
    assert (first.id, second.id) == (1, 2)


def drips_then(how):
    def check(asked):
        with connect(asked) as stream:
            stream.sendall(framed(asked.query()))
            octets, end = until_end(stream)
        assert end == how and len(octets) == 2 + struct.unpack("!H", octets[:2])[0]
    return check


def gathered(asked):
    """Two answers in what one read returns, the second first; the third when the client sends no more."""
    with connect(asked) as stream:
        stream.sendall(framed(asked.query(ident=1)))
        stream.sendall(framed(asked.query(ident=2)))
        octets = stream.recv(65536)
        first = 2 + struct.unpack("!H", octets[:2])[0]
        assert octets[2:4] == b"\0\2" and octets[first + 2:first + 4] == b"\0\1", octets
        stream.sendall(framed(asked.query(ident=3)))
        stream.shutdown(socket.SHUT_WR)
        octets, end = until_end(stream)
    assert octets[2:4] == b"\0\3" and end == "closed"


def largest(asked):
    with connect(asked) as stream:
        stream.sendall(framed(asked.query(edns=1232)))
        octets = read_exactly(stream, 65537)
    assert octets[:2] == b"\xff\xff" and wire.Message(octets[2:]).rcode == 0


def udp_untouched(asked):
    assert asked.message().rcode == 0


CASES = [
    Case("close", "connection: close", ends("closed", answered=True)),
    Case("reset", "connection: reset", ends("reset", answered=True)),
    Case("close-silent", "drop: yes, connection: close", ends("closed", answered=False), when="transport: tcp"),
    Case("reset-silent", "connection: reset, drop: yes", ends("reset", answered=False), when="transport: tcp"),
    Case("close-late", "connection: close, delay: 100ms", ends("closed", answered=True), when="transport: tcp"),
    Case("hang", "connection: hang", hangs),
    Case("longer", 'frame: { length: "+7" }', length(lambda n: n + 7)),
    Case("shorter", "frame: { length: -7 }", length(lambda n: n - 7)),
    Case("zero", "frame: { length: 0 }", length(lambda n: 0)),
    Case("half", "frame: { keep: half }, connection: close", half),
    Case("one-octet", "frame: { keep: 1 }, connection: close", kept),
    Case("drip", "segments: { octets: 1, gap: 5ms }", drips),
    Case("drip-order", "segments: { octets: 5, gap: 1ms }", drips_in_order),
    Case("drip-close", "segments: { octets: 9, gap: 1ms }, connection: close", drips_then("closed")),
    Case("drip-reset", "segments: { octets: 9, gap: 1ms }, connection: reset", drips_then("reset")),
    Case("gather", "gather: { answers: 2, reverse: yes }", gathered),
    # 12 of the header, 28 of the question, 3 addresses of 16, 11 of the OPT, 4 of the option
    Case("largest", "edns: { padding: 65432 }", largest),
    Case("drip-udp", "segments: 1, connection: close, frame: { length: 0 }", udp_untouched),
]
