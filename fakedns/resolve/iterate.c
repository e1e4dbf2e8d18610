#include "fakedns/resolve/cut.h"

#include <string.h>

enum step_kind { ANSWERED, ALIASED, NO_DATA, NO_NAME, FAILED };

// What one name has of one type.
struct step {
    enum step_kind kind;
    struct fdns_rrset_list rrsets; // of the answer; of an alias: a DNAME, if it made it, the CNAME
    struct fdns_rrset soa;
};

static int64_t now_of(const struct fdns_search *search)
{
    return search->errand.now_us;
}

static void add(struct fdns_search *search, struct step *step, struct fdns_rrset rrset)
{
    fdns_rrset_list_add(search->errand.arena, &step->rrsets, &rrset);
}

// The CNAME that a DNAME makes of a name (RFC 6672 2.2); FAILED if it grows too long.
static void apply_dname(struct fdns_search *search, const struct fdns_rrset *dname,
                        const uint8_t *name, struct step *step)
{
    uint8_t target[FDNS_NAME_MAX];
    unsigned kept = fdns_name_labels(name) - fdns_name_labels(dname->owner);
    step->kind = FAILED;
    if (fdns_name_join(name, kept, dname->rdatas[0].octets, target) != FDNS_OK) {
        return;
    }
    struct fdns_rdata *rdata = fdns_arena_alloc(search->errand.arena, sizeof(*rdata));
    rdata->octets = fdns_name_copy(search->errand.arena, target);
    rdata->len = (uint16_t)fdns_name_len(target);
    step->kind = ALIASED;
    add(search, step, *dname);
    add(search, step,
        (struct fdns_rrset){.owner = name,
                            .type = FDNS_TYPE_CNAME,
                            .rr_class = FDNS_CLASS_IN,
                            .ttl = dname->ttl,
                            .rdatas = rdata,
                            .n_rdatas = 1});
}

// --- from the cache

static const struct fdns_cache_entry *recall(const struct fdns_search *search, const uint8_t *name,
                                             uint16_t type)
{
    return fdns_cache_find(search->cache, name, type, FDNS_FROM_ANSWER, now_of(search));
}

static bool recall_dname(struct fdns_search *search, const uint8_t *name, struct step *step)
{
    unsigned labels = fdns_name_labels(name);
    for (unsigned i = 1; i <= labels; i++) {
        const struct fdns_cache_entry *entry =
            recall(search, fdns_name_skip(name, i), FDNS_TYPE_DNAME);
        if (entry == NULL || entry->kind != FDNS_CACHED_RRSET) {
            continue;
        }
        struct fdns_rrset dname = fdns_cache_rrset(entry, now_of(search));
        apply_dname(search, &dname, name, step);
        return true;
    }
    return false;
}

static void recall_entry(struct fdns_search *search, const struct fdns_cache_entry *entry,
                         uint16_t type, struct step *step)
{
    struct fdns_rrset rrset = fdns_cache_rrset(entry, now_of(search));
    switch (entry->kind) {
    case FDNS_CACHED_RRSET:
        step->kind = entry->type == type ? ANSWERED : ALIASED;
        add(search, step, rrset);
        return;
    case FDNS_CACHED_NODATA:
        step->kind = NO_DATA;
        break;
    case FDNS_CACHED_NXDOMAIN:
        step->kind = NO_NAME;
        break;
    case FDNS_CACHED_FAILURE:
        step->kind = FAILED;
        break;
    }
    step->soa = rrset;
}

static bool recall_step(struct fdns_search *search, const uint8_t *name, uint16_t type,
                        struct step *step)
{
    if (type == FDNS_TYPE_ANY) {
        return false;
    }
    const struct fdns_cache_entry *entry = recall(search, name, type);
    if (entry == NULL) {
        entry = recall(search, name, 0);
    }
    if (entry == NULL) {
        entry = recall(search, name, FDNS_TYPE_CNAME);
        if (entry != NULL && entry->kind != FDNS_CACHED_RRSET) {
            entry = NULL; // that it is no alias says nothing about other types
        }
    }
    if (entry == NULL) {
        return recall_dname(search, name, step);
    }
    recall_entry(search, entry, type, step);
    return true;
}

// --- from the servers

static void keep_rrset(struct fdns_search *search, const struct fdns_rrset *rrset)
{
    fdns_cache_put(search->cache, rrset->owner, rrset->type, FDNS_FROM_ANSWER, FDNS_CACHED_RRSET,
                   rrset, rrset->ttl, now_of(search));
}

static void keep_negative(struct fdns_search *search, const uint8_t *name, uint16_t type,
                          enum fdns_cached kind, const struct fdns_hearing *hearing)
{
    const struct fdns_rrset *soa = hearing->soa.n_rdatas > 0 ? &hearing->soa : NULL;
    fdns_cache_put(search->cache, name, type, FDNS_FROM_ANSWER, kind, soa, hearing->negative_ttl,
                   now_of(search));
}

