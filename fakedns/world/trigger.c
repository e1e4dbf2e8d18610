// The words of `when`. A row is a word: how its value is read, and when it matches.
#include "fakedns/world/build.h"
#include "fakedns/world/pattern.h"

#include <stdarg.h>
#include <string.h>

void fdns_rule_never(const struct fdns_rule_reading *reading, const struct fdns_node *node,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct fdns_arena arena;
    fdns_arena_init(&arena, 512);
    fdns_diag(reading->diags, FDNS_WARNING, reading->source, node->line, node->column,
              "the rule can never match: %s", fdns_arena_vformat(&arena, format, args));
    fdns_arena_clear(&arena);
    va_end(args);
}

static void warn_of_empty(const struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    if (fdns_node_n(node) == 0)
        fdns_rule_never(reading, node, "the list is empty");
}

// --- server

struct servers {
    bool resolver;
    size_t n;
    size_t indexes[];
};

static const void *read_server(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    warn_of_empty(reading, node);
    struct servers *servers =
        fdns_arena_alloc(&reading->world->arena, sizeof(*servers) + n * sizeof(size_t));
    for (size_t i = 0; i < n; i++) {
        size_t index = 0;
        if (!fdns_read_server(reading->world, fdns_node_item(node, i), reading->source,
                              reading->diags, &index))
            continue;
        if (index == FDNS_RESOLVER)
            servers->resolver = reading->rule->for_resolver = true;
        else
            servers->indexes[servers->n++] = index;
    }
    return servers;
}

static bool match_server(const void *value, const struct fdns_exchange *exchange,
                         const struct fdns_reply *reply)
{
    (void)reply;
    const struct servers *servers = value;
    if (exchange->server == NULL)
        return servers->resolver;
    for (size_t i = 0; i < servers->n; i++)
        if (servers->indexes[i] == exchange->server->index)
            return true;
    return false;
}

// --- address

struct addresses {
    size_t n;
    struct fdns_address items[];
};

static const void *read_address(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    warn_of_empty(reading, node);
    struct addresses *addresses = fdns_arena_alloc(
        &reading->world->arena, sizeof(*addresses) + n * sizeof(struct fdns_address));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        struct fdns_address *address = &addresses->items[addresses->n];
        if (fdns_address_parse(item->text, 53, address) != FDNS_OK)
            continue; // the schema has told
        if (fdns_world_find_address(reading->world, address) == NULL)
            fdns_rule_never(reading, item, "no server has the address %s", item->text);
        addresses->n++;
    }
    return addresses;
}

static bool match_address(const void *value, const struct fdns_exchange *exchange,
                          const struct fdns_reply *reply)
{
    (void)reply;
    const struct addresses *addresses = value;
    if (exchange->server == NULL || exchange->address >= exchange->server->n_addresses)
        return false;
    const struct fdns_address *asked = &exchange->server->addresses[exchange->address];
    for (size_t i = 0; i < addresses->n; i++)
        if (fdns_address_equal(&addresses->items[i], asked))
            return true;
    return false;
}

// --- zone

struct zones {
    size_t n;
    const uint8_t *apexes[];
};

static const void *read_zone(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    warn_of_empty(reading, node);
    struct zones *zones =
        fdns_arena_alloc(&reading->world->arena, sizeof(*zones) + n * sizeof(uint8_t *));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        uint8_t apex[FDNS_NAME_MAX];
        if (fdns_name_parse(item->text, NULL, apex) != FDNS_OK) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, item->line, item->column,
                      "\"%s\" is no domain name", item->text);
            continue;
        }
        if (fdns_world_find_zone(reading->world, apex) == NULL)
            fdns_rule_never(reading, item, "the world has no zone %s", item->text);
        zones->apexes[zones->n++] = fdns_name_copy(&reading->world->arena, apex);
    }
    return zones;
}

// The zone that answers; where none does (the front end, a refused query), where the name lies.
static bool match_zone(const void *value, const struct fdns_exchange *exchange,
                       const struct fdns_reply *reply)
{
    (void)exchange;
    const struct zones *zones = value;
    for (size_t i = 0; i < zones->n; i++)
        if (reply->zone != NULL
                ? fdns_name_equal(reply->zone->apex, zones->apexes[i])
                : reply->n_questions > 0 && fdns_name_at_or_below(reply->qname, zones->apexes[i]))
            return true;
    return false;
}

// --- name

struct patterns {
    size_t n;
    struct fdns_pattern items[];
};

static bool lies_in_a_zone(const struct fdns_world *world, const struct fdns_pattern *pattern)
{
    for (size_t i = 0; i < world->n_zones; i++)
        if (fdns_pattern_may_lie_in(pattern, world->zones[i]->apex))
            return true;
    return false;
}

