#include "fakedns/zone/delta.h"

#include <stdlib.h>
#include <string.h>

// The numbers at the end of an SOA: serial, refresh, retry, expire, minimum (RFC 1035 3.3.13).
enum { SOA_NUMBERS = 20 };

uint32_t fdns_zone_serial(const struct fdns_zone *zone)
{
    const struct fdns_rdata *rdata = &zone->soa->rdatas[0];
    const uint8_t *o = rdata->octets + rdata->len - SOA_NUMBERS;
    return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
}

struct fdns_record fdns_zone_soa_record(const struct fdns_zone *zone)
{
    const struct fdns_rrset *soa = zone->soa;
    return (struct fdns_record){.owner = soa->owner,
                                .type = soa->type,
                                .rr_class = soa->rr_class,
                                .ttl = soa->ttl,
                                .rdata = soa->rdatas[0]};
}

struct fdns_record fdns_zone_soa_with(struct fdns_arena *arena, const struct fdns_zone *zone,
                                      uint32_t serial)
{
    struct fdns_record soa = fdns_zone_soa_record(zone);
    uint8_t *octets = fdns_arena_copy(arena, soa.rdata.octets, soa.rdata.len);
    uint8_t *at = octets + soa.rdata.len - SOA_NUMBERS;
    for (unsigned i = 0; i < 4; i++) {
        at[i] = (uint8_t)(serial >> (24 - 8 * i));
    }
    soa.rdata.octets = octets;
    return soa;
}

struct fdns_record fdns_zone_record(const struct fdns_zone *zone, size_t i)
{
    struct fdns_record record = zone->records[i];
    if (record.type == FDNS_TYPE_RRSIG) {
        return record; // those of one name cover RRsets of several TTLs (RFC 4034 3)
    }
    const struct fdns_zone_node *node = fdns_zone_find(zone, record.owner);
    const struct fdns_rrset *rrset = node != NULL ? fdns_zone_node_rrset(node, record.type) : NULL;
    if (rrset != NULL) {
        record.ttl = rrset->ttl;
    }
    return record;
}

static bool is_soa(const struct fdns_zone *zone, const struct fdns_record *record)
{
    return record->type == FDNS_TYPE_SOA && fdns_name_equal(record->owner, zone->apex);
}

static int compare_number(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int compare(const void *left, const void *right)
{
    const struct fdns_record *a = left, *b = right;
    int order = compare_number(a->type, b->type);
    if (order == 0) {
        order = fdns_name_compare(a->owner, b->owner);
    }
    if (order == 0) {
        order = compare_number(a->rdata.len, b->rdata.len);
    }
    if (order == 0 && a->rdata.len > 0) {
        order = memcmp(a->rdata.octets, b->rdata.octets, a->rdata.len);
    }
    return order != 0 ? order : compare_number(a->ttl, b->ttl);
}

struct sorted {
    struct fdns_record *items;
    size_t n;
};

static struct sorted sort(struct fdns_arena *arena, const struct fdns_zone *zone)
{
    struct sorted sorted = {fdns_arena_array(arena, zone->n_records, sizeof *sorted.items), 0};
    for (size_t i = 0; i < zone->n_records; i++) {
        if (!is_soa(zone, &zone->records[i])) {
            sorted.items[sorted.n++] = fdns_zone_record(zone, i);
        }
    }
    if (sorted.n > 0) {
        qsort(sorted.items, sorted.n, sizeof *sorted.items, compare);
    }
    return sorted;
}

// What is in the first row only.
static const struct fdns_record *less(struct fdns_arena *arena, const struct sorted *all,
                                      const struct sorted *others, size_t *n)
{
    struct fdns_records left = {0};
    size_t k = 0;
    for (size_t i = 0; i < all->n; i++) {
        int order = 1;
        while (k < others->n && (order = compare(&others->items[k], &all->items[i])) < 0) {
            k++;
        }
        if (k < others->n && order == 0) {
            continue;
        }
        left.items = fdns_arena_grow(arena, left.items, left.n_items, left.n_items + 1,
                                     sizeof *left.items, &left.capacity);
        left.items[left.n_items++] = all->items[i];
    }
    *n = left.n_items;
    return left.items;
}

const struct fdns_delta *fdns_delta_find(struct fdns_arena *arena, const struct fdns_zone *from,
                                         const struct fdns_zone *to)
{
    struct fdns_arena scratch;
    struct fdns_delta *delta = fdns_arena_alloc(arena, sizeof *delta);
    fdns_arena_init(&scratch, 0);
    struct sorted before = sort(&scratch, from);
    struct sorted after = sort(&scratch, to);
    delta->from = from;
    delta->to = to;
    delta->removed = less(arena, &before, &after, &delta->n_removed);
    delta->added = less(arena, &after, &before, &delta->n_added);
    fdns_arena_clear(&scratch);
    return delta;
}
