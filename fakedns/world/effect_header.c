// Effects on the header.
#include "fakedns/world/effect.h"

#include <string.h>

// --- rcode

const void *fdns_read_rcode(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    uint16_t *rcode = fdns_arena_alloc(&reading->world->arena, sizeof(*rcode));
    fdns_rcode_parse(node->text, rcode);
    return rcode;
}

void fdns_edit_set_rcode(const void *value, const struct fdns_exchange *exchange,
                         struct fdns_reply *reply)
{
    (void)exchange;
    reply->rcode = *(const uint16_t *)value;
}

// As servers do that fail: nothing but the code. Only "no such name" and "no error" can have
// authority.
void fdns_edit_rcode(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    fdns_edit_set_rcode(value, exchange, reply);
    fdns_clear_sections(reply);
    if (reply->rcode != FDNS_NOERROR && reply->rcode != FDNS_NXDOMAIN) {
        reply->flags &= (uint16_t)~FDNS_AA;
    }
}

// --- flags

static const struct flag_word {
    const char *name;
    uint16_t bit;
} flag_words[] = {
    {"QR", FDNS_QR}, {"AA", FDNS_AA}, {"TC", FDNS_TC}, {"RD", FDNS_RD},
    {"RA", FDNS_RA}, {"Z", FDNS_Z},   {"AD", FDNS_AD}, {"CD", FDNS_CD},
};
static const char *const flag_texts[] = {"QR", "AA", "TC", "RD", "RA", "Z", "AD", "CD"};
static const struct fdns_schema_type flag = {.kind = FDNS_SCHEMA_WORD,
                                             .name = "flag",
                                             .words = flag_texts,
                                             .n_words = sizeof(flag_texts) / sizeof(char *)};
const struct fdns_schema_type fdns_type_header_flags = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of flags", .item = &flag};

const void *fdns_read_header_flags(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    uint16_t *bits = fdns_arena_alloc(&reading->world->arena, sizeof(*bits));
    for (size_t i = 0; i < fdns_node_n(node); i++) {
        for (size_t k = 0; k < sizeof(flag_words) / sizeof(flag_words[0]); k++) {
            if (strcmp(flag_words[k].name, fdns_node_item(node, i)->text) == 0) {
                *bits |= flag_words[k].bit;
            }
        }
    }
    return bits;
}

void fdns_edit_set_flags(const void *value, const struct fdns_exchange *exchange,
                         struct fdns_reply *reply)
{
    (void)exchange;
    reply->flags |= *(const uint16_t *)value;
}

void fdns_edit_clear_flags(const void *value, const struct fdns_exchange *exchange,
                           struct fdns_reply *reply)
{
    (void)exchange;
    reply->flags &= (uint16_t) ~*(const uint16_t *)value;
}

void fdns_edit_copy_flags(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply)
{
    uint16_t bits = *(const uint16_t *)value;
    reply->flags = (uint16_t)((reply->flags & ~bits) | (exchange->query->flags & bits));
}

// --- id

const void *fdns_read_change(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct fdns_change *change = fdns_arena_alloc(&reading->world->arena, sizeof(*change));
    fdns_change_parse(node->text, change);
    return change;
}

void fdns_edit_id(const void *value, const struct fdns_exchange *exchange, struct fdns_reply *reply)
{
    (void)exchange;
    reply->id = fdns_changed(value, reply->id);
}

// --- opcode

const void *fdns_read_opcode(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    uint8_t *opcode = fdns_arena_alloc(&reading->world->arena, sizeof(*opcode));
    fdns_opcode_parse(node->text, opcode);
    return opcode;
}

void fdns_edit_opcode(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply)
{
    (void)exchange;
    reply->opcode = *(const uint8_t *)value;
}

// --- counts

enum { N_COUNTS = 4 };

struct counts {
    bool named[N_COUNTS];
    struct fdns_change changes[N_COUNTS];
};

static const struct fdns_schema_key count_keys[N_COUNTS] = {
    {.name = "question", .type = &fdns_type_change, .doc = "QDCOUNT.", .example = "2"},
    {.name = "answer", .type = &fdns_type_change, .doc = "ANCOUNT.", .example = "+1"},
    {.name = "authority", .type = &fdns_type_change, .doc = "NSCOUNT.", .example = "0"},
    {.name = "additional", .type = &fdns_type_change, .doc = "ARCOUNT.", .example = "-1"},
};
const struct fdns_schema_type fdns_type_counts = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "counts",
    .doc = "What the header says of the sections; they stay as they are.",
    .keys = count_keys,
    .n_keys = N_COUNTS};

const void *fdns_read_counts(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct counts *counts = fdns_arena_alloc(&reading->world->arena, sizeof(*counts));
    for (size_t i = 0; i < N_COUNTS; i++) {
        const char *text = fdns_node_text(node, count_keys[i].name);
        counts->named[i] = text != NULL && fdns_change_parse(text, &counts->changes[i]);
    }
    return counts;
}

void fdns_bytes_counts(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_message *message)
{
    enum { COUNTS_AT = 4 };
    (void)exchange;
    const struct counts *counts = value;
    for (size_t i = 0; i < N_COUNTS; i++) {
        uint8_t *at = message->octets + COUNTS_AT + 2 * i;
        if (!counts->named[i] || message->len < FDNS_HEADER_LEN) {
            continue;
        }
        uint16_t count =
            fdns_changed(&counts->changes[i], (uint16_t)((unsigned)at[0] << 8 | at[1]));
        at[0] = (uint8_t)(count >> 8);
        at[1] = (uint8_t)count;
    }
}
