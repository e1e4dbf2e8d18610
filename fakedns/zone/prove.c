#include "fakedns/zone/prove.h"

#include "fakedns/zone/compact.h"
#include "fakedns/zone/denial.h"

// Adds an RRset of the zone to the authority section, once.
static void add_once(struct fdns_lookup *lookup, const struct fdns_rrset *rrset)
{
    struct fdns_rrset_list *authority = &lookup->honest->sections[FDNS_AUTHORITY];
    for (size_t i = 0; rrset != NULL && i < authority->n_items; i++) {
        if (authority->items[i].rdatas == rrset->rdatas) {
            return;
        }
    }
    if (rrset != NULL) {
        fdns_rrset_list_add(lookup->arena, authority, rrset);
    }
}

static const struct fdns_denial *denial_of(const struct fdns_lookup *lookup)
{
    return lookup->dnssec ? lookup->zone->denial : NULL;
}

static void add_nsec(struct fdns_lookup *lookup, const struct fdns_denial *denial,
                     const uint8_t *name)
{
    add_once(lookup, fdns_nsec_at_or_before(denial, name));
}

static void add_nsec3(struct fdns_lookup *lookup, const struct fdns_denial *denial,
                      const uint8_t *name)
{
    bool matches = false;
    add_once(lookup, fdns_nsec3_at_or_before(denial, name, &matches));
}

static bool has_nsec3(const struct fdns_denial *denial, const uint8_t *name)
{
    bool matches = false;
    return fdns_nsec3_at_or_before(denial, name, &matches) != NULL && matches;
}

// RFC 5155 7.2.1: the closest encloser that has an NSEC3, and the next closer name, which has none.
// name may be that of a node: then the search begins at its parent. Returns the encloser, or NULL.
static const struct fdns_zone_node *add_closest_encloser(struct fdns_lookup *lookup,
                                                         const struct fdns_denial *denial,
                                                         const struct fdns_zone_node *encloser,
                                                         const uint8_t *next_closer)
{
    while (encloser != NULL && !has_nsec3(denial, encloser->name)) {
        next_closer = encloser->name;
        encloser = encloser->parent;
    }
    if (encloser != NULL) {
        add_nsec3(lookup, denial, encloser->name);
        add_nsec3(lookup, denial, next_closer);
    }
    return encloser;
}

// The name's rightmost labels, one more than its encloser has.
static const uint8_t *next_closer(const uint8_t *name, unsigned n_below)
{
    return fdns_name_skip(name, n_below - 1);
}

// RFC 5155 7.2.3 to 7.2.5. A delegation that was left out (opt-out) has no NSEC3 of its own.
static void prove_with_nsec3(struct fdns_lookup *lookup, const struct fdns_denial *denial,
                             const struct fdns_zone_node *node)
{
    if (has_nsec3(denial, node->name)) {
        add_nsec3(lookup, denial, node->name);
    } else {
        add_closest_encloser(lookup, denial, node->parent, node->name);
    }
}

// The name that is looked for where a wildcard stands in for it, else that of the node: it is above
// the name at a cut.
static const uint8_t *name_for(const struct fdns_lookup *lookup, const struct fdns_zone_node *node)
{
    return fdns_name_is_wildcard(node->name) ? lookup->name : node->name;
}

void fdns_prove_no_data(struct fdns_lookup *lookup, const struct fdns_zone_node *node)
{
    if (fdns_denies_compactly(lookup)) { // RFC 9824 3.2 to 3.4
        fdns_deny_compactly(lookup, name_for(lookup, node), node);
        return;
    }
    const struct fdns_denial *denial = denial_of(lookup);
    if (denial == NULL) {
        return;
    }
    if (denial->n_nsec3s > 0) {
        prove_with_nsec3(lookup, denial, node);
    } else {
        add_nsec(lookup, denial, node->name);
    }
}

