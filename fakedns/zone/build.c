// Building a zone:
//   1. copy the records, refuse those that no zone can hold, drop repetitions
//   2. make the nodes, apex first, with every name in between
//   3. sort the records by node and type, and cut the row into RRsets
//   4. check the whole
#include "fakedns/zone/check.h"
#include "fakedns/zone/denial.h"
#include "fakedns/zone/record_set.h"
#include "fakedns/zone/zone.h"

#include <assert.h>
#include <stdlib.h>

// A record that stays, and the node it is for.
struct entry {
    const struct fdns_record *record;
    size_t node;
};

struct build {
    struct fdns_arena *arena;
    struct fdns_zone *zone;
    struct fdns_zone_node **nodes;
    size_t nodes_capacity;
    const struct fdns_zone_node **buckets; // the zone's, while they can still change
    struct entry *entries;
    size_t n_entries;
    const struct fdns_source *source;
    struct fdns_diags *diags;
};

static void place(struct build *build, const struct fdns_zone_node *node)
{
    size_t mask = build->zone->n_buckets - 1;
    size_t i = node->hash & mask;
    while (build->buckets[i] != NULL) {
        i = (i + 1) & mask;
    }
    build->buckets[i] = node;
}

static void make_room(struct build *build)
{
    struct fdns_zone *zone = build->zone;
    if ((zone->n_nodes + 1) * 2 <= zone->n_buckets) {
        return;
    }
    zone->n_buckets = zone->n_buckets > 0 ? zone->n_buckets * 2 : 16;
    build->buckets = fdns_arena_array(build->arena, zone->n_buckets, sizeof build->buckets[0]);
    zone->buckets = build->buckets;
    for (size_t i = 0; i < zone->n_nodes; i++) {
        assert(build->nodes != NULL);
        place(build, build->nodes[i]);
    }
}

// A new node. A walk finds nodes that are const; their index leads back to the one that can still
// be changed.
static struct fdns_zone_node *add_node(struct build *build, const uint8_t *name,
                                       struct fdns_zone_node *parent)
{
    struct fdns_zone *zone = build->zone;
    make_room(build);
    build->nodes = fdns_arena_grow(build->arena, build->nodes, zone->n_nodes, zone->n_nodes + 1,
                                   sizeof(struct fdns_zone_node *), &build->nodes_capacity);
    struct fdns_zone_node *node = fdns_arena_alloc(build->arena, sizeof *node);
    node->name = name;
    node->parent = parent;
    node->index = zone->n_nodes;
    if (parent != NULL) {
        node->hash = fdns_node_hash(parent->hash, name);
        if (name[0] == 1 && name[1] == '*') {
            parent->wildcard = node;
        }
    }
    build->nodes[zone->n_nodes++] = node;
    place(build, node);
    return node;
}

// The node of an owner in the zone, made with all above it if it is new.
static size_t node_for(struct build *build, const uint8_t *owner)
{
    struct fdns_labels labels;
    fdns_labels_of(owner, &labels);
    struct fdns_walk walk = fdns_zone_walk(build->zone, owner, &labels, false);
    struct fdns_zone_node *node = build->nodes[walk.node->index];
    for (unsigned left = walk.n_left; left > 0; left--) {
        node = add_node(build, owner + labels.at[left - 1], node);
    }
    return node->index;
}

static bool soa_is_whole(const struct fdns_rdata *rdata)
{
    size_t mname = fdns_name_measure(rdata->octets, rdata->len);
    size_t rname = fdns_name_measure(rdata->octets + mname, rdata->len - mname);
    return mname > 0 && rname > 0 && mname + rname + 20 == rdata->len;
}

