// What stands at the expected names: nothing, the wrong type, or what is wanted (4.B of the
// catalogue of modes). Each server is judged alone; what they have in common is merged later. What
// is said of a record that nobody has stands in missing.c.
#include "harness/check/dkim/diagnose.h"

#include <string.h>
#include <strings.h>

enum {
    AMAZONSES_VALUE,
    AMAZONSES_FOLDED,
    TXT_FOR_CNAME,
    CNAME_FOR_TXT,
    KEY_COPIED,
    OTHER_DATA,
    FLATTENED,
    WILDCARD_SPF,
    N_ROWS
};

const struct dc_finding_row dc_record_rows[DC_RECORD_ROWS] = {
    [AMAZONSES_VALUE] = {.id = "record/amazonses-wrong-value",
                         .level = DC_ERROR,
                         .title = "The domain verification record has another value",
                         .cause = "The value is compared octet by octet, case included.",
                         .remedy =
                             "Copy the value from the console again, without quotes or blanks.",
                         .refs = "seed:R46"},
    [AMAZONSES_FOLDED] = {.id = "record/amazonses-case-folded",
                          .level = DC_ERROR,
                          .title = "The domain verification record is right but for upper and "
                                   "lower case",
                          .cause =
                              "The value is compared octet by octet. Some panels store text in "
                              "lower case.",
                          .remedy = "Enter the value again as the console shows it. If the panel "
                                    "folds it once more, tell the DNS provider.",
                          .refs = "seed:R46"},
    [TXT_FOR_CNAME] = {.id = "record/txt-where-cname-needed",
                       .level = DC_ERROR,
                       .title = "There is a TXT record where a CNAME is needed",
                       .cause =
                           "Easy DKIM wants a CNAME that leads to the key; a TXT record at the "
                           "name is taken for the key itself.",
                       .remedy =
                           "Delete the TXT record and create a CNAME with the expected target.",
                       .refs = "seed:R19"},
    [CNAME_FOR_TXT] = {.id = "record/cname-where-txt-needed",
                       .level = DC_ERROR,
                       .title = "There is a CNAME that leads to no key where a TXT is needed",
                       .cause = "With a key of your own the record at the name is the key itself.",
                       .remedy = "Delete the CNAME and create a TXT record with p= and the public "
                                 "key.",
                       .refs = "seed:R20"},
    [KEY_COPIED] =
        {.id = "record/key-copied-instead-of-cname",
         .level = DC_ERROR,
         .title = "The key itself was published where a CNAME to it is needed",
         .cause = "Receivers can verify until the mail provider changes the key, and from then "
                  "on they cannot. The console may miss the CNAME already.",
         .remedy = "Delete the TXT record and create a CNAME with the expected target.",
         .refs = "seed:R19"},
    [OTHER_DATA] = {.id = "record/cname-and-other-data",
                    .level = DC_ERROR,
                    .title = "There are other records beside the CNAME",
                    .cause = "A name with a CNAME has no other records. Many servers refuse the "
                             "whole zone; others answer now this, now that.",
                    .remedy =
                        "Keep the CNAME with the expected target and delete the other records "
                        "at the name.",
                    .refs = "seed:R19; RFC 1034 3.6.2; RFC 2181 10.1"},
    [FLATTENED] = {.id = "record/cname-flattened",
                   .level = DC_WARNING,
                   .title =
                       "The DNS provider serves the content of the target instead of the CNAME",
                   .cause = "Receivers can verify today, but nobody can see the CNAME, and the key "
                            "changes only when the provider looks it up again.",
                   .remedy = "Switch CNAME flattening off for this record.",
                   .refs = "seed:R19"},
    [WILDCARD_SPF] = {.id = "server/wildcard-txt-spf",
                      .level = DC_ERROR,
                      .title = "A wildcard answers with an SPF record; the DKIM record is missing",
                      .cause = "A random name beside it gets the same answer, so this is not a "
                               "record of your own, and it is no key.",
                      .remedy = "Create the DKIM record itself.",
                      .refs = "seed:R19; seed:R20; RFC 4592 2.2.1"},
};
_Static_assert((int)N_ROWS == (int)DC_RECORD_ROWS, "diagnose.h counts the rows");

