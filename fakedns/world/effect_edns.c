// Effects on the OPT record of the answer (RFC 6891 6.1). What its options hold is in
// effect_option.c.
#include "fakedns/world/effect_edns.h"

#include <stdlib.h>
#include <string.h>

enum flags_from { FLAGS_KEPT, FLAGS_COPIED, FLAGS_GIVEN };
enum place { AT_THE_END, FIRST_IN_ADDITIONAL, IN_ANSWER, IN_AUTHORITY };
static const char *const place_words[] = {"last", "first", "answer", "authority"}; // as the enum

struct edns {
    bool none, force, twice;
    bool has_version, has_udp_size, has_extended_rcode;
    uint8_t version, extended_rcode;
    uint16_t udp_size, flags;
    enum flags_from flags_from;
    struct fdns_option_list options;
    uint16_t overrun;
    enum place place;
};

// --- schema

static const char *const none_words[] = {"none"};
static const struct fdns_schema_type none = {
    .kind = FDNS_SCHEMA_WORD, .name = "word", .words = none_words, .n_words = 1};
static const struct fdns_schema_type octet = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = UINT8_MAX};
static const struct fdns_schema_type size = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 0, .max = UINT16_MAX};
static const struct fdns_schema_type place_type = {
    .kind = FDNS_SCHEMA_WORD, .name = "place", .words = place_words, .n_words = 4};

static bool parse_flag(const char *text, uint16_t *bits)
{
    enum { CO = 0x4000, HEX = 16 };
    char *end = NULL;
    if (strcmp(text, "DO") == 0 || strcmp(text, "CO") == 0) {
        *bits = *text == 'D' ? FDNS_EDNS_DO : CO;
        return true;
    }
    if (strncmp(text, "0x", 2) != 0 || strlen(text) != strlen("0x0000")) {
        return false;
    }
    *bits = (uint16_t)strtoul(text, &end, HEX);
    return *end == '\0';
}

static const char *check_flag(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint16_t bits = 0;
    return parse_flag(text, &bits) ? NULL : "write DO, CO, or bits like 0x0001";
}

static const struct fdns_schema_type flag = {
    .kind = FDNS_SCHEMA_TEXT, .name = "EDNS flag", .check = check_flag};
static const struct fdns_schema_type flag_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of EDNS flags", .item = &flag};
static const char *const copy_words[] = {"copy"};
static const struct fdns_schema_type copy = {
    .kind = FDNS_SCHEMA_WORD, .name = "word", .words = copy_words, .n_words = 1};
static const struct fdns_schema_type *const flag_choices[] = {&copy, &flag_list};
static const struct fdns_schema_type flags_type = {.kind = FDNS_SCHEMA_EITHER,
                                                   .name = "`copy` or list of EDNS flags",
                                                   .choices = flag_choices,
                                                   .n_choices = 2};

static const struct fdns_schema_key keys[] = {
    {.name = "force",
     .type = &fdns_type_boolean,
     .doc = "There is an OPT record although the query had none. Without it, answers to queries "
            "without EDNS stay as they are.",
     .example = "yes"},
    {.name = "version", .type = &octet, .doc = "Its version.", .example = "1"},
    {.name = "udp-size", .type = &size, .doc = "The size it advertises.", .example = "0"},
    {.name = "flags",
     .type = &flags_type,
     .doc = "Exactly these flags, `DO`, `CO` or bits in hexadecimal; `copy` repeats all that the "
            "query has, those that must be zero too.",
     .example = "[]"},
    {.name = "extended-rcode",
     .type = &octet,
     .doc = "The upper eight bits of the rcode; the lower four stay.",
     .example = "1"},
    FDNS_OPTION_ROWS,
    {.name = "overrun",
     .type = &size,
     .doc = "The last option claims so many octets more than there are.",
     .example = "4"},
    {.name = "twice", .type = &fdns_type_boolean, .doc = "There are two of it.", .example = "yes"},
    {.name = "place",
     .type = &place_type,
     .doc = "Where it stands: `last` or `first` in the additional section, or in another section.",
     .example = "answer"},
};
static const struct fdns_schema_type record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "edns",
    .doc = "What is wrong with an OPT record. Options are added, in the order of this table, "
           "whether the query asked for them or not; `edns-option` in `when` narrows that.",
    .keys = keys,
    .n_keys = sizeof(keys) / sizeof(keys[0])};
static const struct fdns_schema_type *const choices[] = {&none, &record};
const struct fdns_schema_type fdns_type_edns = {.kind = FDNS_SCHEMA_EITHER,
                                                .name = "`none` or an OPT record",
                                                .choices = choices,
                                                .n_choices = 2};

// --- reading

static bool read_yes(const struct fdns_node *node, const char *key)
{
    const struct fdns_node *value = fdns_node_find(node, key);
    return value != NULL && fdns_node_boolean(value);
}