static void take_rrsets(struct fdns_search *search, const struct fdns_hearing *hearing,
                        struct step *step)
{
    for (size_t i = 0; i < hearing->rrsets.n_items; i++) {
        struct fdns_rrset rrset = hearing->rrsets.items[i];
        if ((rrset.ttl & 0x80000000U) != 0) {
            rrset.ttl = 0; // RFC 2181 8
        }
        add(search, step, rrset);
        keep_rrset(search, &rrset);
    }
}

static void take_negative(struct fdns_search *search, const uint8_t *name, uint16_t type,
                          const struct fdns_hearing *hearing, struct step *step)
{
    bool no_name = hearing->heard == FDNS_HEARD_NXDOMAIN;
    step->kind = no_name ? NO_NAME : NO_DATA;
    step->soa = hearing->soa;
    step->soa.ttl = hearing->negative_ttl;
    keep_negative(search, name, no_name ? 0 : type,
                  no_name ? FDNS_CACHED_NXDOMAIN : FDNS_CACHED_NODATA, hearing);
}

static void fail(struct fdns_search *search, const uint8_t *name, uint16_t type, struct step *step)
{
    step->kind = FAILED;
    fdns_cache_put(search->cache, name, type, FDNS_FROM_ANSWER, FDNS_CACHED_FAILURE, NULL,
                   FDNS_CACHE_FAILURE_S, now_of(search));
}

static void take(struct fdns_search *search, const uint8_t *name, uint16_t type,
                 const struct fdns_hearing *hearing, struct step *step)
{
    switch (hearing->heard) {
    case FDNS_HEARD_ANSWER:
        step->kind = ANSWERED;
        take_rrsets(search, hearing, step);
        break;
    case FDNS_HEARD_ALIAS:
        step->kind = ALIASED;
        take_rrsets(search, hearing, step);
        break;
    case FDNS_HEARD_DNAME:
        keep_rrset(search, &hearing->rrsets.items[0]);
        apply_dname(search, &hearing->rrsets.items[0], name, step);
        break;
    case FDNS_HEARD_NODATA:
    case FDNS_HEARD_NXDOMAIN:
        take_negative(search, name, type, hearing, step);
        break;
    case FDNS_HEARD_NOTHING:
    case FDNS_HEARD_REFERRAL:
        fail(search, name, type, step);
        break;
    }
}

static void walk(struct fdns_search *search, const uint8_t *name, uint16_t type, struct step *step)
{
    struct fdns_hearing hearing = {0};
    struct fdns_cut cut;
    unsigned depth = 0;
    for (unsigned i = 0; i < FDNS_REFERRALS_MAX; i++) {
        hearing.heard = FDNS_HEARD_NOTHING;
        if (!fdns_cut_nearest(search, name, type, &cut)) {
            break;
        }
        if (i > 0 && fdns_name_labels(cut.zone) <= depth) {
            break; // nobody of the zone that was referred to can be reached
        }
        depth = fdns_name_labels(cut.zone);
        fdns_ask(&search->errand, &cut, name, type, &hearing);
        if (hearing.heard != FDNS_HEARD_REFERRAL) {
            break;
        }
        fdns_cut_remember(search, &cut, &hearing);
    }
    take(search, name, type, &hearing, step);
}

// --- the chain

// Copies a step's RRsets into what was found, the name spelled as it was asked for.
static void collect(struct fdns_search *search, const uint8_t *name, const struct step *step,
                    struct fdns_found *found)
{
    for (size_t i = 0; i < step->rrsets.n_items; i++) {
        struct fdns_rrset rrset = step->rrsets.items[i];
        if (fdns_name_equal(rrset.owner, name)) {
            rrset.owner = name;
        }
        fdns_rrset_list_add(search->errand.arena, &found->answer, &rrset);
    }
}

void fdns_search(struct fdns_search *search, const uint8_t *name, uint16_t type,
                 struct fdns_found *found)
{
    *found = (struct fdns_found){.rcode = FDNS_SERVFAIL};
    for (unsigned i = 0; i < FDNS_CHAIN_MAX; i++) { // also the end of a loop
        struct step step = {.kind = FAILED};
        if (!recall_step(search, name, type, &step)) {
            walk(search, name, type, &step);
        }
        collect(search, name, &step, found);
        found->soa = step.soa;
        switch (step.kind) {
        case ALIASED:
            name = found->answer.items[found->answer.n_items - 1].rdatas[0].octets;
            continue;
        case ANSWERED:
        case NO_DATA:
            found->rcode = FDNS_NOERROR;
            return;
        case NO_NAME:
            found->rcode = FDNS_NXDOMAIN;
            return;
        case FAILED:
            break;
        }
        break;
    }
    found->rcode = FDNS_SERVFAIL;
    found->answer = (struct fdns_rrset_list){0};
    found->soa = (struct fdns_rrset){0};
}
