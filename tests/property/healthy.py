"""Healthy worlds: a customer's domain with its DKIM records, the servers of its zone, the zones
above it and the mail provider's. Everything that may differ from one healthy set-up to another is
drawn from a seeded generator: depth of the domain, number, names and addresses of the servers, glue,
TTLs, order and case of records, strings of a TXT, size of the key, aliases on the way to it."""

import base64
import random

TTLS = [1, 60, 300, 3600, 86400, 604800]
TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
OWN_ZONE_REGIONS = ["af-south-1", "eu-south-1", "us-gov-east-1"]
OTHER_REGIONS = [None, None, "us-east-1", "eu-west-1"]


def der(tag, body):
    """One DER value."""
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def rsa_key(rng, bits):
    """SubjectPublicKeyInfo of an RSA key whose modulus is any odd number: nobody signs with it."""
    modulus = rng.getrandbits(bits) | (1 << (bits - 1)) | 1
    body = der(2, b"\0" + modulus.to_bytes(bits // 8, "big")) + der(2, b"\1\0\1")
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    return der(0x30, algorithm + der(3, b"\0" + der(0x30, body)))


def quoted(text):
    """A character-string of zone text."""
    out = "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else "\\%03d" % ord(c) for c in text)
    return '"%s"' % out


def strings(rng, text):
    """The text as character-strings: 1 to 5 where that does, cut anywhere. A text that nearly fills so many
    would hardly ever be cut right, so each try that fails may cut once more."""
    least = max(1, -(-len(text) // 255))
    wanted = rng.randint(least, max(5, least))
    while True:
        cuts = sorted(rng.sample(range(1, len(text)), min(wanted, len(text)) - 1))
        parts = [text[a:b] for a, b in zip([0] + cuts, cuts + [len(text)])]
        if all(len(p) <= 255 for p in parts):
            return " ".join(quoted(p) for p in parts)
        wanted += 1


class Record:
    """A record that the subject needs."""

    def __init__(self, role, label, owner):
        self.role = role  # token, selector, verification
        self.label = label
        self.owner = owner  # without the final dot
        self.target = None


class World:
    """A world, its subject, and the records a checker has to find."""

    def __init__(self, rng):
        self.rng = rng
        self.zones = {}  # name -> [(owner with final dot, ttl, type, rdata)]
        self.unchecked = set()
        self.servers = {}
        self.rules = []
        self.events = []
        self.subject = {}
        self.records = []
        self.ttl = rng.choice(TTLS)
        self.next_v4 = 1
        self.next_v6 = 1
        self.region = None
        self.account = None
        self.wildcard = None  # what is found where a wildcard answers for a missing record

    def add(self, zone, owner, rtype, rdata, ttl=None):
        self.zones[zone].append((owner, ttl or self.ttl, rtype, rdata))

    def take(self, zone, owner, rtype=None):
        """Removes the records at a name; returns them."""
        out = [r for r in self.zones[zone]
               if r[0].lower() == owner.lower() and rtype in (None, r[2])]
        self.zones[zone] = [r for r in self.zones[zone] if r not in out]
        return out

    def zone(self, name, servers):
        self.zones[name] = []
        at = name if name == "." else name + "."
        self.add(name, at, "SOA", "%s. hostmaster.%s. 2024010101 3600 900 604800 %d"
                 % (servers[0], servers[0], self.rng.choice([60, 300, 3600])), 3600)
        for server in servers:
            self.add(name, at, "NS", server + ".", 3600)
            self.servers.setdefault(server, {"addresses": [], "zones": []})["zones"].append(name)

    def address(self, family):
        if family == "v4":
            self.next_v4 += 1
            return "192.0.2.%d" % self.next_v4
        self.next_v6 += 1
        return "2001:db8::%x" % self.next_v6

    def publish_addresses(self, zone, server, families=("v4", "v6")):
        """A and AAAA of a server in a zone: its own, or glue."""
        for address in self.servers[server]["addresses"]:
            family, rtype = ("v6", "AAAA") if ":" in address else ("v4", "A")
            if family in families:
                self.add(zone, server + ".", rtype, address, 3600)

    def delegate(self, parent, child, glue=True, families=("v4", "v6")):
        for owner, _, rtype, rdata in list(self.zones[child]):
            if rtype == "NS" and owner == child + ".":
                self.add(parent, child + ".", "NS", rdata, 3600)
                if glue:
                    self.publish_addresses(parent, rdata[:-1], families)

    def mixed(self, name):
        """A name in any case."""
        if self.rng.random() < 0.7:
            return name
        return "".join(self.rng.choice([c.lower(), c.upper()]) for c in name)

    def scenario(self, visits):
        zones = {}
        for name, records in self.zones.items():
            head, rest = records[:1], records[1:]
            self.rng.shuffle(rest)
            text = "".join("%s %d %s %s\n" % r for r in head + rest)
            zones[name] = {"text": text, **({"check": "off"} if name in self.unchecked else {})}
        return {"title": "A variant", "world": {"zones": zones, "servers": self.servers,
                                                "rules": self.rules, "events": self.events},
                "subject": {"dkim": self.subject,
                            **({"account": self.account} if self.account else {})},
                "expect": [{"at": at, "status": "SUCCESS"} for at in visits]}


def label(rng, least=3, most=12):
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(least, most)))


def add_parents(world, tld, second):
    """The root, com (for the provider), the top-level domain and perhaps a registry below it."""
    tlds = sorted({"com", tld})
    world.servers["a.root-servers.net"] = {"addresses": ["198.51.100.1"], "zones": []}
    world.zone(".", ["a.root-servers.net"])
    world.publish_addresses(".", "a.root-servers.net")
    for n, name in enumerate(tlds):
        server = "a.nic." + name
        world.servers[server] = {"addresses": ["198.51.100.%d" % (2 + n)], "zones": []}
        world.zone(name, [server])
        world.publish_addresses(name, server)
        world.delegate(".", name)
    if second is None:
        return tld
    registry = second + "." + tld
    own = world.rng.random() < 0.5  # on a server of its own, or on that of the top-level domain
    server = "ns.nic." + registry if own else "a.nic." + tld
    if own:
        world.servers[server] = {"addresses": ["198.51.100.9"], "zones": []}
    world.zone(registry, [server])
    if own:
        world.publish_addresses(registry, server)
    world.delegate(tld, registry, glue=own)
    return registry


def add_servers(world, apex):
    """The servers of the zone: their names, all names that NS records announce, whether they live
    in another zone, and in which."""
    rng = world.rng
    outside = rng.random() < 0.3
    home = "hoster-%s.com" % label(rng) if outside else apex
    names = ["ns%d.%s" % (n + 1, home) for n in range(rng.choice([1, 2, 2, 2, 3, 4]))]
    families = rng.choice([["v4"], ["v6"], ["v4", "v6"], ["v4", "v6"]])
    shared = len(names) > 1 and rng.random() < 0.1
    announced = names
    names = names[:1] if shared else names  # the others are further names of the first
    for name in names:
        addresses = [world.address(family) for family in families]
        world.servers[name] = {"addresses": addresses, "zones": []}
    return names, announced, outside, home


def add_customer_zone(world, parent, apex):
    rng = world.rng
    names, announced, outside, home = add_servers(world, apex)
    world.ns_names = names
    world.shared = announced != names
    if outside:
        world.zone(home, names)
        for name in names:
            world.publish_addresses(home, name)
        world.delegate("com", home)
    world.zone(apex, names)
    if not outside:
        for name in names:
            world.publish_addresses(apex, name)
    glue_families = rng.choice([("v4", "v6"), ("v4", "v6"), ("v4",), ("v6",)])
    families = {"v6" if ":" in a else "v4" for n in names for a in world.servers[n]["addresses"]}
    if not families & set(glue_families):
        glue_families = ("v4", "v6")
    # servers elsewhere are found without glue
    world.delegate(parent, apex, glue=not outside, families=glue_families)
    for extra in announced[len(names):]:
        for zone, owner in ((apex, apex), (parent, apex)):
            world.add(zone, owner + ".", "NS", extra + ".", 3600)
        for address in world.servers[names[0]]["addresses"]:
            rtype = "AAAA" if ":" in address else "A"
            where = [home] if outside else [apex, parent]
            for zone in where:
                world.add(zone, extra + ".", rtype, address, 3600)


def add_neighbours(world, apex):
    rng = world.rng
    world.add(apex, apex + ".", "A", "192.0.2.200")
    world.add(apex, apex + ".", "MX", "10 mail." + apex + ".")
    world.add(apex, "www." + apex + ".", "A", "192.0.2.200")
    if rng.random() < 0.5:
        world.add(apex, apex + ".", "TXT", '"v=spf1 include:amazonses.com ~all"')
        world.add(apex, "_dmarc." + apex + ".", "TXT", '"v=DMARC1; p=none"')
    if rng.random() < 0.3:
        world.add(world.key_home, "google._domainkey." + world.domain + ".", "TXT",
                  strings(rng, "v=DKIM1; k=rsa; p=" + world.key(1024)))


def add_provider(world):
    world.servers["ns1.amazonses.com"] = {"addresses": ["203.0.113.1"], "zones": []}
    world.zone("amazonses.com", ["ns1.amazonses.com"])
    world.publish_addresses("amazonses.com", "ns1.amazonses.com")
    world.delegate("com", "amazonses.com")
    world.add("amazonses.com", "amazonses.com.", "TXT", '"v=spf1 ip4:203.0.113.0/24 -all"')
    world.servers["ns.relay-zone.com"] = {"addresses": ["203.0.113.7"], "zones": []}
    world.zone("relay-zone.com", ["ns.relay-zone.com"])
    world.publish_addresses("relay-zone.com", "ns.relay-zone.com")
    world.delegate("com", "relay-zone.com")


def key_text(world, bits):
    head = world.rng.choice(["p=", "v=DKIM1; p=", "v=DKIM1; k=rsa; p=", "k=rsa; t=s; p=",
                             "v=DKIM1;k=rsa;h=sha256;p="])
    return head + world.key(bits) + world.rng.choice(["", ";", "; n=note"])


def add_easy(world):
    rng = world.rng
    world.region = rng.choice(OWN_ZONE_REGIONS + OTHER_REGIONS * 3)
    own = world.region in OWN_ZONE_REGIONS
    world.key_zone = "dkim.%s.amazonses.com" % world.region if own else "dkim.amazonses.com"
    tokens = ["".join(rng.choice(TOKEN_LETTERS) for _ in range(32)) for _ in range(3)]
    active = rng.randrange(3)
    for n, token in enumerate(tokens):
        record = Record("token", token, "%s._domainkey.%s" % (token, world.domain))
        record.target = "%s.%s" % (token, world.key_zone)
        world.records.append(record)
        text = strings(rng, key_text(world, rng.choice([1024, 2048, 4096]))) if n == active else '""'
        world.add("amazonses.com", record.target + ".", "TXT", text)
        hops = ["hop%d-%d.relay-zone.com." % (n, k) for k in range(rng.choice([0] * 8 + [1, 3]))]
        chain = [record.owner + "."] + hops + [record.target + "."]
        for k, (owner, target) in enumerate(zip(chain, chain[1:])):
            world.add(world.key_home if k == 0 else "relay-zone.com", world.mixed(owner), "CNAME",
                      world.mixed(target))
    world.active = world.records[active]
    world.subject.update({"method": "easy-dkim", "tokens": tokens})
    if world.region is not None:
        world.subject["region"] = world.region


def add_own_key(world):
    rng = world.rng
    selector = label(rng, 1, 20)
    record = Record("selector", selector, "%s._domainkey.%s" % (selector, world.domain))
    world.records.append(record)
    world.own_key = world.key(rng.choice([1024, 2048, 4096]))
    text = strings(rng, rng.choice(["p=", "v=DKIM1; k=rsa; p="]) + world.own_key)
    if rng.random() < 0.15:  # as good as the record itself
        record.target = "key.relay-zone.com"
        world.add(world.key_home, record.owner + ".", "CNAME", record.target + ".")
        world.add("relay-zone.com", "key.relay-zone.com.", "TXT", text)
    else:
        world.add(world.key_home, world.mixed(record.owner + "."), "TXT", text)
    world.active = record
    world.subject.update({"method": "byodkim", "selector": selector})
    if rng.random() < 0.5:
        world.subject["public_key"] = world.own_key


def add_verification(world):
    value = base64.b64encode(world.rng.getrandbits(256).to_bytes(32, "big")).decode()
    record = Record("verification", "_amazonses", "_amazonses." + world.domain)
    world.records.append(record)
    world.subject["verification"] = value
    if world.rng.random() < 0.2:
        world.add(world.apex, record.owner + ".", "CNAME", "proof.relay-zone.com.")
        world.add("relay-zone.com", "proof.relay-zone.com.", "TXT", quoted(value))
    else:
        world.add(world.apex, record.owner + ".", "TXT", quoted(value))


def delegate_keys(world):
    """_domainkey is a zone of its own, on the servers of somebody else."""
    names = ["ns%d.key-host.com" % (n + 1) for n in range(world.rng.choice([1, 2]))]
    for n, name in enumerate(names):
        world.servers[name] = {"addresses": ["203.0.113.%d" % (20 + n)], "zones": []}
    world.zone("key-host.com", names)
    for name in names:
        world.publish_addresses("key-host.com", name)
    world.delegate("com", "key-host.com")
    world.key_home = "_domainkey." + world.domain
    world.zone(world.key_home, names)
    world.delegate(world.apex, world.key_home, glue=False)
    world.key_names = names


def alias_the_domain(world):
    """The name of the identity itself is an alias, as of a mail or web host: its records stand
    below it all the same."""
    if world.domain != world.apex:  # the top of a zone has an SOA and cannot be one
        world.add("relay-zone.com", "web.relay-zone.com.", "A", "192.0.2.222")
        world.add(world.apex, world.domain + ".", "CNAME", "web.relay-zone.com.")


def build(seed, method=None):
    """A healthy world; the same for the same seed."""
    rng = random.Random(seed)
    world = World(rng)
    world.key = lambda bits: base64.b64encode(rsa_key(rng, bits)).decode()
    tld, second = rng.choice([("com", None), ("com", None), ("test", None), ("uk", "co"),
                              ("au", "com"), ("xn--p1ai", None)])
    parent = add_parents(world, tld, second)
    registered = "%s.%s" % (rng.choice(["example", "bakery-4", label(rng), "a" * 63]), parent)
    sub = rng.choice([None, None, None, "mail", "mail.eu", "a.b.c.d"])
    own_zone = sub is not None and rng.random() < 0.4
    world.domain = registered if sub is None else sub + "." + registered
    world.apex = world.domain if own_zone else registered
    add_provider(world)
    if own_zone:
        world.servers["ns.parent-host.com"] = {"addresses": ["203.0.113.8"], "zones": []}
        world.zone("parent-host.com", ["ns.parent-host.com"])
        world.publish_addresses("parent-host.com", "ns.parent-host.com")
        world.delegate("com", "parent-host.com")
        world.zone(registered, ["ns.parent-host.com"])
        world.delegate(parent, registered, glue=False)
        parent = registered
    add_customer_zone(world, parent, world.apex)
    world.subject["domain"] = world.mixed(world.domain)
    world.key_home = world.apex
    world.key_names = world.ns_names
    if rng.random() < 0.12:
        delegate_keys(world)
    if rng.random() < 0.15:
        alias_the_domain(world)
    add_neighbours(world, world.apex)
    (add_easy if (method or rng.choice(["easy", "easy", "own"])) == "easy" else add_own_key)(world)
    if rng.random() < 0.3:
        add_verification(world)
    if rng.random() < 0.3:
        world.subject["resolver"] = "yes"
    return world
