#!/usr/bin/env python3
"""What the words of `when` and `then` do on the wire, read by other code than ours.

    run.py FAKEDNS GROUP    GROUP is a file of cases beside this one: header, question, …
"""
import importlib
import sys

import stage


def main():
    program, group = sys.argv[1:]
    module = importlib.import_module(f"group_{group}")
    sys.exit(stage.run(program, module.CASES, getattr(module, "WORLD", None)))


main()