static struct dc_hit *hit_answer(struct dc_diagnosis *d, int row, enum dc_rank rank, size_t i,
                                 const struct dc_answer *answer, const struct dc_endpoint *endpoint)
{
    return dc_diagnosis_answer(d, &dc_record_rows[row], rank, i, answer, endpoint);
}

// The first TXT at the name, read as a key; an empty one if there is none.
static struct dc_key first_key(struct dc_diagnosis *d, const struct dc_answer *txt)
{
    size_t at = 0;
    return dc_diagnosis_key(d, txt, dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at));
}

// Every token is met with a TXT that could be its target's, the spare ones too: the server follows
// the CNAMEs by itself. Somebody who copied a key would not have copied empty ones.
static bool is_flattened(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    size_t n_keys = 0;
    for (size_t i = 0; i < d->g->expectation->n_keys; i++) {
        if (!dc_endpoint_tells(d->g, endpoint, i) || endpoint->txt[i].kind != DC_ANSWER_DATA ||
            endpoint->txt[i].n_cnames > 0) {
            return false;
        }
        struct dc_key key = first_key(d, &endpoint->txt[i]);
        if (key.flaw != DC_KEY_GOOD && key.flaw != DC_KEY_EMPTY) {
            return false;
        }
        n_keys += key.flaw == DC_KEY_GOOD ? 1 : 0;
    }
    return n_keys > 0;
}

static bool begins(const struct dc_key *key, const char *prefix)
{
    return key->text_len >= strlen(prefix) && memcmp(key->text, prefix, strlen(prefix)) == 0;
}

// What stands at the name is a wildcard's, and no key: text is what it says, NULL if it is an
// alias.
static void hit_wildcard(struct dc_diagnosis *d, size_t i, const struct dc_answer *answer,
                         const struct dc_key *text, const struct dc_endpoint *endpoint)
{
    if (text == NULL || !begins(text, "v=spf1")) {
        dc_diagnose_wildcard(d, i, answer, endpoint);
        return;
    }
    struct dc_hit *hit = hit_answer(d, WILDCARD_SPF, DC_RANK_NAME, i, answer, endpoint);
    dc_hit_show(hit, d->g->records[i].random.observation);
}

// TXT, and no CNAME, at a token.
static enum dc_cell diagnose_txt_at_token(struct dc_diagnosis *d, size_t i,
                                          const struct dc_endpoint *endpoint)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    struct dc_key key = first_key(d, txt);
    if (dc_is_wildcard(d, i, txt)) {
        hit_wildcard(d, i, txt, &key, endpoint);
        return DC_CELL_WRONG;
    }
    int row = is_flattened(d, endpoint) ? FLATTENED
              : key.flaw == DC_KEY_GOOD ? KEY_COPIED
                                        : TXT_FOR_CNAME;
    struct dc_hit *hit = hit_answer(d, row, DC_RANK_TYPE, i, txt, endpoint);
    dc_hit_show(hit, endpoint->cname[i].observation);
    d->key_seen = d->key_seen || key.flaw == DC_KEY_GOOD;
    return DC_CELL_WRONG;
}

static enum dc_cell judge_token(struct dc_diagnosis *d, size_t i,
                                const struct dc_endpoint *endpoint)
{
    const struct dc_answer *cname = &endpoint->cname[i];
    const struct dc_answer *txt = &endpoint->txt[i];
    if (cname->n_cnames > 0 && txt->kind == DC_ANSWER_DATA &&
        dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &(size_t){0}) != NULL) {
        struct dc_hit *hit = hit_answer(d, OTHER_DATA, DC_RANK_TYPE, i, txt, endpoint);
        hit->actual = fdns_arena_format(d->hits.arena, "%s beside %s", hit->actual,
                                        dc_answer_text(d->hits.arena, cname));
        dc_hit_show(hit, cname->observation);
        return DC_CELL_WRONG;
    }
    return cname->n_cnames > 0 ? dc_diagnose_alias(d, i, cname, endpoint)
                               : diagnose_txt_at_token(d, i, endpoint);
}

