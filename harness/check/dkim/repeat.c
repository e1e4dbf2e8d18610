// Repeats: questions that are asked again, because one address may give now this answer, now that.
// For a token the CNAME and the TXT query are two looks at the same record, and for the first
// record of an address the probe of probe.c is one more. Only where these contradict each other, or
// servers do that have the same serial, both are asked again.
#include "harness/check/dkim/gather.h"

// Repetitions 1 and 2 are those that follow a SERVFAIL (answer.c), these come behind them.
enum { FIRST_REPETITION = 3 };

static bool ask_again(struct dc_gathered *g, const struct dc_endpoint *endpoint,
                      struct dc_answer *answers, size_t n)
{
    bool complete = true;
    struct dc_ask ask = {.server = endpoint->address,
                         .name = answers[0].name,
                         .type = answers[0].type,
                         .no_edns = answers[0].without_edns};
    for (size_t i = 1; i < n; i++) {
        ask.repetition = FIRST_REPETITION + (unsigned)i - 1;
        complete &= dc_answer_probe(g->look, &ask, &answers[i]);
    }
    return complete;
}

// Two answers that cannot both be what the server holds.
static bool contradict(struct dc_gathered *g, const struct dc_answer *a, const struct dc_answer *b)
{
    return dc_answer_tells(a) && dc_answer_tells(b) && !dc_answer_same(g->look->arena, a, b);
}

static bool any_differ(struct dc_gathered *g, const struct dc_answer *answers)
{
    for (size_t i = 1; i < DC_REPEATS_MAX; i++) {
        for (size_t k = 0; k < i; k++) {
            if (contradict(g, &answers[i], &answers[k])) {
                return true;
            }
        }
    }
    return false;
}

// The two looks at a token's record.
static bool disagree(const struct dc_answer *cname, const struct dc_answer *txt)
{
    if (!dc_answer_tells(cname) || !dc_answer_tells(txt)) {
        return false;
    }
    bool both = cname->kind == DC_ANSWER_CNAME && txt->kind == DC_ANSWER_CNAME;
    return dc_answer_is_positive(cname) != dc_answer_is_positive(txt) ||
           (both && !fdns_name_equal(cname->cname, txt->cname));
}

// What the probe brought is another record than what was asked for plainly.
static bool doubts_probe(struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i)
{
    const struct dc_probes *probes = &endpoint->probes;
    const struct dc_answer *other = probes->all.observation != NULL ? &probes->all : &probes->mixed;
    return probes->usual == &endpoint->txt[i] && other->observation != NULL &&
           contradict(g, other, probes->usual);
}

static bool same_serial(const struct dc_endpoint *a, const struct dc_endpoint *b)
{
    uint32_t serials[2];
    return dc_answer_serial(&a->soa, &serials[0]) && dc_answer_serial(&b->soa, &serials[1]) &&
           serials[0] == serials[1];
}

// Another address has the record and this one has not, or the other way, from the same zone.
static bool doubts_other(struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i)
{
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_endpoint *other = &g->endpoints[k];
        if (dc_endpoint_tells(g, other, i) && dc_answer_tells(&other->txt[i]) &&
            dc_answer_tells(&endpoint->txt[i]) && same_serial(endpoint, other) &&
            dc_answer_is_positive(&other->txt[i]) != dc_answer_is_positive(&endpoint->txt[i])) {
            return true;
        }
    }
    return false;
}

bool dc_endpoint_wavers(const struct dc_endpoint *endpoint)
{
    for (size_t i = 0; i < DC_RECORDS; i++) {
        if (endpoint->probes.usual == &endpoint->txt[i]) {
            return endpoint->repeats[i] != NULL && endpoint->repeats[i]->differ;
        }
    }
    return false;
}

// The first answers are doubtful if they contradict each other or what others say.
static bool is_doubtful(struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i,
                        const struct dc_answer *again)
{
    bool selector = g->expectation->records[i].role == DC_ROLE_SELECTOR;
    bool two_looks = !selector || endpoint->txt[i].kind != DC_ANSWER_DATA;
    return (two_looks && disagree(&endpoint->cname[i], &endpoint->txt[i])) ||
           (again != NULL && contradict(g, again, &endpoint->txt[i])) ||
           doubts_probe(g, endpoint, i) || doubts_other(g, endpoint, i);
}

static bool repeat_record(struct dc_gathered *g, struct dc_endpoint *endpoint, size_t i)
{
    bool selector = g->expectation->records[i].role == DC_ROLE_SELECTOR;
    struct dc_repeats *repeats = fdns_arena_alloc(g->look->arena, sizeof *repeats);
    repeats->txt[0] = endpoint->txt[i];
    repeats->cname[0] = endpoint->cname[i];
    if (dc_answer_is_silent(&endpoint->txt[i])) {
        return true;
    }
    if (selector && !ask_again(g, endpoint, repeats->txt, 2)) {
        return false;
    }
    if (!is_doubtful(g, endpoint, i, selector ? &repeats->txt[1] : NULL)) {
        return true;
    }
    bool complete = ask_again(g, endpoint, repeats->txt, DC_REPEATS_MAX);
    complete &= ask_again(g, endpoint, repeats->cname, DC_REPEATS_MAX);
    if (!complete) {
        return false;
    }
    repeats->differ = any_differ(g, repeats->txt) || any_differ(g, repeats->cname);
    endpoint->repeats[i] = repeats;
    return true;
}

bool dc_gather_repeats(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    bool complete = true;
    for (size_t i = 0; i < g->expectation->n_keys; i++) {
        complete &= !dc_endpoint_tells(g, endpoint, i) || repeat_record(g, endpoint, i);
    }
    return complete;
}
