"""Executes the examples of docs/CONTROL.md in order and compares what they print.

usage: control_page.py FAKEDNS PAGE

A block whose first line is a comment with a file name is that file. In a console block "$ " begins a
command, "> " goes on with it, all else is what it prints; "…" stands for anything.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FAKEDNS, PAGE = sys.argv[1:]
MARK = "-- end of output --"


def blocks(text):
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def examples(block):
    """Pairs of a command and what it prints."""
    found = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif line.startswith("> "):
            found[-1][0] += line[2:]
        else:
            found[-1][1] += line
    return found


def is_as_documented(documented, printed):
    pattern = ".*".join(re.escape(part) for part in documented.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def run(shell, command):
    shell.stdin.write(command + f"\nprintf '\\n{MARK}\\n'\n")
    shell.stdin.flush()
    printed = ""
    for line in shell.stdout:
        if line == MARK + "\n":
            return printed
        printed += line
    sys.exit(f"the shell has ended after: {command}\n{printed}")


def main():
    missing = [tool for tool in ("bash", "curl", "dig", "python3") if shutil.which(tool) is None]
    if missing:
        print("skipped:", ", ".join(missing), "not installed")
        sys.exit(77)
    n_run = n_wrong = 0
    with open(PAGE, encoding="utf-8") as file:
        page = blocks(file.read())
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.dirname(FAKEDNS) + os.pathsep + os.environ["PATH"]
        with subprocess.Popen(["timeout", "120", "bash"], cwd=folder, text=True,
                              env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as shell:
            for kind, block in page:
                name = re.match(r"# (\S+)\n", block)
                if name and kind != "console":
                    with open(os.path.join(folder, name[1]), "w", encoding="utf-8") as file:
                        file.write(block)
                for command, documented in examples(block) if kind == "console" else []:
                    printed = run(shell, command)
                    n_run += 1
                    if not is_as_documented(documented, printed):
                        n_wrong += 1
                        print(f"FAILED: $ {command}documented: {documented}printed:    {printed}",
                              file=sys.stderr)
            shell.stdin.close()
            shell.wait()
    if n_wrong or n_run == 0:
        sys.exit(f"{n_wrong} of {n_run} examples print something else")
    print(f"control page: {n_run} examples, all as documented")


main()