// Of the encloser; false if its name would be too long, and then it cannot exist either.
static bool wildcard_of(const struct fdns_zone_node *encloser, uint8_t name[FDNS_NAME_MAX])
{
    static const uint8_t asterisk[] = {1, '*', 0};
    return fdns_name_join(asterisk, 1, encloser->name, name) == FDNS_OK;
}

void fdns_prove_no_name(struct fdns_lookup *lookup, const struct fdns_zone_node *encloser,
                        unsigned n_below)
{
    if (fdns_denies_compactly(lookup)) { // RFC 9824 3.1
        lookup->honest->rcode = FDNS_NOERROR;
        fdns_deny_compactly(lookup, lookup->name, NULL);
        return;
    }
    const struct fdns_denial *denial = denial_of(lookup);
    uint8_t wildcard[FDNS_NAME_MAX];
    if (denial == NULL) {
        return;
    }
    if (denial->n_nsec3s == 0) { // RFC 4035 3.1.3.2
        add_nsec(lookup, denial, lookup->name);
        if (wildcard_of(encloser, wildcard)) {
            add_nsec(lookup, denial, wildcard);
        }
        return;
    }
    // RFC 5155 7.2.2
    encloser = add_closest_encloser(lookup, denial, encloser, next_closer(lookup->name, n_below));
    if (encloser != NULL && wildcard_of(encloser, wildcard)) {
        add_nsec3(lookup, denial, wildcard);
    }
}

void fdns_prove_expansion(struct fdns_lookup *lookup, const struct fdns_zone_node *encloser,
                          const uint8_t *name, unsigned n_below)
{
    if (fdns_denies_compactly(lookup)) { // RFC 9824 3.3
        fdns_sign_expansion(lookup, name);
        return;
    }
    const struct fdns_denial *denial = denial_of(lookup);
    if (denial == NULL) {
        return;
    }
    if (denial->n_nsec3s == 0) { // RFC 4035 3.1.3.3 and 3.1.3.4
        add_nsec(lookup, denial, name);
        return;
    }
    bool no_data = lookup->honest->sections[FDNS_AUTHORITY].n_items > 0;
    if (no_data) { // RFC 5155 7.2.5; an expansion needs the next closer name only (7.2.6)
        add_nsec3(lookup, denial, encloser->name);
    }
    add_nsec3(lookup, denial, next_closer(name, n_below));
}

void fdns_prove_delegation(struct fdns_lookup *lookup, const struct fdns_zone_node *cut)
{
    if (!lookup->dnssec) {
        return;
    }
    const struct fdns_rrset *ds = fdns_zone_node_rrset(cut, FDNS_TYPE_DS);
    if (ds != NULL) {
        add_once(lookup, ds);
    } else {
        fdns_prove_no_data(lookup, cut);
    }
}

// The signatures as an RRset of the answer: named as what they cover is there, which a wildcard may
// have been expanded for, and with its TTL.
static struct fdns_rrset signatures_of(const struct fdns_rrset *rrset)
{
    struct fdns_rrset signatures = *rrset->signatures;
    signatures.owner = rrset->owner;
    signatures.ttl = rrset->ttl;
    return signatures;
}

static bool is_signed(const struct fdns_rrset_list *list)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (list->items[i].signatures != NULL) {
            return true;
        }
    }
    return false;
}

void fdns_add_signatures(struct fdns_arena *arena, struct fdns_rrset_list sections[FDNS_N_SECTIONS],
                         size_t n_required)
{
    for (size_t section = 0; section < FDNS_N_SECTIONS; section++) {
        struct fdns_rrset_list *list = &sections[section];
        size_t n_without = section == FDNS_ADDITIONAL ? n_required : 0;
        if (!is_signed(list)) {
            continue;
        }
        struct fdns_rrset_list with = {0};
        for (size_t i = 0; i < list->n_items; i++) {
            fdns_rrset_list_add(arena, &with, &list->items[i]);
            if (i >= n_without && list->items[i].signatures != NULL) {
                struct fdns_rrset signatures = signatures_of(&list->items[i]);
                fdns_rrset_list_add(arena, &with, &signatures);
            }
        }
        *list = with;
    }
}
