#!/usr/bin/python3
"""Compares what `dnsconform dkim --message` says of signed messages with python3-dkim and Mail::DKIM.

    tests/live/messages.py DNSCONFORM FAKEDNS [--messages N] [--seed N] [--keep FOLDER]

Messages are made at random, the same ones for the same seed: folded, repeated and odd header
fields, bodies with all kinds of white space and ends, LF or CRLF. python3-dkim signs them in all
combinations of canonicalization, with and without l=, with RSA and Ed25519; many are changed
afterwards. Every judge has to say `pass`, or none; where one differs, a row of KNOWN has to tell
why. Mail::DKIM does not know Ed25519 in Debian 12 and is not asked about it.
"""
import argparse
import collections
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import dkim
    import nacl.encoding  # without it python3-dkim knows no Ed25519
except ImportError as error:
    print(f"skipped: python3-dkim with python3-nacl is not installed ({error})")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEYS = ROOT / "tests/mail"
WORLD = ROOT / "scenarios/lib/signed-mail.yaml"
JUDGES = ("python3-dkim", "Mail::DKIM")

NAMES = [b"To", b"Subject", b"Date", b"Message-ID", b"Cc", b"X-Note", b"x-note", b"Received",
         b"References", b"MIME-Version"]
WORDS = [b"bread", b"rolls", b"oven", b"rye:", b"a;b", b"x=y", b"=?utf-8?q?b=C3=A4r?=", b"--", b"b="]
BLANKS = [b" ", b" ", b" ", b"  ", b"\t", b" \t "]


def text(rng, n, ends=(b"",)):
    words = [rng.choice(WORDS) + rng.choice(BLANKS) for _ in range(n)]
    return b"".join(words) + rng.choice(ends)


def field(rng, name):
    value = rng.choice([b" ", b"", b"  ", b"\t"])
    for _ in range(rng.randint(0, 3)):
        value += text(rng, rng.randint(0, 4)) + rng.choice([b"", b"\n ", b"\n\t ", b" \n  "])
    # a line of blanks alone ends the header for some programs, and no server passes it on
    value = re.sub(rb"\n[ \t]+(?=\n|$)", b"", value)
    return name + b":" + value + b"\n"


def header(rng):
    fields = [field(rng, rng.choice(NAMES)) for _ in range(rng.randint(1, 9))]
    fields.insert(rng.randint(0, len(fields)), b"From: Robin <robin@example.com>\n")
    return b"".join(fields)


def body(rng):
    lines = [rng.choice([b"", b"", b" ", b"\t", b"."]) if rng.random() < 0.3 else
             rng.choice([b"", b" ", b"\t"]) + text(rng, rng.randint(1, 6))
             for _ in range(rng.randint(0, 8))]
    end = rng.choice([b"\n", b"\n", b"\n\n\n", b" \n\t\n", b""])
    return b"\n".join(lines) + (end if lines else rng.choice([b"", b"\n"]))


def sign(rng, message):
    algorithm = rng.choice([b"rsa-sha256", b"rsa-sha256", b"ed25519-sha256"])
    rsa = algorithm == b"rsa-sha256"
    names = [name.lower() for name in rng.sample(NAMES, rng.randint(0, len(NAMES)))]
    names = [name for name in names if name != b"received"] + [b"from"]
    names += [rng.choice(names) for _ in range(rng.randint(0, 3))]  # twice, or not there
    rng.shuffle(names)
    signer = dkim.DKIM(message, linesep=b"\n")
    key = (KEYS / ("rsa.pem" if rsa else "ed25519.seed")).read_bytes().strip()
    signature = signer.sign(b"s1" if rsa else b"ed", b"example.com", key,
                            signature_algorithm=algorithm, include_headers=names,
                            canonicalize=(rng.choice([b"relaxed", b"simple"]),
                                          rng.choice([b"relaxed", b"simple"])),
                            length=rng.random() < 0.2)
    return signature.replace(b"\r\n", b"\n") + message


