// Effects that add, replace and remove RRsets in a section.
#include "fakedns/world/effect.h"

#include <string.h>

static const char *const section_names[FDNS_N_SECTIONS] = {"answer", "authority", "additional"};

// What a rule says of each section; `named` tells an empty text from none.
struct section_rrsets {
    bool named[FDNS_N_SECTIONS];
    struct fdns_rrset_list lists[FDNS_N_SECTIONS];
};

struct section_items {
    struct fdns_rrset_items of[FDNS_N_SECTIONS];
};

static bool same_rrset(const struct fdns_rrset *a, const struct fdns_rrset *b)
{
    return a->type == b->type && a->rr_class == b->rr_class && fdns_name_equal(a->owner, b->owner);
}

static struct fdns_rrset *find_rrset(const struct fdns_rrset_list *list,
                                     const struct fdns_rrset *like)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (same_rrset(&list->items[i], like)) {
            return &list->items[i];
        }
    }
    return NULL;
}

// Adds to the RRset of the list that it belongs to, which may share its rdatas with a zone.
static void join(struct fdns_arena *arena, struct fdns_rrset_list *list,
                 const struct fdns_rrset *more)
{
    struct fdns_rrset *rrset = find_rrset(list, more);
    if (rrset == NULL) {
        fdns_rrset_list_add(arena, list, more);
        return;
    }
    size_t n = rrset->n_rdatas + more->n_rdatas;
    struct fdns_rdata *rdatas = fdns_arena_array(arena, n, sizeof(*rdatas));
    memcpy(rdatas, rrset->rdatas, rrset->n_rdatas * sizeof(*rdatas));
    memcpy(rdatas + rrset->n_rdatas, more->rdatas, more->n_rdatas * sizeof(*rdatas));
    rrset->rdatas = rdatas;
    rrset->n_rdatas = n;
}

// Records to RRsets, in written order.
static void group(struct fdns_arena *arena, const struct fdns_records *records,
                  struct fdns_rrset_list *list)
{
    for (size_t i = 0; i < records->n_items; i++) {
        const struct fdns_record *record = &records->items[i];
        struct fdns_rrset one = {.owner = record->owner,
                                 .type = record->type,
                                 .rr_class = record->rr_class,
                                 .ttl = record->ttl,
                                 .rdatas = &record->rdata,
                                 .n_rdatas = 1};
        join(arena, list, &one);
    }
}

const void *fdns_read_section_texts(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct fdns_arena *arena = &reading->world->arena;
    struct section_rrsets *sections = fdns_arena_alloc(arena, sizeof(*sections));
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        const struct fdns_node *text = fdns_node_find(node, section_names[i]);
        struct fdns_records records = {0};
        if (text == NULL || !fdns_build_records(arena, text, reading->source, reading->origin,
                                                &records, reading->diags)) {
            continue;
        }
        sections->named[i] = true;
        group(arena, &records, &sections->lists[i]);
    }
    return sections;
}

void fdns_edit_add(const void *value, const struct fdns_exchange *exchange,
                   struct fdns_reply *reply)
{
    (void)exchange;
    const struct section_rrsets *sections = value;
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        for (size_t k = 0; k < sections->lists[i].n_items; k++) {
            join(reply->arena, &reply->sections[i], &sections->lists[i].items[k]);
        }
    }
}

void fdns_edit_replace(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_reply *reply)
{
    (void)exchange;
    const struct section_rrsets *sections = value;
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        if (!sections->named[i]) {
            continue;
        }
        reply->sections[i] = (struct fdns_rrset_list){0};
        for (size_t k = 0; k < sections->lists[i].n_items; k++) {
            fdns_rrset_list_add(reply->arena, &reply->sections[i], &sections->lists[i].items[k]);
        }
        if (i == FDNS_ADDITIONAL) {
            reply->n_required_glue = 0;
        }
    }
}

const void *fdns_read_section_items(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct section_items *sections = fdns_arena_alloc(&reading->world->arena, sizeof(*sections));
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        sections->of[i] = fdns_rrset_items_read(reading, fdns_node_find(node, section_names[i]));
    }
    return sections;
}

void fdns_edit_remove(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply)
{
    (void)exchange;
    const struct section_items *sections = value;
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        struct fdns_rrset_list *list = &reply->sections[i];
        size_t kept = 0, required = 0;
        for (size_t k = 0; k < list->n_items; k++) {
            if (fdns_rrset_items_have(&sections->of[i], &list->items[k])) {
                continue;
            }
            required += k < reply->n_required_glue;
            list->items[kept++] = list->items[k];
        }
        list->n_items = kept;
        if (i == FDNS_ADDITIONAL) {
            reply->n_required_glue = required;
        }
    }
}

void fdns_clear_sections(struct fdns_reply *reply)
{
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        reply->sections[i] = (struct fdns_rrset_list){0};
    }
    reply->n_required_glue = 0;
}

void fdns_edit_empty(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    (void)value, (void)exchange;
    reply->rcode = FDNS_NOERROR;
    fdns_clear_sections(reply);
}

static const struct fdns_schema_key text_keys[] = {
    {.name = "answer", .type = &fdns_type_zone_text, .doc = "Of the answer section."},
    {.name = "authority", .type = &fdns_type_zone_text, .doc = "Of the authority section."},
    {.name = "additional", .type = &fdns_type_zone_text, .doc = "Of the additional section."},
};
static const struct fdns_schema_key item_keys[] = {
    {.name = "answer", .type = &fdns_type_rrset_items, .doc = "Of the answer section."},
    {.name = "authority", .type = &fdns_type_rrset_items, .doc = "Of the authority section."},
    {.name = "additional", .type = &fdns_type_rrset_items, .doc = "Of the additional section."},
};

const struct fdns_schema_type fdns_type_section_texts = {.kind = FDNS_SCHEMA_RECORD,
                                                         .name = "records by section",
                                                         .keys = text_keys,
                                                         .n_keys = FDNS_N_SECTIONS};
const struct fdns_schema_type fdns_type_section_items = {.kind = FDNS_SCHEMA_RECORD,
                                                         .name = "RRsets by section",
                                                         .keys = item_keys,
                                                         .n_keys = FDNS_N_SECTIONS};
