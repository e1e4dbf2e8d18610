// What a resolver sees, compared with the authoritative servers, which decide. A difference is a
// matter of time (an old answer, an old denial), of DNSSEC (dnssec.c) or of who asks (view.c) (4.C
// and 4.D of the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include "fakedns/base/duration.h"
#include "harness/check/dkim/ede.h"

enum { NEGATIVE, OLD, FAILING, N_ROWS };

#define LOWER_MINIMUM "Lower the last number of the SOA record (MINIMUM) before the next change."
#define LOWER_TTL     "Lower the TTL of the record before the next change."

const struct dc_finding_row dc_cache_rows[DC_CACHE_ROWS] = {
    [NEGATIVE] = {.id = "time/negative-cache",
                  .level = DC_WARNING,
                  .title = "A resolver still remembers that the record did not exist",
                  .cause = "It was asked before the record was there, and keeps the answer for as "
                           "long as the SOA of the zone says.",
                  .remedy = "Nothing has to be changed: wait until it forgets. " LOWER_MINIMUM,
                  .refs = "seed:R18; seed:R27; RFC 2308 5"},
    [OLD] = {.id = "time/old-ttl-cached",
             .level = DC_WARNING,
             .title = "A resolver still has the old content of the record",
             .cause = "It keeps what it was told for the TTL of the record.",
             .remedy = "Nothing has to be changed: wait until the TTL has run out. " LOWER_TTL,
             .refs = "seed:R18; seed:R27; RFC 1035 3.2.1"},
    [FAILING] = {.id = "server/resolver-failure",
                 .level = DC_WARNING,
                 .title = "The resolver fails on a record that the servers give",
                 .cause = "The authoritative servers answer, the resolver does not; it may have "
                          "trouble of its own.",
                 .remedy = "Try another resolver, or look at how this one reaches the servers.",
                 .refs = "seed:R27"},
};
_Static_assert((int)N_ROWS == (int)DC_CACHE_ROWS, "diagnose.h counts the rows");

static struct dc_hit *hit_row(struct dc_diagnosis *d, const struct dc_finding_row *row, size_t i,
                              const struct dc_answer *seen, const struct dc_answer *truth)
{
    const char *ede = dc_answer_ede_text(d->hits.arena, seen);
    char type[FDNS_CODE_TEXT_MAX];
    struct dc_hit *hit = dc_diagnosis_hit(d, row, DC_RANK_POLICY, i, NULL);
    hit->about_server = true;
    hit->server = "resolver";
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(seen->type, type));
    hit->expected = truth != NULL ? dc_answer_text(d->hits.arena, truth) : hit->expected;
    hit->actual = dc_answer_text(d->hits.arena, seen);
    if (ede != NULL) {
        hit->actual = fdns_arena_format(d->hits.arena, "%s, %s", hit->actual, ede);
    }
    dc_hit_show(hit, seen->observation);
    dc_hit_show(hit, truth != NULL ? truth->observation : NULL);
    return hit;
}

static struct dc_hit *hit_cache(struct dc_diagnosis *d, int row, size_t i,
                                const struct dc_answer *seen, const struct dc_answer *truth)
{
    return hit_row(d, &dc_cache_rows[row], i, seen, truth);
}

static void add_ttl(struct dc_diagnosis *d, struct dc_hit *hit, uint32_t ttl)
{
    char wait[FDNS_DURATION_TEXT_MAX];
    hit->actual = fdns_arena_format(d->hits.arena, "%s, for %u more seconds", hit->actual, ttl);
    hit->remedy =
        fdns_arena_format(d->hits.arena, "Nothing has to be changed: wait %s. %s",
                          fdns_duration_print((int64_t)ttl * FDNS_US_PER_S, wait),
                          hit->row == &dc_cache_rows[NEGATIVE] ? LOWER_MINIMUM : LOWER_TTL);
}

