"""When an answer is sent, if at all. The cases look at the order of answers, never at a time."""
import wire
from stage import Case


def order(asked, first, second):
    """Ids in the order in which the answers of two names come, asked in this order in one go."""
    stage, udp = asked.stage, asked.stage.udp()
    for ident, name in ((1, first), (2, second)):
        udp.sendto(wire.query(name, ident=ident), stage.place("192.0.2.1"))
    return [wire.Message(udp.recvfrom(65535)[0]).id for _ in range(2)]


def drop(asked):
    assert asked.raw() is None


def later(asked):
    assert order(asked, asked.name, "target.example.test") == [2, 1]


def between(asked):
    assert order(asked, asked.name, "target.example.test") == [2, 1]


def until(asked):
    assert wire.Message(asked.stage.wait(asked.query())).rcode == 0


def twice_then_not(asked):
    assert asked.raw() is None and asked.raw() is None and asked.message().rcode == 0


def udp_only(asked):
    assert asked.raw() is None and asked.tcp().rcode == 0


def tcp_refused(asked):
    assert asked.message().rcode == 0 and asked.tcp().rcode == 5


def slow_failure(asked):
    reply = wire.Message(asked.stage.wait(asked.query()))
    assert reply.rcode == 2


def black_hole(asked):
    assert asked.message(edns=1232).rcode == 0
    assert asked.raw(edns=1232) is None and asked.message().rcode == 0


CASES = [
    Case("drop", "drop: yes", drop),
    Case("drop-first", "drop: yes", twice_then_not, when="first: 2"),
    Case("drop-udp", "drop: yes", udp_only, when="transport: udp"),
    Case("refused-over-tcp", "rcode: REFUSED", tcp_refused, when="transport: tcp"),
    Case("delay", "delay: 300ms", later),
    Case("between", "delay: { at-least: 200ms, at-most: 400ms }", between),
    Case("until", "delay: { until: 1s, reverse: yes }", until),
    Case("slow-failure", "delay: 50ms, rcode: SERVFAIL", slow_failure),
    Case("black-hole", "drop: yes", black_hole, when="edns: yes, from-nth: 2, per: client"),
]
