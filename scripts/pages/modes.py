"""docs/MODES.md: every way in which DKIM records go wrong, and what is reported of it."""
from pages import tables

HEAD = """# Every way in which DKIM goes wrong

The ways ("modes") in which DKIM records, the servers that hold them and the account behind them have been
seen to go wrong, with the finding that names each and a scenario that makes it. Where several modes ask for
the same remedy they share a finding; where one cannot be told from outside, the note says why. What other
checkers make of them is in [COMPARISON.md](COMPARISON.md). Written by `scripts/generate` from
[tables/modes.tsv](tables/modes.tsv).

"""


def page(known):
    """known: the ids of the catalogue."""
    scenarios = {s.path: s for s in tables.scenarios()}
    text, wrong, group = HEAD, [], None
    for row in tables.table("modes.tsv"):
        mode, scenario = row["mode"], scenarios.get(row["scenario"])
        findings = [f for f in row["findings"].split(",") if f]
        wrong += [f"{mode}: no finding has the id {f}" for f in findings if f not in known]
        if row["scenario"] and scenario is None:
            wrong.append(f"{mode}: there is no {row['scenario']}")
        elif scenario and findings and not set(findings) & set(scenario.findings):
            wrong.append(f"{mode}: {row['scenario']} does not expect {row['findings']}")
        elif not scenario and not row["note"]:
            wrong.append(f"{mode}: neither a scenario nor a note")
        if row["group"] != group:
            group = row["group"]
            text += f"## {group}\n\n| mode | what happens | finding | note |\n|---|---|---|---|\n"
        name = f"[{mode}](../{scenario.path})" if scenario else mode
        title = tables.cell(scenario.title) if scenario else ""
        text += f"| {name} | {title} | {' '.join(f'`{f}`' for f in findings)} | {row['note']} |\n"
    return text.replace("|\n## ", "|\n\n## ").rstrip() + "\n", wrong
