#!/usr/bin/env python3
"""Seeded variants of DKIM set-ups: healthy ones, and ones with one to three known faults in them. What
`dnsconform run --format json` reports has to be what the faults imply, and nothing else.

    dkim.py PROGRAM [--seed N] [--count N] [--only N] [--keep DIR]

Variant number N of a seed is always the same; --only N --keep DIR leaves its scenario in DIR."""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import faults
import healthy
import life

HOUR = 3600
WINDOW = 72 * HOUR


class Variant:
    """A world with faults in it, when it is looked at, and what has to be said then."""

    def __init__(self, seed, number):
        self.rng = random.Random("%d/%d" % (seed, number))
        self.world = healthy.build("%d/%d/world" % (seed, number))
        self.world.alive = list(self.world.ns_names)
        self.names = []
        self.states = {r.owner: "right" for r in self.world.records}
        self.findings = []
        self.used = set()  # faults that may be there only once
        self.choose()
        self.choose_time()

    def choose(self):
        kind = self.rng.choice(["healthy", "one", "one", "two", "two", "three", "server",
                                "server-and-one", "server-and-two", "all", "server-and-all"])
        if self.rng.random() < 0.3:
            self.noise(self.rng.choice(list(faults.NOISE)))
        if kind.startswith("server"):
            self.server_fault()
        for _ in range({"one": 1, "two": 2, "three": 3}.get(kind.rpartition("-")[2], 0)):
            self.record_fault()
        if kind.endswith("all"):
            self.fault_of_all()
        if self.world.wildcard is None and self.rng.random() < 0.3:
            self.side_fault()

    def noise(self, name):
        self.names.append(name)
        faults.NOISE[name](self.world)
        if name in ("slow", "lossy"):
            self.world.subject.pop("resolver", None)

    def server_fault(self):
        if len(self.world.alive) < 2:
            return
        plain = {"without-edns", "edns-ignored"} & set(self.names)
        name = self.rng.choice([n for n in faults.SERVER if not plain or n not in faults.OF_EDNS])
        self.names.append(name)
        self.findings += faults.SERVER[name](self.world).findings
        self.world.subject.pop("resolver", None)  # behind such servers it may give up

    def side_fault(self):
        """Something beside DKIM: it changes neither the status nor what is said of the records."""
        name = self.rng.choice([n for n, inject in faults.BESIDE.items()
                                if not hasattr(inject, "fits") or inject.fits(self.world)])
        self.names.append(name)
        self.findings += faults.BESIDE[name](self.world).findings

    def fits(self, record, inject):
        where = getattr(inject, "where", None)
        apex = faults.at_apex(self.world)
        if (where == "apex" and not apex) or (where == "below" and apex):
            return False
        if where is not None and faults.home(self.world, record) != self.world.apex:
            return False  # other names are looked for in the domain's own zone
        if getattr(inject, "once", None) in self.used:
            return False
        several = len(faults.servers_of(self.world, record)) > 1
        return several or not getattr(inject, "needs_several", False)

    def record_fault(self):
        whole = [r for r in self.world.records if self.states[r.owner] == "right"]
        if not whole:
            return
        record = self.rng.choice(whole)
        table = faults.BY_ROLE[record.role]
        name = self.rng.choice([n for n, inject in table.items() if self.fits(record, inject)])
        self.names.append("%s of %s" % (name, record.label))
        self.used |= {getattr(table[name], "once", None)} - {None}
        outcome = table[name](self.world, record)
        self.findings += outcome.findings
        self.states[record.owner] = outcome.state

    def fault_of_all(self):
        """The same mistake in every key record, as people make it."""
        records = [r for r in self.world.records if r.role != "verification"]
        table = faults.BY_ROLE[records[0].role]
        # keys copied to all tokens look like a server that follows the CNAMEs by itself
        name = self.rng.choice([n for n, inject in table.items() if n != "key-copied" and
                                self.fits(records[0], inject) and not hasattr(inject, "once")])
        self.names.append("%s of all" % name)
        for record in records:
            outcome = table[name](self.world, record)
            self.findings += outcome.findings
            self.states[record.owner] = outcome.state

    def choose_time(self):
        """One look at a time of the set-up: at its start, in the window, at its ends, after it."""
        self.at = self.rng.choice([0, 1, HOUR, WINDOW - 1, WINDOW, WINDOW + 1, 100 * HOUR])
        self.verified = self.rng.random() < 0.2
        window = self.rng.choice([None, None, 5 * 24 * HOUR])
        self.window = window or WINDOW
        if window is not None:
            self.world.subject["window"] = "5d"
        if self.verified:
            self.world.subject["last_success"] = "0s"
        elif self.rng.random() < 0.3:
            self.started = self.rng.choice([HOUR, 30 * HOUR])
            self.world.subject["started"] = "%ds" % self.started
        self.started = getattr(self, "started", 0)

    def expected(self):
        """Status and findings, by the life of a set-up."""
        key_states = [self.states[r.owner] for r in self.world.records if r.role != "verification"]
        good = all(s in ("right", "noted") for s in self.states.values())
        findings = list(self.findings)
        all_missing = all(s == "missing" for s in key_states)
        expired = self.at - self.started >= self.window
        if self.verified:
            status = "SUCCESS" if good else "TEMPORARY_FAILURE"
        elif self.at < self.started:
            status = "NOT_STARTED"
        else:
            status = "SUCCESS" if good else "FAILED" if expired else "PENDING"
        for record in self.world.records:
            state = self.states[record.owner]
            if state == "missing" and record.role != "verification" and self.is_masked():
                findings.append((self.world.wildcard, record.owner, None))
            elif state == "missing" and record.role == "verification":
                findings.append(("record/amazonses-missing", record.owner, None))
            elif state == "missing" and not all_missing:
                findings.append(("record/one-of-three-missing", record.owner, None))
            elif state == "missing" and status in ("PENDING", "FAILED"):
                late = "time/never-appears" if status == "FAILED" else "time/not-visible-yet"
                findings.append((late, record.owner, None))
            if state in ("missing", "wrong") and status == "TEMPORARY_FAILURE":
                findings.append(("time/revocation-warning", record.owner, None))
        return [(status, findings)]

    def is_masked(self):
        """A wildcard answers at the names of the keys: there is nothing at or below _domainkey."""
        below = "_domainkey." + self.world.domain
        return self.world.wildcard is not None and self.world.key_home == self.world.apex and not any(
            r[0].lower().endswith(below.lower() + ".") for r in self.world.zones[self.world.apex])

    def scenario(self):
        return self.world.scenario(["%ds" % self.at])


