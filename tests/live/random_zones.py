"""Makes zones at random that every server loads: the same ones for the same seed.

A group of zones is held by one server and refers to itself: a zone, often a child of it that is
delegated or only there, sometimes a zone beside them. Names are made of few labels, so that they
meet each other: empty non-terminals, wildcards at every depth, delegations, hidden data, CNAMEs
and DNAMEs with every kind of target.
"""

import random

LABELS = ["a", "a", "b", "b", "c", "d", "A", "www", "*", "*", "ns", "_t", "\\000", "x\\.y", "\\255"]


class Zone:
    def __init__(self, apex, rng):
        self.apex, self.rng = apex, rng
        self.sets = {(): {}}  # (labels below the apex, lower case) -> {type: (ttl, owner, rdatas)}
        self.child = None  # labels of the apex of another zone below this one

    def types(self, labels):
        return self.sets.get(tuple(label.lower() for label in labels), {})

    def ancestors(self, labels):
        return [labels[i:] for i in range(1, len(labels) + 1)]

    def has_below(self, labels):
        key = tuple(label.lower() for label in labels)
        return any(len(other) > len(key) and other[len(other) - len(key):] == key
                   for other in self.sets)

    def is_near_child(self, labels):
        """On the way to the child zone, or in it: NSD refuses a DNAME there if either has data."""
        child, key = self.child, tuple(label.lower() for label in labels)
        return child is not None and (child[-len(key):] == key or
                                      key[len(key) - len(child):] == child)

    def may_hold(self, labels, rdtype):
        """Whether no server refuses the zone for such a record."""
        here = self.types(labels)
        if any("DNAME" in self.types(above) for above in self.ancestors(labels)):
            return False
        if rdtype == "CNAME":
            return not here and bool(labels)
        if "CNAME" in here:
            return False
        if rdtype == "DNAME":
            return not self.has_below(labels) and not {"NS", "DNAME"} & set(here) and \
                labels[:1] != ("*",) and bool(labels) and not self.is_near_child(labels)
        if rdtype == "NS":
            return "DNAME" not in here and bool(labels) and labels[0] != "*"
        if rdtype == "DS":
            return "NS" in here and bool(labels)
        return True

    def add(self, labels, rdtype, rdata):
        if not self.may_hold(labels, rdtype):
            return
        key = tuple(label.lower() for label in labels)
        ttl = self.rng.choice([0, 30, 60, 300, 3600])
        owner = ".".join(labels + (self.apex,)) if self.apex != "." else ".".join(labels) + "."
        rrset = self.sets.setdefault(key, {}).setdefault(rdtype, (ttl, owner, []))
        if rdata.lower() not in (other.lower() for other in rrset[2]):
            rrset[2].append(rdata)

    def text(self):
        minimum = self.rng.choice([5, 60, 7200])
        lines = [f"{self.apex} 600 IN SOA ns.{self.apex} h.{self.apex} 1 7200 3600 99999 {minimum}",
                 f"{self.apex} 900 IN NS ns.outside.example.",
                 f"{self.apex} 900 IN NS ns2.outside.example."]
        for rrsets in self.sets.values():
            for rdtype, (ttl, owner, rdatas) in rrsets.items():
                lines += [f"{owner} {ttl} IN {rdtype} {rdata}" for rdata in rdatas]
        return "\n".join(lines) + "\n"


class Group:
    def __init__(self, number, rng):
        self.rng = rng
        self.zones = [Zone(f"g{number}.test.", rng)]
        if rng.random() < 0.6:
            below = self.labels(1, 2, "*")
            self.zones.append(Zone(".".join(below) + f".g{number}.test.", rng))
            self.zones[0].child = tuple(label.lower() for label in below)
            self.zones[1].child = ()
            if rng.random() < 0.8:
                for _ in range(rng.randint(1, 2)):
                    self.zones[0].add(below, "NS", self.target())
        if rng.random() < 0.4:
            self.zones.append(Zone(f"o{number}.other.", rng))
        for zone in self.zones:
            for _ in range(rng.randint(4, 24)):
                self.add_record(zone)

    def labels(self, least, most, *never):
        labels = [label for label in LABELS if label not in never]
        return tuple(self.rng.choice(labels) for _ in range(self.rng.randint(least, most)))

    def target(self):
        zone = self.rng.choice(self.zones)
        roll = self.rng.random()
        if roll < 0.5 and len(zone.sets) > 1:
            return ".".join(self.rng.choice(sorted(zone.sets)) + (zone.apex,))
        if roll < 0.9:
            return ".".join(self.labels(0, 3) + (zone.apex,))
        return self.rng.choice([".", "www.outside.example.", "test."])

    def add_record(self, zone):
        labels = self.labels(0, 3)
        if self.rng.random() < 0.4:
            labels = self.labels(1, 1) + self.rng.choice(sorted(zone.sets))
        rdtype = self.rng.choice("A A A AAAA TXT TXT MX SRV CNAME CNAME CNAME NS NS DNAME".split())
        n = self.rng.randint(1, 3) if rdtype in ("A", "NS", "MX", "TXT") else 1
        for _ in range(n):
            zone.add(labels, rdtype, self.rdata(rdtype))
        if rdtype == "NS" and self.rng.random() < 0.5:
            zone.add(labels, "DS", "12345 8 2 " + "ab" * 32)
        if rdtype == "NS" and self.rng.random() < 0.5:  # glue below the cut
            zone.add(self.labels(1, 1, "*") + labels, "A", self.rdata("A"))

    def rdata(self, rdtype):
        number = self.rng.randint(1, 250)
        return {
            "A": lambda: f"192.0.2.{number}",
            "AAAA": lambda: f"2001:db8::{number}",
            "TXT": lambda: f'"text {number}"',
            "MX": lambda: f"{number} {self.target()}",
            "SRV": lambda: f"0 0 {number} {self.target()}",
            "CNAME": self.target,
            "NS": self.target,
            "DNAME": self.target,
        }[rdtype]()


def groups(n, seed):
    """n groups, each {apex: zone text}."""
    rng = random.Random(seed)
    return [{zone.apex: zone.text() for zone in Group(i, rng).zones} for i in range(n)]
