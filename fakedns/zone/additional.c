#include "fakedns/zone/lookup.h"
#include "fakedns/zone/record_set.h"

static bool holds(const struct fdns_rrset_list *list, const struct fdns_rrset *rrset)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (list->items[i].rdatas == rrset->rdatas) {
            return true;
        }
    }
    return false;
}

// Adds the addresses of a node, each RRset once in the message.
static void add_addresses(struct fdns_lookup *lookup, const struct fdns_zone_node *node)
{
    static const uint16_t types[] = {FDNS_TYPE_A, FDNS_TYPE_AAAA};
    struct fdns_rrset_list *sections = lookup->honest->sections;
    for (size_t i = 0; node != NULL && i < sizeof types / sizeof types[0]; i++) {
        const struct fdns_rrset *rrset = fdns_zone_node_rrset(node, types[i]);
        if (rrset != NULL && !holds(&sections[FDNS_ANSWER], rrset) &&
            !holds(&sections[FDNS_ADDITIONAL], rrset)) {
            fdns_rrset_list_add(lookup->arena, &sections[FDNS_ADDITIONAL], rrset);
        }
    }
}

// The node of a target in the zone that has the record, not in others that are held: what they say
// is for their own answers. What lies below a cut is given only as glue for an NS record; what a
// DNAME hides, never.
static const struct fdns_zone_node *find_target(const struct fdns_lookup *lookup,
                                                const uint8_t *target, bool glue)
{
    struct fdns_labels labels;
    fdns_labels_of(target, &labels);
    const struct fdns_zone *zone = lookup->zone;
    if (zone == NULL || !fdns_labels_within(target, &labels, zone)) {
        return NULL;
    }
    struct fdns_walk walk = fdns_zone_walk(zone, target, &labels, true);
    if (walk.node->is_cut) {
        return glue ? fdns_zone_find(zone, target) : NULL;
    }
    return walk.n_left == 0 ? walk.node : NULL;
}

void fdns_add_glue(struct fdns_lookup *lookup, const struct fdns_rrset *ns)
{
    for (size_t i = 0; i < ns->n_rdatas; i++) {
        const uint8_t *target = ns->rdatas[i].octets;
        if (fdns_name_at_or_below(target, ns->owner)) {
            add_addresses(lookup, fdns_zone_find(lookup->zone, target));
        }
    }
    const struct fdns_rrset_list *additional = &lookup->honest->sections[FDNS_ADDITIONAL];
    size_t n_required = additional->n_items;
    for (size_t i = 0; i < ns->n_rdatas; i++) {
        if (additional->n_items - n_required >= FDNS_HELPFUL_MAX) {
            break;
        }
        add_addresses(lookup, find_target(lookup, ns->rdatas[i].octets, true));
    }
    lookup->honest->n_required_glue = n_required;
}

void fdns_add_helpful(struct fdns_lookup *lookup)
{
    struct fdns_rrset_list *sections = lookup->honest->sections;
    for (size_t i = 0; i < sections[FDNS_ANSWER].n_items; i++) {
        const struct fdns_rrset *rrset = &sections[FDNS_ANSWER].items[i];
        bool ns = rrset->type == FDNS_TYPE_NS;
        if (!ns && rrset->type != FDNS_TYPE_MX && rrset->type != FDNS_TYPE_SRV) {
            continue;
        }
        size_t offset = (size_t)fdns_rdata_name_offset(rrset->type);
        for (size_t j = 0; j < rrset->n_rdatas; j++) {
            if (sections[FDNS_ADDITIONAL].n_items >= FDNS_HELPFUL_MAX) {
                return;
            }
            add_addresses(lookup, find_target(lookup, rrset->rdatas[j].octets + offset, ns));
        }
    }
}