def flip(rng, message):
    at = rng.randrange(len(message))
    return message[:at] + bytes([rng.choice(b"aZ0=;: \t\n.\x00\xff")]) + message[at + 1:]


def append(rng, message):
    return message + text(rng, 3, (b"\n", b""))


def drop_line(rng, message):
    lines = message.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def add_field(rng, message):
    lines = message.split(b"\n")
    tops = [i for i, line in enumerate(lines[:lines.index(b"")] if b"" in lines else lines)
            if line[:1] not in (b" ", b"\t")]
    lines.insert(rng.choice(tops), field(rng, rng.choice(NAMES)).rstrip(b"\n"))
    return b"\n".join(lines)


def respace(rng, message):
    places = [m.start() for m in re.finditer(rb"[ \t]", message)]
    at = rng.choice(places)
    return message[:at] + rng.choice([b" ", b"\t", b"  ", b" \n ", b""]) + message[at + 1:]


def recase(rng, message):
    places = [m for m in re.finditer(rb"^[A-Za-z-]+(?=:)", message, re.MULTILINE)]
    place = rng.choice(places)
    return message[:place.start()] + place.group().swapcase() + message[place.end():]


CHANGES = [flip, flip, append, drop_line, add_field, respace, recase]


def case(rng):
    message = header(rng) + b"\n" + body(rng)
    message = sign(rng, message)
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        message = rng.choice(CHANGES)(rng, message)
    return message.replace(b"\n", b"\r\n") if rng.random() < 0.5 else message


# ---- judges ----------------------------------------------------------------------------------

def records():
    done = subprocess.run([sys.executable, str(KEYS / "make"), "--keys"], stdout=subprocess.PIPE,
                          check=True)
    pairs = (line.split(None, 1) for line in done.stdout.decode().splitlines())
    return {f"{name}._domainkey.example.com": value.strip('"') for name, value in pairs}


def ask_python(messages, keys):
    def lookup(name, timeout=5):
        return keys.get(name.decode().rstrip(".").lower(), "").encode() or None

    for message in messages:
        try:
            yield "pass" if dkim.DKIM(message).verify(dnsfunc=lookup) else "fail"
        except dkim.DKIMException as error:
            yield f"error: {error}"
        except Exception as error:  # it does not catch everything that a message can do to it
            yield f"crash: {type(error).__name__}"


def ask_perl(messages, keys):
    lines = "".join(f"{name} {value}\n" for name, value in keys.items()).encode() + b"\n"
    for message in messages:
        message = re.sub(rb"\r?\n", b"\r\n", message)
        lines += b"%d\n" % len(message) + message
    done = subprocess.run([str(HERE / "mail_dkim.pl")], input=lines, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    return done.stdout.decode().splitlines()


def ask_dnsconform(messages, dnsconform, lines):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "map").write_text(lines)
        for message in messages:
            (path / "mail.eml").write_bytes(message)
            done = subprocess.run([dnsconform, "dkim", "example.com", "--format", "json",
                                   "--message", "mail.eml", "--map", "map"], cwd=folder,
                                  stdout=subprocess.PIPE, check=False)
            report = json.loads(done.stdout)
            signatures = report["signatures"]
            yield ("none" if not signatures else signatures[0]["result"],
                   signatures[0]["reason"] if signatures else report["findings"][0]["actual"])


# ---- what is known to differ -----------------------------------------------------------------

def head(message):
    return re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0]


def signature_of(message):
    match = re.search(rb"^DKIM-Signature:(.*(?:\n[ \t].*)*)", message, re.MULTILINE | re.IGNORECASE)
    return match.group(1) if match else b""


def tag(message, name):
    match = re.search(rb"(?:^|;)\s*" + name + rb"\s*=([^;]*)", signature_of(message))
    return match.group(1) if match else b""