static bool read_number(const struct fdns_node *node, const char *key, uint16_t *number)
{
    const struct fdns_node *value = fdns_node_find(node, key);
    *number = value != NULL ? (uint16_t)fdns_node_integer(value) : 0;
    return value != NULL;
}

static void read_flags(struct edns *edns, const struct fdns_node *flags)
{
    if (flags == NULL) {
        return;
    }
    edns->flags_from = flags->kind == FDNS_SCALAR ? FLAGS_COPIED : FLAGS_GIVEN;
    for (size_t i = 0; flags->kind == FDNS_LIST && i < flags->n_items; i++) {
        uint16_t bits = 0;
        parse_flag(flags->items[i]->text, &bits);
        edns->flags |= bits;
    }
}

const void *fdns_read_edns(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct edns *edns = fdns_arena_alloc(&reading->world->arena, sizeof(*edns));
    uint16_t version = 0, extended_rcode = 0;
    if (node->kind == FDNS_SCALAR) {
        edns->none = true;
        return edns;
    }
    edns->force = read_yes(node, "force");
    edns->twice = read_yes(node, "twice");
    edns->has_version = read_number(node, "version", &version);
    edns->version = (uint8_t)version;
    edns->has_udp_size = read_number(node, "udp-size", &edns->udp_size);
    edns->has_extended_rcode = read_number(node, "extended-rcode", &extended_rcode);
    edns->extended_rcode = (uint8_t)extended_rcode;
    read_number(node, "overrun", &edns->overrun);
    read_flags(edns, fdns_node_find(node, "flags"));
    edns->place = (enum place)fdns_word_index(&place_type, fdns_node_text(node, "place"));
    fdns_options_read(reading, node, &edns->options);
    return edns;
}

// --- editing

// The OPT record as an ordinary one, for where none belongs.
static struct fdns_rrset as_rrset(const struct fdns_reply *reply)
{
    struct fdns_rdata *rdata = fdns_arena_alloc(reply->arena, sizeof(*rdata));
    *rdata = (struct fdns_rdata){reply->edns_options, reply->edns_options_len};
    return (struct fdns_rrset){.owner = fdns_name_root,
                               .type = FDNS_TYPE_OPT,
                               .rr_class = reply->edns_udp_size,
                               .ttl = (uint32_t)(reply->rcode >> 4) << 24 |
                                      (uint32_t)reply->edns_version << 16 | reply->edns_flags,
                               .rdatas = rdata,
                               .n_rdatas = 1};
}

static void add_first(struct fdns_reply *reply, const struct fdns_rrset *rrset)
{
    struct fdns_rrset_list *list = &reply->sections[FDNS_ADDITIONAL];
    fdns_rrset_list_add(reply->arena, list, rrset);
    memmove(&list->items[1], list->items, (list->n_items - 1) * sizeof(*rrset));
    list->items[0] = *rrset;
    reply->n_required_glue++;
}

static void move(struct fdns_reply *reply, enum place place)
{
    struct fdns_rrset opt = as_rrset(reply);
    switch (place) {
    case AT_THE_END:
        return;
    case FIRST_IN_ADDITIONAL:
        add_first(reply, &opt);
        break;
    case IN_ANSWER:
        fdns_rrset_list_add(reply->arena, &reply->sections[FDNS_ANSWER], &opt);
        break;
    case IN_AUTHORITY:
        fdns_rrset_list_add(reply->arena, &reply->sections[FDNS_AUTHORITY], &opt);
        break;
    }
    reply->edns = false;
}

static void set_fields(const struct edns *edns, const struct fdns_exchange *exchange,
                       struct fdns_reply *reply)
{
    if (edns->has_version) {
        reply->edns_version = edns->version;
    }
    if (edns->has_udp_size) {
        reply->edns_udp_size = edns->udp_size;
    }
    if (edns->has_extended_rcode) {
        reply->rcode = (uint16_t)((reply->rcode & 15) | edns->extended_rcode << 4);
    }
    if (edns->flags_from == FLAGS_GIVEN) {
        reply->edns_flags = edns->flags;
    } else if (edns->flags_from == FLAGS_COPIED && exchange->query->edns.present) {
        reply->edns_flags = exchange->query->edns.flags;
    }
}

void fdns_edit_edns(const void *value, const struct fdns_exchange *exchange,
                    struct fdns_reply *reply)
{
    const struct edns *edns = value;
    if (edns->none) {
        reply->edns = false;
        return;
    }
    if (!reply->edns && !edns->force) {
        return;
    }
    if (!reply->edns) {
        reply->edns = true;
        reply->edns_udp_size = FDNS_UDP_LIMIT;
    }
    set_fields(edns, exchange, reply);
    fdns_options_add(&edns->options, exchange, reply, edns->overrun);
    if (edns->twice) {
        struct fdns_rrset opt = as_rrset(reply);
        add_first(reply, &opt);
    }
    move(reply, edns->place);
}
