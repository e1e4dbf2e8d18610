// Records that no server has: none of the set or some of it, another type at the name, a delegation
// above it (4.B of the catalogue of modes). Other names are looked at in name.c.
#include "harness/check/dkim/diagnose.h"

enum { MISSING_ALL, ONE_MISSING, AMAZONSES_MISSING, PROXIED, ZONE_CUT, TYPE_99, N_ROWS };

const struct dc_finding_row dc_missing_rows[DC_MISSING_ROWS] = {
    [MISSING_ALL] = {.id = "record/missing-all",
                     .level = DC_INFO,
                     .title = "None of the DKIM records exists",
                     .cause = "No server of the domain has any of them, under the expected name or "
                              "one that is often created by mistake.",
                     .remedy = "Publish the records as the console shows them. Newly created ones "
                               "can take up to 72 hours to become visible.",
                     .refs = "seed:R17; seed:R19; seed:R20"},
    [ONE_MISSING] = {.id = "record/one-of-three-missing",
                     .level = DC_ERROR,
                     .title = "A DKIM record is missing while others of the set exist",
                     .cause =
                         "All records of the set are needed; the console does not say which one "
                         "it misses.",
                     .remedy = "Create the record that is missing.",
                     .refs = "seed:R19; seed:R25"},
    [AMAZONSES_MISSING] = {.id = "record/amazonses-missing",
                           .level = DC_ERROR,
                           .title = "The domain verification record is missing",
                           .cause = "The TXT record at _amazonses shows that the domain is yours.",
                           .remedy = "Create the TXT record at _amazonses with the value of the "
                                     "console.",
                           .refs = "seed:R46"},
    [PROXIED] = {.id = "record/cname-proxied",
                 .level = DC_ERROR,
                 .title = "The record is proxied: there are addresses instead of the CNAME",
                 .cause = "A proxy answers with its own addresses. The CNAME and the key behind it "
                          "are invisible.",
                 .remedy = "Set the record to DNS only, without the proxy.",
                 .refs = "seed:R19"},
    [ZONE_CUT] = {.id = "record/cname-at-zone-cut",
                  .level = DC_ERROR,
                  .title = "The names below _domainkey are delegated, and the record is not there",
                  .cause =
                      "NS records at or above the name send everybody to other servers; what is "
                      "entered in this zone below them is never served.",
                  .remedy =
                      "Delete those NS records, or publish the record at the servers that they "
                      "name.",
                  .refs = "seed:R19; seed:R20; RFC 1034 4.2.1"},
    [TYPE_99] = {.id = "record/key-in-type99",
                 .level = DC_ERROR,
                 .title = "The record has the obsolete type SPF instead of TXT",
                 .cause = "Type 99 is not used any more; nobody asks for it.",
                 .remedy = "Create the record with the type TXT and delete this one.",
                 .refs = "seed:R20; RFC 7208 3.1"},
};
_Static_assert((int)N_ROWS == (int)DC_MISSING_ROWS, "diagnose.h counts the rows");

static struct dc_hit *hit_answer(struct dc_diagnosis *d, int row, enum dc_rank rank, size_t i,
                                 const struct dc_answer *answer)
{
    return dc_diagnosis_answer(d, &dc_missing_rows[row], rank, i, answer, NULL);
}

void dc_diagnose_no_value(struct dc_diagnosis *d, size_t i, const struct dc_answer *answer,
                          const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = dc_diagnosis_answer(d, &dc_missing_rows[AMAZONSES_MISSING], DC_RANK_VALUE,
                                             i, answer, endpoint);
    dc_hit_show(hit, d->g->records[i].random.observation);
}

// There is something of a type, and no wildcard says it.
static bool is_own(const struct dc_diagnosis *d, const struct dc_answer *answer,
                   const struct dc_answer *random)
{
    return answer->kind == DC_ANSWER_DATA && !dc_answer_same(d->hits.arena, answer, random);
}

static bool is_key_in_spf(struct dc_diagnosis *d, const struct dc_answer *spf)
{
    size_t at = 0;
    struct dc_key key =
        dc_diagnosis_key(d, spf, dc_answer_next(spf, spf->name, FDNS_TYPE_SPF, &at));
    return key.flaw != DC_KEY_OTHER && key.flaw != DC_KEY_SYNTAX && key.flaw != DC_KEY_EMPTY;
}

