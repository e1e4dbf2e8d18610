// What a message means to a resolver. Only RRsets that the servers of the zone may speak of count:
// the owner itself, a DNAME or a delegation between the zone and the name.
#include "fakedns/resolve/ask.h"

struct fdns_rrset fdns_heard_rrset(struct fdns_arena *arena, const struct fdns_view *view,
                                   enum fdns_section section, const uint8_t *name, uint16_t type)
{
    struct fdns_rrset rrset = {.owner = name, .type = type, .rr_class = FDNS_CLASS_IN};
    struct fdns_rdata *rdatas = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < view->n_rrs; i++) {
        const struct fdns_view_rr *rr = &view->rrs[i];
        if (rr->section != section || rr->type != type || rr->rr_class != FDNS_CLASS_IN ||
            !fdns_view_owner_is(view, rr, name)) {
            continue;
        }
        uint16_t len = 0;
        const uint8_t *octets = fdns_view_rdata(view, rr, arena, &len);
        if (octets == NULL) {
            continue;
        }
        rdatas = fdns_arena_grow(arena, rdatas, rrset.n_rdatas, rrset.n_rdatas + 1, sizeof(*rdatas),
                                 &capacity);
        rdatas[rrset.n_rdatas++] = (struct fdns_rdata){.octets = octets, .len = len};
        if (rrset.n_rdatas == 1 || rr->ttl < rrset.ttl) {
            rrset.ttl = rr->ttl; // RFC 2181 5.2
        }
    }
    rrset.rdatas = rdatas;
    return rrset;
}

static bool is_listed(const struct fdns_rrset_list *list, uint16_t type)
{
    for (size_t i = 0; i < list->n_items; i++) {
        if (list->items[i].type == type) {
            return true;
        }
    }
    return false;
}

static bool hear_answer(struct fdns_arena *arena, const uint8_t *name, uint16_t type,
                        struct fdns_hearing *hearing)
{
    const struct fdns_view *view = &hearing->view;
    for (size_t i = 0; i < view->n_rrs; i++) {
        const struct fdns_view_rr *rr = &view->rrs[i];
        if (rr->section != FDNS_ANSWER || (rr->type != type && type != FDNS_TYPE_ANY) ||
            is_listed(&hearing->rrsets, rr->type)) {
            continue;
        }
        struct fdns_rrset rrset = fdns_heard_rrset(arena, view, FDNS_ANSWER, name, rr->type);
        if (rrset.n_rdatas > 0) {
            fdns_rrset_list_add(arena, &hearing->rrsets, &rrset);
        }
    }
    return hearing->rrsets.n_items > 0;
}

static bool hear_rrset(struct fdns_arena *arena, enum fdns_section section, const uint8_t *name,
                       uint16_t type, struct fdns_hearing *hearing)
{
    struct fdns_rrset rrset = fdns_heard_rrset(arena, &hearing->view, section, name, type);
    if (rrset.n_rdatas == 0) {
        return false;
    }
    fdns_rrset_list_add(arena, &hearing->rrsets, &rrset);
    return true;
}

// An RRset whose owner lies between zone and name, the zone itself excluded or not.
static const uint8_t *hear_above(struct fdns_arena *arena, enum fdns_section section,
                                 const uint8_t *zone, const uint8_t *name, uint16_t type,
                                 struct fdns_hearing *hearing)
{
    unsigned depth = fdns_name_labels(name) - fdns_name_labels(zone);
    for (unsigned i = 0; i <= depth; i++) {
        const uint8_t *owner = fdns_name_skip(name, i);
        if (hear_rrset(arena, section, owner, type, hearing)) {
            return owner;
        }
    }
    return NULL;
}

static void hear_negative(struct fdns_arena *arena, const uint8_t *zone, const uint8_t *name,
                          struct fdns_hearing *hearing)
{
    struct fdns_hearing soa = {.view = hearing->view};
    if (hear_above(arena, FDNS_AUTHORITY, zone, name, FDNS_TYPE_SOA, &soa) == NULL) {
        return;
    }
    const struct fdns_rdata *rdata = &soa.rrsets.items[0].rdatas[0];
    if (rdata->len < 22) {
        return; // two root names and five numbers
    }
    hearing->soa = soa.rrsets.items[0];
    const uint8_t *minimum = rdata->octets + rdata->len - 4;
    uint32_t least = (uint32_t)minimum[0] << 24 | (uint32_t)minimum[1] << 16 |
                     (uint32_t)minimum[2] << 8 | minimum[3];
    hearing->negative_ttl = hearing->soa.ttl < least ? hearing->soa.ttl : least;
}

// NOERROR without an answer: a referral, no data, or a lame server.
static void hear_rest(struct fdns_arena *arena, const uint8_t *zone, const uint8_t *name,
                      struct fdns_hearing *hearing)
{
    bool aa = fdns_view_flag(&hearing->view, FDNS_AA);
    hear_negative(arena, zone, name, hearing);
    if (hearing->soa.n_rdatas == 0 && !aa) {
        const uint8_t *child = hear_above(arena, FDNS_AUTHORITY, zone, name, FDNS_TYPE_NS, hearing);
        if (child != NULL && !fdns_name_equal(child, zone)) {
            hearing->heard = FDNS_HEARD_REFERRAL;
        }
        return;
    }
    hearing->heard = FDNS_HEARD_NODATA;
}

void fdns_hear(struct fdns_arena *arena, const uint8_t *zone, const uint8_t *name, uint16_t type,
               struct fdns_hearing *hearing)
{
    const struct fdns_view *view = &hearing->view;
    uint16_t rcode = fdns_view_rcode(view);
    hearing->heard = FDNS_HEARD_NOTHING;
    hearing->rrsets = (struct fdns_rrset_list){0};
    hearing->soa = (struct fdns_rrset){0};
    hearing->negative_ttl = 0;
    if (view->flaw != FDNS_FLAW_NONE ||
        (rcode != FDNS_NOERROR && rcode != FDNS_NXDOMAIN && rcode != FDNS_YXDOMAIN)) {
        return;
    }
    if (hear_answer(arena, name, type, hearing)) {
        hearing->heard = FDNS_HEARD_ANSWER;
    } else if (!fdns_name_equal(name, zone) &&
               hear_above(arena, FDNS_ANSWER, zone, fdns_name_skip(name, 1), FDNS_TYPE_DNAME,
                          hearing) != NULL) {
        hearing->heard = FDNS_HEARD_DNAME;
    } else if (hear_rrset(arena, FDNS_ANSWER, name, FDNS_TYPE_CNAME, hearing)) {
        hearing->heard = FDNS_HEARD_ALIAS;
    } else if (rcode == FDNS_NXDOMAIN) {
        hear_negative(arena, zone, name, hearing);
        hearing->heard = FDNS_HEARD_NXDOMAIN;
    } else if (rcode == FDNS_NOERROR) {
        hear_rest(arena, zone, name, hearing);
    }
}
