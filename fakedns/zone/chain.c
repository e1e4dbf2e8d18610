// The chains that deny names and types: NSEC (RFC 4034 4) and NSEC3 (RFC 5155 7.1).
#include "fakedns/zone/denial.h"
#include "fakedns/zone/signer.h"

#include <stdlib.h>
#include <string.h>

// --- bitmaps (RFC 4034 4.1.2)

enum { N_TYPES = 65536, TYPE_NXNAME = 128 };

struct types {
    uint8_t bits[N_TYPES / 8];
};

static void set_type(struct types *types, uint16_t type, bool on)
{
    uint8_t bit = (uint8_t)(0x80U >> type % 8);
    types->bits[type / 8] =
        (uint8_t)(on ? types->bits[type / 8] | bit : types->bits[type / 8] & ~(unsigned)bit);
}

static size_t write_bitmap(const struct types *types, uint8_t *out)
{
    size_t len = 0;
    for (unsigned window = 0; window < 256; window++) {
        const uint8_t *bits = types->bits + (size_t)window * 32;
        unsigned n = 32;
        while (n > 0 && bits[n - 1] == 0) {
            n--;
        }
        if (n > 0) {
            out[len++] = (uint8_t)window;
            out[len++] = (uint8_t)n;
            memcpy(out + len, bits, n);
            len += n;
        }
    }
    return len;
}

static const struct fdns_bitmap_mistake *mistake_of(const struct fdns_signer *signer,
                                                    const uint8_t *name)
{
    for (size_t i = 0; i < signer->signing->n_bitmaps; i++) {
        if (fdns_name_equal(signer->signing->bitmaps[i].name, name)) {
            return &signer->signing->bitmaps[i];
        }
    }
    return NULL;
}

static bool is_skipped(const struct fdns_signer *signer, const struct fdns_zone_node *node)
{
    const struct fdns_bitmap_mistake *mistake = mistake_of(signer, node->name);
    return mistake != NULL && mistake->skip;
}

// The types of a node; at a cut only those that the parent speaks for, besides NS.
static void find_types(const struct fdns_signer *signer, const struct fdns_zone_node *node,
                       bool nsec, struct types *types)
{
    memset(types, 0, sizeof(*types));
    bool is_signed = nsec;
    for (size_t i = 0; i < node->n_rrsets; i++) {
        uint16_t type = node->rrsets[i].type;
        bool ours = fdns_signer_signs(node, type);
        if (ours || type == FDNS_TYPE_NS) {
            set_type(types, type, true);
        }
        is_signed |= ours;
    }
    set_type(types, FDNS_TYPE_RRSIG, is_signed);
    set_type(types, FDNS_TYPE_NSEC, nsec);
    const struct fdns_bitmap_mistake *mistake = mistake_of(signer, node->name);
    for (size_t i = 0; mistake != NULL && i < mistake->n_without; i++) {
        set_type(types, mistake->without[i], false);
    }
    for (size_t i = 0; mistake != NULL && i < mistake->n_with; i++) {
        set_type(types, mistake->with[i], true);
    }
}

size_t fdns_signer_bitmap(const struct fdns_signer *signer, const struct fdns_zone_node *node,
                          uint8_t *out)
{
    struct types types;
    if (node != NULL) {
        find_types(signer, node, true, &types);
    } else {
        memset(&types, 0, sizeof(types));
        set_type(&types, FDNS_TYPE_RRSIG, true);
        set_type(&types, FDNS_TYPE_NSEC, true);
        set_type(&types, TYPE_NXNAME, true);
    }
    return write_bitmap(&types, out);
}

// --- NSEC

