// Effects on the header.
#include "fakedns/world/effect.h"

#include <stdlib.h>
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

// --- id

struct id {
    bool relative;
    uint16_t number;
};

// A number up to 65535, after a sign or not.
static bool parse_id(const char *text, struct id *id)
{
    char *end = NULL;
    id->relative = *text == '+' || *text == '-';
    const char *digits = text + (id->relative ? 1 : 0);
    unsigned long number = strtoul(digits, &end, 10);
    if (*digits < '0' || *digits > '9' || *end != '\0' || number > UINT16_MAX) {
        return false;
    }
    id->number = (uint16_t)(*text == '-' ? 0x10000 - number : number);
    return true;
}

static const char *check_id(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct id id;
    return parse_id(text, &id) ? NULL : "write 0 to 65535, or +1 or -1 to change the query's";
}

const struct fdns_schema_type fdns_type_id = {
    .kind = FDNS_SCHEMA_TEXT, .name = "message id", .check = check_id};

const void *fdns_read_id(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct id *id = fdns_arena_alloc(&reading->world->arena, sizeof(*id));
    parse_id(node->text, id);
    return id;
}

void fdns_edit_id(const void *value, const struct fdns_exchange *exchange, struct fdns_reply *reply)
{
    (void)exchange;
    const struct id *id = value;
    reply->id = (uint16_t)((id->relative ? reply->id : 0) + id->number);
}
