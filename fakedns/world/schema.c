// What a world's YAML may say. The words of `when` and `then` are in trigger.c and effect.c.
#include "fakedns/world/build.h"
#include "fakedns/world/value.h"

static const char *check_address(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_address address;
    return fdns_address_parse(text, 53, &address) == FDNS_OK
               ? NULL
               : "write 192.0.2.1, 192.0.2.1:5353, 2001:db8::1 or [2001:db8::1]:5353";
}

const struct fdns_schema_type fdns_type_address = {
    .kind = FDNS_SCHEMA_TEXT, .name = "address", .check = check_address};
const struct fdns_schema_type fdns_type_zone_text = {.kind = FDNS_SCHEMA_TEXT, .name = "zone text"};

static const struct fdns_schema_type address_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of addresses", .item = &fdns_type_address, .min = 1};
static const struct fdns_schema_type udp_limit = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 512, .max = 65535};

static const struct fdns_schema_key zone_keys[] = {
    {.name = "text",
     .type = &fdns_type_zone_text,
     .doc = "The zone as zone text (RFC 1035), instead of the base's.",
     .example = "|\n  @ SOA ns1 hostmaster 1 3600 900 604800 300\n  @ NS ns1.example.com."},
    {.name = "file",
     .type = &fdns_type_text,
     .doc = "A zone file, looked for in the folder of this file and those above it.",
     .example = "zones/example.com.zone"},
    {.name = "sign",
     .type = &fdns_type_sign,
     .doc = "The zone is signed when it is loaded (docs/DNSSEC.md). `no` takes back what the base "
            "says.",
     .example = "yes"},
    {.name = "check",
     .type = &fdns_type_boolean,
     .doc = "`off` stores what no server should hold (a CNAME beside other data, two CNAMEs): an "
            "exact type answers first, else the CNAMEs as they stand.",
     .example = "off"},
    {.name = "remove",
     .type = &fdns_type_text_list,
     .doc = "What to take out, as `NAME TYPE` or `NAME`, relative to the zone; `@` is the zone "
            "itself.",
     .example = "[ example._domainkey CNAME ]"},
    {.name = "add",
     .type = &fdns_type_zone_text,
     .doc = "Records to put in, as zone text; names are relative to the zone and the TTL is 300 "
            "unless written.",
     .example = "|\n  selector._domainkey TXT \"v=DKIM1; p=\""},
};
static const struct fdns_schema_type zone_record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "zone",
    .doc = "A zone: either its text as it stands, or these keys. Without `text` and `file` it is "
           "the base's zone of that name, edited. `remove` comes before `add`.",
    .keys = zone_keys,
    .n_keys = sizeof(zone_keys) / sizeof(zone_keys[0])};
static const struct fdns_schema_type *const zone_choices[] = {&fdns_type_zone_text, &zone_record};
static const struct fdns_schema_type zone = {.kind = FDNS_SCHEMA_EITHER,
                                             .name = "zone text or zone",
                                             .choices = zone_choices,
                                             .n_choices = 2};
static const struct fdns_schema_type zones = {
    .kind = FDNS_SCHEMA_MAP, .name = "zones by name", .item = &zone};

static const struct fdns_schema_type address_list_or_none = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of addresses", .item = &fdns_type_address};
static const struct fdns_schema_type prefix_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of addresses and subnets", .item = &fdns_type_prefix};
static const struct fdns_schema_type *const transfer_choices[] = {&fdns_type_boolean, &prefix_list};
static const struct fdns_schema_type transfer = {.kind = FDNS_SCHEMA_EITHER,
                                                 .name = "boolean or list of addresses",
                                                 .choices = transfer_choices,
                                                 .n_choices = 2};

static const struct fdns_schema_key server_keys[] = {
    {.name = "addresses",
     .type = &address_list,
     .doc = "Its scripted addresses, port 53 unless written. `fakedns` serves each on a loopback "
            "endpoint of its own.",
     .example = "[192.0.2.1, \"2001:db8::1\"]"},
    {.name = "zones",
     .type = &fdns_type_text_list,
     .doc = "The zones it holds.",
     .example = "[example.com]"},
    {.name = "version",
     .type = &fdns_type_text,
     .doc = "Its answer to `version.bind` in class CH; REFUSED without it.",
     .example = "9.18.1"},
    {.name = "id",
     .type = &fdns_type_text,
     .doc = "Its answer to `id.server` in class CH; REFUSED without it.",
     .example = "ns1"},
    {.name = "udp-limit",
     .type = &udp_limit,
     .doc = "The largest answer it sends over UDP; 1232 without it.",
     .example = "4096"},
    {.name = "transfer",
     .type = &transfer,
     .doc = "Who may have its zones by AXFR and IXFR (docs/TRANSFERS.md): anybody (`yes`), or "
            "clients of these addresses and subnets. Others are REFUSED, and without it all.",
     .example = "[127.0.0.0/8, \"::1\"]"},
    {.name = "notify",
     .type = &address_list_or_none,
     .doc = "Who is told by NOTIFY when an event changes one of its zones: addresses of this "
            "machine's network, or scripted ones; port 53 unless written.",
     .example = "[\"127.0.0.1:5300\"]"},
};
static const struct fdns_schema_type server = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "server",
    .doc = "A server. For a server of the base, the keys given here replace those of the base.",
    .keys = server_keys,
    .n_keys = sizeof(server_keys) / sizeof(server_keys[0])};
