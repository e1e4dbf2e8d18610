// Effects on how many records of an RRset there are, and on their TTLs.
#include "fakedns/world/effect.h"

// --- cut-answer

struct cut {
    struct fdns_selection selection;
    size_t left;
};

static const struct fdns_schema_type left = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of records", .min = 1, .max = 65535};
static const struct fdns_schema_key cut_keys[] = {
    {.name = "left",
     .type = &left,
     .required = true,
     .doc = "So many records are left of each RRset.",
     .example = "1"},
    FDNS_SELECTION_ROWS("the answer section"),
};
static const struct fdns_schema_type cut_record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "cut",
    .doc = "RRsets that are cut short, as if they were complete.",
    .keys = cut_keys,
    .n_keys = sizeof(cut_keys) / sizeof(cut_keys[0])};
static const struct fdns_schema_type *const cut_choices[] = {&left, &cut_record};
const struct fdns_schema_type fdns_type_cut_answer = {.kind = FDNS_SCHEMA_EITHER,
                                                      .name = "number of records or cut",
                                                      .choices = cut_choices,
                                                      .n_choices = 2};

const void *fdns_read_cut_answer(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct cut *cut = fdns_arena_alloc(&reading->world->arena, sizeof(*cut));
    const struct fdns_node *n = node->kind == FDNS_MAP ? fdns_node_find(node, "left") : node;
    cut->selection = fdns_selection_read(reading, node, false);
    cut->left = (size_t)fdns_node_integer(n);
    return cut;
}

void fdns_edit_cut_answer(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply)
{
    (void)exchange;
    const struct cut *cut = value;
    struct fdns_selected selected = fdns_selected(&cut->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        if (rrset->n_rdatas > cut->left) {
            rrset->n_rdatas = cut->left;
        }
    }
}

// --- ttl

struct ttl {
    struct fdns_selection selection;
    bool has_set;
    uint32_t set;
    bool count_down;
    uint32_t spread;
};

static const struct fdns_schema_type seconds = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "TTL", .min = 0, .max = UINT32_MAX};
static const struct fdns_schema_key ttl_keys[] = {
    {.name = "set",
     .type = &seconds,
     .doc = "This number of seconds; above 2147483647 the sign bit is set.",
     .example = "0"},
    {.name = "count-down",
     .type = &fdns_type_boolean,
     .doc = "As a cache answers that fetched the records at 0s: the TTL counts down with the "
            "world's time, and begins again when it has run out.",
     .example = "yes"},
    {.name = "spread",
     .type = &seconds,
     .doc = "Each record of an RRset has so many seconds more than the one before.",
     .example = "60"},
    FDNS_SELECTION_ROWS("all"),
};
static const struct fdns_schema_type ttl_record = {.kind = FDNS_SCHEMA_RECORD,
                                                   .name = "TTL of records",
                                                   .doc = "What TTLs records have.",
                                                   .keys = ttl_keys,
                                                   .n_keys =
                                                       sizeof(ttl_keys) / sizeof(ttl_keys[0])};
static const struct fdns_schema_type *const ttl_choices[] = {&seconds, &ttl_record};
const struct fdns_schema_type fdns_type_ttl = {.kind = FDNS_SCHEMA_EITHER,
                                               .name = "TTL or TTL of records",
                                               .choices = ttl_choices,
                                               .n_choices = 2};

const void *fdns_read_ttl(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct ttl *ttl = fdns_arena_alloc(&reading->world->arena, sizeof(*ttl));
    const struct fdns_node *set = node->kind == FDNS_MAP ? fdns_node_find(node, "set") : node;
    const struct fdns_node *count_down = fdns_node_find(node, "count-down");
    const struct fdns_node *spread = fdns_node_find(node, "spread");
    ttl->selection = fdns_selection_read(reading, node, true);
    ttl->has_set = set != NULL;
    ttl->set = set != NULL ? (uint32_t)fdns_node_integer(set) : 0;
    ttl->count_down = count_down != NULL && fdns_node_boolean(count_down);
    ttl->spread = spread != NULL ? (uint32_t)fdns_node_integer(spread) : 0;
    return ttl;
}

static uint32_t ttl_at(const struct ttl *ttl, uint32_t original, int64_t now_us)
{
    enum { SECOND_US = 1000000 };
    uint32_t full = ttl->has_set ? ttl->set : original;
    if (!ttl->count_down || full == 0) {
        return full;
    }
    return full - (uint32_t)(now_us / SECOND_US % full);
}

// Records whose TTLs differ are RRsets of their own in a reply.
static void spread_ttls(struct fdns_reply *reply, size_t section, size_t at, uint32_t spread)
{
    struct fdns_rrset_list *list = &reply->sections[section];
    struct fdns_rrset whole = list->items[at];
    list->items[at].n_rdatas = 1;
    for (size_t i = 1; i < whole.n_rdatas; i++) {
        struct fdns_rrset one = whole;
        one.rdatas = &whole.rdatas[i];
        one.n_rdatas = 1;
        one.ttl = whole.ttl + (uint32_t)i * spread;
        fdns_rrset_list_add(reply->arena, list, &one);
    }
}

void fdns_edit_ttl(const void *value, const struct fdns_exchange *exchange,
                   struct fdns_reply *reply)
{
    const struct ttl *ttl = value;
    struct fdns_selected selected = fdns_selected(&ttl->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        rrset->ttl = ttl_at(ttl, rrset->ttl, exchange->now_us);
        if (ttl->spread != 0 && rrset->n_rdatas > 1) {
            spread_ttls(reply, selected.section, selected.at, ttl->spread);
        }
    }
}
