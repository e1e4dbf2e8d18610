"""docs/FINDINGS.md: every finding, and the scenarios that show it."""
from pages import tables

HEAD = """# Findings

Written by `scripts/generate` from the catalogue in the checks. `dnsconform explain ID` tells the same. An
id stays what it is: it is never reused or renamed.

"""


def page(sections):
    """sections: what `dnsconform list findings-page` prints."""
    shown = {}
    for scenario in tables.scenarios():
        for finding in scenario.findings:
            shown.setdefault(finding, []).append(scenario.path)
    text, wrong = HEAD, []
    for section in sections.split("## ")[1:]:
        finding = section.split("\n", 1)[0]
        if finding not in shown:
            wrong.append(f"no scenario expects {finding}")
        text += (f"## {section.rstrip()}\n\n"
                 f"*Shown by:* {tables.links(shown.get(finding, []))}\n\n")
    return text.rstrip() + "\n", wrong