// A TXT query for a selector: data, or an alias that may lead to a key just as well.
static enum dc_cell judge_selector(struct dc_diagnosis *d, size_t i, const struct dc_answer *txt,
                                   const struct dc_endpoint *endpoint)
{
    const struct dc_answer *data = txt;
    const struct dc_chain *chain =
        txt->kind == DC_ANSWER_CNAME ? dc_gathered_chain(d->g, txt->cname) : NULL;
    if (chain != NULL) {
        data = &chain->end.answer;
    }
    struct dc_key key = first_key(d, data);
    if (dc_is_wildcard(d, i, txt) && key.flaw != DC_KEY_GOOD) {
        hit_wildcard(d, i, txt, txt->kind == DC_ANSWER_DATA ? &key : NULL, endpoint);
        return DC_CELL_WRONG;
    }
    if (chain != NULL &&
        (chain->result != DC_WALK_FOUND || chain->loop || dc_chain_is_long(chain))) {
        return dc_diagnose_end(d, i, txt, chain, endpoint);
    }
    if (data->kind != DC_ANSWER_DATA) {
        struct dc_hit *hit = hit_answer(d, CNAME_FOR_TXT, DC_RANK_TYPE, i, txt, endpoint);
        dc_hit_show(hit, chain != NULL ? chain->end.answer.observation : NULL);
        return DC_CELL_WRONG;
    }
    return dc_diagnose_key(d, i, data, data->name, endpoint) ? DC_CELL_RIGHT : DC_CELL_WRONG;
}

// One of the TXT records has the value, with its letters in the same case or in any.
static bool has_text(struct dc_diagnosis *d, const struct dc_answer *txt, const char *value,
                     bool any_case)
{
    size_t at = 0;
    const struct fdns_view_rr *rr;
    while ((rr = dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at)) != NULL) {
        struct dc_key text = dc_diagnosis_key(d, txt, rr);
        if (text.text_len == strlen(value) &&
            (any_case ? strncasecmp(text.text, value, text.text_len)
                      : memcmp(text.text, value, text.text_len)) == 0) {
            return true;
        }
    }
    return false;
}

bool dc_holds_value(struct dc_diagnosis *d, const struct dc_answer *txt, const char *value)
{
    return has_text(d, txt, value, false);
}

// Shows a verification record that is alone at its name, from where it differs on.
static void mark_difference(struct dc_diagnosis *d, struct dc_hit *hit, const struct dc_answer *txt)
{
    size_t at = 0;
    size_t same = 0;
    const char *value = d->subject->verification;
    const struct fdns_view_rr *rr = dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at);
    if (rr == NULL || dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at) != NULL) {
        return;
    }
    struct dc_key text = dc_diagnosis_key(d, txt, rr);
    while (same < text.text_len && value[same] != '\0' && value[same] == text.text[same]) {
        same++;
    }
    dc_hit_mark(d, hit, &text, (struct dc_span){same, same < text.text_len ? 1 : 0});
}

static enum dc_cell judge_verification(struct dc_diagnosis *d, size_t i,
                                       const struct dc_endpoint *endpoint)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    const struct dc_chain *chain =
        txt->kind == DC_ANSWER_CNAME ? dc_gathered_chain(d->g, txt->cname) : NULL;
    const struct dc_answer *end = chain != NULL ? &chain->end.answer : txt;
    if (dc_holds_value(d, end, d->subject->verification)) {
        return DC_CELL_RIGHT;
    }
    if (chain != NULL && (chain->result != DC_WALK_FOUND || chain->loop || chain->too_long)) {
        return dc_diagnose_end(d, i, txt, chain, endpoint);
    }
    if (dc_is_wildcard(d, i, txt)) {
        dc_diagnose_no_value(d, i, txt, endpoint);
        return DC_CELL_WRONG;
    }
    int row = has_text(d, end, d->subject->verification, true) ? AMAZONSES_FOLDED : AMAZONSES_VALUE;
    struct dc_hit *hit = hit_answer(d, row, DC_RANK_VALUE, i, txt, endpoint);
    mark_difference(d, hit, end);
    dc_hit_show(hit, chain != NULL ? chain->end.answer.observation : NULL);
    return DC_CELL_WRONG;
}