// A record that no server has: other types at the name.
static bool explain_by_type(struct dc_diagnosis *d, size_t i)
{
    const struct dc_gathered_record *record = &d->g->records[i];
    if (d->g->expectation->records[i].role == DC_ROLE_TOKEN &&
        is_own(d, &record->address, &record->random_address)) {
        hit_answer(d, PROXIED, DC_RANK_TYPE, i, &record->address);
        return true;
    }
    if (is_own(d, &record->spf, &record->random_spf) && is_key_in_spf(d, &record->spf)) {
        hit_answer(d, TYPE_99, DC_RANK_TYPE, i, &record->spf);
        return true;
    }
    return false;
}

// Where a DNS host takes no underscore, Amazon SES takes the value at the domain itself, with
// "amazonses:" before it.
static bool is_at_domain(struct dc_diagnosis *d, size_t i)
{
    const struct dc_answer *txt = &d->g->records[i].fallback;
    const char *value = d->subject->verification;
    return dc_holds_value(d, txt, value) ||
           dc_holds_value(d, txt, fdns_arena_format(d->hits.arena, "amazonses:%s", value));
}

// Other names, other types.
static bool explain_absence(struct dc_diagnosis *d, size_t i)
{
    bool key = d->g->expectation->records[i].role != DC_ROLE_VERIFICATION;
    if (!key && is_at_domain(d, i)) {
        d->records[i] = DC_CELL_RIGHT;
        return true;
    }
    if (dc_diagnose_name(d, i) || explain_by_type(d, i)) {
        return true;
    }
    if (!key) {
        dc_diagnose_no_value(d, i, &dc_gathered_witness(d->g, i)->txt[i], NULL);
    }
    return !key;
}

// The record belongs to a zone that is delegated below the domain's, and is not there.
static void diagnose_cut(struct dc_diagnosis *d, size_t i)
{
    const struct dc_place *place = d->g->records[i].place;
    const struct dc_endpoint *endpoint = dc_gathered_witness(d->g, i);
    size_t cause = endpoint == NULL ? dc_find_server_hit(d, place) : 0;
    struct dc_hit *hit =
        dc_diagnosis_hit(d, &dc_missing_rows[ZONE_CUT], DC_RANK_DELEGATION, i, NULL);
    hit->actual = fdns_arena_format(
        d->hits.arena, "NS records at %s; %s", dc_name_bare(d->hits.arena, place->zone.cut->zone),
        endpoint != NULL ? dc_answer_text(d->hits.arena, &endpoint->txt[i])
                         : "none of the servers that they name gives an answer for it");
    dc_hit_show(hit, place->zone.cut->referral);
    dc_hit_show(hit, endpoint != NULL ? endpoint->txt[i].observation
                     : cause != 0     ? d->hits.items[cause - 1].observations[0]
                                      : NULL);
}

void dc_diagnose_missing(struct dc_diagnosis *d, size_t i)
{
    if (d->g->records[i].place == &d->g->places[0]) {
        d->explained[i] = explain_absence(d, i);
        return;
    }
    if (dc_gathered_witness(d->g, i) == NULL || !explain_by_type(d, i)) {
        diagnose_cut(d, i);
    }
    d->explained[i] = true;
}

static void show_absence(struct dc_diagnosis *d, struct dc_hit *hit, size_t i)
{
    for (size_t k = 0; k < d->g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[k];
        dc_hit_show(hit,
                    dc_endpoint_tells(d->g, endpoint, i) ? endpoint->txt[i].observation : NULL);
    }
}

void dc_diagnose_set(struct dc_diagnosis *d)
{
    const struct dc_expectation *expectation = d->g->expectation;
    size_t n_absent = 0;
    for (size_t i = 0; i < expectation->n_keys; i++) {
        n_absent += d->records[i] == DC_CELL_ABSENT && !d->explained[i] ? 1 : 0;
    }
    for (size_t i = 0; i < expectation->n_keys && n_absent < expectation->n_keys; i++) {
        if (d->records[i] == DC_CELL_ABSENT && !d->explained[i]) {
            const struct dc_endpoint *endpoint = dc_gathered_witness(d->g, i);
            struct dc_hit *hit = hit_answer(d, ONE_MISSING, DC_RANK_VALUE, i, &endpoint->txt[i]);
            hit->remedy =
                fdns_arena_format(d->hits.arena, "Create %s %s.",
                                  expectation->records[i].owner_text, expectation->records[i].text);
            show_absence(d, hit, i);
            d->explained[i] = true;
        }
    }
    if (n_absent == expectation->n_keys) {
        struct dc_hit *hit = dc_hits_add(&d->hits, &dc_missing_rows[MISSING_ALL], DC_RANK_POLICY);
        hit->name = expectation->domain_text;
        hit->actual = fdns_arena_format(d->hits.arena, "%zu of %zu records missing", n_absent,
                                        expectation->n_keys);
        show_absence(d, hit, 0);
    }
}