static bool lies_in_named_zone(const struct fdns_node *zone, const struct fdns_pattern *pattern)
{
    for (size_t i = 0; i < fdns_node_n(zone); i++) {
        uint8_t apex[FDNS_NAME_MAX];
        if (fdns_name_parse(fdns_node_item(zone, i)->text, NULL, apex) != FDNS_OK ||
            fdns_pattern_may_lie_in(pattern, apex))
            return true;
    }
    return false;
}

static const void *read_name(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    const struct fdns_node *zone = fdns_node_find(reading->when, "zone");
    warn_of_empty(reading, node);
    struct patterns *patterns = fdns_arena_alloc(
        &reading->world->arena, sizeof(*patterns) + n * sizeof(struct fdns_pattern));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        struct fdns_pattern *pattern = &patterns->items[patterns->n];
        if (fdns_pattern_parse(&reading->world->arena, item->text, pattern) != FDNS_OK)
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, item->line, item->column,
                      "\"%s\" is no name and no pattern of names", item->text);
        else if (patterns->n++, !lies_in_a_zone(reading->world, pattern))
            fdns_rule_never(reading, item, "%s is outside every zone of the world", item->text);
        else if (zone != NULL && fdns_node_n(zone) > 0 && !lies_in_named_zone(zone, pattern))
            fdns_rule_never(reading, item, "%s is outside the zone it names", item->text);
    }
    return patterns;
}

static bool match_name(const void *value, const struct fdns_exchange *exchange,
                       const struct fdns_reply *reply)
{
    (void)exchange;
    const struct patterns *patterns = value;
    for (size_t i = 0; reply->n_questions > 0 && i < patterns->n; i++)
        if (fdns_pattern_matches(&patterns->items[i], reply->qname))
            return true;
    return false;
}

// --- type, class, opcode

struct codes {
    size_t n;
    uint16_t items[];
};

static const void *read_codes(struct fdns_rule_reading *reading, const struct fdns_node *node,
                              bool (*parse)(const char *text, uint16_t *code))
{
    size_t n = fdns_node_n(node);
    warn_of_empty(reading, node);
    struct codes *codes =
        fdns_arena_alloc(&reading->world->arena, sizeof(*codes) + n * sizeof(uint16_t));
    for (size_t i = 0; i < n; i++)
        if (parse(fdns_node_item(node, i)->text, &codes->items[codes->n]))
            codes->n++;
    return codes;
}

static bool has_code(const struct codes *codes, uint16_t code)
{
    for (size_t i = 0; i < codes->n; i++)
        if (codes->items[i] == code)
            return true;
    return false;
}

static const void *read_type(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return read_codes(reading, node, fdns_type_parse);
}

static bool match_type(const void *value, const struct fdns_exchange *exchange,
                       const struct fdns_reply *reply)
{
    (void)exchange;
    return reply->n_questions > 0 && has_code(value, reply->qtype);
}

static const void *read_class(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return read_codes(reading, node, fdns_class_parse);
}

static bool match_class(const void *value, const struct fdns_exchange *exchange,
                        const struct fdns_reply *reply)
{
    (void)exchange;
    return reply->n_questions > 0 && has_code(value, reply->qclass);
}

static bool parse_opcode(const char *text, uint16_t *code)
{
    uint8_t opcode = 0;
    bool known = fdns_opcode_parse(text, &opcode);
    *code = opcode;
    return known;
}

static const void *read_opcode(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return read_codes(reading, node, parse_opcode);
}

static bool match_opcode(const void *value, const struct fdns_exchange *exchange,
                         const struct fdns_reply *reply)
{
    (void)reply;
    return has_code(value, fdns_view_opcode(exchange->query));
}

// --- transport, edns, flags

static const bool yes = true, no = false;

static const void *read_transport(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    (void)reading;
    return strcmp(node->text, "tcp") == 0 ? &yes : &no;
}

static bool match_transport(const void *value, const struct fdns_exchange *exchange,
                            const struct fdns_reply *reply)
{
    (void)reply;
    return *(const bool *)value == (exchange->transport == FDNS_TCP);
}

static const void *read_boolean(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    (void)reading;
    return fdns_node_boolean(node) ? &yes : &no;
}

static bool match_edns(const void *value, const struct fdns_exchange *exchange,
                       const struct fdns_reply *reply)
{
    (void)reply;
    return *(const bool *)value == exchange->query->edns.present;
}

static const struct flag_word {
    const char *name;
    uint16_t header; // bits of the header, or
    uint16_t edns;   // of the OPT record
} flag_words[] = {
    {"AA", FDNS_AA, 0}, {"TC", FDNS_TC, 0}, {"RD", FDNS_RD, 0}, {"RA", FDNS_RA, 0},
    {"Z", FDNS_Z, 0},   {"AD", FDNS_AD, 0}, {"CD", FDNS_CD, 0}, {"DO", 0, FDNS_EDNS_DO},
};
static const char *const flag_texts[] = {"AA",   "TC",    "RD",    "RA",    "Z",     "AD",
                                         "CD",   "DO",    "no-AA", "no-TC", "no-RD", "no-RA",
                                         "no-Z", "no-AD", "no-CD", "no-DO"};