static bool has_something(const struct dc_endpoint *endpoint, size_t i)
{
    return endpoint->cname[i].n_cnames > 0 || endpoint->txt[i].n_cnames > 0 ||
           endpoint->txt[i].kind == DC_ANSWER_DATA;
}

// Some queries went unanswered because there were too many of them: the server's fault, which is
// told, and no word about the record.
static bool is_kept_waiting(const struct dc_diagnosis *d, size_t i,
                            const struct dc_endpoint *endpoint)
{
    bool cname = d->g->expectation->records[i].role != DC_ROLE_VERIFICATION;
    bool silent = endpoint->txt[i].kind == DC_ANSWER_NOTHING ||
                  (cname && endpoint->cname[i].kind == DC_ANSWER_NOTHING);
    return silent && dc_endpoint_is_limited(d->g, endpoint);
}

// An endpoint has something of its own at the name.
static bool any_has_its_own(const struct dc_diagnosis *d, size_t i)
{
    for (size_t k = 0; k < d->g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[k];
        if (dc_endpoint_tells(d->g, endpoint, i) && has_something(endpoint, i) &&
            dc_answer_is_positive(&endpoint->txt[i]) && !dc_is_wildcard(d, i, &endpoint->txt[i])) {
            return true;
        }
    }
    return false;
}

// A wildcard speaks in place of the record, which another server has.
static bool is_masked_here(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    return dc_is_wildcard(d, i, txt) && first_key(d, txt).flaw != DC_KEY_GOOD &&
           any_has_its_own(d, i);
}

static enum dc_cell judge(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    enum dc_record_role role = d->g->expectation->records[i].role;
    const struct dc_answer *txt = &endpoint->txt[i];
    if (is_kept_waiting(d, i, endpoint)) {
        return DC_CELL_SILENT;
    }
    if (dc_diagnose_flips(d, i, endpoint) || dc_diagnose_cut(d, i, endpoint)) {
        return DC_CELL_WRONG;
    }
    if (dc_diagnose_answers(d, i, endpoint)) {
        return has_something(endpoint, i) ? DC_CELL_WRONG : DC_CELL_FAILED;
    }
    if (dc_endpoint_lacks(d->g, endpoint, i) || is_masked_here(d, i, endpoint)) {
        return DC_CELL_ABSENT;
    }
    switch (role) {
    case DC_ROLE_TOKEN:
        return judge_token(d, i, endpoint);
    case DC_ROLE_SELECTOR:
        return judge_selector(d, i, txt, endpoint);
    case DC_ROLE_VERIFICATION:
        return judge_verification(d, i, endpoint);
    }
    return DC_CELL_WRONG;
}

// An endpoint that has the record, rather one that has it right.
static const struct dc_endpoint *best(const struct dc_diagnosis *d, size_t i,
                                      const enum dc_cell *cells)
{
    const struct dc_endpoint *found = NULL;
    for (size_t k = 0; k < d->g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[k];
        if (!dc_endpoint_tells(d->g, endpoint, i) || !has_something(endpoint, i) ||
            cells[k] == DC_CELL_ABSENT) {
            continue;
        }
        if (cells[k] == DC_CELL_RIGHT) {
            return endpoint;
        }
        found = found == NULL ? endpoint : found;
    }
    return found;
}

