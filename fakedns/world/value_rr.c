// Values of the protocol: codes, octets, RRsets, names.
#include "fakedns/world/effect.h"

#include <string.h>

// --- codes

static const char *check_rcode(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint16_t code = 0;
    return fdns_rcode_parse(text, &code) ? NULL : "write a mnemonic or 0 to 4095";
}

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

static const char *check_option(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint16_t code = 0;
    return fdns_option_parse(text, &code) ? NULL : "write a mnemonic like NSID, or 0 to 65535";
}

const struct fdns_schema_type fdns_type_opcode = {
    .kind = FDNS_SCHEMA_TEXT, .name = "opcode", .check = check_opcode};
const struct fdns_schema_type fdns_type_option = {
    .kind = FDNS_SCHEMA_TEXT, .name = "EDNS option", .check = check_option};
const struct fdns_schema_type fdns_type_rcode = {
    .kind = FDNS_SCHEMA_TEXT, .name = "rcode", .check = check_rcode};
const struct fdns_schema_type fdns_type_rr_type = {
    .kind = FDNS_SCHEMA_TEXT, .name = "RR type", .check = check_type};
const struct fdns_schema_type fdns_type_rr_class = {
    .kind = FDNS_SCHEMA_TEXT, .name = "class", .check = check_class};

// --- octets

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    int letter = c | 32;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

const uint8_t *fdns_hex_octets(struct fdns_arena *arena, const char *text, size_t *len)
{
    uint8_t *octets = fdns_arena_alloc(arena, strlen(text) / 2 + 1);
    *len = 0;
    for (; *text != '\0'; text += 2) {
        octets[(*len)++] = (uint8_t)(digit_of(text[0]) << 4 | digit_of(text[1]));
    }
    return octets;
}

static const char *check_hex(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena;
    bool fine = len % 2 == 0 && len <= 2 * (size_t)FDNS_MESSAGE_MAX;
    for (size_t i = 0; i < len; i++) {
        fine = fine && digit_of(text[i]) >= 0;
    }
    return fine ? NULL : "write two hexadecimal digits an octet, without blanks";
}

const struct fdns_schema_type fdns_type_hex = {.kind = FDNS_SCHEMA_TEXT,
                                               .name = "hexadecimal octets",
                                               .pattern = "^([0-9A-Fa-f]{2})*$",
                                               .check = check_hex};

// --- RRsets

static const struct fdns_schema_type rrset_item = {.kind = FDNS_SCHEMA_TEXT,
                                                   .name = "RRset (`TYPE` or `NAME TYPE`)"};
static const struct fdns_schema_type rrset_item_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of RRsets", .item = &rrset_item};
static const struct fdns_schema_type *const rrset_choices[] = {&rrset_item, &rrset_item_list};
const struct fdns_schema_type fdns_type_rrset_items = {.kind = FDNS_SCHEMA_EITHER,
                                                       .name = "RRset or list of them",
                                                       .choices = rrset_choices,
                                                       .n_choices = 2};

static bool read_item(struct fdns_rule_reading *reading, const struct fdns_node *node,
                      struct fdns_rrset_item *item)
{
    struct fdns_arena *arena = &reading->world->arena;
    const char *blank = strchr(node->text, ' ');
    const char *name = node->text, *type = "*", *why = NULL;
    if (blank != NULL) {
        name = fdns_arena_string_n(arena, node->text, (size_t)(blank - node->text));
        type = blank + 1;
    } else if (fdns_type_parse(node->text, &item->type)) {
        name = "*";
        type = node->text;
    }
    item->type = 0;
    if (fdns_pattern_parse(arena, name, &item->name) != FDNS_OK) {
        why = "has no name or pattern of names before the type";
    } else if (strcmp(type, "*") != 0 && !fdns_type_parse(type, &item->type)) {
        why = "has no RR type after the name";
    }
    if (why != NULL) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "\"%s\" %s", node->text, why);
    }
    return why == NULL;
}

struct fdns_rrset_items fdns_rrset_items_read(struct fdns_rule_reading *reading,
                                              const struct fdns_node *node)
{
    size_t n = node != NULL ? fdns_node_n(node) : 0;
    struct fdns_rrset_items items = {
        .items = fdns_arena_array(&reading->world->arena, n, sizeof(*items.items))};
    for (size_t i = 0; i < n; i++) {
        items.n_items +=
            read_item(reading, fdns_node_item(node, i), &items.items[items.n_items]) ? 1 : 0;
    }
    return items;
}

bool fdns_rrset_items_have(const struct fdns_rrset_items *items, const struct fdns_rrset *rrset)
{
    for (size_t i = 0; i < items->n_items; i++) {
        const struct fdns_rrset_item *item = &items->items[i];
        if ((item->type == 0 || item->type == rrset->type) &&
            fdns_pattern_matches(&item->name, rrset->owner)) {
            return true;
        }
    }
    return false;
}

// --- names, and the simplest values

static const uint8_t *read_name(struct fdns_rule_reading *reading, const struct fdns_node *node,
                                const uint8_t *origin)
{
    uint8_t name[FDNS_NAME_MAX];
    if (fdns_name_parse(node->text, origin, name) == FDNS_OK) {
        return fdns_name_copy(&reading->world->arena, name);
    }
    fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
              "\"%s\" is no domain name", node->text);
    return NULL;
}

const uint8_t *fdns_read_absolute_name(struct fdns_rule_reading *reading,
                                       const struct fdns_node *node)
{
    return read_name(reading, node, NULL);
}

const uint8_t *fdns_read_name(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return strcmp(node->text, "@") == 0 ? reading->origin
                                        : read_name(reading, node, reading->origin);
}

const void *fdns_read_yes(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    (void)reading;
    static const bool yes = true;
    return fdns_node_boolean(node) ? &yes : NULL;
}

const void *fdns_read_integer(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    int64_t number = fdns_node_integer(node);
    return fdns_arena_copy(&reading->world->arena, &number, sizeof(number));
}