// The rdata that lookups read must be what it should be.
static bool rdata_is_whole(const struct fdns_record *record)
{
    const struct fdns_rdata *rdata = &record->rdata;
    if (record->type == FDNS_TYPE_SOA) {
        return soa_is_whole(rdata);
    }
    int at = fdns_rdata_name_offset(record->type);
    if (at < 0) {
        return true;
    }
    size_t offset = (size_t)at;
    return rdata->len > offset &&
           fdns_name_measure(rdata->octets + offset, rdata->len - offset) == rdata->len - offset;
}

static bool can_be_stored(const struct build *build, const struct fdns_record *record)
{
    if (record->rr_class != FDNS_CLASS_IN) {
        char text[FDNS_CODE_TEXT_MAX];
        fdns_zone_blame(build->diags, FDNS_ERROR, build->source, record,
                        "class %s: a zone holds class IN",
                        fdns_class_print(record->rr_class, text));
        return false;
    }
    if (!fdns_name_at_or_below(record->owner, build->zone->apex)) {
        char text[FDNS_NAME_TEXT_MAX];
        fdns_zone_blame(build->diags, FDNS_ERROR, build->source, record, "is outside the zone %s",
                        fdns_name_print(build->zone->apex, text));
        return false;
    }
    if (!rdata_is_whole(record)) {
        fdns_zone_blame(build->diags, FDNS_ERROR, build->source, record,
                        "the rdata is not well-formed for its type");
        return false;
    }
    return true;
}

static bool take_records(struct build *build, const struct fdns_record *records, size_t n_records)
{
    struct fdns_arena scratch;
    fdns_arena_init(&scratch, 0);
    struct fdns_record_set seen = {0};
    struct fdns_record *kept = fdns_arena_array(build->arena, n_records, sizeof *kept);
    size_t n_kept = 0;
    bool good = true;
    for (size_t i = 0; i < n_records; i++) {
        if (!can_be_stored(build, &records[i])) {
            good = false;
        } else if (fdns_record_set_add(&scratch, &seen, &records[i])) {
            kept[n_kept++] = records[i];
        }
    }
    fdns_arena_clear(&scratch);
    build->zone->records = kept;
    build->zone->n_records = n_kept;
    return good;
}

static void make_nodes(struct build *build)
{
    const struct fdns_zone *zone = build->zone;
    build->zone->apex_node = add_node(build, zone->apex, NULL);
    build->entries = fdns_arena_array(build->arena, zone->n_records, sizeof build->entries[0]);
    for (size_t i = 0; i < zone->n_records; i++) {
        const struct fdns_record *record = &zone->records[i];
        if (fdns_is_of_nsec3(record)) {
            continue; // their names are no names of the zone (RFC 5155 7.2.8); see denial.h
        }
        const struct entry *before =
            build->n_entries > 0 ? &build->entries[build->n_entries - 1] : NULL;
        bool same_owner = before != NULL && record->owner == before->record->owner;
        size_t node = same_owner ? before->node : node_for(build, record->owner);
        build->entries[build->n_entries++] = (struct entry){record, node};
    }
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->node != b->node) {
        return a->node < b->node ? -1 : 1;
    }
    if (a->record->type != b->record->type) {
        return a->record->type < b->record->type ? -1 : 1;
    }
    return a->record < b->record ? -1 : a->record > b->record;
}

static bool same_rrset(const struct entry *a, const struct entry *b)
{
    return a->node == b->node && a->record->type == b->record->type;
}

// The RRset of the entries from first on; *end is the first that is of another.
static struct fdns_rrset cut_rrset(const struct build *build, struct fdns_rdata *rdatas,
                                   size_t first, size_t *end)
{
    const struct fdns_record *record = build->entries[first].record;
    struct fdns_rrset rrset = {.owner = build->nodes[build->entries[first].node]->name,
                               .type = record->type,
                               .rr_class = record->rr_class,
                               .ttl = record->ttl,
                               .rdatas = rdatas + first};
    size_t i = first;
    for (; i < build->n_entries && same_rrset(&build->entries[first], &build->entries[i]); i++) {
        rdatas[i] = build->entries[i].record->rdata;
        if (build->entries[i].record->ttl < rrset.ttl) {
            rrset.ttl = build->entries[i].record->ttl;
        }
    }
    rrset.n_rdatas = i - first;
    *end = i;
    return rrset;
}

