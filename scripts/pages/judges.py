"""docs/JUDGES.md: what other servers and verifiers do otherwise than ours, and why that is no fault of ours.
The rows stand in the tests that meet them; only their texts are read, so that nothing has to be installed."""
import ast

from pages import tables

HEAD = """# Second opinions

What `fakedns` answers is compared with NSD, Knot DNS, BIND and PowerDNS, and what `dnsconform` says of signatures
with other verifiers, by the tests of label `live` (`scripts/test -L live`; `scripts/packages judges` installs
what they need). Zones, questions and messages are made at random from a seed. They have to agree, but for the
differences below: each has a row in its test that says who differs, what tells this difference from any other, and
which RFC decides. A difference without a row fails the test. Written by `scripts/generate` from the tests.

"""


def assigned(path, name):
    tree = ast.parse((tables.ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return node.value
    raise KeyError(f"{path} has no {name}")


NAMES = {"bind": "BIND", "knot": "Knot DNS", "nsd": "NSD", "pdns": "PowerDNS"}


def sentence(text):
    first = text.split()[0]
    return (text if "." in first else text[0].upper() + text[1:]).rstrip(".") + "."


def known(path):
    """Rows of KNOWN: who, and why."""
    rows = []
    for call in assigned(path, "KNOWN").elts:
        who = ast.literal_eval(call.args[0])
        who = sorted(who) if isinstance(who, set) else [who]
        rows.append((", ".join(NAMES.get(name, name) for name in who), ast.literal_eval(call.args[1])))
    return rows


def chosen():
    odd = "tests/live/odd.py"
    rows = [ast.literal_eval(row.elts[1]) for row in assigned(odd, "CHOSEN").elts]
    rows.append(ast.literal_eval(assigned(odd, "SILENCE")))
    return rows + list(ast.literal_eval(assigned(odd, "CHOSEN_STREAMS")).values())


def section(title, lead, lines):
    return f"## {title}\n\n{lead}\n\n" + "".join(f"- {line}\n" for line in lines) + "\n"


def page():
    def who_and_why(rows):
        return [f"**{who}**: {sentence(why)}" for who, why in rows]

    text = HEAD + section(
        "Honest answers", "`tests/live/honest.py`: every name of the zones and names near them, with every "
        "type that occurs.", who_and_why(known("tests/live/honest.py")))
    text += section(
        "Odd queries", "`tests/live/odd.py`: malformed, cut, overlong, with every opcode, class, flag and kind "
        "of EDNS, over UDP and TCP. `fakedns` does what most of the four do, but for:",
        [sentence(why) for why in chosen()])
    text += section(
        "Signatures of messages", "`tests/live/messages.py`: messages signed and altered at random, judged by "
        "python3-dkim and Mail::DKIM too.", who_and_why(known("tests/live/messages.py")))
    return text.rstrip() + "\n", []
