#include "fakedns/zone/denial.h"

#include <ldns/ldns.h>

#include <stdlib.h>
#include <string.h>

enum { RRSIG_MIN = 18 }; // octets before the signer (RFC 4034 3.1)

static uint16_t covered_type(const struct fdns_rdata *rrsig)
{
    if (rrsig->len < RRSIG_MIN) {
        return 0;
    }
    return (uint16_t)(rrsig->octets[0] << 8 | rrsig->octets[1]);
}

bool fdns_is_of_nsec3(const struct fdns_record *record)
{
    return record->type == FDNS_TYPE_NSEC3 ||
           (record->type == FDNS_TYPE_RRSIG && covered_type(&record->rdata) == FDNS_TYPE_NSEC3);
}

// --- signatures

// Those of an RRset's signatures among all that its owner has, or NULL.
static const struct fdns_rrset *covering(struct fdns_arena *arena, const struct fdns_rrset *all,
                                         const struct fdns_rrset *rrset)
{
    struct fdns_rdata *rdatas = fdns_arena_array(arena, all->n_rdatas, sizeof(*rdatas));
    size_t n = 0;
    for (size_t i = 0; i < all->n_rdatas; i++) {
        if (covered_type(&all->rdatas[i]) == rrset->type) {
            rdatas[n++] = all->rdatas[i];
        }
    }
    if (n == 0) {
        return NULL;
    }
    struct fdns_rrset *signatures = fdns_arena_copy(arena, all, sizeof(*all));
    signatures->rdatas = rdatas;
    signatures->n_rdatas = n;
    signatures->ttl = rrset->ttl; // RFC 4034 3
    return signatures;
}

void fdns_attach_signatures(struct fdns_arena *arena, struct fdns_rrset *rrsets, size_t n_rrsets)
{
    size_t first = 0; // of the owner of rrsets[i]
    for (size_t i = 0; i < n_rrsets; i++) {
        first = rrsets[i].owner == rrsets[first].owner ? first : i;
        if (rrsets[i].type != FDNS_TYPE_RRSIG) {
            continue;
        }
        for (size_t k = first; k < n_rrsets && rrsets[k].owner == rrsets[i].owner; k++) {
            rrsets[k].signatures = k != i ? covering(arena, &rrsets[i], &rrsets[k]) : NULL;
        }
    }
}

// --- hashes

void fdns_nsec3_hash(const struct fdns_nsec3_params *params, const uint8_t *name,
                     uint8_t hash[FDNS_NSEC3_HASH_LEN])
{
    uint8_t input[FDNS_NAME_MAX + UINT8_MAX];
    size_t len = fdns_name_len(name);
    fdns_name_lower(name, input);
    for (unsigned i = 0; i <= params->iterations; i++) {
        if (params->salt_len > 0) {
            memcpy(input + len, params->salt, params->salt_len);
        }
        ldns_sha1(input, (unsigned)(len + params->salt_len), hash);
        memcpy(input, hash, FDNS_NSEC3_HASH_LEN);
        len = FDNS_NSEC3_HASH_LEN;
    }
}

void fdns_nsec3_label(const uint8_t hash[FDNS_NSEC3_HASH_LEN], uint8_t label[FDNS_NSEC3_LABEL_LEN])
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    for (size_t i = 0; i < FDNS_NSEC3_LABEL_LEN; i++) {
        size_t bit = i * 5;
        unsigned two = (unsigned)hash[bit / 8] << 8;
        two |= bit / 8 + 1 < FDNS_NSEC3_HASH_LEN ? hash[bit / 8 + 1] : 0;
        label[i] = (uint8_t)digits[two >> (11 - bit % 8) & 31];
    }
}

// The hash that an owner's first label is. False if it is none.
static bool read_label(const uint8_t *owner, uint8_t hash[FDNS_NSEC3_HASH_LEN])
{
    if (owner[0] != FDNS_NSEC3_LABEL_LEN) {
        return false;
    }
    memset(hash, 0, FDNS_NSEC3_HASH_LEN);
    for (size_t i = 0; i < FDNS_NSEC3_LABEL_LEN; i++) {
        uint8_t c = owner[1 + i] | 0x20;
        bool digit = owner[1 + i] >= '0' && owner[1 + i] <= '9';
        if (!digit && (c < 'a' || c > 'v')) {
            return false;
        }
        unsigned value = (unsigned)(digit ? owner[1 + i] - '0' : c - 'a' + 10);
        size_t bit = i * 5;
        unsigned two = value << (11 - bit % 8);
        hash[bit / 8] |= (uint8_t)(two >> 8);
        if (bit / 8 + 1 < FDNS_NSEC3_HASH_LEN) {
            hash[bit / 8 + 1] |= (uint8_t)two;
        }
    }
    return true;
}

