"""Known faults. Each breaks one thing in a healthy world and returns what a correct checker says:
findings as (id, name, server), a name or server that may be None, and whether the record is then
"wrong", "missing" (with no other cause), "noted" (with a warning and good) or still "right"."""

import texts
from healthy import quoted, strings


class Outcome:
    def __init__(self, findings, state="wrong"):
        self.findings = findings
        self.state = state


def one(finding, record, server=None):
    return Outcome([(finding, record.owner, server)])


def home(world, record):
    """The zone that holds the record."""
    return world.apex if record.role == "verification" else world.key_home


def take(world, record):
    return world.take(home(world, record), record.owner + ".")


def servers_of(world, record):
    return world.alive if home(world, record) == world.apex else world.key_names


def at_apex(world):
    return world.domain == world.apex


def renamed(finding, shape, where="own"):
    """The record stands under another name."""
    def inject(world, record):
        head = record.owner[:-len(world.domain) - 1]
        name = shape.format(P=head, T=record.label, D=world.domain, Z=world.apex,
                            S=world.domain[:-len(world.apex) - 1],
                            E=world.domain.replace(".", "\\."))
        for _, ttl, rtype, rdata in take(world, record):
            world.add(world.apex, name + ".", rtype, rdata, ttl)
        return one(finding(record) if callable(finding) else finding, record)
    inject.where = where
    return inject


def doubled(record):
    return "name/doubled-suffix" if record.role == "token" else "name/doubled-suffix-txt"


def quoted_in_full(world):
    return strings(world.rng, '"v=DKIM1; p=%s"' % world.own_key)


def renamed_and(shape, rdata, where):
    """The record stands under another name, and its text is wrong, too: the name comes first."""
    def inject(world, record):
        outcome = renamed(doubled, shape, where)(world, record)
        name = shape.format(P=record.owner[:-len(world.domain) - 1], D=world.domain, Z=world.apex)
        world.take(world.apex, name + ".")
        world.add(world.apex, name + ".", "TXT", rdata(world))
        return outcome
    inject.where = where
    return inject


def missing(world, record):
    take(world, record)
    if home(world, record) != world.apex:
        return one("record/cname-at-zone-cut", record)
    return Outcome([], "missing")


def retargeted(finding, target):
    """The CNAME leads elsewhere. target: text with fields, or a function."""
    def inject(world, record):
        take(world, record)
        others = [r for r in world.records if r.role == "token" and r is not record]
        text = target.format(T=record.label, K=world.key_zone, Z=world.apex, H=home(world, record), D=world.domain,
                             X=others[0].target, O=record.owner)
        world.add(home(world, record), record.owner + ".", "CNAME", text)
        return one(finding, record)
    return inject


def replaced(finding, rtype, rdata):
    def inject(world, record):
        take(world, record)
        world.add(home(world, record), record.owner + ".", rtype, rdata(world, record))
        return one(finding, record)
    return inject


def two_cnames(world, record):
    world.unchecked.add(home(world, record))
    world.add(home(world, record), record.owner + ".", "CNAME", "old.example.net.")
    return one("record/two-cnames", record)


def dangling(world, record):
    world.take("amazonses.com", record.target + ".")
    if record is world.active:
        return Outcome([("record/cname-dangling", record.owner, None)])
    return one("record/cname-dangling", record)


def target_nodata(world, record):
    world.take("amazonses.com", record.target + ".")
    world.add("amazonses.com", record.target + ".", "A", "203.0.113.9")
    return one("record/cname-target-nodata", record)


def loop(world, record):
    zone = home(world, record)
    take(world, record)
    world.add(zone, record.owner + ".", "CNAME", "loop-" + record.owner + ".")
    world.add(zone, "loop-" + record.owner + ".", "CNAME", record.owner + ".")
    return one("record/cname-loop", record)


