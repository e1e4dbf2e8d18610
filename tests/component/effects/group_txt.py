"""What happens to the text of TXT records."""
from stage import Case
from wire import strings

KEY = b"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A+/="
BIG = b"x" * 200


def first(*wanted):
    """The strings of the first record."""
    def check(asked):
        found = strings(asked.message("TXT", edns=4096).answer[0].rdata)
        assert found == list(wanted), found
    return check


def changed(function):
    def check(asked):
        found = strings(asked.message("TXT").answer[0].rdata)
        assert found == [function(KEY), function(b"second")], found
    return check


def split(n, text=KEY + b"second"):
    return first(*(text[at:at + n] for at in range(0, len(text), n)))


def joined(asked):
    found = strings(asked.message("TXT", edns=4096).answer[0].rdata)
    assert b"".join(found) == BIG * 8 and [len(each) for each in found] == [255] * 6 + [70], found


def others(asked):
    assert asked.message().answer[0].rdata == bytes([192, 0, 2, 80])


def none_left(asked):
    assert asked.message("TXT").answer[0].rdata == b""


CASES = [
    Case("split", "txt: { split: 10 }", split(10)),
    Case("joined", "txt: { split: 255 }", joined, below="big", rules=
         '  - { when: { name: "{name}" }, then: { txt: { split: 255 }, size-limit: 65535 } }\n'),
    Case("truncate", "txt: { truncate: 20 }", first(KEY[:20])),
    Case("truncate-second", f"txt: {{ truncate: {len(KEY) + 3} }}", first(KEY, b"sec")),
    Case("quote", "txt: { quote: yes }", first(b'"' + KEY, b'second"')),
    Case("escape", 'txt: { escape: ";=" }', changed(lambda text: text.replace(b";", b"\\;").replace(b"=", b"\\="))),
    Case("insert", 'txt: { insert: { text: "\\n", at: 9 } }', first(KEY[:9] + b"\n" + KEY[9:], b"second")),
    Case("insert-end", 'txt: { insert: { text: " ", at: 1000 } }', first(KEY, b"second ")),
    Case("case", "txt: { case: lower }", changed(bytes.lower)),
    Case("lose", 'txt: { lose: "+/=" }', changed(lambda text: bytes(c for c in text if c not in b"+/="))),
    Case("url", "txt: { url-decode: yes }", changed(lambda text: text.replace(b"+", b" "))),
    Case("url-hex", "txt: { url-decode: yes }", first(b"a;b %zz %4"), rules=
         '  - { when: { name: "{name}" }, then: { replace: { answer: "x. TXT \\"a%3bb+%zz+%4\\"" }, txt: { url-decode: yes } } }\n'),
    Case("ascii", "txt: { ascii: yes }", first(b"a?b"), rules=
         '  - { when: { name: "{name}" }, then: { replace: { answer: "x. TXT a\\\\255b" }, txt: { ascii: yes } } }\n'),
    Case("empty-first", "txt: { empty: first }", first(b"", KEY, b"second")),
    Case("empty-last", "txt: { empty: last }", first(KEY, b"second", b"")),
    Case("empty-none", "txt: { empty: none }", none_left, rules=
         '  - { when: { name: "{name}" }, then: { replace: { answer: "x. TXT \\"\\"" }, txt: { empty: none } } }\n'),
    Case("others", "txt: { truncate: 0 }", others),
]
