"""What happens to the text of a key record on its way into the DNS: each row changes the text of a
good record and says how it is to be called. Octets outside of ASCII are written one by one."""

import base64

RECORD = "v=DKIM1; k=rsa; p="


def whole(world):
    return RECORD + world.own_key


def with_plus(world):
    key = world.own_key
    while "+" not in key:
        key = world.key(1024)
    return key


def inside(world, text):
    """The text somewhere in the key."""
    at = world.rng.randint(1, len(world.own_key) - 4)
    return RECORD + world.own_key[:at] + text + world.own_key[at:]


def cut_anywhere(world):
    text = world.rng.choice(["p=", RECORD]) + world.key(2048)
    return text[:world.rng.choice([n for n in range(60, len(text) - 4) if n != 255])]


def prefixed(world):
    return world.rng.choice(["IN TXT ", "x1._domainkey IN TXT ", "( ", "Value: ", "TXT record: "]) + whole(world)


def separated(world):
    return whole(world).replace(";", world.rng.choice(["", ",", " |", "\n"]))


def escaped_url(world):
    text = world.rng.choice([RECORD, "p="]) + with_plus(world)
    for octet in world.rng.choice(["+", "+/", "=+/; "]):
        text = text.replace(octet, "%%%02X" % ord(octet))
    return text


def decimal(world):
    return world.rng.choice([whole(world).replace(";", "\\059"), '\\"' + whole(world) + '\\"'])


def without_p(world):
    return world.rng.choice(["v=DKIM1; k=rsa; ", "k=rsa;", "v=DKIM1; k=rsa; p:"]) + world.own_key


def wrapped_ed25519(world):
    key = bytes.fromhex("302a300506032b6570032100") + world.rng.randbytes(32)
    return world.rng.choice(["k=ed25519; p=", "p="]) + base64.b64encode(key).decode()


def raw_ed25519(world):
    return world.rng.choice(["k=rsa; p=", "p="]) + base64.b64encode(world.rng.randbytes(32)).decode()


WRONG = {
    "apostrophes": ("text/quotes-literal", lambda w: "'%s'" % whole(w)),
    "quotes-mid": ("text/quotes-mid", lambda w: inside(w, w.rng.choice(['" "', '""', '"']))),
    "decimal": ("text/backslash-decimal", decimal),
    "comment": ("text/zonefile-semicolon-comment", lambda w: w.rng.choice(["v=DKIM1", "k=rsa"])),
    "plus": ("text/plus-to-space", lambda w: RECORD + with_plus(w).replace("+", " ")),
    "html": ("text/html-escaped", lambda w: w.rng.choice(["p=" + with_plus(w).replace("+", "&#43;"),
                                                         "&quot;%s&quot;" % whole(w)])),
    "url": ("text/url-encoded", escaped_url),
    "form": ("text/url-encoded", lambda w: whole(w).replace("; ", ";+")),
    "smart-quotes": ("text/smart-quotes", lambda w: w.rng.choice(
        ["\xe2\x80\x9c%s\xe2\x80\x9d", "\x93%s\x94", "\xe2\x80\x98%s\xe2\x80\x99"]) % whole(w)),
    "no-break-space": ("text/nbsp", lambda w: whole(w).replace("; ", ";\xc2\xa0")),
    "zero-width": ("text/zero-width", lambda w: inside(w, w.rng.choice(
        ["\xe2\x80\x8b", "\xe2\x80\x8d", "\xc2\xad", "\xef\xbb\xbf"]))),
    "byte-order-mark": ("text/bom", lambda w: "\xef\xbb\xbf" + whole(w)),
    "other-letter": ("text/non-ascii", lambda w: inside(w, w.rng.choice(["\xd0\x90", "\xc3\xa9"]))),
    "control-octet": ("text/tag-list", lambda w: inside(w, chr(w.rng.randint(0, 8)))),
    "prefix": ("text/text-prefix-kept", prefixed),
    "separators": ("text/no-semicolons", separated),
    "cut": ("text/cut-other", cut_anywhere),
    "capitals": ("text/case-folded-value", lambda w: whole(w).upper()),
    "other-record": ("text/spf-or-dmarc-at-dkim-name", lambda w: w.rng.choice(
        ["v=DMARC1; p=none", "v=TLSRPTv1; rua=mailto:a@example.org", "v=STSv1; id=1"])),
    "armour": ("text/pem-armour", lambda w: "p=-----BEGIN PUBLIC KEY-----%s-----END PUBLIC KEY-----" % w.own_key),
    "capital-p": ("key/tag-uppercase", lambda w: "v=DKIM1; P=" + w.own_key),
    "bare-behind-tags": ("key/p-only-key-no-tag", without_p),
    "twice": ("key/duplicate-tag", lambda w: whole(w) + "; p=" + w.own_key),
    "bad-character": ("key/bad-base64", lambda w: inside(w, w.rng.choice("!*-_.$"))),
    "wrapped-ed25519": ("key/ed25519-spki", wrapped_ed25519),
    "raw-ed25519": ("key/wrong-k", raw_ed25519),
    "other-algorithm": ("key/wrong-k", lambda w: "k=%s; p=%s" % (w.rng.choice(["dsa", "RSA", "ed25519"]), w.own_key)),
    "other-service": ("key/service-other", lambda w: "s=tlsrpt; p=" + w.own_key),
}

# The key can be used all the same.
NOTED = {
    "line-ends": ("text/line-breaks-in-p", lambda w: inside(w, w.rng.choice(["\n", "\r\n"]))),
    "version-late": ("key/version-not-first", lambda w: "k=rsa; v=DKIM1; p=" + w.own_key),
    "granularity": ("key/granularity-legacy", lambda w: "g=*; p=" + w.own_key),
    "testing": ("key/testing-flag", lambda w: "t=y; p=" + w.own_key),
    "large": ("key/oversize-record", lambda w: "n=%s; p=%s" % ("x" * 1300, w.own_key)),
    "blanks": (None, lambda w: inside(w, " ")),
    "ends-with-semicolon": (None, lambda w: whole(w) + " ; "),
    "unknown-tags": (None, lambda w: "n=100%20 &quot \"x\"; x_1=1; p=" + w.own_key),
}