struct flags {
    uint16_t set, clear, edns_set, edns_clear;
};

static const void *read_flags(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct flags *flags = fdns_arena_alloc(&reading->world->arena, sizeof(*flags));
    for (size_t i = 0; i < fdns_node_n(node); i++) {
        const char *text = fdns_node_item(node, i)->text;
        bool absent = strncmp(text, "no-", 3) == 0;
        for (size_t k = 0; k < sizeof(flag_words) / sizeof(flag_words[0]); k++) {
            if (strcmp(flag_words[k].name, absent ? text + 3 : text) != 0)
                continue;
            *(absent ? &flags->clear : &flags->set) |= flag_words[k].header;
            *(absent ? &flags->edns_clear : &flags->edns_set) |= flag_words[k].edns;
        }
    }
    if ((flags->set & flags->clear) != 0 || (flags->edns_set & flags->edns_clear) != 0)
        fdns_rule_never(reading, node, "a flag cannot be both set and clear");
    return flags;
}

static bool match_flags(const void *value, const struct fdns_exchange *exchange,
                        const struct fdns_reply *reply)
{
    (void)reply;
    const struct flags *flags = value;
    const struct fdns_view *query = exchange->query;
    uint16_t edns = query->edns.present ? query->edns.flags : 0;
    return (query->flags & flags->set) == flags->set && (query->flags & flags->clear) == 0 &&
           (edns & flags->edns_set) == flags->edns_set && (edns & flags->edns_clear) == 0;
}

// --- counters and times: fields of the rule

static const void *read_nth(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->nth_from = reading->rule->nth_to = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    if (fdns_node_find(reading->when, "first") != NULL ||
        fdns_node_find(reading->when, "from-nth") != NULL)
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "`nth` is one query: it cannot stand beside `first` or `from-nth`");
    return NULL;
}

static const void *read_first(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->nth_to = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    return NULL;
}

static const void *read_from_nth(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    const struct fdns_node *first = fdns_node_find(reading->when, "first");
    reading->rule->nth_from = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    if (first != NULL && fdns_node_integer(first) < fdns_node_integer(node))
        fdns_rule_never(reading, node, "`first` ends before `from-nth` begins");
    return NULL;
}

static const void *read_every(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->every = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    return NULL;
}

static const char *const scope_words[] = {"world", "server", "client", "connection"};

static const void *read_per(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    for (size_t i = 0; i < sizeof(scope_words) / sizeof(scope_words[0]); i++)
        if (strcmp(scope_words[i], node->text) == 0)
            reading->rule->scope = (enum fdns_scope)i;
    return NULL;
}

static const void *read_from(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->from_us = fdns_node_duration(node);
    return NULL;
}

static const void *read_until(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    const struct fdns_node *from = fdns_node_find(reading->when, "from");
    reading->rule->until_us = fdns_node_duration(node);
    if (reading->rule->until_us <= (from != NULL ? fdns_node_duration(from) : 0))
        fdns_rule_never(reading, node, "`until` is not after `from`");
    return NULL;
}

// --- types of values

static const char *check_type(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint16_t code = 0;
    return fdns_type_parse(text, &code) ? NULL : "write a mnemonic, or TYPE65280 for one without";
}

static const char *check_class(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint16_t code = 0;
    return fdns_class_parse(text, &code) ? NULL : "write a mnemonic, or CLASS42 for one without";
}

static const char *check_opcode(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint8_t code = 0;
    return fdns_opcode_parse(text, &code) ? NULL : "write a mnemonic or 0 to 15";
}

#define OR_LIST(id, text)                                                                          \
    static const struct fdns_schema_type id##_list = {                                             \
        .kind = FDNS_SCHEMA_LIST, .name = "list of " text, .item = &(id)};                         \
    static const struct fdns_schema_type *const id##_choices[] = {&(id), &id##_list};              \
    static const struct fdns_schema_type id##_or_list = {.kind = FDNS_SCHEMA_EITHER,               \
                                                         .name = text " or list of them",          \
                                                         .choices = id##_choices,                  \
                                                         .n_choices = 2};

static const struct fdns_schema_type server_name = {.kind = FDNS_SCHEMA_TEXT,
                                                    .name = "server name"};
static const struct fdns_schema_type name_pattern = {.kind = FDNS_SCHEMA_TEXT,
                                                     .name = "name pattern"};
static const struct fdns_schema_type zone_name = {.kind = FDNS_SCHEMA_TEXT, .name = "zone name"};
static const struct fdns_schema_type rr_type = {
    .kind = FDNS_SCHEMA_TEXT, .name = "RR type", .check = check_type};
