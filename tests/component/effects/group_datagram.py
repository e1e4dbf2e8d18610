"""Where datagrams come from and go to, and how often. Sources are those that the client's socket sees."""
import socket
import struct

import wire
from group_stream import framed, message
from stage import Case, PATIENCE_S


def received(asked, n):
    """n replies with their sources, whatever they are; and nothing else comes before a later query's answer."""
    udp = asked.stage.udp()
    udp.sendto(asked.query(), asked.stage.place("192.0.2.1"))
    found = [udp.recvfrom(65535) for _ in range(n)]
    udp.sendto(wire.query("target.example.test", ident=0xffff), asked.stage.place("192.0.2.1"))
    assert udp.recvfrom(65535)[0][:2] == b"\xff\xff"
    return [(wire.Message(octets), place) for octets, place in found]


def from_server(asked):
    (reply, place), = received(asked, 1)
    assert reply.rcode == 0 and place == asked.stage.place("192.0.2.2"), place
    assert place != asked.stage.place("192.0.2.1")


def from_nobody(asked):
    (reply, place), = received(asked, 1)
    assert reply.rcode == 0 and place not in [asked.stage.place(f"192.0.2.{n}") for n in (1, 2)], place
    (_, again), = received(asked, 1)
    assert again == place, "not the same socket"


def tcp_is_normal(asked):
    from_nobody(asked)
    assert asked.tcp().rcode == 0


def wrong_port(asked):
    """Nothing comes to the socket that asked; port 9 of this host is another one's, and may not be ours to bind."""
    assert asked.raw() is None
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as discard:
            discard.bind(("127.0.0.1", 9))
            discard.settimeout(PATIENCE_S)
            assert asked.raw() is None
            reply, place = discard.recvfrom(65535)
            assert wire.Message(reply).rcode == 0 and place == asked.stage.place("192.0.2.1")
    except PermissionError:
        print("  not seen: binding port 9 is for root")


def thrice(asked):
    replies = received(asked, 3)
    assert len({reply.octets for reply, _ in replies}) == 1 and len({place for _, place in replies}) == 1


def spaced(asked):
    """The copy comes after the answer to what was asked later."""
    udp = asked.stage.udp()
    for ident, name in ((1, asked.name), (2, "target.example.test")):
        udp.sendto(wire.query(name, ident=ident), asked.stage.place("192.0.2.1"))
    *firsts, last = [udp.recvfrom(65535)[0][:2] for _ in range(3)]
    assert sorted(firsts) == [b"\0\1", b"\0\2"] and last == b"\0\1"


def second_differs(asked):
    (first, _), (second, _) = received(asked, 2)
    assert (first.id, second.id) == (0x1234, 0x1234)
    assert len(first.answer) == 3 and [rr.rdata for rr in second.answer] == [bytes([192, 0, 2, 66])]


def forged(asked):
    replies = received(asked, 6)
    assert [reply.id for reply, _ in replies] == [0x1235] * 5 + [0x1234]


def forgers(asked):
    replies = received(asked, 4)
    assert sorted(reply.id for reply, _ in replies[:3]) == [0x1235, 0x1236, 0x1237] and replies[3][0].id == 0x1234
    places = {reply.id: place for reply, place in replies}
    assert places[0x1235] == places[0x1236] == places[0x1234] != places[0x1237]


def only_forged(asked):
    (reply, _), = received(asked, 1)
    assert reply.id == 0


def other_over_tcp(asked):
    """Both in what one read returns."""
    with socket.create_connection(asked.stage.place("192.0.2.1"), PATIENCE_S) as stream:
        stream.sendall(framed(asked.query()))
        octets = stream.recv(65536)
    length = struct.unpack("!H", octets[:2])[0]
    first, rest = wire.Message(octets[2:2 + length]), octets[2 + length:]
    second = wire.Message(rest[2:])
    assert first.id == 0x1235 and second.id == 0x1234 and len(rest) == 2 + struct.unpack("!H", rest[:2])[0]


def copies_over_tcp(asked):
    with socket.create_connection(asked.stage.place("192.0.2.1"), PATIENCE_S) as stream:
        stream.sendall(framed(asked.query()))
        assert [message(stream).id for _ in range(3)] == [0x1234] * 3


CASES = [
    Case("source-server", "source: 192.0.2.2", from_server),
    Case("source-nobody", "source: 203.0.113.5", from_nobody),
    Case("source-port", "source: { port: 5353 }", tcp_is_normal),
    Case("source-6", 'source: "[2001:db8::5]:53"', from_nobody),
    Case("reply-port", "reply-port: 9", wrong_port),
    Case("copies", "copies: 2", thrice),
    Case("copies-gap", "copies: { times: 1, gap: 500ms }", spaced),
    Case("second", 'other: { then: { replace: { answer: "x.example.test. A 192.0.2.66" } } }', second_differs),
    Case("forged", 'delay: 20ms, other: { then: { id: "+1", copies: 4 } }', forged),
    Case("forgers", 'delay: 300ms, other: [ { then: { id: "+1" } }, { first: yes, then: { id: "+2" } }, '
         '{ then: { id: "+3", source: 203.0.113.5 } } ]', forgers),
    Case("only-forged", "drop: yes, other: { then: { id: 0 } }", only_forged),
    Case("other-tcp", 'other: { first: yes, then: { id: "+1" } }', other_over_tcp),
    Case("copies-tcp", "copies: { times: 2, gap: 10ms }", copies_over_tcp),
]
