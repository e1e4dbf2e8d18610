#include "fakedns/zone/record_set.h"

#include "fakedns/base/random.h"

#include <string.h>

int fdns_rdata_name_offset(uint16_t type)
{
    switch (type) {
    case FDNS_TYPE_NS:
    case FDNS_TYPE_CNAME:
    case FDNS_TYPE_DNAME:
    case FDNS_TYPE_PTR:
        return 0;
    case FDNS_TYPE_MX:
        return 2;
    case FDNS_TYPE_SRV:
        return 6;
    default:
        return -1;
    }
}

// Octets of rdata before a name that ends it; all of them if there is none.
static size_t plain_octets(uint16_t type, const struct fdns_rdata *rdata)
{
    int at = fdns_rdata_name_offset(type);
    if (at < 0 || rdata->len <= at) {
        return rdata->len;
    }
    size_t offset = (size_t)at;
    bool whole =
        fdns_name_measure(rdata->octets + offset, rdata->len - offset) == rdata->len - offset;
    return whole ? offset : rdata->len;
}

static uint64_t hash_of(const struct fdns_record *record)
{
    size_t plain = plain_octets(record->type, &record->rdata);
    uint64_t hash = fdns_name_hash(record->owner);
    hash = fdns_hash_u64(hash, record->type);
    hash = fdns_hash(hash, record->rdata.octets, plain);
    if (plain < record->rdata.len) {
        hash = fdns_hash_u64(hash, fdns_name_hash(record->rdata.octets + plain));
    }
    return hash;
}

static bool same(const struct fdns_record *a, const struct fdns_record *b)
{
    if (a->type != b->type || a->rr_class != b->rr_class || a->rdata.len != b->rdata.len) {
        return false;
    }
    size_t plain = plain_octets(a->type, &a->rdata);
    if (plain != plain_octets(b->type, &b->rdata)) {
        return false;
    }
    if (plain > 0 && memcmp(a->rdata.octets, b->rdata.octets, plain) != 0) {
        return false;
    }
    if (plain < a->rdata.len &&
        !fdns_name_equal(a->rdata.octets + plain, b->rdata.octets + plain)) {
        return false;
    }
    return fdns_name_equal(a->owner, b->owner);
}

// The place where record is, or where it would go.
static struct fdns_record *place_of(const struct fdns_record_set *set,
                                    const struct fdns_record *record)
{
    size_t mask = set->n_places - 1;
    size_t i = (size_t)hash_of(record) & mask;
    while (set->places[i].owner != NULL && !same(&set->places[i], record)) {
        i = (i + 1) & mask;
    }
    return &set->places[i];
}

static void grow(struct fdns_arena *arena, struct fdns_record_set *set)
{
    struct fdns_record_set larger = {.n_places = set->n_places > 0 ? set->n_places * 2 : 64};
    larger.n_records = set->n_records;
    larger.places = fdns_arena_array(arena, larger.n_places, sizeof larger.places[0]);
    for (size_t i = 0; i < set->n_places; i++) {
        if (set->places[i].owner != NULL) {
            *place_of(&larger, &set->places[i]) = set->places[i];
        }
    }
    *set = larger;
}

bool fdns_record_set_add(struct fdns_arena *arena, struct fdns_record_set *set,
                         const struct fdns_record *record)
{
    if (set->n_records * 2 >= set->n_places) {
        grow(arena, set);
    }
    struct fdns_record *place = place_of(set, record);
    if (place->owner != NULL) {
        return false;
    }
    *place = *record;
    set->n_records++;
    return true;
}
