"""What the pages read: tables of docs/tables, and what the scenarios say of themselves."""
import collections
import csv
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

Scenario = collections.namedtuple("Scenario", "path title refs findings")


def table(name):
    with open(ROOT / "docs/tables" / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def expected(document):
    """Ids that must be reported. What `also` names proves nothing."""
    ids = [finding["id"] for checkpoint in document["expect"]
           for finding in checkpoint.get("findings") or []]
    return list(dict.fromkeys(ids))


def scenarios():
    found = []
    for path in sorted((ROOT / "scenarios").rglob("*.yaml")):
        if "lib" in path.relative_to(ROOT).parts:
            continue
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        found.append(Scenario(path.relative_to(ROOT).as_posix(), document["title"],
                              document.get("refs") or [], expected(document)))
    return found


def link(path):
    return f"[{pathlib.PurePath(path).stem}](../{path})"


def links(paths, most=3):
    paths = list(dict.fromkeys(paths))
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(link(p) for p in paths[:most]) + more


def cell(text):
    """A text that may stand in a cell of a Markdown table."""
    return re.sub(r"([|<>*_`\[\]\\])", r"\\\1", text)
