#!/usr/bin/env python3
"""Lets other people's software judge what dnsconform wrote.

    valid.py run|report|lines|tap FILE      JSON Schema (docs/*.schema.json), or a reading of TAP
    valid.py same A B                       equal JSON, apart from measured durations
    valid.py findings RUN REPLAYED          a replay says what the run said, report for report

Status 77 means that the judge is not installed.
"""
import json
import pathlib
import re
import sys
import warnings

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


def judge(value, name):
    try:
        warnings.simplefilter("ignore", DeprecationWarning)
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed")
        sys.exit(77)
    schemas = {file: json.loads((DOCS / file).read_text())
               for file in ("report.schema.json", "run.schema.json")}
    schema = schemas[name + ".schema.json"]
    resolver = jsonschema.RefResolver(schema["$id"], schema, store=schemas)
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)


def judge_lines(text):
    lines = [json.loads(line) for line in text.splitlines()]
    assert "scorecard" in lines[-1], "the last line is no scorecard"
    judge({"schema": "dnsconform.run/1", "tool": None, "scenarios": lines[:-1],
           "scorecard": lines[-1]["scorecard"]}, "run")


def judge_tap(text):
    """Version, plan, and as many points as planned, numbered from 1; indented lines are YAML."""
    lines = text.splitlines()
    assert lines[0] == "TAP version 14", lines[0]
    plans = [int(match.group(1)) for match in map(re.compile(r"1\.\.(\d+)$").match, lines) if match]
    points = [int(match.group(1)) for match in
              map(re.compile(r"(?:not )?ok (\d+)\b").match, lines) if match]
    assert plans == [len(points)], f"plan {plans}, {len(points)} points"
    assert points == list(range(1, len(points) + 1)), points
    odd = [line for line in lines[1:]
           if not re.match(r"(not )?ok |1\.\.\d+$|#| |$|Bail out!", line)]
    assert not odd, odd[0]


def without_durations(value):
    if isinstance(value, dict):
        return {key: without_durations(part) for key, part in value.items()
                if key != "duration_us"}
    if isinstance(value, list):
        return [without_durations(part) for part in value]
    return value


def load(path):
    return json.loads(pathlib.Path(path).read_text())


def documents(text):
    decoder = json.JSONDecoder()
    at = 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        yield value


def judged(report):
    return {key: report[key] for key in ("domain", "at_us", "status", "findings")}


def compare_findings(run, replayed):
    wanted = [judged(visit["report"]) for scenario in run["scenarios"]
              for visit in scenario["visits"]]
    found = [judged(report) for report in replayed]
    assert len(wanted) == len(found), f"{len(wanted)} reports, and {len(found)} replayed"
    for one, other in zip(wanted, found):
        # Replayed observations are numbered over all visits, those of a report over its own.
        for finding in one["findings"] + other["findings"]:
            del finding["observations"]
        assert one == other, f"not the same:\n  {one}\n  {other}"


def main():
    what, path = sys.argv[1:3]
    text = pathlib.Path(path).read_text()
    if what == "tap":
        judge_tap(text)
    elif what == "lines":
        judge_lines(text)
    elif what == "same":
        assert without_durations(load(path)) == without_durations(load(sys.argv[3])), \
            f"{path} and {sys.argv[3]} differ in more than durations"
    elif what == "findings":
        compare_findings(load(path), list(documents(pathlib.Path(sys.argv[3]).read_text())))
    else:
        judge(json.loads(text), what)


main()