// The servers do not say what the resolver has been told just now: not a matter of time.
static bool diagnose_odd(struct dc_diagnosis *d, size_t i, const struct dc_answer *seen,
                         const struct dc_answer *truth)
{
    const struct dc_answer *proof = &d->g->records[i].resolver_proof;
    const struct dc_finding_row *denied = dc_denied_row(proof);
    const struct dc_finding_row *split = dc_split_row(seen, truth, dc_gathered_witness(d->g, i));
    if (denied == NULL && split == NULL) {
        return false;
    }
    struct dc_hit *hit = hit_row(d, denied != NULL ? denied : split, i, seen, truth);
    hit->rank = DC_RANK_SERVER_ERROR;
    dc_hit_show(hit, denied != NULL ? proof->observation : NULL);
    return true;
}

// One of the servers says the same now, whatever the others say: nothing that was kept.
static bool is_told(struct dc_diagnosis *d, size_t i, const struct dc_answer *seen)
{
    for (size_t k = 0; k < d->g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[k];
        const struct dc_answer *now =
            seen->type == FDNS_TYPE_CNAME ? &endpoint->cname[i] : &endpoint->txt[i];
        if (dc_endpoint_tells(d->g, endpoint, i) && dc_answer_same(d->hits.arena, seen, now)) {
            return true;
        }
    }
    return false;
}

static void compare(struct dc_diagnosis *d, size_t i, const struct dc_answer *seen,
                    const struct dc_answer *truth)
{
    bool negative = dc_answer_is_negative(seen);
    if (!negative && (!dc_answer_is_positive(seen) || is_told(d, i, seen))) {
        return;
    }
    if (diagnose_odd(d, i, seen, truth)) {
        return;
    }
    struct dc_hit *hit = hit_cache(d, negative ? NEGATIVE : OLD, i, seen, truth);
    if (!negative || seen->has_negative_ttl) {
        add_ttl(d, hit, seen->ttl);
    }
}

static void hit_bogus(struct dc_diagnosis *d, size_t i)
{
    const struct dc_gathered_record *record = &d->g->records[i];
    struct dc_hit *hit = hit_row(d, dc_bogus_row(&record->resolver_txt), i, &record->resolver_txt,
                                 &dc_gathered_witness(d->g, i)->txt[i]);
    hit->rank = DC_RANK_SERVER_ERROR;
    dc_hit_show(hit, record->resolver_txt_cd.observation);
}

static void diagnose_right(struct dc_diagnosis *d, size_t i)
{
    const struct dc_gathered_record *record = &d->g->records[i];
    const struct dc_endpoint *endpoint = dc_gathered_witness(d->g, i);
    const struct dc_answer *txt = &record->resolver_txt;
    if (txt->kind == DC_ANSWER_ERROR || dc_answer_is_silent(txt)) {
        struct dc_hit *hit = hit_cache(d, FAILING, i, txt, &endpoint->txt[i]);
        // it may only be slow: behind dead servers it has to wait longer than we do
        hit->level = txt->kind == DC_ANSWER_NOTHING ? DC_INFO : hit->level;
    } else if (d->g->expectation->records[i].role == DC_ROLE_TOKEN) {
        compare(d, i, &record->resolver_cname, &endpoint->cname[i]);
    } else {
        compare(d, i, txt, &endpoint->txt[i]);
    }
}

// The servers have nothing, the resolver still has something: the servers decide.
static void diagnose_gone(struct dc_diagnosis *d, size_t i)
{
    const struct dc_answer *txt = &d->g->records[i].resolver_txt;
    if (dc_answer_is_positive(txt) && !is_told(d, i, txt)) {
        struct dc_hit *hit = hit_cache(d, OLD, i, txt, &dc_gathered_witness(d->g, i)->txt[i]);
        add_ttl(d, hit, txt->ttl);
        hit->level = DC_INFO;
    }
}

void dc_diagnose_caches(struct dc_diagnosis *d)
{
    for (size_t i = 0; d->g->how->resolver != NULL && i < d->g->expectation->n_records; i++) {
        if (dc_gathered_witness(d->g, i) == NULL) {
            continue;
        }
        if (dc_is_bogus(&d->g->records[i])) {
            hit_bogus(d, i);
        } else if (d->records[i] == DC_CELL_RIGHT) {
            diagnose_right(d, i);
        } else if (d->records[i] == DC_CELL_ABSENT) {
            diagnose_gone(d, i);
        }
    }
}
