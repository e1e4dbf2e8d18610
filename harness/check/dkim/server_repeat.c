// One address that answers the same question now this way, now that, or not every time (4.C and 4.D
// of the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum { FLIPS, TWO_KEYS, SERVFAIL, LIMIT, N_ROWS };

const struct dc_finding_row dc_server_repeat_rows[DC_SERVER_REPEAT_ROWS] = {
    [FLIPS] = {.id = "server/inconsistent-anycast",
               .level = DC_ERROR,
               .title = "One address gives different answers to the same question",
               .cause = "Several machines may answer at this address (anycast, or a load balancer) "
                        "and one of them has other data. The record is found only some of the "
                        "time.",
               .remedy = "Show the DNS provider both answers: one of its machines was not updated.",
               .refs = "seed:R18; RFC 1034 4.3.5"},
    [TWO_KEYS] = {.id = "server/round-robin-key",
                  .level = DC_ERROR,
                  .title = "One address gives now this key, now that",
                  .cause = "Receivers that get the other key cannot verify the signature. The two "
                           "keys may stand on two machines behind one address, or be rotated "
                           "like addresses of a web server.",
                  .remedy = "Publish one key under one selector, everywhere. For a change of keys "
                            "use another selector.",
                  .refs = "seed:R20; RFC 6376 3.6.2.2; RFC 6376 3.1"},
    [SERVFAIL] = {.id = "server/intermittent-servfail",
                  .level = DC_INFO,
                  .title = "The server fails now and then, and answers when it is asked again",
                  .cause = "Whoever asks does so again, so that little is harmed. If it happens "
                           "often, a check can fail by bad luck.",
                  .remedy = "Check again. If it stays, ask the DNS provider what the server is "
                            "short of.",
                  .refs = "seed:R18; RFC 2308 7.1"},
    [LIMIT] = {.id = "server/rate-limit-drop",
               .level = DC_WARNING,
               .title = "The server answers only some of many queries at a time",
               .cause = "The first ones are answered, and later ones only when they are asked "
                        "again: it looks like a limit on the rate of queries. Resolvers with many "
                        "users run into it as well, and do not find the record at times.",
               .remedy = "Ask the DNS provider to raise the limit, and to answer with the flag TC "
                         "instead of dropping queries.",
               .refs = "seed:R18; RFC 8906 2"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_REPEAT_ROWS, "diagnose.h counts the rows");

// ---- answers that differ

// The first two answers of a list that contradict each other.
static bool find_pair(struct dc_diagnosis *d, const struct dc_answer *answers,
                      const struct dc_answer *pair[2])
{
    for (size_t i = 1; i < DC_REPEATS_MAX; i++) {
        for (size_t k = 0; k < i; k++) {
            if (dc_answer_tells(&answers[i]) && dc_answer_tells(&answers[k]) &&
                !dc_answer_same(d->hits.arena, &answers[i], &answers[k])) {
                pair[0] = &answers[k];
                pair[1] = &answers[i];
                return true;
            }
        }
    }
    return false;
}

bool dc_diagnose_flips(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_repeats *repeats = endpoint->repeats[i];
    const struct dc_answer *pair[2];
    if (repeats == NULL || !repeats->differ ||
        (!find_pair(d, repeats->txt, pair) && !find_pair(d, repeats->cname, pair))) {
        return false;
    }
    bool keys = pair[0]->kind == DC_ANSWER_DATA && pair[1]->kind == DC_ANSWER_DATA;
    char type[FDNS_CODE_TEXT_MAX];
    struct dc_hit *hit = dc_diagnosis_hit(d, &dc_server_repeat_rows[keys ? TWO_KEYS : FLIPS],
                                          DC_RANK_SERVER_ERROR, i, endpoint);
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(pair[0]->type, type));
    // in an order that does not depend on which came first
    const char *texts[2] = {dc_answer_text(d->hits.arena, pair[0]),
                            dc_answer_text(d->hits.arena, pair[1])};
    bool swap = strcmp(texts[0], texts[1]) > 0;
    hit->actual = fdns_arena_format(d->hits.arena, "now %s, now %s", texts[swap ? 1 : 0],
                                    texts[swap ? 0 : 1]);
    dc_hit_show(hit, pair[0]->observation);
    dc_hit_show(hit, pair[1]->observation);
    return true;
}

