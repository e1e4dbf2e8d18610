// The words of `when`: each with its type, how its value is read, and when it matches.
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"

#include <stdarg.h>

void fdns_rule_never(const struct fdns_rule_reading *reading, const struct fdns_node *node,
                     const char *format, ...)
{
    if (reading->nested) {
        return;
    }
    va_list args;
    va_start(args, format);
    struct fdns_arena arena;
    fdns_arena_init(&arena, 512);
    fdns_diag(reading->diags, FDNS_WARNING, reading->source, node->line, node->column,
              "the rule can never match: %s", fdns_arena_vformat(&arena, format, args));
    fdns_arena_clear(&arena);
    va_end(args);
}

void fdns_trigger_warn_of_empty(const struct fdns_rule_reading *reading,
                                const struct fdns_node *node)
{
    if (fdns_node_n(node) == 0) {
        fdns_rule_never(reading, node, "the list is empty");
    }
}

// --- types of values

static const struct fdns_schema_type server_name = {.kind = FDNS_SCHEMA_TEXT,
                                                    .name = "server name"};
static const struct fdns_schema_type name_pattern = {.kind = FDNS_SCHEMA_TEXT,
                                                     .name = "name pattern"};
static const struct fdns_schema_type zone_name = {.kind = FDNS_SCHEMA_TEXT, .name = "zone name"};
FDNS_OR_LIST(server_name, "server name")
FDNS_OR_LIST(fdns_type_address, "address")
FDNS_OR_LIST(name_pattern, "name pattern")
FDNS_OR_LIST(zone_name, "zone name")
FDNS_OR_LIST(fdns_type_rr_type, "RR type")
FDNS_OR_LIST(fdns_type_rr_class, "class")
static const struct fdns_schema_type exact_name = {.kind = FDNS_SCHEMA_TEXT, .name = "domain name"};
FDNS_OR_LIST(fdns_type_opcode, "opcode")
FDNS_OR_LIST(fdns_type_option, "EDNS option")
FDNS_OR_LIST(exact_name, "domain name")
FDNS_OR_LIST(fdns_type_prefix, "address or subnet")
FDNS_OR_LIST(fdns_type_rcode, "rcode")

static const char *const transport_words[] = {"udp", "tcp"};
static const struct fdns_schema_type transport = {
    .kind = FDNS_SCHEMA_WORD, .name = "transport", .words = transport_words, .n_words = 2};
static const struct fdns_schema_type flag = {.kind = FDNS_SCHEMA_WORD,
                                             .name = "flag",
                                             .words = fdns_trigger_flags,
                                             .n_words = FDNS_TRIGGER_FLAGS};
static const struct fdns_schema_type flag_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of flags", .item = &flag};
static const struct fdns_schema_type ordinal = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 1, .max = 1000000000};
static const struct fdns_schema_type scope = {
    .kind = FDNS_SCHEMA_WORD, .name = "scope", .words = fdns_trigger_scopes, .n_words = 4};

