// EDNS options that an answer carries, as YAML says: octets that are given, or a maker
// (option_make.c).
#include "fakedns/world/effect_edns.h"

#include <string.h>

static void put_u16(uint8_t *at, uint64_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_u64(uint8_t *at, uint64_t value)
{
    for (unsigned i = 0; i < sizeof(value); i++) {
        at[i] = (uint8_t)(value >> (56 - 8 * i));
    }
}

// --- schema

const struct fdns_schema_type fdns_type_u8 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT8_MAX};
const struct fdns_schema_type fdns_type_u16 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT16_MAX};
const struct fdns_schema_type fdns_type_padding = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 0, .max = FDNS_PADDING_MAX};
const struct fdns_schema_type fdns_type_u32 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT32_MAX};
const struct fdns_schema_type fdns_type_cookie = {.kind = FDNS_SCHEMA_WORD,
                                                  .name = "cookie",
                                                  .words = fdns_cookie_words,
                                                  .n_words = FDNS_COOKIES};

static const struct fdns_schema_key ede_keys[] = {
    {.name = "code",
     .type = &fdns_type_u16,
     .required = true,
     .doc = "Its INFO-CODE.",
     .example = "18"},
    {.name = "text", .type = &fdns_type_text, .doc = "Its EXTRA-TEXT.", .example = "prohibited"},
};
static const struct fdns_schema_type ede = {.kind = FDNS_SCHEMA_RECORD,
                                            .name = "extended error",
                                            .doc = "An extended DNS error.",
                                            .keys = ede_keys,
                                            .n_keys = 2};
static const struct fdns_schema_type ede_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of extended errors", .item = &ede};
static const struct fdns_schema_type *const ede_choices[] = {&ede, &ede_list};
const struct fdns_schema_type fdns_type_ede = {.kind = FDNS_SCHEMA_EITHER,
                                               .name = "extended error or list of them",
                                               .choices = ede_choices,
                                               .n_choices = 2};

static const struct fdns_schema_key option_keys[] = {
    {.name = "code",
     .type = &fdns_type_option,
     .required = true,
     .doc = "Its code: a mnemonic like `NSID`, or a number.",
     .example = "65001"},
    {.name = "hex", .type = &fdns_type_hex, .doc = "Its octets.", .example = "c0ffee"},
    {.name = "text",
     .type = &fdns_type_text,
     .doc = "Its octets as text, behind those of `hex`.",
     .example = "hello"},
};
static const struct fdns_schema_type option = {.kind = FDNS_SCHEMA_RECORD,
                                               .name = "option",
                                               .doc = "An EDNS option.",
                                               .keys = option_keys,
                                               .n_keys = 3};
const struct fdns_schema_type fdns_type_options = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of options", .item = &option};

// --- reading

struct reading {
    struct fdns_rule_reading *rule;
    const struct fdns_node *edns;
    struct fdns_option_list *list;
    size_t capacity;
};

static struct fdns_option_plan *add(struct reading *reading, uint16_t code,
                                    const struct fdns_option_maker *maker)
{
    struct fdns_option_list *list = reading->list;
    list->items = fdns_arena_grow(&reading->rule->world->arena, list->items, list->n_items,
                                  list->n_items + 1, sizeof(*list->items), &reading->capacity);
    struct fdns_option_plan *plan = &list->items[list->n_items++];
    *plan = (struct fdns_option_plan){.maker = maker, .code = code};
    return plan;
}

// An option of octets: head, then text (NULL: none).
static void add_given(struct reading *reading, const struct fdns_node *node, uint16_t code,
                      const uint8_t *head, size_t len, const char *text)
{
    size_t text_len = text != NULL ? strlen(text) : 0;
    size_t most = code == FDNS_OPTION_PADDING ? FDNS_PADDING_MAX : FDNS_OPTION_MAX;
    if (len + text_len > most) {
        fdns_diag(reading->rule->diags, FDNS_ERROR, reading->rule->source, node->line, node->column,
                  "an option has at most %zu octets here, this one %zu", most, len + text_len);
        return;
    }
    struct fdns_option_plan *plan = add(reading, code, &fdns_option_given);
    uint8_t *octets = fdns_arena_alloc(&reading->rule->world->arena, len + text_len);
    if (len > 0) {
        memcpy(octets, head, len);
    }
    if (text_len > 0) {
        memcpy(octets + len, text, text_len);
    }
    plan->octets = octets;
    plan->len = len + text_len;
}