def body_of(message):
    return (re.split(rb"\r?\n\r?\n", message, maxsplit=1) + [b""])[1]


def relaxed_body(message):
    return tag(message, b"c").strip().endswith(b"/relaxed")


Known = collections.namedtuple("Known", "who why holds")
KNOWN = [
    # RFC 6376 3.4.4: white space at the end of a line does not count; the last line is one, too,
    # and no server passes it on without its CRLF
    Known("python3-dkim", "keeps white space at the end of a last line without CRLF",
          lambda m, theirs, ours: relaxed_body(m) and re.search(rb"[ \t]$", m)),
    # RFC 5322 2.2: what has no colon is no field; nothing that is signed is touched by it
    Known("python3-dkim", "refuses a message with a line in its header that is no field",
          lambda m, theirs, ours: "Unexpected characters in RFC822 header" in theirs),
    # RFC 6376 3.2: values are visible ASCII and white space, and base64 is only that
    Known("Mail::DKIM", "passes over octets in b= and bh= that base64 does not have",
          lambda m, theirs, ours: ours == "neutral" and
          re.search(rb"[^A-Za-z0-9+/=\s]", tag(m, b"b") + tag(m, b"bh"))),
    # RFC 6376 3.4.3: a CRLF is added
    Known("Mail::DKIM", "adds no CRLF to a last line without one",
          lambda m, theirs, ours: not m.endswith(b"\n") and body_of(m)),
]


def explain(judge, message, theirs, ours):
    for row in KNOWN:
        if row.who == judge and row.holds(message, theirs, ours):
            return row
    return None


def installed_perl():
    return shutil.which("perl") is not None and subprocess.run(
        ["perl", "-MMail::DKIM::Verifier", "-e", "1"], stderr=subprocess.DEVNULL,
        check=False).returncode == 0


def serve(fakedns):
    server = subprocess.Popen([fakedns, str(WORLD)], stdout=subprocess.PIPE)
    lines = ""
    for line in server.stdout:
        lines += line.decode()
        if line == b"ready\n":
            return server, lines
    sys.exit("fakedns did not become ready")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dnsconform")
    parser.add_argument("fakedns")
    parser.add_argument("--messages", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for what nothing explains")
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.dnsconform).resolve())
    rng = random.Random(arguments.seed)
    messages = [case(rng) for _ in range(arguments.messages)]
    keys = records()
    answers = {"python3-dkim": list(ask_python(messages, keys))}
    if installed_perl():
        answers["Mail::DKIM"] = list(ask_perl(messages, keys))
    else:
        print("Mail::DKIM is not installed: judged without it")
    server, lines = serve(arguments.fakedns)
    try:
        ours = list(ask_dnsconform(messages, program, lines))
    finally:
        server.terminate()
        server.wait()
    return compare(messages, ours, answers, arguments.keep)


def compare(messages, ours, answers, keep):
    tally = collections.Counter()
    n_different = 0
    for i, message in enumerate(messages):
        result, reason = ours[i]
        for judge, theirs in answers.items():
            if judge == "Mail::DKIM" and b"ed25519" in tag(message, b"a"):
                tally[judge, "not asked about Ed25519"] += 1
            elif (theirs[i] == "pass") == (result == "pass"):
                tally[judge, f"agrees that it {'passes' if result == 'pass' else 'does not pass'}"] += 1
            elif (row := explain(judge, message, theirs[i], result)) is not None:
                tally[judge, row.why] += 1
            else:
                n_different += 1
                print(f"message {i}: dnsconform says {result} ({reason}), {judge} says {theirs[i]}")
                if keep is not None:
                    (keep / f"{i}.eml").write_bytes(message)
    for (judge, why), n in sorted(tally.items()):
        print(f"   {n:5} {judge}: {why}")
    print(f"{len(messages)} messages, {n_different} differences that nothing explains")
    return 1 if n_different else 0


sys.exit(main())