static const struct fdns_schema_type rr_class = {
    .kind = FDNS_SCHEMA_TEXT, .name = "class", .check = check_class};
static const struct fdns_schema_type opcode = {
    .kind = FDNS_SCHEMA_TEXT, .name = "opcode", .check = check_opcode};
OR_LIST(server_name, "server name")
OR_LIST(fdns_type_address, "address")
OR_LIST(name_pattern, "name pattern")
OR_LIST(zone_name, "zone name")
OR_LIST(rr_type, "RR type")
OR_LIST(rr_class, "class")
OR_LIST(opcode, "opcode")

static const char *const transport_words[] = {"udp", "tcp"};
static const struct fdns_schema_type transport = {
    .kind = FDNS_SCHEMA_WORD, .name = "transport", .words = transport_words, .n_words = 2};
static const struct fdns_schema_type flag = {.kind = FDNS_SCHEMA_WORD,
                                             .name = "flag",
                                             .words = flag_texts,
                                             .n_words = sizeof(flag_texts) / sizeof(char *)};
static const struct fdns_schema_type flag_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of flags", .item = &flag};
static const struct fdns_schema_type ordinal = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 1, .max = 1000000000};
static const struct fdns_schema_type scope = {
    .kind = FDNS_SCHEMA_WORD, .name = "scope", .words = scope_words, .n_words = 4};

#define WORD(word, its_type, text, sample)                                                         \
    {                                                                                              \
        .name = word, .type = its_type, .doc = text, .example = sample                             \
    }

const struct fdns_trigger fdns_triggers[] = {
    {.key = WORD("address", &fdns_type_address_or_list,
                 "The scripted address that was asked, or one of several.", "\"2001:db8::1\""),
     .read = read_address,
     .of_connection = true,
     .matches = match_address},
    {.key = WORD("class", &rr_class_or_list, "The class asked for.", "CH"),
     .read = read_class,
     .matches = match_class},
    {.key =
         WORD("edns", &fdns_type_boolean, "The query carries an OPT record, or does not.", "yes"),
     .read = read_boolean,
     .matches = match_edns},
    {.key = WORD("every", &ordinal, "Only every n-th of the queries that match.", "3"),
     .read = read_every},
    {.key = WORD("first", &ordinal, "Only the first n queries that match.", "2"),
     .read = read_first},
    {.key = WORD("flags", &flag_list,
                 "Header flags that the query has set, or clear when written with `no-`. `DO` is "
                 "the flag of EDNS.",
                 "[RD, no-CD]"),
     .read = read_flags,
     .matches = match_flags},
    {.key = WORD("from", &fdns_type_duration, "Only from this time of the world on.", "1h"),
     .read = read_from},
    {.key = WORD("from-nth", &ordinal, "Only from the n-th query that matches on.", "3"),
     .read = read_from_nth},
    {.key = WORD("name", &name_pattern_or_list,
                 "The name asked for. A leading `*.` is one or more labels, `*` elsewhere stays "
                 "inside a label, `\\*` is an asterisk, `*` alone is any name.",
                 "\"*._domainkey.example.com\""),
     .read = read_name,
     .matches = match_name},
    {.key = WORD("nth", &ordinal, "Only the n-th query that matches, counted from 1.", "1"),
     .read = read_nth},
    {.key = WORD("opcode", &opcode_or_list, "The opcode of the query.", "NOTIFY"),
     .read = read_opcode,
     .matches = match_opcode},
    {.key = WORD("per", &scope,
                 "What `nth`, `first`, `from-nth` and `every` count for: the whole `world` "
                 "(unless told otherwise), each `server`, each `client` address, or each TCP "
                 "`connection`.",
                 "server"),
     .read = read_per},
    {.key = WORD("server", &server_name_or_list,
                 "The server that was asked, or one of several; `resolver` is the recursive front "
                 "end. A rule that does not name `resolver` leaves the front end alone.",
                 "ns2.example.com"),
     .read = read_server,
     .of_connection = true,
     .matches = match_server},
    {.key = WORD("transport", &transport, "How the query came.", "tcp"),
     .read = read_transport,
     .of_connection = true,
     .matches = match_transport},
    {.key = WORD("type", &rr_type_or_list, "The RR type asked for, or one of several.",
                 "[TXT, CNAME]"),
     .read = read_type,
     .matches = match_type},
    {.key = WORD("until", &fdns_type_duration, "Only before this time of the world.", "24h"),
     .read = read_until},
    {.key = WORD("zone", &zone_name_or_list,
                 "The zone that the answer comes from; where none of the server's zones answers, "
                 "the zone that the name lies in.",
                 "example.com"),
     .read = read_zone,
     .matches = match_zone},
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
