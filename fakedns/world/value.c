#include "fakedns/world/effect.h"

#include <string.h>

// --- numbers

// Digits at *text, which is moved behind them.
static bool take_number(const char **text, uint64_t *number)
{
    enum { MOST_DIGITS = 18 };
    const char *start = *text;
    *number = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        *number = *number * 10 + (uint64_t)(**text - '0');
    }
    return *text > start && *text - start <= MOST_DIGITS;
}

bool fdns_range_parse(const char *text, struct fdns_range *range)
{
    bool has_from = take_number(&text, &range->from);
    range->to = range->from;
    if (*text == '\0') {
        return has_from;
    }
    if (strncmp(text, "..", 2) != 0) {
        return false;
    }
    text += 2;
    bool has_to = take_number(&text, &range->to);
    if (!has_to) {
        range->to = UINT64_MAX;
    }
    return *text == '\0' && (has_from || has_to) && range->from <= range->to;
}

static const char *check_range(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_range range;
    return fdns_range_parse(text, &range) ? NULL : "write 512, 512..1232, 1232.. or ..511";
}

const struct fdns_schema_type fdns_type_range = {.kind = FDNS_SCHEMA_TEXT,
                                                 .name = "range of numbers",
                                                 .pattern =
                                                     "^([0-9]+(\\.\\.[0-9]*)?|\\.\\.[0-9]+)$",
                                                 .check = check_range};

// A number below 1,000 with up to four digits behind the point.
bool fdns_percent_parse(const char *text, uint32_t *ppm)
{
    enum { UNIT = 10000, WHOLE = 100 * UNIT };
    uint64_t whole = 0, value = 0;
    if (!take_number(&text, &whole) || whole > 100) {
        return false;
    }
    value = whole * UNIT;
    if (*text == '.') {
        text++;
        uint64_t unit = UNIT / 10;
        for (; *text >= '0' && *text <= '9' && unit > 0; text++, unit /= 10) {
            value += (uint64_t)(*text - '0') * unit;
        }
    }
    *ppm = (uint32_t)value;
    return strcmp(text, "%") == 0 && value > 0 && value <= WHOLE;
}

static const char *check_percent(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint32_t ppm = 0;
    return fdns_percent_parse(text, &ppm) ? NULL : "write 25% or 0.1%, above 0 and at most 100";
}

const struct fdns_schema_type fdns_type_percent = {
    .kind = FDNS_SCHEMA_TEXT, .name = "percentage", .pattern = "%$", .check = check_percent};

const struct fdns_schema_type fdns_type_octets = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 1, .max = FDNS_MESSAGE_MAX};

// A number up to 65535, after a sign or not.
bool fdns_change_parse(const char *text, struct fdns_change *change)
{
    uint64_t number = 0;
    bool negative = *text == '-';
    change->relative = *text == '+' || negative;
    text += change->relative ? 1 : 0;
    if (!take_number(&text, &number) || *text != '\0' || number > UINT16_MAX) {
        return false;
    }
    change->number = (uint16_t)(negative ? 0 - number : number);
    return true;
}

static const char *check_change(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_change change;
    return fdns_change_parse(text, &change) ? NULL : "write 0 to 65535, or +1 or -1 to change it";
}

const struct fdns_schema_type fdns_type_change = {.kind = FDNS_SCHEMA_TEXT,
                                                  .name = "number or change of it",
                                                  .pattern = "^[+-]?[0-9]+$",
                                                  .check = check_change};

size_t fdns_word_index(const struct fdns_schema_type *type, const char *word)
{
    for (size_t i = 0; word != NULL && i < type->n_words; i++) {
        if (strcmp(word, type->words[i]) == 0) {
            return i;
        }
    }
    return 0;
}

// --- addresses

static unsigned width_of(enum fdns_family family)
{
    return family == FDNS_IPV4 ? 32 : 128;
}

bool fdns_prefix_parse(const char *text, struct fdns_prefix *prefix)
{
    char host[FDNS_ADDRESS_TEXT_MAX];
    struct fdns_address address;
    const char *slash = strchr(text, '/');
    size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
    if (len >= sizeof(host)) {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    if (fdns_address_parse(host, 0, &address) != FDNS_OK || address.port != 0) {
        return false;
    }
    uint64_t bits = width_of(address.family);
    if (slash != NULL) {
        const char *digits = slash + 1;
        if (!take_number(&digits, &bits) || *digits != '\0' || bits > width_of(address.family)) {
            return false;
        }
    }
    *prefix = (struct fdns_prefix){.family = address.family, .bits = (unsigned)bits};
    memcpy(prefix->octets, address.octets, sizeof(prefix->octets));
    return true;
}

bool fdns_prefix_holds(const struct fdns_prefix *prefix, enum fdns_family family,
                       const uint8_t *octets)
{
    size_t whole = prefix->bits / 8;
    if (prefix->family != family || memcmp(prefix->octets, octets, whole) != 0) {
        return false;
    }
    unsigned rest = prefix->bits % 8;
    return rest == 0 || ((prefix->octets[whole] ^ octets[whole]) >> (8 - rest)) == 0;
}

static const char *check_prefix(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_prefix prefix;
    return fdns_prefix_parse(text, &prefix)
               ? NULL
               : "write 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32, without a port";
}

const struct fdns_schema_type fdns_type_prefix = {
    .kind = FDNS_SCHEMA_TEXT, .name = "address or subnet", .check = check_prefix};

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