def reported(visit):
    report = visit["report"]
    found = [(f["id"], f["name"] and f["name"].lower(), f["server"]) for f in report["findings"]
             if f["level"] != "info"]
    return report["status"], found


def told_of_caches(finding):
    return finding[0] in ("time/negative-cache", "time/old-ttl-cached", "server/resolver-failure")


def play(program, folder):
    run = subprocess.run([program, "run", "--fail-on", "never", "--format", "json", str(folder)],
                         stdout=subprocess.PIPE, check=False)
    try:
        return json.loads(run.stdout)["scenarios"]
    except ValueError:
        sys.exit("the program said nothing that can be read, status %d" % run.returncode)


def compare(variant, scenario):
    """What is wrong with a result, as lines."""
    lines = []
    for visit, (want_status, findings) in zip(scenario["visits"], variant.expected()):
        at = visit["at_us"] // 1000000
        if visit["report"] is None:
            return ["at %ds it could not run: %s" % (at, visit["reason"])]
        status, found = reported(visit)
        if isinstance(variant, life.Life):  # what a resolver remembers is not worked out here
            found = [f for f in found if not told_of_caches(f)]
        want = [(i, n and n.lower(), s) for i, n, s in findings]
        lines += ["at %ds absent: %s" % (at, f) for f in map(str, want) if f not in map(str, found)]
        lines += ["at %ds extra: %s" % (at, f) for f in map(str, found) if f not in map(str, want)]
        lines += ["at %ds twice: %s" % (at, f) for n, f in enumerate(found) if f in found[:n]]
        if status != want_status:
            lines.append("at %ds status: %s, not %s" % (at, status, want_status))
    if len(scenario["visits"]) != len(variant.expected()):
        lines.append("%d looks: %s" % (len(scenario["visits"]), json.dumps(scenario)[:400]))
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    numbers = range(options.count) if options.only is None else [options.only]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        variants = {}
        for number in numbers:
            kind = life.Life if number % 4 == 3 else Variant
            variants["%06d.yaml" % number] = variant = kind(options.seed, number)
            path = folder / ("%06d.yaml" % number)
            path.write_text(json.dumps(variant.scenario(), indent=1))
        wrong = 0
        for scenario in play(options.program, folder):
            name = pathlib.Path(scenario["file"]).name
            lines = compare(variants[name], scenario)
            if lines:
                wrong += 1
                print("variant %d of seed %d (%s):" % (
                    int(name[:6]), options.seed, ", ".join(variants[name].names) or "healthy"))
                print("".join("  %s\n" % line for line in lines), end="")
    print("%d variants of seed %d, %d wrong" % (len(variants), options.seed, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
