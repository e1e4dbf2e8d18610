// EDNS options that an answer carries: each is octets that are given, or a maker that looks at the
// query. All makers write into one buffer per answer.
#include "fakedns/world/effect_edns.h"

#include "fakedns/world/state.h"

#include <string.h>

enum {
    OPTION_MAX = 4096,   // octets of one option
    OPTIONS_MAX = 32768, // of all
    CLIENT_COOKIE = 8,
    SECOND_US = 1000000,
};

struct writing {
    const struct fdns_option_plan *plan;
    const struct fdns_exchange *exchange;
    uint8_t *out; // OPTIONS_MAX octets
    size_t len;
    size_t last; // where the last option stands
};

struct fdns_option_maker {
    void (*write)(struct writing *writing);
};

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

// len octets of an option that is being written, zero; NULL if there is no more room.
static uint8_t *put_option(struct writing *writing, uint16_t code, size_t len)
{
    enum { FIXED = 4 };
    if (len > OPTION_MAX || writing->len + FIXED + len > OPTIONS_MAX) {
        return NULL;
    }
    uint8_t *at = writing->out + writing->len;
    writing->last = writing->len;
    writing->len += FIXED + len;
    put_u16(at, code);
    put_u16(at + 2, len);
    memset(at + FIXED, 0, len);
    return at + FIXED;
}

static void put_octets(struct writing *writing, uint16_t code, const uint8_t *octets, size_t len)
{
    uint8_t *data = put_option(writing, code, len);
    if (data != NULL && len > 0) {
        memcpy(data, octets, len);
    }
}

static const uint8_t *find_asked(const struct fdns_exchange *exchange, uint16_t wanted,
                                 uint16_t *len)
{
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0;
    while (fdns_edns_next(&exchange->query->edns, &at, &code, &data, len)) {
        if (code == wanted) {
            return data;
        }
    }
    return NULL;
}

// --- makers

static void write_given(struct writing *writing)
{
    const struct fdns_option_plan *plan = writing->plan;
    put_octets(writing, plan->code, plan->octets, plan->len);
}

static void write_echo(struct writing *writing)
{
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0, len = 0;
    while (fdns_edns_next(&writing->exchange->query->edns, &at, &code, &data, &len)) {
        put_octets(writing, code, data, len);
    }
}

static void write_ecs(struct writing *writing)
{
    enum { SCOPE_AT = 3, FIXED = 4 };
    uint16_t len = 0;
    const uint8_t *asked = find_asked(writing->exchange, FDNS_OPTION_ECS, &len);
    uint8_t *data = NULL;
    if (asked == NULL || len < FIXED ||
        (data = put_option(writing, FDNS_OPTION_ECS, len)) == NULL) {
        return;
    }
    memcpy(data, asked, len);
    data[SCOPE_AT] = (uint8_t)writing->plan->number;
}

enum cookie { SERVER, CHANGING, WRONG_CLIENT, CLIENT_ONLY, SHORT, LONG };
enum { N_COOKIES = LONG + 1 };
static const char *const cookie_words[N_COOKIES] = {"server",      "changing", "wrong-client",
                                                    "client-only", "short",    "long"};

static size_t server_part_len(enum cookie cookie)
{
    switch (cookie) {
    case SERVER:
    case CHANGING:
    case WRONG_CLIENT:
        return 16;
    case CLIENT_ONLY:
        return 0;
    case SHORT:
        return 4;
    case LONG:
        return 33;
    }
    return 0;
}

// A server part that is the same for the same client and its cookie, unless it is to change. Nobody
// has to verify it, so that any hash will do.
static void fill_server_part(const struct writing *writing, uint8_t *data, size_t len)
{
    const struct fdns_exchange *exchange = writing->exchange;
    uint64_t hash = fdns_hash(0, data - CLIENT_COOKIE, CLIENT_COOKIE);
    hash = fdns_hash(hash, exchange->client.octets, sizeof(exchange->client.octets));
    if (writing->plan->number == CHANGING) {
        hash = fdns_random_next(fdns_world_state_random(exchange->state, exchange->rule));
    }
    for (size_t i = 0; i < len; i += sizeof(hash)) {
        uint8_t octets[sizeof(hash)];
        put_u64(octets, hash);
        memcpy(data + i, octets, len - i < sizeof(octets) ? len - i : sizeof(octets));
        hash = fdns_hash_u64(hash, i);
    }
}

