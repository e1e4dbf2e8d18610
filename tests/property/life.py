"""Set-ups that are looked at several times: records come late, vanish and come back, all servers
fall silent for a while, the set-up is begun later or begun again. What has to be reported at each
look is worked out here from the rules of the life of a set-up (docs/CHECKERS.md), second by
second, independently of the checker."""

import random

import healthy

HOUR = 3600
PATIENCE = 60  # seconds
DEFAULT_WINDOW = 72 * HOUR


class Life:
    """A world with a history, its looks, and what has to be said at each."""

    def __init__(self, seed, number):
        self.rng = rng = random.Random("%d/%d/life" % (seed, number))
        self.world = world = healthy.build("%d/%d/life-world" % (seed, number))
        self.names = ["life"]
        self.window = rng.choice([DEFAULT_WINDOW, DEFAULT_WINDOW, 5 * 24 * HOUR])
        if self.window != DEFAULT_WINDOW:
            world.subject["window"] = "5d"
        self.started = rng.choice([0, 0, HOUR, 30 * HOUR])
        if self.started:
            world.subject["started"] = "%ds" % self.started
        self.last_success = None
        if not self.started and rng.random() < 0.2:
            self.last_success = 0
            world.subject["last_success"] = "0s"
        self.gone = {}  # owner -> [(from, until)]
        self.down = []  # [(from, until)]
        self.restart_at = None
        self.choose_gaps()
        self.choose_looks()

    def moment(self):
        return self.rng.choice([0, HOUR, 20 * HOUR, 71 * HOUR, self.window, self.window + HOUR,
                                2 * self.window]) + self.rng.choice([0, 0, 1])

    def choose_gaps(self):
        rng, world = self.rng, self.world
        some = world.records if rng.random() < 0.5 else [rng.choice(world.records)]
        begin = rng.choice([0, 0, self.moment()])
        end = begin + HOUR + self.moment()
        for record in some:
            self.gone[record.owner] = [(begin, end)]
            self.vanish(record, begin, end)
        if rng.random() < 0.3 and not world.shared:  # one with several names is told by any
            begin = self.moment()
            self.down = [(begin, begin + 10 * HOUR)]
            for at, word in zip(self.down[0], ("yes", "no")):
                world.events.append({"at": "%ds" % at, "server": world.ns_names, "down": word})
        if rng.random() < 0.25 and self.last_success is None:
            self.restart_at = self.started + self.moment() + 1
            world.subject["restart"] = [{"at": "%ds" % self.restart_at}]
            if "tokens" in world.subject:
                world.subject["restart"][0]["tokens"] = world.subject["tokens"]

    def vanish(self, record, begin, end):
        world = self.world
        zone = world.apex if record.role == "verification" else world.key_home
        lines = "".join("%s %d %s %s\n" % r for r in world.zones[zone]
                        if r[0].lower() == record.owner.lower() + ".")
        world.events.append({"at": "%ds" % begin, "zone": zone, "remove": [record.owner + "."]})
        world.events.append({"at": "%ds" % end, "zone": zone, "add": lines})

    def choose_looks(self):
        looks = {self.moment() + self.moment() for _ in range(self.rng.randint(2, 6))}
        gaps = [g for gaps in self.gone.values() for g in gaps] + self.down
        for begin, end in gaps:
            looks |= set(self.rng.sample([begin, end, end - 1, begin + 1], 2))
            if end - begin > self.window:  # missed at once, and looked for when the time is over
                looks |= {begin, begin + self.window + self.rng.choice([-1, 0, 0, 1])}
        deadline = self.started + self.window
        looks |= set(self.rng.sample([deadline - 1, deadline, deadline + 1], 1))
        # a checker that is patient is still there when the servers come back
        self.looks = sorted(t for t in looks if t >= 0 and
                            not any(0 < end - t < PATIENCE for _, end in self.down))

    def scenario(self):
        return self.world.scenario(["%ds" % at for at in self.looks])

    def expected(self):
        """Status and findings of each look."""
        state = {"started": self.started, "success": self.last_success, "missing": None,
                 "revoked": False, "pending": False, "restarted": False}
        return [self.look(state, at) for at in self.looks]

    def missing_at(self, at):
        return [r for r in self.world.records
                if any(b <= at < e for b, e in self.gone.get(r.owner, []))]

    def look(self, state, at):
        if self.restart_at is not None and at >= self.restart_at and not state["restarted"]:
            state.update(started=self.restart_at, success=None, missing=None, revoked=False,
                         pending=False, restarted=True)
        silent = any(b <= at < e for b, e in self.down)
        missing = [] if silent else self.missing_at(at)
        seen = "nothing" if silent else "wrong" if missing else "right"
        status, news = (self.first_time if state["success"] is None else self.verified)(
            state, at, seen)
        findings = [("server/ns-unreachable", self.world.apex, s)
                    for s in self.world.ns_names] if silent else []
        return status, self.findings(findings, missing, news, seen)

    def first_time(self, state, at, seen):
        over = at - state["started"] >= self.window
        if at < state["started"]:
            return "NOT_STARTED", None
        if seen == "right" and not (over and state["pending"]):
            state["success"] = at
            return "SUCCESS", None
        state["pending"] = True
        return ("FAILED", "expired") if over else ("PENDING", "waiting")

    def verified(self, state, at, seen):
        if seen == "wrong" and state["missing"] is None:
            state["missing"] = at
        if state["missing"] is not None and at >= state["missing"] + self.window:
            state["revoked"] = True
        if state["revoked"]:
            return "FAILED", "revoked"
        if seen == "right":
            state["missing"] = None
            return "SUCCESS", None
        return "TEMPORARY_FAILURE", "warned" if state["missing"] is not None else None

    def findings(self, findings, missing, news, seen):
        world = self.world
        keys = [r for r in world.records if r.role != "verification"]
        all_keys = all(r in missing for r in keys)
        away = world.key_home != world.apex
        for record in missing:
            if record.role == "verification":
                findings.append(("record/amazonses-missing", record.owner, None))
            elif away:
                findings.append(("record/cname-at-zone-cut", record.owner, None))
            elif not all_keys:
                findings.append(("record/one-of-three-missing", record.owner, None))
            elif news in ("waiting", "expired"):
                late = "time/never-appears" if news == "expired" else "time/not-visible-yet"
                findings.append((late, record.owner, None))
            if news == "warned":
                findings.append(("time/revocation-warning", record.owner, None))
        if news == "warned" and seen == "nothing":
            findings.append(("time/revocation-warning", world.domain, None))
        if news == "expired" and seen == "right":
            findings.append(("time/restart-needed", world.domain, None))
        if news == "revoked":
            findings.append(("time/revoked", world.domain, None))
        return findings
