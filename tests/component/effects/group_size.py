"""How much of an answer there is, and how often."""
import wire
from stage import Case
from wire import flag


def truncate(asked):
    reply = asked.message()
    assert flag(reply, "TC") and reply.counts == [1, 0, 0, 0]
    assert len(asked.tcp().answer) == 3


def limit(asked):
    reply = asked.message("TXT", edns=4096)
    assert flag(reply, "TC") and not reply.answer
    assert flag(asked.tcp("TXT"), "TC")


def oversize(asked):
    reply = asked.message("TXT")
    assert not flag(reply, "TC") and len(reply.octets) > 1600


def cut(asked):
    reply = asked.message()
    assert [rr.rdata for rr in reply.answer] == [bytes([192, 0, 2, 80])] and not flag(reply, "TC")
    assert len(asked.message("TXT").answer) == 1


def cut_of(asked):
    assert len(asked.message().answer) == 3
    assert len(asked.message("NS", name="example.test").answer) == 2


def octets_cut(asked):
    assert asked.fails() is not None


def rate(asked):
    replies = [wire.Message(octets) for octets in asked.stage.burst(asked.query(), 12)]
    answered = [reply for reply in replies if reply.answer]
    slipped = [reply for reply in replies if not reply.answer]
    assert len(answered) >= 2 and slipped and len(replies) < 12
    assert all(flag(reply, "TC") for reply in slipped)
    assert len(asked.tcp().answer) == 3


def ttl(*wanted):
    def check(asked):
        assert [rr.ttl for rr in asked.message().answer] == list(wanted)
    return check


def count_down(asked):
    assert 0 < asked.message().answer[0].ttl <= 300


CASES = [
    Case("truncate", "truncate: yes", truncate),
    Case("limit", "size-limit: 100", limit),
    Case("oversize", "size-limit: 65535", oversize, below="big"),
    Case("cut-answer", "cut-answer: 1", cut),
    Case("cut-of", "cut-answer: { left: 1, of: TXT }", cut_of),
    Case("cut", "octets: { cut: 3 }", octets_cut),
    Case("rate", "rate-limit: { per-second: 2, slip: 2 }", rate),
    Case("ttl", "ttl: 4294967295", ttl(4294967295, 4294967295, 4294967295)),
    Case("spread", "ttl: { set: 10, spread: 5, of: A, section: [answer] }", ttl(10, 15, 20)),
    Case("count-down", "ttl: { count-down: yes }", count_down),
]