// The cell that tells most of the record as a whole.
static enum dc_cell worst_of(const enum dc_cell *cells, const bool *counts, size_t n)
{
    size_t n_of[DC_CELL_FAILED + 1] = {0};
    for (size_t k = 0; k < n; k++) {
        n_of[cells[k]] += counts[k] ? 1 : 0;
    }
    return n_of[DC_CELL_WRONG] > 0    ? DC_CELL_WRONG
           : n_of[DC_CELL_ABSENT] > 0 ? DC_CELL_ABSENT
           : n_of[DC_CELL_FAILED] > 0 ? DC_CELL_WRONG
           : n_of[DC_CELL_SILENT] > 0 ? DC_CELL_SILENT
                                      : DC_CELL_RIGHT;
}

// Some servers have the record and some do not.
static enum dc_cell sum_up(struct dc_diagnosis *d, size_t i, const enum dc_cell *cells)
{
    const struct dc_endpoint *with = best(d, i, cells);
    bool counts[DC_ENDPOINTS_MAX] = {false};
    for (size_t k = 0; k < d->g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[k];
        counts[k] = dc_endpoint_tells(d->g, endpoint, i);
        if (counts[k] && cells[k] == DC_CELL_ABSENT && with != NULL) {
            dc_diagnose_stale(d, i, endpoint, with);
            d->explained[i] = true;
        }
    }
    return worst_of(cells, counts, d->g->n_endpoints);
}

// Nobody answers for the zone that the record was delegated to; if nobody says anything at all, it
// is unknown whether the record is there.
static bool is_silent(const struct dc_gathered *g, const struct dc_place *place)
{
    size_t n = 0;
    for (size_t k = 0; k < g->n_endpoints; k++) {
        if (g->endpoints[k].place == place && !g->endpoints[k].dead) {
            return false;
        }
        n += g->endpoints[k].place == place ? 1 : 0;
    }
    return n > 0;
}

// The record stands under another name, which is the last hit: that a wildcard answers in its place
// is no fault beside it.
static void put_behind(struct dc_diagnosis *d, size_t i, size_t n_before)
{
    for (size_t k = 0; k < n_before; k++) {
        struct dc_hit *hit = &d->hits.items[k];
        if (hit->record == i + 1 && (hit->rank == DC_RANK_NAME || hit->rank == DC_RANK_VALUE)) {
            hit->level = DC_INFO;
            hit->rank = DC_RANK_POLICY;
            hit->follows = d->hits.n;
        }
    }
}

static void diagnose_record(struct dc_diagnosis *d, size_t i)
{
    const struct dc_place *place = d->g->records[i].place;
    enum dc_cell cells[DC_ENDPOINTS_MAX];
    if (place->n_judged == 0) {
        dc_diagnose_missing(d, i);
        d->records[i] = is_silent(d->g, place) ? DC_CELL_SILENT : DC_CELL_WRONG;
        return;
    }
    for (size_t k = 0; k < d->g->n_endpoints; k++) {
        bool tells = dc_endpoint_tells(d->g, &d->g->endpoints[k], i);
        cells[k] = tells ? judge(d, i, &d->g->endpoints[k]) : DC_CELL_SILENT;
        if (tells) {
            dc_diagnose_ttl(d, i, &d->g->endpoints[k]);
            dc_diagnose_geo(d, i, &d->g->endpoints[k]);
        }
    }
    d->records[i] = sum_up(d, i, cells);
    if (d->g->expectation->records[i].role == DC_ROLE_SELECTOR &&
        dc_diagnose_keys_differ(d, i, cells)) {
        d->records[i] = DC_CELL_WRONG;
    }
    if (d->g->records[i].absent) {
        dc_diagnose_missing(d, i);
    } else if (d->g->records[i].masked) {
        size_t n_before = d->hits.n;
        if (dc_diagnose_name(d, i)) {
            put_behind(d, i, n_before);
        }
    }
}

void dc_diagnose_records(struct dc_diagnosis *d)
{
    for (size_t i = 0; i < d->g->expectation->n_records; i++) {
        diagnose_record(d, i);
    }
    dc_diagnose_sender(d);
    dc_diagnose_set(d);
}
