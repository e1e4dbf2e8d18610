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
