#include "unit/fakedns/yaml/fixture.h"

#include <stdio.h>
#include <string.h>

void fixture_parse(struct fixture *fixture, const char *text, size_t len)
{
    fdns_arena_init(&fixture->arena, 0);
    fdns_diags_init(&fixture->diags);
    fdns_buf_init(&fixture->printed, 1 << 22);
    fixture->source = (struct fdns_source){.file = "t.yaml", .text = text, .len = len};
    fixture->root = fdns_yaml_parse(&fixture->arena, &fixture->source, &fixture->diags);
}

const char *fixture_print(struct fixture *fixture)
{
    fdns_buf_reset(&fixture->printed);
    fdns_diags_print(&fixture->diags, 0, &fixture->printed);
    return fdns_buf_text(&fixture->printed);
}

void fixture_clear(struct fixture *fixture)
{
    fdns_arena_clear(&fixture->arena);
    fdns_diags_clear(&fixture->diags);
    fdns_buf_clear(&fixture->printed);
}

const char *fixture_check(const struct fdns_schema_type *type, const char *text)
{
    static char said[8192];
    struct fixture fixture;
    fixture_parse(&fixture, text, strlen(text));
    bool good = fixture.root != NULL;
    if (good && type != NULL) {
        good = fdns_schema_check(type, fixture.root, &fixture.source, &fixture.diags);
    }
    snprintf(said, sizeof said, "%s", fixture_print(&fixture));
    if (good != (said[0] == '\0')) { // a mistake is always told, and nothing else
        snprintf(said, sizeof said, "result and diagnostics differ");
    }
    fixture_clear(&fixture);
    return said;
}

const char *fixture_mistakes(const char *text)
{
    return fixture_check(NULL, text);
}

static const char *check_even(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)text;
    return len % 2 == 0 ? NULL : fdns_arena_format(arena, "%zu octets are no even number", len);
}

static const char *const transports[] = {"udp", "tcp"};
static const char *const rcodes[] = {"NOERROR", "SERVFAIL", "NXDOMAIN"};
static const char *const switches[] = {"on", "off"};

static const struct fdns_schema_type even = {
    .name = "even text", .pattern = "^(..)*$", .check = check_even};
static const struct fdns_schema_type transport = {
    .kind = FDNS_SCHEMA_WORD, .name = "transport", .words = transports, .n_words = 2};
static const struct fdns_schema_type rcode = {.kind = FDNS_SCHEMA_WORD,
                                              .name = "RCODE",
                                              .doc = "What a server says about its answer.",
                                              .words = rcodes,
                                              .n_words = 3,
                                              .fold_case = true};
static const struct fdns_schema_type onoff = {
    .kind = FDNS_SCHEMA_WORD, .name = "switch", .words = switches, .n_words = 2};
static const struct fdns_schema_type port = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "port", .max = 65535};
static const struct fdns_schema_type whole = {.kind = FDNS_SCHEMA_INTEGER};
static const struct fdns_schema_type ports = {
    .kind = FDNS_SCHEMA_LIST, .item = &port, .min = 1, .max = 2};
static const struct fdns_schema_type *const port_or_switch_choices[] = {&port, &onoff, &ports};
static const struct fdns_schema_type port_or_switch = {
    .kind = FDNS_SCHEMA_EITHER, .choices = port_or_switch_choices, .n_choices = 3};

extern const struct fdns_schema_type rules;

// Rows of a table of its own, which begin with a key.
struct row {
    struct fdns_schema_key key;
    int more;
};

static const struct row rule_rows[] = {
    {{.name = "type", .type = &fdns_type_text, .doc = "The type | asked for.", .example = "`TXT`"},
     1},
    {{.name = "at", .type = &fdns_type_duration, .required = true}, 2},
    {{.name = "transport", .type = &transport}, 3},
    {{.name = "rcode", .type = &rcode}, 4},
    {{.name = "then", .type = &rules, .doc = "Rules in \"rules\".\nAnd so on."}, 5},
};
static const struct fdns_schema_type rule = {.kind = FDNS_SCHEMA_RECORD,
                                             .name = "RR rule",
                                             .doc = "What to match.",
                                             .keys = rule_rows,
                                             .n_keys = 5,
                                             .stride = sizeof(struct row)};
const struct fdns_schema_type rules = {.kind = FDNS_SCHEMA_LIST, .item = &rule};
static const struct fdns_schema_type zones = {
    .kind = FDNS_SCHEMA_MAP, .key = &even, .item = &fdns_type_boolean};

static const struct fdns_schema_key keys[] = {
    {.name = "title", .type = &fdns_type_text, .required = true, .example = "\"a: b\""},
    {.name = "when", .type = &rule},
    {.name = "rules", .type = &rules},
    {.name = "zones", .type = &zones},
    {.name = "tokens", .type = &fdns_type_text_list},
    {.name = "listen", .type = &port_or_switch},
    {.name = "count", .type = &whole},
    {.name = "even", .type = &even},
};
const struct fdns_schema_type fixture_type = {
    .kind = FDNS_SCHEMA_RECORD, .name = "scenario", .keys = keys, .n_keys = 8};
