// Signed zones: the DS records that parents have, and when a zone has to be signed (again).
#include "fakedns/zone/sign.h"
#include "fakedns/wire/show.h"
#include "fakedns/world/build.h"

static const struct fdns_zone_order *order_for(const struct fdns_building *b, const uint8_t *apex)
{
    for (size_t i = b->n_orders; i > 0; i--) {
        if (fdns_name_equal(b->orders[i - 1].apex, apex)) {
            return &b->orders[i - 1];
        }
    }
    return NULL;
}

// What this file says of a zone, else what it was signed with in the base.
static const struct fdns_signing *signing_of(const struct fdns_building *b, const uint8_t *apex)
{
    const struct fdns_zone_order *order = order_for(b, apex);
    if (order != NULL) {
        return order->signing;
    }
    const struct fdns_zone *old =
        b->world->base != NULL ? fdns_world_find_zone(b->world->base, apex) : NULL;
    return old != NULL ? old->signing : NULL;
}

// The DS record of a zone stands in the parent where it is delegated, unless one is written there.
static const struct fdns_rrset *cut_without_ds(const struct fdns_zone *parent, const uint8_t *apex)
{
    if (!fdns_name_below(apex, parent->apex)) {
        return NULL;
    }
    const struct fdns_zone_node *cut = fdns_zone_find(parent, apex);
    if (cut == NULL || !cut->is_cut || fdns_zone_node_rrset(cut, FDNS_TYPE_DS) != NULL) {
        return NULL;
    }
    return fdns_zone_node_rrset(cut, FDNS_TYPE_NS);
}

static void add_ds(struct fdns_arena *arena, struct fdns_records *records,
                   const struct fdns_rrset *ns, const struct fdns_signing *signing)
{
    for (size_t i = 0; i < signing->n_ds; i++) {
        records->items =
            fdns_arena_grow(arena, records->items, records->n_items, records->n_items + 1,
                            sizeof(*records->items), &records->capacity);
        records->items[records->n_items++] = (struct fdns_record){.owner = ns->owner,
                                                                  .type = FDNS_TYPE_DS,
                                                                  .rr_class = FDNS_CLASS_IN,
                                                                  .ttl = ns->ttl,
                                                                  .rdata = signing->ds[i]};
    }
}

const struct fdns_zone *fdns_build_signed(struct fdns_building *b, const struct fdns_zone *plain,
                                          const struct fdns_signing *signing,
                                          const struct fdns_source *source)
{
    struct fdns_arena *arena = &b->world->arena;
    struct fdns_records added = {0};
    for (size_t i = 0; i < b->n_zones; i++) {
        const struct fdns_signing *child = signing_of(b, b->zones[i]->apex);
        const struct fdns_rrset *ns =
            child != NULL ? cut_without_ds(plain, b->zones[i]->apex) : NULL;
        if (ns != NULL) {
            add_ds(arena, &added, ns, child);
        }
    }
    return fdns_zone_sign(arena, plain, signing, added.items, added.n_items, source, b->diags);
}

// A zone of the base that is signed stays as it is unless something is said of it or of a zone
// below it.
static bool is_to_be_signed(const struct fdns_building *b, const struct fdns_zone *zone)
{
    if (zone->plain == NULL || order_for(b, zone->apex) != NULL) {
        return true;
    }
    for (size_t i = 0; i < b->n_orders; i++) {
        if (cut_without_ds(zone->plain, b->orders[i].apex) != NULL) {
            return true;
        }
    }
    return false;
}

void fdns_build_sign(struct fdns_building *b)
{
    for (size_t i = 0; i < b->n_zones; i++) {
        const struct fdns_zone *zone = b->zones[i];
        const struct fdns_signing *signing = signing_of(b, zone->apex);
        if (signing == NULL || !is_to_be_signed(b, zone)) {
            continue;
        }
        const struct fdns_zone *plain = zone->plain != NULL ? zone->plain : zone;
        const struct fdns_zone *after = fdns_build_signed(b, plain, signing, b->source);
        if (after != NULL) {
            b->zones[i] = after;
            fdns_build_mark_changed(b, after->apex);
        }
    }
}

// --- trust anchors

static bool has_signed_parent(const struct fdns_world *world, const uint8_t *apex)
{
    for (size_t i = 0; i < world->n_zones; i++) {
        const struct fdns_zone *zone = world->zones[i];
        if (zone->signing != NULL && cut_without_ds(zone->plain, apex) != NULL) {
            return true;
        }
    }
    return false;
}

static void print_rdata(const uint8_t *owner, uint16_t type, uint32_t ttl,
                        const struct fdns_rdata *rdata, struct fdns_buf *out)
{
    struct fdns_arena scratch;
    char name[FDNS_NAME_TEXT_MAX];
    char word[FDNS_CODE_TEXT_MAX];
    fdns_arena_init(&scratch, 0);
    fdns_buf_format(out, "%s %u IN %s %s\n", fdns_name_print(owner, name), (unsigned)ttl,
                    fdns_type_print(type, word),
                    fdns_rdata_text(&scratch, type, rdata->octets, rdata->len));
    fdns_arena_clear(&scratch);
}

static void print_anchor(const struct fdns_zone *zone, struct fdns_buf *out)
{
    const struct fdns_signing *signing = zone->signing;
    const struct fdns_rrset *dnskey = fdns_zone_node_rrset(zone->apex_node, FDNS_TYPE_DNSKEY);
    uint32_t ttl = dnskey != NULL ? dnskey->ttl : 0;
    for (size_t i = 0; i < signing->n_ds; i++) {
        print_rdata(zone->apex, FDNS_TYPE_DS, ttl, &signing->ds[i], out);
    }
    for (size_t i = 0; i < signing->n_keys; i++) {
        const struct fdns_key *key = &signing->keys[i];
        if ((key->flags & FDNS_DNSKEY_SEP) != 0 && !key->hidden) {
            print_rdata(zone->apex, FDNS_TYPE_DNSKEY, ttl, &key->dnskey, out);
        }
    }
}

void fdns_world_print_anchors(const struct fdns_world *world, struct fdns_buf *out)
{
    for (size_t i = 0; i < world->n_zones; i++) {
        const struct fdns_zone *zone = world->zones[i];
        if (zone->signing != NULL && !has_signed_parent(world, zone->apex)) {
            print_anchor(zone, out);
        }
    }
}