static const struct fdns_schema_type servers = {
    .kind = FDNS_SCHEMA_MAP, .name = "servers by name", .item = &server};

static const struct fdns_schema_key rule_keys[] = {
    {.name = "name",
     .type = &fdns_type_text,
     .doc = "For the query log, and for events that switch the rule.",
     .example = "slow-txt"},
    {.name = "enabled",
     .type = &fdns_type_boolean,
     .doc = "`no`: the rule is off until an event switches it on.",
     .example = "no"},
    {.name = "last",
     .type = &fdns_type_boolean,
     .doc =
         "`yes`: where this rule acts, the rules behind it do not. So of several rules the first "
         "that matches wins.",
     .example = "yes"},
    {.name = "when",
     .type = &fdns_type_when,
     .doc = "Which queries it is about; all without it.",
     .example = "{ zone: example.com, type: TXT }"},
    {.name = "then",
     .type = &fdns_type_then,
     .required = true,
     .doc = "What it does to the answer.",
     .example = "{ rcode: SERVFAIL }"},
};
static const struct fdns_schema_type rule = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "rule",
    .doc = "A rule edits the honest answer to the queries that match.",
    .keys = rule_keys,
    .n_keys = sizeof(rule_keys) / sizeof(rule_keys[0])};
static const struct fdns_schema_type rules = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of rules", .item = &rule};

static const struct fdns_schema_type *const server_choices[] = {&fdns_type_text,
                                                                &fdns_type_text_list};
static const struct fdns_schema_type server_or_list = {.kind = FDNS_SCHEMA_EITHER,
                                                       .name = "server name or list of them",
                                                       .choices = server_choices,
                                                       .n_choices = 2};
static const struct fdns_schema_key event_keys[] = {
    {.name = "at",
     .type = &fdns_type_duration,
     .required = true,
     .doc = "When it happens, in the world's time.",
     .example = "24h"},
    {.name = "server",
     .type = &server_or_list,
     .doc = "The server it happens to, or several; without it all that hold the zone, and for "
            "`rules` all servers and the `resolver`.",
     .example = "ns2.example.com"},
    {.name = "zone",
     .type = &fdns_type_text,
     .doc = "The zone that `remove`, `add`, `serial` or `unload` is about.",
     .example = "example.com"},
    {.name = "remove",
     .type = &fdns_type_text_list,
     .doc = "Records that vanish, as in a zone's `remove`.",
     .example = "[ example._domainkey CNAME ]"},
    {.name = "add",
     .type = &fdns_type_zone_text,
     .doc = "Records that appear, as in a zone's `add`. With `remove`, records that change.",
     .example = "|\n  example._domainkey CNAME example.dkim.amazonses.com."},
    {.name = "serial",
     .type = &fdns_type_serial,
     .doc = "The serial of the zone's SOA from then on: `next` is one more, a number is that. "
            "Without it the serial stays as it is, unless `add` has an SOA: a serial that was "
            "forgotten is a common mistake.",
     .example = "next"},
    {.name = "unload",
     .type = &fdns_type_boolean,
     .doc = "`yes`: the server no longer holds the zone; `no`: it holds it again.",
     .example = "yes"},
    {.name = "down",
     .type = &fdns_type_boolean,
     .doc = "`yes`: the server no longer answers at all; `no`: it is back.",
     .example = "yes"},
    {.name = "rules",
     .type = &fdns_type_boolean,
     .doc = "Switches all rules `on` or `off`, or the one that `rule` names.",
     .example = "off"},
    {.name = "rule",
     .type = &fdns_type_text,
     .doc = "The name of the one rule to switch.",
     .example = "slow-txt"},
};
static const struct fdns_schema_type event = {.kind = FDNS_SCHEMA_RECORD,
                                              .name = "event",
                                              .doc =
                                                  "Something that happens to the world at a time.",
                                              .keys = event_keys,
                                              .n_keys = sizeof(event_keys) / sizeof(event_keys[0])};
static const struct fdns_schema_type events = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of events", .item = &event};

static const struct fdns_schema_key world_keys[] = {
    {.name = "title",
     .type = &fdns_type_text,
     .doc = "What the world is, for people.",
     .example = "A healthy example.com"},
    {.name = "base",
     .type = &fdns_type_text,
     .doc = "The world this one builds on: zones and servers are merged by name, rules and events "
            "are appended. Looked for in the folder of this file and those above it.",
     .example = "lib/easy-dkim.yaml"},
    {.name = "zones",
     .type = &zones,
     .doc = "Zones by name; `.` is the root.",
     .example = "{ example.com: { remove: [ www A ] } }"},
    {.name = "servers",
     .type = &servers,
     .doc = "Servers by name.",
     .example = "{ ns1.example.com: { addresses: [192.0.2.1], zones: [example.com] } }"},
    {.name = "rules",
     .type = &rules,
     .doc = "Rules, in the order in which they act.",
     .example = "[ { when: { type: TXT }, then: { rcode: SERVFAIL } } ]"},
    {.name = "events",
     .type = &events,
     .doc = "What happens, and when.",
     .example = "[ { at: 24h, server: ns2.example.com, rules: off } ]"},
};
const struct fdns_schema_type fdns_type_world = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "world",
    .doc = "A scripted piece of the Internet: zones, the servers that hold them, and what is wrong "
           "with them.",
    .keys = world_keys,
    .n_keys = sizeof(world_keys) / sizeof(world_keys[0])};
