// The algorithm of RFC 1034 4.3.2, as later RFCs have it. For the name that is looked for:
//   1. the nearest zone of ours; none: the chain ends (or the question is refused)
//   2. down the zone, as far as the name exists
//   3. a cut on the way: a referral, unless it is the DS of the cut itself that is asked for
//   4. a DNAME above the name: a CNAME is made of it, and its target looked for from 1 on
//   5. the name exists: its RRset, its CNAME (whose target is looked for from 1 on), or no data
//   6. else the wildcard of the closest encloser stands in for it (RFC 4592), or there is no such
//      name
// With DNSSEC each step that says that something is not there proves it (prove.h), and at the end
// signatures are put behind what they cover.
#include "fakedns/zone/honest.h"

#include "fakedns/zone/lookup.h"
#include "fakedns/zone/prove.h"

#include <string.h>

void fdns_rrset_list_add(struct fdns_arena *arena, struct fdns_rrset_list *list,
                         const struct fdns_rrset *rrset)
{
    list->items = fdns_arena_grow(arena, list->items, list->n_items, list->n_items + 1,
                                  sizeof *rrset, &list->capacity);
    list->items[list->n_items++] = *rrset;
}

static const struct fdns_zone *nearest(const struct fdns_zone_set *set, const uint8_t *name,
                                       const struct fdns_labels *labels,
                                       const struct fdns_zone *other_than)
{
    const struct fdns_zone *best = NULL;
    for (size_t i = 0; i < set->n_zones; i++) {
        const struct fdns_zone *zone = set->zones[i];
        if (zone != other_than && (best == NULL || zone->apex_labels > best->apex_labels) &&
            fdns_labels_within(name, labels, zone)) {
            best = zone;
        }
    }
    return best;
}

// Whether zone is the parent that answers for the DS of name: not one further up, which would only
// refer to a zone in between.
static bool answers_ds(const struct fdns_zone *zone, const uint8_t *name,
                       const struct fdns_labels *labels)
{
    struct fdns_walk walk = fdns_zone_walk(zone, name, labels, true);
    return !walk.node->is_cut || walk.n_left == 0;
}

const struct fdns_zone *fdns_zone_set_nearest(const struct fdns_zone_set *set, const uint8_t *name,
                                              const struct fdns_labels *labels, uint16_t type)
{
    const struct fdns_zone *zone = nearest(set, name, labels, NULL);
    if (type != FDNS_TYPE_DS || zone == NULL || zone->apex_labels != labels->n) {
        return zone;
    }
    const struct fdns_zone *parent = nearest(set, name, labels, zone);
    return parent != NULL && answers_ds(parent, name, labels) ? parent : zone;
}

const struct fdns_zone *fdns_zone_set_find(const struct fdns_zone_set *set, const uint8_t *name,
                                           uint16_t type)
{
    struct fdns_labels labels;
    fdns_labels_of(name, &labels);
    return fdns_zone_set_nearest(set, name, &labels, type);
}

static void add(struct fdns_lookup *lookup, enum fdns_section section,
                const struct fdns_rrset *rrset, const uint8_t *owner)
{
    struct fdns_rrset as_owned = *rrset;
    as_owned.owner = owner;
    fdns_rrset_list_add(lookup->arena, &lookup->honest->sections[section], &as_owned);
}

// NODATA and NXDOMAIN carry the SOA of the zone where the chain ended (RFC 2308 2 and 3, RFC 6604).
static void deny(struct fdns_lookup *lookup, enum fdns_rcode rcode)
{
    const struct fdns_zone *zone = lookup->zone;
    lookup->honest->rcode = (uint16_t)rcode;
    if (zone->soa != NULL) {
        struct fdns_rrset soa = *zone->soa;
        soa.ttl = zone->negative_ttl;
        soa.n_rdatas = 1;
        add(lookup, FDNS_AUTHORITY, &soa, soa.owner);
    }
}

// The authority and additional sections of a referral. After a CNAME the answer stays
// authoritative, as AA speaks of the first owner in it (RFC 1035 4.1.1).
static void refer(struct fdns_lookup *lookup, const struct fdns_zone_node *cut)
{
    const struct fdns_rrset *ns = fdns_zone_node_rrset(cut, FDNS_TYPE_NS);
    if (lookup->honest->sections[FDNS_ANSWER].n_items == 0) {
        lookup->honest->aa = false;
        lookup->honest->referral = true;
    }
    add(lookup, FDNS_AUTHORITY, ns, ns->owner);
    fdns_prove_delegation(lookup, cut);
    fdns_add_glue(lookup, ns);
}

// Goes on with the target of a link. False when the chain ends here: it has come back to a name, or
// is too long.
static bool follow(struct fdns_lookup *lookup, const uint8_t *target)
{
    if (lookup->n_seen >= FDNS_CHAIN_MAX) {
        return false;
    }
    lookup->seen[lookup->n_seen] = lookup->name;
    lookup->seen_len[lookup->n_seen++] = fdns_name_len(lookup->name);
    size_t len = fdns_name_len(target);
    for (unsigned i = 0; i < lookup->n_seen; i++) {
        if (lookup->seen_len[i] == len && fdns_name_equal(lookup->seen[i], target)) {
            return false;
        }
    }
    lookup->name = target;
    return true;
}

