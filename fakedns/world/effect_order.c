// Effects on the order of records, and on aliases that are hidden.
#include "fakedns/world/effect.h"
#include "fakedns/world/state.h"

#include <string.h>

// --- order

enum order { ROTATE, REVERSE, RANDOM, CNAME_LAST };
static const char *const order_words[] = {"rotate", "reverse", "random", "cname-last"};
const struct fdns_schema_type fdns_type_order = {
    .kind = FDNS_SCHEMA_WORD, .name = "order", .words = order_words, .n_words = 4};

const void *fdns_read_order(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    enum order *order = fdns_arena_alloc(&reading->world->arena, sizeof(*order));
    *order = (enum order)fdns_word_index(&fdns_type_order, node->text);
    return order;
}

static void swap_rdatas(struct fdns_rdata *a, struct fdns_rdata *b)
{
    struct fdns_rdata kept = *a;
    *a = *b;
    *b = kept;
}

static void swap_rrsets(struct fdns_rrset *a, struct fdns_rrset *b)
{
    struct fdns_rrset kept = *a;
    *a = *b;
    *b = kept;
}

// The place that item i, counted from the end, swaps with: so everything is reversed, or shuffled
// (Fisher and Yates).
static size_t partner(enum order order, size_t i, size_t n, struct fdns_random *random)
{
    if (order == RANDOM) {
        return (size_t)fdns_random_below(random, i + 1);
    }
    return i >= n - n / 2 ? n - 1 - i : i;
}

static void rotate(struct fdns_rdata *rdatas, const struct fdns_rrset *old, uint64_t by)
{
    for (size_t i = 0; i < old->n_rdatas; i++) {
        rdatas[i] = old->rdatas[(i + by) % old->n_rdatas];
    }
}

static void order_rdatas(enum order order, const struct fdns_exchange *exchange,
                         struct fdns_reply *reply, struct fdns_rrset *rrset)
{
    struct fdns_random *random = fdns_world_state_random(exchange->state, exchange->rule);
    struct fdns_rrset old = *rrset;
    if (rrset->n_rdatas < 2) {
        return;
    }
    struct fdns_rdata *rdatas = fdns_own_rdatas(reply, rrset);
    if (order == ROTATE) {
        rotate(rdatas, &old, fdns_world_state_fired(exchange->state, exchange->rule->index));
        return;
    }
    for (size_t i = rrset->n_rdatas - 1; i > 0; i--) {
        swap_rdatas(&rdatas[i], &rdatas[partner(order, i, rrset->n_rdatas, random)]);
    }
}

static void cnames_last(struct fdns_arena *arena, struct fdns_rrset_list *list)
{
    struct fdns_rrset_list sorted = {0};
    for (unsigned cname = 0; cname < 2; cname++) {
        for (size_t i = 0; i < list->n_items; i++) {
            if ((list->items[i].type == FDNS_TYPE_CNAME) == (cname != 0)) {
                fdns_rrset_list_add(arena, &sorted, &list->items[i]);
            }
        }
    }
    *list = sorted;
}

void fdns_edit_order(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    enum order order = *(const enum order *)value;
    struct fdns_rrset_list *list = &reply->sections[FDNS_ANSWER];
    if (order == CNAME_LAST) {
        cnames_last(reply->arena, list);
        return;
    }
    for (size_t i = 0; i < list->n_items; i++) {
        order_rdatas(order, exchange, reply, &list->items[i]);
    }
    for (size_t i = list->n_items; order != ROTATE && i > 1; i--) {
        size_t other = partner(order, i - 1, list->n_items,
                               fdns_world_state_random(exchange->state, exchange->rule));
        swap_rrsets(&list->items[i - 1], &list->items[other]);
    }
}

// --- flatten

// The SOA of the zone, for an answer that has become empty (RFC 2308 3).
static void add_soa(struct fdns_reply *reply)
{
    const struct fdns_zone *zone = reply->zone;
    if (zone == NULL || zone->soa == NULL || reply->rcode != FDNS_NOERROR) {
        return;
    }
    struct fdns_rrset soa = *zone->soa;
    soa.ttl = zone->negative_ttl;
    fdns_rrset_list_add(reply->arena, &reply->sections[FDNS_AUTHORITY], &soa);
}

// Signatures of aliases go with them (the type they cover comes first: RFC 4034 3.1).
static void drop_signatures(struct fdns_reply *reply, struct fdns_rrset *rrset)
{
    if (rrset->type != FDNS_TYPE_RRSIG) {
        return;
    }
    size_t kept = 0;
    struct fdns_rdata *rdatas = fdns_own_rdatas(reply, rrset);
    for (size_t i = 0; i < rrset->n_rdatas; i++) {
        const uint8_t *octets = rdatas[i].octets;
        if (rdatas[i].len < 2 || octets[0] != 0 || octets[1] != FDNS_TYPE_CNAME) {
            rdatas[kept++] = rdatas[i];
        }
    }
    rrset->n_rdatas = kept;
}

void fdns_edit_flatten(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_reply *reply)
{
    (void)value, (void)exchange;
    struct fdns_rrset_list *list = &reply->sections[FDNS_ANSWER];
    size_t kept = 0, n = list->n_items;
    for (size_t i = 0; i < n; i++) {
        struct fdns_rrset rrset = list->items[i];
        drop_signatures(reply, &rrset);
        if (rrset.type != FDNS_TYPE_CNAME && rrset.n_rdatas > 0) {
            rrset.owner = reply->qname;
            list->items[kept++] = rrset;
        }
    }
    list->n_items = kept;
    if (n > 0 && kept == 0) {
        add_soa(reply);
    }
}
