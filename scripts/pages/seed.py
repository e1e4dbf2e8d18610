"""docs/SEED.md: every statement of the document that dnsconform starts from, and what shows it."""
from pages import tables

HEAD = """# The seed, statement by statement

dnsconform starts from one document, *Troubleshooting DKIM problems in Amazon SES*. This page takes it
paragraph by paragraph: what each statement asks of a program, one command that shows it (to be typed in a
checkout, with `dnsconform` on the path), and the scenarios that refer to it. All of those are played by
`dnsconform run scenarios --ref seed:R21` and the like. Written by `scripts/generate` from
[tables/seed.tsv](tables/seed.tsv) and the scenarios' `refs`; `tests/e2e/seed` types every command.

"""


def page():
    """The page, and what is wrong with it: requirements that no scenario shows."""
    shown = {}
    for scenario in tables.scenarios():
        for ref in scenario.refs:
            shown.setdefault(ref.removeprefix("seed:"), []).append(scenario.path)
    text, wrong, paragraph = HEAD, [], None
    for row in tables.table("seed.tsv"):
        number = row["requirement"]
        if number not in shown:
            wrong.append(f"no scenario refers to seed:{number}")
            continue
        if row["paragraph"] != paragraph:
            paragraph = row["paragraph"]
            text += f"\n## {paragraph[0].upper()}{paragraph[1:]}\n\n"
        text += (f"**{number}** {row['what has to be shown']}\n\n```sh\n{row['command']}\n```\n\n"
                 f"*Scenarios:* {tables.links(shown.pop(number))}\n\n")
    wrong += [f"there is no requirement seed:{r}" for r in sorted(shown) if r.startswith("R")
              and r[1:].isdigit()]
    return text.replace("\n\n\n", "\n\n").rstrip() + "\n", wrong