// What a node gives for the name it is or stands in for. True if the chain goes on.
static bool answer_from(struct fdns_lookup *lookup, const struct fdns_zone_node *node)
{
    if (lookup->type == FDNS_TYPE_ANY) {
        // RFC 8482 allows less; all of it is the honest answer (a rule can minimise).
        for (size_t i = 0; i < node->n_rrsets; i++) {
            if (!lookup->dnssec || node->rrsets[i].type != FDNS_TYPE_RRSIG) {
                add(lookup, FDNS_ANSWER, &node->rrsets[i], lookup->name);
            }
        }
        if (node->n_rrsets == 0) {
            deny(lookup, FDNS_NOERROR);
            fdns_prove_no_data(lookup, node);
        }
        return false;
    }
    const struct fdns_rrset *rrset = fdns_zone_node_rrset(node, lookup->type);
    if (rrset != NULL) {
        add(lookup, FDNS_ANSWER, rrset, lookup->name);
        return false;
    }
    const struct fdns_rrset *cname = fdns_zone_node_rrset(node, FDNS_TYPE_CNAME);
    if (cname == NULL) {
        deny(lookup, FDNS_NOERROR);
        fdns_prove_no_data(lookup, node);
        return false;
    }
    add(lookup, FDNS_ANSWER, cname, lookup->name);
    // Several (check off) are served as they stand: there is no telling which one to follow.
    return cname->n_rdatas == 1 && follow(lookup, cname->rdatas[0].octets);
}

static bool has_answered(const struct fdns_lookup *lookup, const struct fdns_rrset *rrset)
{
    const struct fdns_rrset_list *answer = &lookup->honest->sections[FDNS_ANSWER];
    for (size_t i = 0; i < answer->n_items; i++) {
        if (answer->items[i].rdatas == rrset->rdatas) {
            return true;
        }
    }
    return false;
}

// The CNAME from the looked-for name to target, with a DNAME's TTL (RFC 6672 3.1).
static void add_synthesized(struct fdns_lookup *lookup, const uint8_t *target, uint32_t ttl)
{
    struct fdns_rdata *rdata = fdns_arena_alloc(lookup->arena, sizeof *rdata);
    *rdata = (struct fdns_rdata){target, (uint16_t)fdns_name_len(target)};
    struct fdns_rrset cname = {.type = FDNS_TYPE_CNAME,
                               .rr_class = FDNS_CLASS_IN,
                               .ttl = ttl,
                               .rdatas = rdata,
                               .n_rdatas = 1};
    add(lookup, FDNS_ANSWER, &cname, lookup->name);
}

// RFC 6672 3.2 step 3C, for a node with a DNAME n_below labels above the name.
static bool redirect(struct fdns_lookup *lookup, const struct fdns_zone_node *node,
                     unsigned n_below)
{
    const struct fdns_rrset *dname = fdns_zone_node_rrset(node, FDNS_TYPE_DNAME);
    if (!has_answered(lookup, dname)) {
        add(lookup, FDNS_ANSWER, dname, dname->owner);
    }
    uint8_t target[FDNS_NAME_MAX];
    if (fdns_name_join(lookup->name, n_below, dname->rdatas[0].octets, target) != FDNS_OK) {
        lookup->honest->rcode = FDNS_YXDOMAIN;
        return false;
    }
    const uint8_t *kept = fdns_name_copy(lookup->arena, target);
    add_synthesized(lookup, kept, dname->ttl);
    // The synthesized CNAME is itself what a question for CNAME asked for.
    lookup->n_redirects++;
    return lookup->type != FDNS_TYPE_CNAME && lookup->n_redirects < FDNS_REDIRECTS_MAX &&
           follow(lookup, kept);
}

// One name of the chain in its zone. True if the chain goes on.
static bool answer_name(struct fdns_lookup *lookup)
{
    struct fdns_walk walk = fdns_zone_walk(lookup->zone, lookup->name, &lookup->labels, true);
    const struct fdns_zone_node *node = walk.node;
    const uint8_t *asked = lookup->name;
    if (node->is_cut && (walk.n_left > 0 || lookup->type != FDNS_TYPE_DS)) {
        refer(lookup, node);
        return false;
    }
    if (walk.n_left == 0) {
        return answer_from(lookup, node);
    }
    if (node->has_dname) {
        return redirect(lookup, node, walk.n_left);
    }
    if (node->wildcard != NULL) {
        bool more = answer_from(lookup, node->wildcard);
        fdns_prove_expansion(lookup, node, asked, walk.n_left);
        return more;
    }
    deny(lookup, FDNS_NXDOMAIN);
    fdns_prove_no_name(lookup, node, walk.n_left);
    return false;
}

void fdns_honest_answer(struct fdns_honest *honest, struct fdns_arena *arena,
                        const struct fdns_zone_set *set, const uint8_t *qname, uint16_t qtype,
                        bool dnssec)
{
    memset(honest, 0, sizeof *honest);
    struct fdns_lookup lookup = {.honest = honest,
                                 .arena = arena,
                                 .set = set,
                                 .type = qtype,
                                 .name = qname,
                                 .dnssec = dnssec};
    bool more = true;
    for (unsigned n_links = 0; more; n_links++) {
        fdns_labels_of(lookup.name, &lookup.labels);
        lookup.zone = fdns_zone_set_nearest(set, lookup.name, &lookup.labels, qtype);
        if (lookup.zone == NULL) {
            break;
        }
        if (n_links == 0) {
            honest->zone = lookup.zone;
            honest->aa = true;
        }
        more = answer_name(&lookup);
    }
    if (honest->zone == NULL) {
        honest->rcode = FDNS_REFUSED;
        return;
    }
    fdns_add_helpful(&lookup);
    if (dnssec) {
        fdns_add_signatures(arena, honest->sections, honest->n_required_glue);
    }
}