def answered(finding, then, some=False):
    """TXT queries for the record get another answer, from all servers or from one of several."""
    def inject(world, record):
        servers = servers_of(world, record)
        if some:
            servers = [world.rng.choice(servers)]
        world.rules.append({"when": {"server": servers, "name": record.owner, "type": "TXT"},
                            "then": then})
        said = finding(record) if callable(finding) else finding
        return one(said, record, servers[0] if some else None)
    inject.needs_several = some
    return inject


def servfail(record):
    aliased = record.target is not None
    return "server/txt-servfail-cname-ok" if aliased else "server/txt-servfail"


def not_at_one(finding, serial):
    """One server lacks the record; serial: that of its SOA, or None for the same."""
    def inject(world, record):
        zone = home(world, record)
        server = world.rng.choice(servers_of(world, record))
        event = {"at": "0s", "server": server, "zone": zone, "remove": [record.owner + "."]}
        if serial is not None:
            soa = world.zones[zone][0]
            event["remove"].append(zone + ". SOA")
            event["add"] = "%s 3600 SOA %s\n" % (soa[0], soa[3].replace("2024010101", serial))
        world.events.append(event)
        return one(finding, record, server)
    inject.needs_several = True
    inject.once = "soa"
    return inject


def other_key_at_one(world, record):
    """One server publishes another key, as good as the others'."""
    server = world.rng.choice(servers_of(world, record))
    world.events.append({"at": "0s", "server": server, "zone": home(world, record),
                         "remove": [record.owner + "."],
                         "add": "%s. 300 TXT %s\n" % (record.owner,
                                                      strings(world.rng, "p=" + world.key(1024)))})
    if "public_key" in world.subject:
        return one("key/key-mismatch", record, server)
    return one("server/keys-differ", record)


other_key_at_one.needs_several = True


def mistyped(world, record):
    """Two letters of the token at most are wrong, lost or too many."""
    token, rng = list(record.label), world.rng
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(token))
        token[at] = rng.choice(["", token[at] * 2, rng.choice([c for c in "abcxyz237" if c != token[at]])])
    if "".join(token) == record.label:  # one doubled that was, one lost
        token[0] = "a" if token[0] != "a" else "b"
    return retargeted("record/cname-target-typo", "".join(token) + ".{K}.")(world, record)


def text_of(text):
    return lambda world, record: strings(world.rng, text(world) if callable(text) else text)


def cut(world, record):
    return quoted(("p=" + world.key(2048))[:255])


def over_two(world, record):
    text = "v=DKIM1; p=" + world.key(2048)
    world.add(home(world, record), record.owner + ".", "TXT", quoted(text[255:]))
    return quoted(text[:255])


def noted(finding, rtype, rdata):
    """Something is said of the record, which is good."""
    def inject(world, record):
        outcome = replaced(finding, rtype, rdata)(world, record)
        return Outcome(outcome.findings if finding is not None else [], "noted")
    return inject