// ---- answers that fail or do not come

void dc_diagnose_servfail(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *answers[DC_ENDPOINT_ANSWERS];
    size_t n = dc_endpoint_answers(d->g, endpoint, answers);
    size_t n_failed = 0;
    const struct dc_answer *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (answers[i]->servfail != NULL && dc_answer_tells(answers[i])) {
            first = first == NULL ? answers[i] : first;
            n_failed++;
        }
    }
    if (first == NULL) {
        return;
    }
    char type[FDNS_CODE_TEXT_MAX];
    struct dc_hit *hit =
        dc_diagnosis_server(d, &dc_server_repeat_rows[SERVFAIL], DC_RANK_POLICY, endpoint);
    hit->name = dc_name_bare(d->hits.arena, first->name);
    hit->type = fdns_arena_string(d->hits.arena, fdns_type_print(first->type, type));
    hit->expected = dc_answer_text(d->hits.arena, first);
    hit->actual = fdns_arena_format(
        d->hits.arena, "SERVFAIL at first; %zu of %zu questions went like this", n_failed, n);
    dc_hit_show(hit, first->servfail);
    dc_hit_show(hit, first->observation);
}

struct tries {
    size_t n_at_once;
    size_t n_later; // answered, but not the first time
    size_t n_never;
    const struct dc_observation *shown;
};

static void count_tries(const struct dc_observation *observation, struct tries *tries)
{
    if (observation == NULL || observation->question->transport != DC_UDP) {
        return;
    }
    bool answered = observation->outcome == DC_ANSWERED;
    bool later = answered && observation->n_attempts > 1;
    tries->n_at_once += answered && !later ? 1 : 0;
    tries->n_later += later ? 1 : 0;
    tries->n_never += observation->outcome == DC_SILENT ? 1 : 0;
    tries->shown = tries->shown == NULL && later ? observation : tries->shown;
}

static void count_endpoint(const struct dc_gathered *g, const struct dc_endpoint *endpoint,
                           struct tries *tries)
{
    const struct dc_answer *answers[DC_ENDPOINT_ANSWERS];
    size_t n = dc_endpoint_answers(g, endpoint, answers);
    for (size_t i = 0; i < n; i++) {
        count_tries(answers[i]->with_edns != NULL   ? answers[i]->with_edns
                    : answers[i]->truncated != NULL ? answers[i]->truncated
                                                    : answers[i]->observation,
                    tries);
    }
}

// Of the server: its addresses may share the limit.
static struct tries tries_of(const struct dc_gathered *g, const struct dc_endpoint *endpoint)
{
    struct tries tries = {.shown = NULL};
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_endpoint *other = &g->endpoints[k];
        if (other->judged && other->place == endpoint->place &&
            strcmp(other->label, endpoint->label) == 0) {
            count_endpoint(g, other, &tries);
        }
    }
    return tries;
}

// Single datagrams get lost everywhere. A slow server is late every time. Here some are answered at
// once, and very many are not.
static bool is_limited(const struct tries *tries)
{
    enum { FEW = 4, MANY_PERCENT = 50 };
    return tries->n_at_once > 0 && tries->n_later >= FEW &&
           100 * tries->n_later >= MANY_PERCENT * (tries->n_at_once + tries->n_later);
}

bool dc_endpoint_is_limited(const struct dc_gathered *g, const struct dc_endpoint *endpoint)
{
    struct tries tries = tries_of(g, endpoint);
    return is_limited(&tries);
}

void dc_diagnose_rate(struct dc_diagnosis *d, const struct dc_endpoint *endpoint)
{
    struct tries tries = tries_of(d->g, endpoint);
    if (!is_limited(&tries)) {
        return;
    }
    struct dc_hit *hit =
        dc_diagnosis_server(d, &dc_server_repeat_rows[LIMIT], DC_RANK_SERVER_ERROR, endpoint);
    hit->expected = "an answer to every query";
    hit->actual = fdns_arena_format(d->hits.arena,
                                    "%zu queries were answered at once, %zu when they were asked "
                                    "again, %zu not at all",
                                    tries.n_at_once, tries.n_later, tries.n_never);
    dc_hit_show(hit, tries.shown);
}