void fdns_signer_nsec(struct fdns_signer *signer)
{
    struct fdns_arena scratch;
    fdns_arena_init(&scratch, 0);
    const struct fdns_zone_node **owners =
        fdns_arena_array(&scratch, signer->n_nodes, sizeof(const void *));
    struct types *types = fdns_arena_alloc(&scratch, sizeof(*types));
    uint8_t *rdata = fdns_arena_alloc(&scratch, FDNS_NAME_MAX + FDNS_BITMAP_MAX);
    size_t n = 0;
    for (size_t i = 0; i < signer->n_nodes; i++) {
        if (signer->nodes[i]->n_rrsets > 0 && !is_skipped(signer, signer->nodes[i])) {
            owners[n++] = signer->nodes[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        const uint8_t *next = owners[(i + 1) % n]->name;
        size_t len = fdns_name_len(next);
        memcpy(rdata, next, len);
        find_types(signer, owners[i], true, types);
        len += write_bitmap(types, rdata + len);
        fdns_signer_put(signer, owners[i]->name, FDNS_TYPE_NSEC, signer->zone->negative_ttl, rdata,
                        len);
    }
    fdns_arena_clear(&scratch);
}

// --- NSEC3

struct link {
    uint8_t hash[FDNS_NSEC3_HASH_LEN];
    const struct fdns_zone_node *node;
};

static int compare_links(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    return memcmp(x->hash, y->hash, FDNS_NSEC3_HASH_LEN);
}

static bool is_insecure_cut(const struct fdns_zone_node *node)
{
    return node->is_cut && fdns_zone_node_rrset(node, FDNS_TYPE_DS) == NULL;
}

// Marks by node number whom the chain names: with opt-out not the insecure delegations, nor what
// exists only because of them (RFC 5155 7.1).
static bool *find_named(const struct fdns_signer *signer, struct fdns_arena *scratch)
{
    bool *named = fdns_arena_array(scratch, signer->zone->n_nodes, sizeof(*named));
    for (size_t i = 0; i < signer->n_nodes; i++) {
        const struct fdns_zone_node *node = signer->nodes[i];
        bool left_out = signer->signing->opt_out && is_insecure_cut(node);
        if (node->n_rrsets == 0 || left_out) {
            continue;
        }
        for (; node != NULL && !named[node->index]; node = node->parent) {
            named[node->index] = true;
        }
    }
    for (size_t i = 0; i < signer->n_nodes; i++) {
        if (is_skipped(signer, signer->nodes[i])) {
            named[signer->nodes[i]->index] = false;
        }
    }
    named[signer->zone->apex_node->index] = true;
    return named;
}

static size_t make_links(const struct fdns_signer *signer, const bool *named, struct link *links)
{
    const struct fdns_signing *signing = signer->signing;
    struct fdns_nsec3_params params = {.iterations = signing->salt.iterations,
                                       .salt_len = signing->salt.len,
                                       .salt = signing->salt.octets};
    size_t n = 0;
    for (size_t i = 0; i < signer->n_nodes; i++) {
        if (named[signer->nodes[i]->index]) {
            fdns_nsec3_hash(&params, signer->nodes[i]->name, links[n].hash);
            links[n++].node = signer->nodes[i];
        }
    }
    qsort(links, n, sizeof(*links), compare_links);
    return n;
}

static void put_link(struct fdns_signer *signer, const struct link *link, const struct link *next,
                     struct types *types, uint8_t *rdata)
{
    const struct fdns_signing *signing = signer->signing;
    uint8_t label[1 + FDNS_NSEC3_LABEL_LEN + 1] = {FDNS_NSEC3_LABEL_LEN};
    uint8_t owner[FDNS_NAME_MAX];
    size_t len = 0;
    fdns_nsec3_label(link->hash, label + 1);
    if (fdns_name_join(label, 1, signer->zone->apex, owner) != FDNS_OK) {
        fdns_diag(signer->diags, FDNS_ERROR, signer->source, 0, 0,
                  "the zone's name is too long for NSEC3 (RFC 5155 3)");
        signer->failed = true;
        return;
    }
    rdata[len++] = signing->nsec3_algorithm;
    rdata[len++] = signing->opt_out ? 1 : 0;
    rdata[len++] = (uint8_t)(signing->salt.iterations >> 8);
    rdata[len++] = (uint8_t)signing->salt.iterations;
    rdata[len++] = signing->salt.len;
    if (signing->salt.len > 0) {
        memcpy(rdata + len, signing->salt.octets, signing->salt.len);
        len += signing->salt.len;
    }
    rdata[len++] = FDNS_NSEC3_HASH_LEN;
    memcpy(rdata + len, next->hash, FDNS_NSEC3_HASH_LEN);
    len += FDNS_NSEC3_HASH_LEN;
    find_types(signer, link->node, false, types);
    len += write_bitmap(types, rdata + len);
    fdns_signer_put(signer, fdns_name_copy(signer->arena, owner), FDNS_TYPE_NSEC3,
                    signer->zone->negative_ttl, rdata, len);
}

void fdns_signer_nsec3(struct fdns_signer *signer)
{
    struct fdns_arena scratch;
    fdns_arena_init(&scratch, 0);
    struct link *links = fdns_arena_array(&scratch, signer->n_nodes, sizeof(*links));
    struct types *types = fdns_arena_alloc(&scratch, sizeof(*types));
    uint8_t *rdata = fdns_arena_alloc(&scratch, 512 + FDNS_BITMAP_MAX);
    size_t n = make_links(signer, find_named(signer, &scratch), links);
    for (size_t i = 0; i < n && !signer->failed; i++) {
        put_link(signer, &links[i], &links[(i + 1) % n], types, rdata);
    }
    fdns_arena_clear(&scratch);
}