def reversed_strings(world, record):
    text = texts.whole(world)
    n = max(world.rng.randint(2, 4), -(-len(text) // 255))
    cuts = [len(text) * i // n for i in range(n + 1)]
    return " ".join(quoted(text[a:b]) for a, b in reversed(list(zip(cuts, cuts[1:]))))


def other_key(world, record):
    """It is noticed where the subject says which key it should be."""
    known = "public_key" in world.subject
    text = text_of(lambda w: "p=" + w.key(2048))
    return (replaced if known else noted)("key/key-mismatch" if known else None, "TXT", text)(world, record)


def twice(world, record):
    """The same text twice, in strings of its own each time."""
    text = texts.whole(world)
    world.add(home(world, record), record.owner + ".", "TXT", strings(world.rng, text))
    return strings(world.rng, text)


def beside_spf(world, record):
    world.add(home(world, record), record.owner + ".", "TXT", quoted("v=spf1 -all"))
    return strings(world.rng, texts.whole(world))


def two_keys(world, record):
    world.add(home(world, record), record.owner + ".", "TXT", strings(world.rng, "p=" + world.key(1024)))
    return strings(world.rng, texts.whole(world))


TOKEN = {
    "missing": missing,
    "doubled": renamed(doubled, "{P}.{D}.{Z}", "apex"),
    "doubled-partial": renamed("name/doubled-suffix-partial", "{P}.{D}.{Z}", "below"),
    "doubled-labels": renamed("name/doubled-suffix-partial", "{P}.{S}.{D}", "below"),
    "doubled-domainkey": renamed("name/doubled-domainkey", "{T}._domainkey._domainkey.{D}"),
    "no-domainkey": renamed("name/name-missing-domainkey", "{T}.{D}"),
    "no-dot": renamed("name/name-missing-dot-before-domainkey", "{T}_domainkey.{D}"),
    "escaped": renamed("name/name-escaped-dot", "{T}\\._domainkey.{D}"),
    "plural": renamed("name/name-domainkey-plural", "{T}._domainkeys.{D}"),
    "no-underscore": renamed("name/underscore-refused", "{T}.domainkey.{D}"),
    "hyphen": renamed("name/underscore-to-hyphen", "{T}-domainkey.{D}"),
    "at-sign": renamed("name/at-sign-or-star-literal", "{P}.\\@.{D}"),
    "blank": renamed("name/name-whitespace", "\\032{P}.{D}"),
    "www": renamed("name/www-included", "{P}.www.{D}"),
    "parent": renamed("name/parent-vs-subdomain", "{P}.{Z}", "below"),
    "relative-target": retargeted("record/cname-target-no-dot", "{T}.{K}.{Z}."),
    "mistyped": mistyped,
    "typo": retargeted("record/cname-target-typo", "{T}.dkim.amazonses.co."),
    "swapped": retargeted("record/cname-swapped-tokens", "{X}."),
    "region": retargeted("record/cname-wrong-region", "{T}.dkim.il-central-1.amazonses.com."),
    "address": retargeted("record/cname-to-url-or-ip", "192.0.2.1."),
    "url": retargeted("record/cname-to-url-or-ip", "https://{T}.{K}."),
    "loop": loop,
    "itself": retargeted("record/cname-loop", "{O}."),
    "two-cnames": two_cnames,
    "proxied": replaced("record/cname-proxied", "A", lambda w, r: "192.0.2.250"),
    "target-as-text": replaced("record/txt-where-cname-needed", "TXT",
                               lambda w, r: quoted(r.target)),
    "key-copied": replaced("record/key-copied-instead-of-cname", "TXT",
                           lambda w, r: strings(w.rng, "p=" + w.key(2048))),
    "dangling": dangling,
    "target-nodata": target_nodata,
    "servfail": answered("server/txt-servfail-cname-ok", {"rcode": "SERVFAIL"}),
    "servfail-kept": answered("server/txt-servfail-cname-ok", {"set-rcode": "SERVFAIL"}),
    "refused": answered("server/txt-refused", {"rcode": "REFUSED"}),
    "notimp": answered("server/txt-notimp", {"rcode": "NOTIMP"}),
    "formerr": answered("server/txt-formerr", {"rcode": "FORMERR"}),
    "silent": answered("server/txt-timeout-cname-ok", {"drop": "yes"}),
    "other-id": answered("server/id-mismatch", {"id": "+1"}),
    "other-question": answered("server/question-mismatch", {"question": {"type": "A"}}),
    "empty": answered("server/txt-nodata-cname-ok", {"empty": "yes"}),
    "nxdomain": answered("server/txt-nxdomain-cname-ok", {"rcode": "NXDOMAIN"}),
    "servfail-at-one": answered("server/txt-servfail-cname-ok", {"rcode": "SERVFAIL"}, True),
    "silent-at-one": answered("server/txt-timeout-cname-ok", {"drop": "yes"}, True),
    "same-serial": not_at_one("server/serial-not-bumped", None),
    "old-serial": not_at_one("server/stale-secondary", "2023010101"),
    "serial-ahead": not_at_one("server/serial-went-back", "2024090101"),
}

SELECTOR = {
    "missing": missing,
    "doubled": TOKEN["doubled"],
    "doubled-partial": TOKEN["doubled-partial"],
    "doubled-labels": TOKEN["doubled-labels"],
    "doubled-domainkey": TOKEN["doubled-domainkey"],
    "no-domainkey": TOKEN["no-domainkey"],
    "no-dot": TOKEN["no-dot"],
    "escaped-name": TOKEN["escaped"],
    "plural": TOKEN["plural"],
    "no-underscore": TOKEN["no-underscore"],
    "hyphen": TOKEN["hyphen"],
    "at-sign": TOKEN["at-sign"],
    "blank": TOKEN["blank"],
    "www": TOKEN["www"],
    "parent": TOKEN["parent"],
    "quotes": replaced("text/quotes-literal", "TXT",
                       text_of(lambda w: '"v=DKIM1; p=%s"' % w.own_key)),
    "spf": replaced("text/spf-or-dmarc-at-dkim-name", "TXT", text_of("v=spf1 mx -all")),
    "empty": replaced("text/empty-string", "TXT", lambda w, r: '""'),
    "revoked": replaced("key/revoked-key", "TXT", text_of("v=DKIM1; k=rsa; p=")),
    "no-p": replaced("key/p-missing", "TXT", text_of("v=DKIM1; k=rsa")),
    "bare": replaced("key/p-only-key-no-tag", "TXT", text_of(lambda w: w.own_key)),
    "version": replaced("key/wrong-version", "TXT", text_of(lambda w: "v=DKIM2; p=" + w.own_key)),
    "short": replaced("key/key-too-short", "TXT", text_of(lambda w: "p=" + w.key(512))),
    "sha1": replaced("key/hash-sha1-only", "TXT", text_of(lambda w: "h=sha1; p=" + w.own_key)),
    "folded": replaced("text/case-folded-value", "TXT",
                       text_of(lambda w: ("v=DKIM1; p=" + w.own_key).lower())),
    "escaped": replaced("text/semicolon-escaped", "TXT",
                        text_of(lambda w: "v=DKIM1\\; k=rsa\\; p=" + w.own_key)),
    "cut": replaced("text/cut-255", "TXT", cut),
    "over-two": replaced("text/split-over-rrs", "TXT", over_two),
    "other-key": other_key,
    "other-key-at-one": other_key_at_one,
    "doubled-and-quoted": renamed_and("{P}.{D}.{Z}", quoted_in_full, "apex"),
    "reversed": replaced("text/strings-reversed", "TXT", reversed_strings),
    "twice-the-same": replaced("text/duplicate-identical", "TXT", twice),
    "beside-spf": replaced("text/key-plus-unrelated-txt", "TXT", beside_spf),
    "two-keys": replaced("text/two-different-keys", "TXT", two_keys),
    "type-99": replaced("record/key-in-type99", "SPF", text_of(lambda w: "p=" + w.own_key)),
    "cname": replaced("record/cname-where-txt-needed", "CNAME", lambda w, r: "www.%s." % w.apex),
    "servfail": answered(servfail, {"rcode": "SERVFAIL"}),
    "refused": TOKEN["refused"],
    "silent": TOKEN["silent"],
    "other-id": TOKEN["other-id"],
    "servfail-at-one": answered(servfail, {"rcode": "SERVFAIL"}, True),
    "same-serial": TOKEN["same-serial"],
    "old-serial": TOKEN["old-serial"],
}

SELECTOR.update({"text-" + name: replaced(finding, "TXT", text_of(text))
                 for name, (finding, text) in texts.WRONG.items()})
SELECTOR.update({"noted-" + name: noted(finding, "TXT", text_of(text))
                 for name, (finding, text) in texts.NOTED.items()})

VERIFICATION = {
    "missing": missing,
    "doubled": renamed("name/doubled-suffix-txt", "{P}.{D}.{Z}", "apex"),
    "other-value": replaced("record/amazonses-wrong-value", "TXT",
                            lambda w, r: quoted(w.subject["verification"][::-1])),
    "folded-value": replaced("record/amazonses-case-folded", "TXT",
                             lambda w, r: quoted(w.subject["verification"].lower())),
    "servfail": answered("server/txt-servfail-amazonses", {"rcode": "SERVFAIL"}),
    "silent": answered("server/txt-servfail-amazonses", {"drop": "yes"}),
}

BY_ROLE = {"token": TOKEN, "selector": SELECTOR, "verification": VERIFICATION}


# Faults of servers: the records may still be found at the others.

def dead(world):
    """Some servers, not all, answer nothing."""
    gone = world.rng.sample(world.alive, world.rng.randint(1, len(world.alive) - 1))
    world.alive = [s for s in world.alive if s not in gone]
    world.events.append({"at": "0s", "server": gone, "down": "yes"})
    return Outcome([("server/ns-unreachable", world.apex, s) for s in gone], "right")


def lame(world):
    gone = world.rng.choice(world.alive)
    world.alive = [s for s in world.alive if s != gone]
    world.servers[gone]["zones"] = [z for z in world.servers[gone]["zones"] if z != world.apex]
    return Outcome([("server/lame-refused", world.apex, gone)], "right")


def failing(world):
    gone = world.rng.choice(world.alive)
    world.alive = [s for s in world.alive if s != gone]
    world.rules.append({"when": {"server": gone, "zone": world.apex}, "then": {"rcode": "SERVFAIL"}})
    return Outcome([("server/lame-servfail", world.apex, gone)], "right")


def without_authority(world):
    server = world.rng.choice(world.alive)
    world.rules.append({"when": {"server": server, "zone": world.apex}, "then": {"clear": ["AA"]}})
    return Outcome([("server/aa-missing", world.apex, server)], "right")


def edns(finding, then, more={}):
    """One of the servers does this to queries with EDNS, and answers without."""
    def inject(world):
        server = world.rng.choice(world.alive)
        world.rules.append({"when": dict({"server": server, "zone": world.apex}, **more),
                            "then": then})
        return Outcome([(finding, world.apex, server)], "right")
    return inject


def foreign_ids(world):
    gone = world.rng.choice(world.alive)
    world.alive = [s for s in world.alive if s != gone]
    world.rules.append({"when": {"server": gone}, "then": {"id": "+1"}})
    return Outcome([("server/id-mismatch", world.apex, gone)], "right")


SERVER = {"dead": dead, "lame": lame, "failing": failing, "without-authority": without_authority,
          "edns-dropped": edns("server/edns-drop", {"drop": "yes"}, {"edns": "yes"}),
          "edns-refused": edns("server/edns-formerr", {"rcode": "FORMERR"}, {"edns": "yes"}),
          "option-dropped": edns("server/edns-option-drop", {"drop": "yes"},
                                 {"edns-option": "100"}),
          "foreign-ids": foreign_ids}
OF_EDNS = ("edns-dropped", "edns-refused", "option-dropped")


# Faults beside DKIM: the neighbours of its records, the account side.

def neighbours(inject):
    """Looked at where the zone has good ones of its own."""
    def look(world):
        world.subject["with"] = ["dmarc", "spf"]
        return inject(world)
    look.fits = lambda world: at_apex(world) and any(
        r[0] == "_dmarc.%s." % world.domain for r in world.zones[world.apex])
    return look


def without_dmarc(world):
    world.take(world.apex, "_dmarc.%s." % world.domain)
    return Outcome([("neighbour/dmarc-missing", "_dmarc." + world.domain, None)], "right")


def second_spf(world):
    world.add(world.apex, world.domain + ".", "TXT", '"v=spf1 mx -all"')
    return Outcome([("neighbour/spf-two-records", world.domain, None)], "right")


def address_identity(world):
    """Somebody verified an address of the domain by itself."""
    world.account = {"identities": [{"name": "mary@" + world.domain}]}
    return Outcome([("account/individual-address-identity", None, None)], "right")


def other_domain(world):
    """Another domain of the account, signed for by nobody, takes none of the blame."""
    world.account = {"identities": [{"name": "relay-zone.com"}],
                     "senders": ["joe@" + world.domain]}
    return Outcome([], "right")


BESIDE = {"neighbours": neighbours(lambda world: Outcome([], "right")),
          "without-dmarc": neighbours(without_dmarc), "second-spf": neighbours(second_spf),
          "address-identity": address_identity, "other-domain": other_domain}


# What must make no difference (negative controls N5 to N12, and patience).

def truncated(world):
    world.rules.append({"when": {"zone": world.apex, "type": "TXT", "transport": "udp"},
                        "then": {"truncate": "yes"}})


def without_edns(world):
    world.rules.append({"when": {"zone": world.apex, "edns": "yes"},
                        "then": {"rcode": "FORMERR", "edns": "none"}})


def edns_ignored(world):
    world.rules.append({"when": {"zone": world.apex}, "then": {"edns": "none"}})


def slow(world):
    world.rules.append({"when": {"zone": world.apex}, "then": {"delay": "1500ms"}})


def lossy(world):
    world.rules.append({"when": {"zone": world.apex, "every": "5"}, "then": {"drop": "yes"}})


def chatty(world):
    world.rules.append({"when": {"zone": world.apex},
                        "then": {"add": {"additional": "extra.%s. A 192.0.2.99" % world.apex}}})


def wildcard_address(world):
    world.add(world.apex, "*." + world.apex + ".", "A", "192.0.2.240")


def wildcard_mx(world):
    world.add(world.apex, "*." + world.apex + ".", "MX", "10 mail.%s." % world.apex)


def wildcard_alias(world):
    world.wildcard = "server/wildcard-masks-missing"
    world.add(world.apex, "*." + world.domain + ".", "CNAME", "www.%s." % world.apex)


def wildcard_spf(world):
    world.wildcard = "server/wildcard-txt-spf"
    world.add(world.apex, "*." + world.domain + ".", "TXT", '"v=spf1 -all"')


def followed(world):
    """The servers hold the provider's zone as well, and follow the CNAMEs themselves."""
    for server in world.ns_names:
        world.servers[server]["zones"].append("amazonses.com")


def second_server_dead(zone, name, address):
    """Another server of a zone on the way is silent; everybody asks the first one then."""
    def inject(world):
        world.servers[name] = {"addresses": [address], "zones": [zone]}
        world.add(zone, zone + ".", "NS", name + ".", 3600)
        world.publish_addresses(zone, name)
        parent = zone.partition(".")[2] or "."
        world.add(parent, zone + ".", "NS", name + ".", 3600)
        world.publish_addresses(parent, name)
        world.events.append({"at": "0s", "server": name, "down": "yes"})
    return inject


NOISE = {"truncated": truncated, "without-edns": without_edns, "edns-ignored": edns_ignored,
         "slow": slow, "lossy": lossy, "chatty": chatty, "followed": followed,
         "dead-registry-server": second_server_dead("com", "b.nic.com", "198.51.100.77"),
         "dead-provider-server": second_server_dead("amazonses.com", "ns2.amazonses.com",
                                                    "203.0.113.77"),
         "wildcard-alias": wildcard_alias, "wildcard-spf": wildcard_spf,
         "wildcard-address": wildcard_address,
         "wildcard-mx": wildcard_mx}
