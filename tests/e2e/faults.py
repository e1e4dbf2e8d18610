#!/usr/bin/env python3
"""Every example of docs/FAULTS.md, docs/DNSSEC.md and docs/TRANSFERS.md is a world that loads, without a warning; and every word of
`when` and `then` is in one of them.

    faults.py DNSCONFORM ROOT
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def world_of(block):
    rules = next(line for line in block.splitlines() if not line.startswith("#")).startswith("- ")
    text = "".join(f"  {line}\n" if rules else f"{line}\n" for line in block.splitlines())
    return "base: lib/easy-dkim.yaml\n" + ("rules:\n" if rules else "") + text


def output(program, table):
    return subprocess.run([program, "list", table], stdout=subprocess.PIPE, check=True, text=True).stdout


def judge(program, blocks):
    """What other people's reading of the JSON Schema says against the examples."""
    try:
        import jsonschema
        import yaml
    except ImportError:
        print("not judged by JSON Schema: python3-jsonschema or python3-yaml is not installed")
        return []
    judge_of = jsonschema.Draft202012Validator(json.loads(output(program, "schema")))
    frame = {"title": "x", "subject": {"dkim": {"domain": "example.com", "method": "easy-dkim", "tokens": ["a"]}},
             "expect": [{"at": "0s", "status": "PENDING"}]}
    return [f"block {n + 1}: {error.message}" for n, block in enumerate(blocks)
            for error in judge_of.iter_errors({**frame, "world": yaml.safe_load(world_of(block))})]


def words(program, table):
    return [line.split()[0] for line in output(program, table).splitlines() if line and not line.startswith(" ")]


def examples(page):
    """Blocks with where they stand."""
    text = page.read_text()
    return [(f"{page.name}:{text[:block.start()].count(chr(10)) + 1}", block.group(1)) for block in BLOCK.finditer(text)]


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    found = examples(root / "docs/FAULTS.md") + examples(root / "docs/DNSSEC.md") + \
        examples(root / "docs/TRANSFERS.md")
    blocks = [block for _, block in found]
    failed = len(blocks) < 15
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "lib").symlink_to(root / "scenarios/lib")
        for n, (place, block) in enumerate(found):
            path = pathlib.Path(folder) / f"block-{n}.yaml"
            path.write_text(world_of(block))
            done = subprocess.run([program, "lint", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True, check=False)
            if done.returncode != 0 or "warning" in done.stdout:
                print(f"{place}:\n{done.stdout}")
                failed = True
    for problem in judge(program, blocks):
        print(problem)
        failed = True
    for table in ("triggers", "effects"):
        for word in words(program, table):
            if not any(re.search(rf"[{{,\s]{re.escape(word)}:", block) for block in blocks):
                print(f"no example shows the word {word} of {table}")
                failed = True
    sys.exit(1 if failed else 0)


main()