// --- NSEC3 records

// Iterations and salt stand at the same place in NSEC3 and NSEC3PARAM (RFC 5155 3.2 and 4.2).
static bool read_params(const struct fdns_rdata *rdata, struct fdns_nsec3_params *params)
{
    enum { SALT_AT = 5 };
    const uint8_t *o = rdata->octets;
    if (rdata->len < SALT_AT || rdata->len < SALT_AT + o[4]) {
        return false;
    }
    *params = (struct fdns_nsec3_params){
        .iterations = (uint16_t)(o[2] << 8 | o[3]), .salt_len = o[4], .salt = o + SALT_AT};
    return true;
}

static bool same_params(const struct fdns_nsec3_params *a, const struct fdns_nsec3_params *b)
{
    return a->iterations == b->iterations && a->salt_len == b->salt_len &&
           (a->salt_len == 0 || memcmp(a->salt, b->salt, a->salt_len) == 0);
}

// Those of the chain that answers use: what NSEC3PARAM says (RFC 5155 4), else the first record.
static bool find_params(const struct fdns_zone *zone, struct fdns_nsec3_params *params)
{
    const struct fdns_rrset *said = fdns_zone_node_rrset(zone->apex_node, FDNS_TYPE_NSEC3PARAM);
    for (size_t i = 0; said != NULL && i < said->n_rdatas; i++) {
        if (read_params(&said->rdatas[i], params)) {
            return true;
        }
    }
    for (size_t i = 0; i < zone->n_records; i++) {
        if (zone->records[i].type == FDNS_TYPE_NSEC3 &&
            read_params(&zone->records[i].rdata, params)) {
            return true;
        }
    }
    return false;
}

static int compare_nsec3s(const void *a, const void *b)
{
    const struct fdns_nsec3 *x = a, *y = b;
    return memcmp(x->hash, y->hash, FDNS_NSEC3_HASH_LEN);
}

static const struct fdns_rrset *rrset_of(struct fdns_arena *arena, const struct fdns_record *record)
{
    struct fdns_rrset rrset = {.owner = record->owner,
                               .type = record->type,
                               .rr_class = record->rr_class,
                               .ttl = record->ttl,
                               .rdatas = &record->rdata,
                               .n_rdatas = 1};
    return fdns_arena_copy(arena, &rrset, sizeof(rrset));
}

static struct fdns_nsec3 *find_hash(const struct fdns_denial *denial,
                                    const uint8_t hash[FDNS_NSEC3_HASH_LEN])
{
    struct fdns_nsec3 wanted;
    memcpy(wanted.hash, hash, sizeof(wanted.hash));
    return denial->n_nsec3s == 0
               ? NULL
               : bsearch(&wanted, denial->nsec3s, denial->n_nsec3s, sizeof(wanted), compare_nsec3s);
}

// Adds a record to the RRset that its NSEC3 has as signatures.
static void sign_nsec3(struct fdns_arena *arena, const struct fdns_denial *denial,
                       const struct fdns_record *record)
{
    uint8_t hash[FDNS_NSEC3_HASH_LEN];
    struct fdns_nsec3 *nsec3 = read_label(record->owner, hash) ? find_hash(denial, hash) : NULL;
    if (nsec3 == NULL) {
        return;
    }
    struct fdns_rrset *whole = fdns_arena_copy(arena, nsec3->rrset, sizeof(*whole));
    struct fdns_rrset *signatures =
        fdns_arena_copy(arena, rrset_of(arena, record), sizeof(*signatures));
    signatures->ttl = whole->ttl;
    if (whole->signatures != NULL) {
        const struct fdns_rrset *before = whole->signatures;
        struct fdns_rdata *rdatas = fdns_arena_array(arena, before->n_rdatas + 1, sizeof(*rdatas));
        memcpy(rdatas, before->rdatas, before->n_rdatas * sizeof(*rdatas));
        rdatas[before->n_rdatas] = record->rdata;
        signatures->rdatas = rdatas;
        signatures->n_rdatas = before->n_rdatas + 1;
    }
    whole->signatures = signatures;
    nsec3->rrset = whole;
}