// Cuts the sorted row of records into RRsets; returns their rdata.
static const struct fdns_rdata *make_rrsets(struct build *build)
{
    struct fdns_rdata *rdatas = fdns_arena_array(build->arena, build->n_entries, sizeof *rdatas);
    struct fdns_rrset *rrsets = fdns_arena_array(build->arena, build->n_entries, sizeof *rrsets);
    if (build->n_entries > 0) {
        qsort(build->entries, build->n_entries, sizeof build->entries[0], compare_entries);
    }
    size_t n_rrsets = 0;
    for (size_t i = 0; i < build->n_entries;) {
        struct fdns_zone_node *node = build->nodes[build->entries[i].node];
        if (node->n_rrsets == 0) {
            node->rrsets = &rrsets[n_rrsets];
        }
        node->n_rrsets++;
        rrsets[n_rrsets++] = cut_rrset(build, rdatas, i, &i);
    }
    fdns_attach_signatures(build->arena, rrsets, n_rrsets);
    return rdatas;
}

static void mark_nodes(struct build *build)
{
    for (size_t i = 0; i < build->zone->n_nodes; i++) {
        struct fdns_zone_node *node = build->nodes[i];
        node->is_cut = i > 0 && fdns_zone_node_rrset(node, FDNS_TYPE_NS) != NULL;
        node->has_dname = fdns_zone_node_rrset(node, FDNS_TYPE_DNAME) != NULL;
    }
}

// RFC 2308 3 and 5: negative answers live for the lesser of the SOA's TTL and its MINIMUM field.
static void find_soa(struct fdns_zone *zone)
{
    zone->soa = fdns_zone_node_rrset(zone->apex_node, FDNS_TYPE_SOA);
    if (zone->soa == NULL) {
        return;
    }
    const struct fdns_rdata *rdata = &zone->soa->rdatas[0];
    const uint8_t *o = rdata->octets + rdata->len - 4;
    uint32_t minimum = (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
    zone->negative_ttl = minimum < zone->soa->ttl ? minimum : zone->soa->ttl;
}

static bool is_sound(struct build *build, const struct fdns_rdata *rdatas)
{
    const struct fdns_record **records =
        fdns_arena_array(build->arena, build->n_entries, sizeof *records);
    for (size_t i = 0; i < build->n_entries; i++) {
        records[i] = build->entries[i].record;
    }
    struct fdns_zone_draft draft = {
        .zone = build->zone,
        .nodes = (const struct fdns_zone_node *const *)build->nodes,
        .rdatas = rdatas,
        .records = records,
        .source = build->source,
        .diags = build->diags,
    };
    return fdns_zone_check(&draft);
}

const struct fdns_zone *fdns_zone_build(struct fdns_arena *arena, const uint8_t *apex,
                                        const struct fdns_record *records, size_t n_records,
                                        bool check, const struct fdns_source *source,
                                        struct fdns_diags *diags)
{
    struct fdns_zone *zone = fdns_arena_alloc(arena, sizeof *zone);
    zone->apex = fdns_name_copy(arena, apex);
    zone->apex_len = fdns_name_len(apex);
    zone->apex_labels = fdns_name_labels(apex);
    zone->check = check;
    struct build build = {.arena = arena, .zone = zone, .source = source, .diags = diags};
    bool good = take_records(&build, records, n_records);
    make_nodes(&build);
    const struct fdns_rdata *rdatas = make_rrsets(&build);
    mark_nodes(&build);
    find_soa(zone);
    zone->denial = fdns_denial_find(arena, zone, (const struct fdns_zone_node *const *)build.nodes);
    if (check) {
        good &= is_sound(&build, rdatas);
    }
    return good ? zone : NULL;
}
