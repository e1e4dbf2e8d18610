#include "harness/check/dkim/hits.h"

#include <stdlib.h>
#include <string.h>

struct dc_hit *dc_hits_add(struct dc_hits *hits, const struct dc_finding_row *row,
                           enum dc_rank rank)
{
    hits->items = fdns_arena_grow(hits->arena, hits->items, hits->n, hits->n + 1,
                                  sizeof *hits->items, &hits->capacity);
    struct dc_hit *hit = &hits->items[hits->n++];
    *hit = (struct dc_hit){.row = row,
                           .level = row->level,
                           .rank = rank,
                           .record = DC_ALL_RECORDS,
                           .endpoint = DC_NO_ENDPOINT};
    return hit;
}

void dc_hit_show(struct dc_hit *hit, const struct dc_observation *observation)
{
    for (size_t i = 0; i < hit->n_observations; i++) {
        if (hit->observations[i] == observation) {
            return;
        }
    }
    if (observation != NULL && hit->n_observations < DC_HIT_OBSERVATIONS) {
        hit->observations[hit->n_observations++] = observation;
    }
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool say_the_same(const struct dc_hit *a, const struct dc_hit *b)
{
    return a->row == b->row && a->level == b->level && a->record == b->record &&
           (a->endpoint == DC_NO_ENDPOINT) == (b->endpoint == DC_NO_ENDPOINT) &&
           same_text(a->name, b->name) && same_text(a->type, b->type) &&
           same_text(a->expected, b->expected) && same_text(a->actual, b->actual);
}

static int order(const void *a, const void *b)
{
    const struct dc_hit *const *first = a;
    const struct dc_hit *const *second = b;
    if ((*first)->rank != (*second)->rank) {
        return (*first)->rank < (*second)->rank ? -1 : 1;
    }
    if ((*first)->record != (*second)->record) {
        return (*first)->record < (*second)->record ? -1 : 1;
    }
    return *first < *second ? -1 : 1; // as they were added
}

static size_t count_endpoints(const struct dc_hit *const *sorted, size_t n,
                              const struct dc_hit *hit)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += say_the_same(sorted[i], hit) ? 1 : 0;
    }
    return count;
}

struct merging {
    const struct dc_hits *hits;
    struct dc_finding *findings;
    size_t n;
    size_t *finding_of; // by index of a hit: 1 + its finding
};

// The server a finding names: NULL if all say the same.
static const char *server_of(const struct merging *merging, const struct dc_hit *const *sorted,
                             const struct dc_hit *hit)
{
    if (hit->endpoint == DC_NO_ENDPOINT && !hit->about_server) {
        return NULL;
    }
    bool all = !hit->about_server && count_endpoints(sorted, merging->hits->n, hit) >= hit->n_alike;
    return all ? NULL : hit->server;
}

static size_t find_merged(const struct merging *merging, const struct dc_hit *hit,
                          const char *server)
{
    for (size_t i = 0; i < merging->hits->n; i++) {
        size_t at = merging->finding_of[i];
        if (at != 0 && say_the_same(&merging->hits->items[i], hit) &&
            same_text(merging->findings[at - 1].server, server)) {
            return at;
        }
    }
    return 0;
}

static void show_all(const struct merging *merging, struct dc_finding *finding,
                     const struct dc_hit *hit)
{
    const struct dc_observation **shown =
        fdns_arena_array(merging->hits->arena, finding->n_observations + hit->n_observations,
                         sizeof(struct dc_observation *));
    size_t n = finding->n_observations;
    if (n > 0) {
        memcpy(shown, finding->observations, n * sizeof(struct dc_observation *));
    }
    for (size_t i = 0; i < hit->n_observations; i++) {
        shown[n++] = hit->observations[i];
    }
    finding->observations = shown;
    finding->n_observations = n;
}

static void merge(struct merging *merging, const struct dc_hit *const *sorted,
                  const struct dc_hit *hit)
{
    const char *server = server_of(merging, sorted, hit);
    size_t at = find_merged(merging, hit, server);
    if (at == 0) {
        merging->findings[merging->n] = (struct dc_finding){
            .id = hit->row->id,
            .level = hit->level,
            .row = hit->row,
            .server = server,
            .name = hit->name,
            .type = hit->type,
            .expected = hit->expected,
            .actual = hit->actual,
            .remedy = hit->remedy,
            .excerpt = hit->excerpt,
            .cause = hit->follows != 0 ? merging->finding_of[hit->follows - 1] : 0};
        at = ++merging->n;
    }
    merging->finding_of[hit - merging->hits->items] = at;
    show_all(merging, &merging->findings[at - 1], hit);
}

const struct dc_finding *dc_hits_findings(const struct dc_hits *hits, size_t *n_findings)
{
    const struct dc_hit **sorted = fdns_arena_array(hits->arena, hits->n, sizeof(struct dc_hit *));
    struct merging merging = {.hits = hits,
                              .findings =
                                  fdns_arena_array(hits->arena, hits->n, sizeof(struct dc_finding)),
                              .finding_of = fdns_arena_array(hits->arena, hits->n, sizeof(size_t))};
    for (size_t i = 0; i < hits->n; i++) {
        sorted[i] = &hits->items[i];
    }
    qsort(sorted, hits->n, sizeof(struct dc_hit *), order);
    for (size_t i = 0; i < hits->n; i++) {
        merge(&merging, sorted, sorted[i]);
    }
    *n_findings = merging.n;
    return merging.findings;
}
