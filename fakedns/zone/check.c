#include "fakedns/zone/check.h"

#include <stdio.h>

enum { MESSAGE_MAX = 2 * FDNS_NAME_TEXT_MAX };

void fdns_zone_blame(struct fdns_diags *diags, enum fdns_severity severity,
                     const struct fdns_source *source, const struct fdns_record *record,
                     const char *format, ...)
{
    if (severity != FDNS_ERROR && record->line == 0) {
        return;
    }
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    char owner[FDNS_NAME_TEXT_MAX];
    char type[FDNS_CODE_TEXT_MAX];
    fdns_name_print(record->owner, owner);
    fdns_type_print(record->type, type);
    fdns_diag(diags, severity, source, record->line, record->column, "%s %s: %s", owner, type,
              message);
}

static const struct fdns_record *record_of(const struct fdns_zone_draft *draft,
                                           const struct fdns_rrset *rrset, size_t i)
{
    return draft->records[(size_t)(rrset->rdatas - draft->rdatas) + i];
}

// Says it of record i of an RRset.
#define BLAME(draft, severity, rrset, i, ...)                                                      \
    fdns_zone_blame((draft)->diags, (severity), (draft)->source, record_of((draft), (rrset), (i)), \
                    __VA_ARGS__)

static bool apex_is_complete(const struct fdns_zone_draft *draft)
{
    const struct fdns_zone *zone = draft->zone;
    char apex[FDNS_NAME_TEXT_MAX];
    fdns_name_print(zone->apex, apex);
    bool complete = true;
    if (zone->soa == NULL) {
        fdns_diag(draft->diags, FDNS_ERROR, draft->source, 0, 0, "zone %s has no SOA record", apex);
        complete = false;
    } else if (zone->soa->n_rdatas > 1) {
        BLAME(draft, FDNS_ERROR, zone->soa, 1, "a zone has one SOA record, this is the second");
        complete = false;
    }
    if (fdns_zone_node_rrset(zone->apex_node, FDNS_TYPE_NS) == NULL) {
        fdns_diag(draft->diags, FDNS_ERROR, draft->source, 0, 0,
                  "zone %s has no NS record at its apex (RFC 1034 4.2.1)", apex);
        complete = false;
    }
    return complete;
}

// The types that stand beside a CNAME: RFC 4034 and 4035 2.5 for RRSIG and NSEC, RFC 3007 for KEY.
static bool may_join_cname(uint16_t type)
{
    enum { SIG = 24, KEY = 25, NXT = 30 };
    return type == FDNS_TYPE_CNAME || type == FDNS_TYPE_RRSIG || type == FDNS_TYPE_NSEC ||
           type == SIG || type == KEY || type == NXT;
}

static bool cname_is_alone(const struct fdns_zone_draft *draft, const struct fdns_zone_node *node)
{
    const struct fdns_rrset *cname = fdns_zone_node_rrset(node, FDNS_TYPE_CNAME);
    if (cname == NULL) {
        return true;
    }
    bool alone = true;
    const struct fdns_record *record = record_of(draft, cname, 0);
    if (cname->n_rdatas > 1) {
        BLAME(draft, FDNS_ERROR, cname, 1,
              "a name has one CNAME record, this is the second (RFC 2181 10.1)");
        alone = false;
    }
    for (size_t i = 0; i < node->n_rrsets; i++) {
        if (may_join_cname(node->rrsets[i].type)) {
            continue;
        }
        // Of the two the one that was written last is at fault.
        const struct fdns_record *other = record_of(draft, &node->rrsets[i], 0);
        const char *why = other->line >= record->line
                              ? "stands beside a CNAME record, which allows no other data"
                              : "a CNAME record allows no other data beside it";
        fdns_zone_blame(draft->diags, FDNS_ERROR, draft->source,
                        other->line >= record->line ? other : record, "%s (RFC 1034 3.6.2)", why);
        alone = false;
    }
    return alone;
}

static bool dname_is_sound(const struct fdns_zone_draft *draft, const struct fdns_zone_node *node)
{
    const struct fdns_rrset *dname = fdns_zone_node_rrset(node, FDNS_TYPE_DNAME);
    if (dname == NULL) {
        return true;
    }
    bool sound = true;
    if (dname->n_rdatas > 1) {
        BLAME(draft, FDNS_ERROR, dname, 1,
              "a name has one DNAME record, this is the second (RFC 6672 2.4)");
        sound = false;
    }
    if (node->is_cut) {
        BLAME(draft, FDNS_ERROR, dname, 0, "stands at a delegation (RFC 6672 2.3)");
        sound = false;
    }
    return sound;
}

