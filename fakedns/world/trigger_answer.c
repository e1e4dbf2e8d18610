// Triggers: what the answer is when the rule's turn comes: the honest one, as the rules before have
// left it.
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"

// --- answer-has

struct wanted {
    struct fdns_rrset_items sections[FDNS_N_SECTIONS];
};

static const struct fdns_schema_key section_keys[] = {
    {.name = "answer", .type = &fdns_type_rrset_items, .doc = "In the answer section."},
    {.name = "authority", .type = &fdns_type_rrset_items, .doc = "In the authority section."},
    {.name = "additional", .type = &fdns_type_rrset_items, .doc = "In the additional section."},
};
static const struct fdns_schema_type by_section = {.kind = FDNS_SCHEMA_RECORD,
                                                   .name = "RRsets of sections",
                                                   .keys = section_keys,
                                                   .n_keys = FDNS_N_SECTIONS};
static const struct fdns_schema_type *const choices[] = {&fdns_type_rrset_items, &by_section};
const struct fdns_schema_type fdns_type_answer_has = {.kind = FDNS_SCHEMA_EITHER,
                                                      .name = "RRsets, or RRsets of sections",
                                                      .choices = choices,
                                                      .n_choices = 2};

const void *fdns_trigger_read_answer_has(struct fdns_rule_reading *reading,
                                         const struct fdns_node *node)
{
    struct wanted *wanted = fdns_arena_alloc(&reading->world->arena, sizeof(*wanted));
    if (node->kind != FDNS_MAP) {
        fdns_trigger_warn_of_empty(reading, node);
        wanted->sections[FDNS_ANSWER] = fdns_rrset_items_read(reading, node);
        return wanted;
    }
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        wanted->sections[i] =
            fdns_rrset_items_read(reading, fdns_node_find(node, section_keys[i].name));
    }
    return wanted;
}

bool fdns_trigger_match_answer_has(const void *value, const struct fdns_exchange *exchange,
                                   const struct fdns_reply *reply)
{
    (void)exchange;
    const struct wanted *wanted = value;
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        for (size_t k = 0; k < reply->sections[i].n_items; k++) {
            if (fdns_rrset_items_have(&wanted->sections[i], &reply->sections[i].items[k])) {
                return true;
            }
        }
    }
    return false;
}

// --- answer-rcode, answer-size

bool fdns_trigger_match_answer_rcode(const void *value, const struct fdns_exchange *exchange,
                                     const struct fdns_reply *reply)
{
    (void)exchange;
    return fdns_codes_have(value, reply->rcode);
}

// Encodes it to see; that is forgotten again.
bool fdns_trigger_match_answer_size(const void *value, const struct fdns_exchange *exchange,
                                    const struct fdns_reply *reply)
{
    (void)exchange;
    struct fdns_reply whole = *reply;
    struct fdns_arena_mark mark = fdns_arena_mark(reply->arena);
    whole.limit = FDNS_MESSAGE_MAX;
    size_t len = fdns_reply_encode(&whole, fdns_arena_alloc(reply->arena, FDNS_MESSAGE_MAX),
                                   FDNS_MESSAGE_MAX);
    fdns_arena_return(reply->arena, mark);
    return fdns_range_holds(value, len);
}

// --- answer-kind

enum kind { DATA, NODATA, NXDOMAIN, REFERRAL, FAILURE };
static const char *const kind_words[] = {"data", "nodata", "nxdomain", "referral", "error"};
static const struct fdns_schema_type kind_type = {
    .kind = FDNS_SCHEMA_WORD, .name = "kind of answer", .words = kind_words, .n_words = 5};
static const struct fdns_schema_type kind_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of kinds of answer", .item = &kind_type};
static const struct fdns_schema_type *const kind_choices[] = {&kind_type, &kind_list};
const struct fdns_schema_type fdns_type_answer_kind = {.kind = FDNS_SCHEMA_EITHER,
                                                       .name = "kind of answer or list of them",
                                                       .choices = kind_choices,
                                                       .n_choices = 2};

const void *fdns_trigger_read_kind(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    unsigned *kinds = fdns_arena_alloc(&reading->world->arena, sizeof(*kinds));
    fdns_trigger_warn_of_empty(reading, node);
    for (size_t i = 0; i < fdns_node_n(node); i++) {
        *kinds |= 1U << fdns_word_index(&kind_type, fdns_node_item(node, i)->text);
    }
    return kinds;
}

static bool has_type(const struct fdns_rrset_list *list, uint16_t type)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (list->items[i].type == type) {
            return true;
        }
    }
    return false;
}

// As RFC 2308 2 tells them apart.
static enum kind kind_of(const struct fdns_reply *reply)
{
    if (reply->rcode == FDNS_NXDOMAIN) {
        return NXDOMAIN;
    }
    if (reply->rcode != FDNS_NOERROR) {
        return FAILURE;
    }
    if (reply->sections[FDNS_ANSWER].n_items > 0) {
        return DATA;
    }
    const struct fdns_rrset_list *authority = &reply->sections[FDNS_AUTHORITY];
    return has_type(authority, FDNS_TYPE_NS) && !has_type(authority, FDNS_TYPE_SOA) ? REFERRAL
                                                                                    : NODATA;
}

bool fdns_trigger_match_answer_kind(const void *value, const struct fdns_exchange *exchange,
                                    const struct fdns_reply *reply)
{
    (void)exchange;
    return (*(const unsigned *)value >> kind_of(reply) & 1) != 0;
}