const struct fdns_trigger fdns_triggers[] = {
    {.key = FDNS_WORD("address", &fdns_type_address_or_list,
                      "The scripted address that was asked, or one of several.", "\"2001:db8::1\""),
     .read = fdns_trigger_read_address,
     .of_connection = true,
     .matches = fdns_trigger_match_address},
    {.key = FDNS_WORD("after", &fdns_type_after,
                      "Only once another rule has acted, whose name this is, or has acted so many "
                      "times.",
                      "first-answer"),
     .read = fdns_trigger_read_after,
     .matches = fdns_trigger_match_after},
    {.key = FDNS_WORD("answer-has", &fdns_type_answer_has,
                      "The answer carries one of these RRsets, as `TYPE` or `NAME TYPE`: in its "
                      "answer section, or in the sections named. Words that begin with `answer-` "
                      "look at the answer as the rules before have left it.",
                      "CNAME"),
     .read = fdns_trigger_read_answer_has,
     .matches = fdns_trigger_match_answer_has},
    {.key =
         FDNS_WORD("answer-kind", &fdns_type_answer_kind,
                   "What the answer says: `data` (or an alias), `nodata` (the name is there, the "
                   "type is not), `nxdomain`, `referral`, or `error` (any other code).",
                   "nodata"),
     .read = fdns_trigger_read_kind,
     .matches = fdns_trigger_match_answer_kind},
    {.key =
         FDNS_WORD("answer-rcode", &fdns_type_rcode_or_list, "The code of the answer.", "NXDOMAIN"),
     .read = fdns_trigger_read_rcode,
     .matches = fdns_trigger_match_answer_rcode},
    {.key = FDNS_WORD("answer-size", &fdns_type_range, "Octets of the answer, were it sent whole.",
                      "1233.."),
     .read = fdns_trigger_read_range,
     .costly = true,
     .matches = fdns_trigger_match_answer_size},
    {.key = FDNS_WORD("any", &fdns_type_when_list,
                      "One of these matches, each a mapping of words as in `when`.",
                      "[ { type: TXT }, { transport: tcp, edns: no } ]"),
     .read = fdns_trigger_read_any,
     .matches = fdns_trigger_match_any},
    {.key = FDNS_WORD("chance", &fdns_type_percent,
                      "Only so many of the queries that all other words leave, drawn by chance; "
                      "the same seed draws the same ones.",
                      "25%"),
     .read = fdns_trigger_read_chance},
    {.key = FDNS_WORD("class", &fdns_type_rr_class_or_list, "The class asked for.", "CH"),
     .read = fdns_trigger_read_class,
     .matches = fdns_trigger_match_class},
    {.key = FDNS_WORD("client", &fdns_type_prefix_or_list,
                      "The address of who asks, or a subnet that it lies in.", "127.0.0.0/8"),
     .read = fdns_trigger_read_client,
     .matches = fdns_trigger_match_client},
    {.key =
         FDNS_WORD("cookie", &fdns_type_cookie_sent,
                   "The cookie (RFC 7873) that the query carries: `none`, the `client` part only, "
                   "with a `server` part, or `malformed`.",
                   "client"),
     .read = fdns_trigger_read_cookie,
     .matches = fdns_trigger_match_cookie},
    {.key = FDNS_WORD("ecs", &fdns_type_prefix_or_list,
                      "The query carries a client subnet (RFC 7871) that lies in this one.",
                      "192.0.2.0/24"),
     .read = fdns_trigger_read_client,
     .matches = fdns_trigger_match_ecs},
    {.key = FDNS_WORD("edns", &fdns_type_boolean, "The query carries an OPT record, or does not.",
                      "yes"),
     .read = fdns_trigger_read_boolean,
     .matches = fdns_trigger_match_edns},
    {.key = FDNS_WORD("edns-option", &fdns_type_option_or_list,
                      "The query carries one of these EDNS options: LLQ, NSID, DAU, DHU, N3U, ECS, "
                      "EXPIRE, COOKIE, KEEPALIVE, PADDING, CHAIN, KEY-TAG, EDE or a number.",
                      "[COOKIE, 65001]"),
     .read = fdns_trigger_read_option,
     .matches = fdns_trigger_match_option},
    {.key = FDNS_WORD("edns-version", &fdns_type_range, "The EDNS version of the query.", "1.."),
     .read = fdns_trigger_read_range,
     .matches = fdns_trigger_match_edns_version},
    {.key = FDNS_WORD("every", &ordinal, "Only every n-th of the queries that match.", "3"),
     .read = fdns_trigger_read_every},
    {.key = FDNS_WORD("family", &fdns_type_family, "The family of the address that was asked.",
                      "ipv6"),
     .read = fdns_trigger_read_family,
     .of_connection = true,
     .matches = fdns_trigger_match_family},
    {.key = FDNS_WORD("first", &ordinal, "Only the first n queries that match.", "2"),
     .read = fdns_trigger_read_first},
    {.key =
         FDNS_WORD("flags", &flag_list,
                   "Header flags that the query has set, or clear when written with `no-`. `DO` is "
                   "the flag of EDNS.",
                   "[RD, no-CD]"),
     .read = fdns_trigger_read_flags,
     .matches = fdns_trigger_match_flags},
    {.key = FDNS_WORD("from", &fdns_type_duration, "Only from this time of the world on.", "1h"),
     .read = fdns_trigger_read_from},
    {.key = FDNS_WORD("from-nth", &ordinal, "Only from the n-th query that matches on.", "3"),
     .read = fdns_trigger_read_from_nth},
    {.key = FDNS_WORD("ixfr-serial", &fdns_type_range,
                      "The serial of the SOA that a query for IXFR carries in its authority "
                      "section (RFC 1995 3): the version that the client has.",
                      "..2026010100"),
     .read = fdns_trigger_read_range,
     .matches = fdns_trigger_match_ixfr_serial},
    {.key = FDNS_WORD("malformed", &fdns_type_boolean,
                      "The query cannot be read to its end, or what it holds is not of the form it "
                      "must have (a second OPT record, an option that overruns).",
                      "yes"),
     .read = fdns_trigger_read_boolean,
     .matches = fdns_trigger_match_malformed},
    {.key =
         FDNS_WORD("name", &name_pattern_or_list,
                   "The name asked for. A leading `*.` is one or more labels, `*` elsewhere stays "
                   "inside a label, `\\*` is an asterisk, `*` alone is any name.",
                   "\"*._domainkey.example.com\""),
     .read = fdns_trigger_read_name,
     .matches = fdns_trigger_match_name},
    {.key = FDNS_WORD("name-case", &exact_name_or_list,
                      "The name asked for in just these upper- and lower-case letters.",
                      "wWw.eXample.com"),
     .read = fdns_trigger_read_name_case,
     .matches = fdns_trigger_match_name_case},
    {.key = FDNS_WORD("not", &fdns_type_when_or_list,
                      "This does not match, nor any of several: mappings of words as in `when`.",
                      "{ type: [A, AAAA] }"),
     .read = fdns_trigger_read_any,
     .matches = fdns_trigger_match_not},
    {.key = FDNS_WORD("nth", &ordinal, "Only the n-th query that matches, counted from 1.", "1"),
     .read = fdns_trigger_read_nth},
    {.key = FDNS_WORD("opcode", &fdns_type_opcode_or_list, "The opcode of the query.", "NOTIFY"),
     .read = fdns_trigger_read_opcode,
     .matches = fdns_trigger_match_opcode},
    {.key = FDNS_WORD("per", &scope,
                      "What `nth`, `first`, `from-nth`, `every` and the effect `rate-limit` count "
                      "for: the whole `world` "
                      "(unless told otherwise), each `server`, each `client` address, or each TCP "
                      "`connection`.",
                      "server"),
     .read = fdns_trigger_read_per},
    {.key = FDNS_WORD("query-size", &fdns_type_range, "Octets of the query.", "513.."),
     .read = fdns_trigger_read_range,
     .matches = fdns_trigger_match_query_size},
    {.key = FDNS_WORD("questions", &fdns_type_range,
                      "How many questions the query's header promises. Words about the question "
                      "match only queries with one.",
                      "2.."),
     .read = fdns_trigger_read_range,
     .matches = fdns_trigger_match_questions},
    {.key = FDNS_WORD(
         "server", &server_name_or_list,
         "The server that was asked, or one of several; `resolver` is the recursive front "
         "end. A rule that does not name `resolver` leaves the front end alone.",
         "ns2.example.com"),
     .read = fdns_trigger_read_server,
     .of_connection = true,
     .matches = fdns_trigger_match_server},
    {.key = FDNS_WORD("transport", &transport, "How the query came.", "tcp"),
     .read = fdns_trigger_read_transport,
     .of_connection = true,
     .matches = fdns_trigger_match_transport},
    {.key = FDNS_WORD("tsig", &fdns_type_boolean_or_key,
                      "The query is signed with a TSIG (RFC 8945), or is not, or is signed with "
                      "the key of this name.",
                      "yes"),
     .read = fdns_trigger_read_tsig,
     .matches = fdns_trigger_match_tsig},
    {.key = FDNS_WORD("type", &fdns_type_rr_type_or_list,
                      "The RR type asked for, or one of several.", "[TXT, CNAME]"),
     .read = fdns_trigger_read_type,
     .matches = fdns_trigger_match_type},
    {.key = FDNS_WORD("udp-size", &fdns_type_range,
                      "The size of UDP answers that the query's OPT record allows; without EDNS "
                      "there is none.",
                      "1233.."),
     .read = fdns_trigger_read_range,
     .matches = fdns_trigger_match_udp_size},
    {.key = FDNS_WORD("until", &fdns_type_duration, "Only before this time of the world.", "24h"),
     .read = fdns_trigger_read_until},
    {.key =
         FDNS_WORD("zone", &zone_name_or_list,
                   "The zone that the answer comes from; where none of the server's zones answers, "
                   "the zone that the name lies in.",
                   "example.com"),
     .read = fdns_trigger_read_zone,
     .matches = fdns_trigger_match_zone},
};
const size_t fdns_n_triggers = sizeof(fdns_triggers) / sizeof(fdns_triggers[0]);

const struct fdns_schema_type fdns_type_when = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "when",
    .doc = "What a query must be for the rule to act: all words must match, and without any the "
           "rule always does. Counting words (`nth`, `first`, `from-nth`, `every`) count only "
           "queries that match all the other words.",
    .keys = fdns_triggers,
    .n_keys = sizeof(fdns_triggers) / sizeof(fdns_triggers[0]),
    .stride = sizeof(fdns_triggers[0])};