static void find_nsec3s(struct fdns_arena *arena, const struct fdns_zone *zone,
                        struct fdns_denial *denial)
{
    if (!find_params(zone, &denial->params)) {
        return;
    }
    denial->nsec3s = fdns_arena_array(arena, zone->n_records, sizeof(*denial->nsec3s));
    for (size_t i = 0; i < zone->n_records; i++) {
        const struct fdns_record *record = &zone->records[i];
        struct fdns_nsec3 *nsec3 = &denial->nsec3s[denial->n_nsec3s];
        struct fdns_nsec3_params params;
        if (record->type == FDNS_TYPE_NSEC3 && read_params(&record->rdata, &params) &&
            same_params(&params, &denial->params) && read_label(record->owner, nsec3->hash)) {
            nsec3->rrset = rrset_of(arena, record);
            denial->n_nsec3s++;
        }
    }
    qsort(denial->nsec3s, denial->n_nsec3s, sizeof(*denial->nsec3s), compare_nsec3s);
    for (size_t i = 0; i < zone->n_records; i++) {
        if (zone->records[i].type == FDNS_TYPE_RRSIG && fdns_is_of_nsec3(&zone->records[i])) {
            sign_nsec3(arena, denial, &zone->records[i]);
        }
    }
}

// --- NSEC records

static int compare_owners(const void *a, const void *b)
{
    const struct fdns_rrset *const *x = a, *const *y = b;
    return fdns_name_compare((*x)->owner, (*y)->owner);
}

static void find_nsecs(struct fdns_arena *arena, const struct fdns_zone *zone,
                       const struct fdns_zone_node *const *nodes, struct fdns_denial *denial)
{
    denial->nsecs = fdns_arena_array(arena, zone->n_nodes, sizeof(const void *));
    for (size_t i = 0; i < zone->n_nodes; i++) {
        const struct fdns_rrset *nsec = fdns_zone_node_rrset(nodes[i], FDNS_TYPE_NSEC);
        if (nsec != NULL) {
            denial->nsecs[denial->n_nsecs++] = nsec;
        }
    }
    qsort(denial->nsecs, denial->n_nsecs, sizeof(const void *), compare_owners);
}

static bool has_any(const struct fdns_zone *zone)
{
    for (size_t i = 0; i < zone->n_records; i++) {
        if (zone->records[i].type == FDNS_TYPE_NSEC || zone->records[i].type == FDNS_TYPE_NSEC3) {
            return true;
        }
    }
    return false;
}

const struct fdns_denial *fdns_denial_find(struct fdns_arena *arena, const struct fdns_zone *zone,
                                           const struct fdns_zone_node *const *nodes)
{
    if (!has_any(zone)) {
        return NULL;
    }
    struct fdns_denial *denial = fdns_arena_alloc(arena, sizeof(*denial));
    find_nsecs(arena, zone, nodes, denial);
    find_nsec3s(arena, zone, denial);
    return denial;
}

const struct fdns_rrset *fdns_nsec_at_or_before(const struct fdns_denial *denial,
                                                const uint8_t *name)
{
    if (denial->n_nsecs == 0) {
        return NULL;
    }
    size_t low = 0, high = denial->n_nsecs; // the first whose owner is behind name
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (fdns_name_compare(denial->nsecs[middle]->owner, name) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return denial->nsecs[low > 0 ? low - 1 : denial->n_nsecs - 1];
}

const struct fdns_rrset *fdns_nsec3_at_or_before(const struct fdns_denial *denial,
                                                 const uint8_t *name, bool *matches)
{
    *matches = false;
    if (denial->n_nsec3s == 0) {
        return NULL;
    }
    uint8_t hash[FDNS_NSEC3_HASH_LEN];
    fdns_nsec3_hash(&denial->params, name, hash);
    size_t low = 0, high = denial->n_nsec3s;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(denial->nsec3s[middle].hash, hash, sizeof(hash)) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct fdns_nsec3 *found = &denial->nsec3s[low > 0 ? low - 1 : denial->n_nsec3s - 1];
    *matches = memcmp(found->hash, hash, sizeof(hash)) == 0;
    return found->rrset;
}