static bool soa_is_at_apex(const struct fdns_zone_draft *draft, const struct fdns_zone_node *node)
{
    const struct fdns_rrset *soa = fdns_zone_node_rrset(node, FDNS_TYPE_SOA);
    if (soa == NULL || node == draft->zone->apex_node) {
        return true;
    }
    BLAME(draft, FDNS_ERROR, soa, 0, "an SOA record stands at the apex of a zone only");
    return false;
}

static void warn_of_ttls(const struct fdns_zone_draft *draft, const struct fdns_rrset *rrset)
{
    uint32_t first = record_of(draft, rrset, 0)->ttl;
    for (size_t i = 1; i < rrset->n_rdatas; i++) {
        if (record_of(draft, rrset, i)->ttl != first) {
            BLAME(draft, FDNS_WARNING, rrset, i,
                  "TTLs differ within the RRset, the lowest (%u) counts (RFC 2181 5.2)",
                  (unsigned)rrset->ttl);
            return;
        }
    }
}

// By node number: whether an NS record of the zone points to it. Addresses there are glue, also
// where they are occluded.
static void mark_ns_targets(const struct fdns_zone_draft *draft, bool *is_target)
{
    for (size_t i = 0; i < draft->zone->n_nodes; i++) {
        const struct fdns_rrset *ns = fdns_zone_node_rrset(draft->nodes[i], FDNS_TYPE_NS);
        for (size_t j = 0; ns != NULL && j < ns->n_rdatas; j++) {
            const struct fdns_zone_node *target = fdns_zone_find(draft->zone, ns->rdatas[j].octets);
            if (target != NULL) {
                is_target[target->index] = true;
            }
        }
    }
}

// Types that a parent zone holds at a cut itself (RFC 4035 2.6).
static bool may_stand_at_cut(uint16_t type)
{
    return type == FDNS_TYPE_NS || type == FDNS_TYPE_DS || type == FDNS_TYPE_NSEC ||
           type == FDNS_TYPE_RRSIG;
}

static void warn_of_occluded(const struct fdns_zone_draft *draft, bool is_target,
                             const struct fdns_zone_node *node, const struct fdns_zone_node *cut)
{
    for (size_t i = 0; i < node->n_rrsets; i++) {
        uint16_t type = node->rrsets[i].type;
        bool address = type == FDNS_TYPE_A || type == FDNS_TYPE_AAAA;
        bool fine = (node == cut && may_stand_at_cut(type)) || (address && is_target);
        if (!fine) {
            char name[FDNS_NAME_TEXT_MAX];
            BLAME(draft, FDNS_WARNING, &node->rrsets[i], 0,
                  "is never served: the zone ends at the delegation of %s",
                  fdns_name_print(cut->name, name));
        }
    }
}

// The topmost cut or DNAME owner above node hides it; a cut also hides what stands beside it.
static bool is_visible(const struct fdns_zone_draft *draft, bool is_target,
                       const struct fdns_zone_node *node)
{
    const struct fdns_zone_node *cover = node->is_cut ? node : NULL;
    for (const struct fdns_zone_node *up = node->parent; up != NULL; up = up->parent) {
        if (up->is_cut || up->has_dname) {
            cover = up;
        }
    }
    if (cover == NULL || node->n_rrsets == 0) {
        return true;
    }
    if (cover->is_cut) {
        warn_of_occluded(draft, is_target, node, cover);
        return true;
    }
    char name[FDNS_NAME_TEXT_MAX];
    BLAME(draft, FDNS_ERROR, &node->rrsets[0], 0,
          "stands below the DNAME of %s, which hides it (RFC 6672 2.4)",
          fdns_name_print(cover->name, name));
    return false;
}

bool fdns_zone_check(const struct fdns_zone_draft *draft)
{
    struct fdns_arena scratch;
    fdns_arena_init(&scratch, 0);
    bool *is_target = fdns_arena_array(&scratch, draft->zone->n_nodes, sizeof is_target[0]);
    mark_ns_targets(draft, is_target);
    bool sound = apex_is_complete(draft);
    for (size_t i = 0; i < draft->zone->n_nodes; i++) {
        const struct fdns_zone_node *node = draft->nodes[i];
        sound &= soa_is_at_apex(draft, node);
        sound &= cname_is_alone(draft, node);
        sound &= dname_is_sound(draft, node);
        sound &= is_visible(draft, is_target[i], node);
        for (size_t j = 0; j < node->n_rrsets; j++) {
            warn_of_ttls(draft, &node->rrsets[j]);
        }
    }
    fdns_arena_clear(&scratch);
    return sound;
}