// A query without a cookie is taken for one whose client part is zero.
static void write_cookie(struct writing *writing)
{
    enum cookie cookie = (enum cookie)writing->plan->number;
    uint16_t len = 0;
    const uint8_t *asked = find_asked(writing->exchange, FDNS_OPTION_COOKIE, &len);
    size_t server_len = server_part_len(cookie);
    uint8_t *data = put_option(writing, FDNS_OPTION_COOKIE, CLIENT_COOKIE + server_len);
    if (data == NULL) {
        return;
    }
    if (asked != NULL && len >= CLIENT_COOKIE) {
        memcpy(data, asked, CLIENT_COOKIE);
    }
    fill_server_part(writing, data + CLIENT_COOKIE, server_len);
    for (size_t i = 0; cookie == WRONG_CLIENT && i < CLIENT_COOKIE; i++) {
        data[i] ^= 0xff;
    }
}

static const struct fdns_option_maker given = {write_given}, echo = {write_echo}, ecs = {write_ecs},
                                      cookie_maker = {write_cookie};

// --- schema

const struct fdns_schema_type fdns_type_u8 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT8_MAX};
const struct fdns_schema_type fdns_type_u16 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT16_MAX};
const struct fdns_schema_type fdns_type_padding = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 0, .max = OPTION_MAX};
const struct fdns_schema_type fdns_type_u32 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT32_MAX};
const struct fdns_schema_type fdns_type_cookie = {
    .kind = FDNS_SCHEMA_WORD, .name = "cookie", .words = cookie_words, .n_words = N_COOKIES};

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
    if (len + text_len > OPTION_MAX) {
        fdns_diag(reading->rule->diags, FDNS_ERROR, reading->rule->source, node->line, node->column,
                  "an option has at most %d octets here, this one %zu", OPTION_MAX, len + text_len);
        return;
    }
    struct fdns_option_plan *plan = add(reading, code, &given);
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
    for (size_t i = 0; word != NULL && i < N_COOKIES; i++) {
        if (strcmp(word, cookie_words[i]) == 0) {
            add(reading, FDNS_OPTION_COOKIE, &cookie_maker)->number = i;
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
    enum { KEEPALIVE_US = SECOND_US / 10 };
    const struct fdns_node *scope = fdns_node_find(reading->edns, "ecs");
    const struct fdns_node *expire = fdns_node_find(reading->edns, "expire");
    const struct fdns_node *keepalive = fdns_node_find(reading->edns, "keepalive");
    const struct fdns_node *padding = fdns_node_find(reading->edns, "padding");
    if (scope != NULL) {
        add(reading, FDNS_OPTION_ECS, &ecs)->number = (uint64_t)fdns_node_integer(scope);
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
        add(&reading, 0, &echo);
    }
    if (nsid != NULL) {
        add_given(&reading, nsid, FDNS_OPTION_NSID, NULL, 0, nsid->text);
    }
    read_cookie(&reading);
    read_numbers(&reading);
    read_errors(&reading, fdns_node_find(edns, "ede"));
    read_raw(&reading, fdns_node_find(edns, "options"));
}

// --- adding

void fdns_options_add(const struct fdns_option_list *list, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply, uint16_t overrun)
{
    struct writing writing = {.exchange = exchange};
    if (list->n_items == 0 && overrun == 0) {
        return;
    }
    writing.out = fdns_arena_alloc(reply->arena, OPTIONS_MAX);
    if (reply->edns_options_len > 0) {
        memcpy(writing.out, reply->edns_options, reply->edns_options_len);
        writing.len = reply->edns_options_len;
    }
    for (size_t i = 0; i < list->n_items; i++) {
        writing.plan = &list->items[i];
        writing.plan->maker->write(&writing);
    }
    if (overrun > 0) {
        enum { LOCAL_USE = 65001, LEN_AT = 2 };
        if (writing.len == 0) {
            put_option(&writing, LOCAL_USE, 0);
        }
        size_t len = writing.len - writing.last - 4;
        put_u16(writing.out + writing.last + LEN_AT, len + overrun);
    }
    reply->edns_options = writing.out;
    reply->edns_options_len = (uint16_t)writing.len;
}
