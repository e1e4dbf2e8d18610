"""DNSSEC records of a signed zone, as a faulty server hands them out."""
import struct

from stage import Case
import wire

DO = 0x8000
RRSIG, NSEC = 46, 47

WORLD = """\
zones:
  example.test:
    sign: yes
    text: |
      $TTL 300
      @ SOA ns1 hostmaster 7 3600 900 604800 300
      @ NS ns1
      ns1 A 192.0.2.1
      target A 192.0.2.90
      $ORIGIN w.example.test.
      * A 192.0.2.80
      * TXT "found"
servers:
  ns1.example.test: { addresses: [192.0.2.1], zones: [example.test] }
rules:
"""


def ask(asked, rdtype, flags=DO):
    return wire.Message(asked.stage.ask(wire.query(asked.name, rdtype, edns=1232, edns_flags=flags)))


def covered(message, section):
    return sorted(struct.unpack_from("!H", rr.rdata)[0] for rr in message.rrs
                  if rr.section == section and rr.type == RRSIG)


def signatures_missing(asked):
    reply = ask(asked, "A")
    assert covered(reply, 1) == [] and covered(reply, 2) == [], reply.rrs
    assert [rr.type for rr in reply.authority] == [NSEC]


def of_one_type(asked):
    assert covered(ask(asked, "A"), 1) == []
    assert covered(ask(asked, "TXT"), 1) == [16]


def corrupt(asked):
    right = wire.Message(asked.stage.ask(wire.query("right.w.example.test", "A", edns=1232, edns_flags=DO)))
    wrong = ask(asked, "A")
    one, other = ([rr.rdata for rr in reply.answer if rr.type == RRSIG][0] for reply in (right, wrong))
    differ = [i for i in range(len(one)) if one[i] != other[i]]
    assert differ == [len(one) - 1], differ


def always(asked):
    assert covered(ask(asked, "A", 0), 1) == [1]
    assert covered(ask(asked, "A", DO), 1) == [1]


def ignore_do(asked):
    reply = ask(asked, "A")
    assert [rr.type for rr in reply.answer] == [1] and not reply.authority, reply.rrs
    assert reply.opt.ttl & DO == 0
    assert [rr.type for rr in ask(asked, "MX").authority] == [6]


def no_denial(asked):
    reply = ask(asked, "MX")
    assert [rr.type for rr in reply.authority] == [6, RRSIG], reply.rrs


def other_denial(asked):
    reply = ask(asked, "A")
    honest = wire.Message(asked.stage.ask(wire.query("right.w.example.test", "A", edns=1232, edns_flags=DO)))
    owners = [[rr.owner for rr in each.authority if rr.type == NSEC] for each in (honest, reply)]
    assert len(owners[0]) == len(owners[1]) == 1 and owners[0] != owners[1], owners
    assert covered(reply, 2) == [NSEC]


CASES = [
    Case("no-signatures", "dnssec: { signatures: missing }", signatures_missing),
    Case("one-type", "dnssec: { signatures: missing, of: A }", of_one_type),
    Case("corrupt", "dnssec: { signatures: corrupt, of: A }", corrupt),
    Case("always", "dnssec: { signatures: always, of: A }", always),
    Case("ignore-do", "dnssec: { ignore-do: yes }", ignore_do),
    Case("no-denial", "dnssec: { denial: missing }", no_denial),
    Case("other-denial", "dnssec: { denial: other }", other_denial),
]