static void read_cookie(struct reading *reading)
{
    const char *word = fdns_node_text(reading->edns, "cookie");
    for (size_t i = 0; word != NULL && i < FDNS_COOKIES; i++) {
        if (strcmp(word, fdns_cookie_words[i]) == 0) {
            add(reading, FDNS_OPTION_COOKIE, &fdns_option_cookie)->number = i;
        }
    }
}

// A number of so many octets in network order.
static void add_number(struct reading *reading, const struct fdns_node *node, uint16_t code,
                       uint64_t number, size_t width)
{
    uint8_t octets[sizeof(number)];
    put_u64(octets, number);
    add_given(reading, node, code, octets + sizeof(octets) - width, width, NULL);
}

static void read_numbers(struct reading *reading)
{
    enum { KEEPALIVE_US = 100000 };
    const struct fdns_node *scope = fdns_node_find(reading->edns, "ecs");
    const struct fdns_node *expire = fdns_node_find(reading->edns, "expire");
    const struct fdns_node *keepalive = fdns_node_find(reading->edns, "keepalive");
    const struct fdns_node *padding = fdns_node_find(reading->edns, "padding");
    if (scope != NULL) {
        add(reading, FDNS_OPTION_ECS, &fdns_option_ecs)->number =
            (uint64_t)fdns_node_integer(scope);
    }
    if (expire != NULL) {
        add_number(reading, expire, FDNS_OPTION_EXPIRE, (uint64_t)fdns_node_integer(expire), 4);
    }
    if (keepalive != NULL) {
        int64_t units = fdns_node_duration(keepalive) / KEEPALIVE_US;
        add_number(reading, keepalive, FDNS_OPTION_KEEPALIVE,
                   units < UINT16_MAX ? (uint64_t)units : UINT16_MAX, 2);
    }
    if (padding != NULL) {
        size_t len = (size_t)fdns_node_integer(padding);
        uint8_t *zeros = fdns_arena_alloc(&reading->rule->world->arena, len);
        add_given(reading, padding, FDNS_OPTION_PADDING, zeros, len, NULL);
    }
}

static void read_errors(struct reading *reading, const struct fdns_node *node)
{
    for (size_t i = 0; node != NULL && i < fdns_node_n(node); i++) {
        const struct fdns_node *item = fdns_node_item(node, i);
        uint8_t code[2];
        put_u16(code, (uint64_t)fdns_node_integer(fdns_node_find(item, "code")));
        add_given(reading, item, FDNS_OPTION_EDE, code, sizeof(code), fdns_node_text(item, "text"));
    }
}

static void read_raw(struct reading *reading, const struct fdns_node *node)
{
    for (size_t i = 0; node != NULL && i < node->n_items; i++) {
        const struct fdns_node *item = node->items[i];
        const char *hex = fdns_node_text(item, "hex");
        uint16_t code = 0;
        size_t len = 0;
        fdns_option_parse(fdns_node_text(item, "code"), &code);
        const uint8_t *octets =
            fdns_hex_octets(&reading->rule->world->arena, hex != NULL ? hex : "", &len);
        add_given(reading, item, code, octets, len, fdns_node_text(item, "text"));
    }
}

void fdns_options_read(struct fdns_rule_reading *rule, const struct fdns_node *edns,
                       struct fdns_option_list *list)
{
    struct reading reading = {.rule = rule, .edns = edns, .list = list};
    const struct fdns_node *echoed = fdns_node_find(edns, "echo");
    const struct fdns_node *nsid = fdns_node_find(edns, "nsid");
    if (echoed != NULL && fdns_node_boolean(echoed)) {
        add(&reading, 0, &fdns_option_echo);
    }
    if (nsid != NULL) {
        add_given(&reading, nsid, FDNS_OPTION_NSID, NULL, 0, nsid->text);
    }
    read_cookie(&reading);
    read_numbers(&reading);
    read_errors(&reading, fdns_node_find(edns, "ede"));
    read_raw(&reading, fdns_node_find(edns, "options"));
}
