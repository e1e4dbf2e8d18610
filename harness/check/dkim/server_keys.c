// Servers of one zone that publish different keys, each of them good: one is not the key that
// signs, and nobody told us which (4.C of the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum { DIFFER, N_ROWS };

const struct dc_finding_row dc_server_keys_rows[DC_SERVER_KEYS_ROWS] = {
    [DIFFER] = {.id = "server/keys-differ",
                .level = DC_ERROR,
                .title = "The name servers of the domain publish different keys",
                .cause =
                    "Receivers ask any of the servers, so that the same mail verifies with one "
                    "and fails with another. For a short time after a change of the key this "
                    "is normal.",
                .remedy = "Find out which key is the one that signs, enter it where the zone is "
                          "edited, and have the zone transferred to the other servers. If they "
                          "still differ after a day, show the DNS provider both answers.",
                .refs = "seed:R32; RFC 1034 4.3.5"},
};
_Static_assert((int)N_ROWS == (int)DC_SERVER_KEYS_ROWS, "diagnose.h counts the rows");

// The answer that holds the key: the endpoint's own, or that at the end of its alias.
static const struct dc_answer *answer_at(const struct dc_diagnosis *d, size_t i,
                                         const struct dc_endpoint *endpoint)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    const struct dc_chain *chain =
        txt->kind == DC_ANSWER_CNAME ? dc_gathered_chain(d->g, txt->cname) : NULL;
    return chain != NULL ? &chain->end.answer : txt;
}

static struct dc_key key_at(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    size_t at = 0;
    const struct dc_answer *txt = answer_at(d, i, endpoint);
    return dc_diagnosis_key(d, txt, dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at));
}

static bool differ(const struct dc_key *a, const struct dc_key *b)
{
    return a->octets != NULL && b->octets != NULL &&
           !dc_same_public_key(a->octets, a->n_octets, b->octets, b->n_octets);
}

// The server's name; with its address, if the other is an address of the same server.
static const char *whose(struct fdns_arena *arena, const struct dc_endpoint *endpoint,
                         const struct dc_endpoint *other)
{
    char address[FDNS_ADDRESS_TEXT_MAX];
    return strcmp(endpoint->label, other->label) != 0
               ? endpoint->label
               : fdns_arena_format(arena, "%s at %s", endpoint->label,
                                   fdns_address_print_host(&endpoint->address, address));
}

static const char *told(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint,
                        const struct dc_endpoint *other)
{
    struct fdns_arena *arena = d->hits.arena;
    uint32_t serial;
    const char *text = fdns_arena_format(arena, "%s: %s", whose(arena, endpoint, other),
                                         dc_answer_text(arena, answer_at(d, i, endpoint)));
    return dc_answer_serial(&endpoint->soa, &serial)
               ? fdns_arena_format(arena, "%s (serial %u)", text, serial)
               : text;
}

static void hit_differ(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *a,
                       const struct dc_endpoint *b)
{
    struct dc_hit *hit =
        dc_diagnosis_hit(d, &dc_server_keys_rows[DIFFER], DC_RANK_SERVER_ERROR, i, NULL);
    hit->type = "TXT";
    hit->expected = "the same key from every server";
    hit->actual = fdns_arena_format(d->hits.arena, "%s; %s", told(d, i, a, b), told(d, i, b, a));
    dc_hit_show(hit, answer_at(d, i, a)->observation);
    dc_hit_show(hit, answer_at(d, i, b)->observation);
    dc_hit_show(hit, a->soa.observation);
    dc_hit_show(hit, b->soa.observation);
}

// An endpoint that changes its mind has been told of; that others seem to differ follows from it.
static bool any_flips(const struct dc_gathered *g, size_t i)
{
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_repeats *repeats = g->endpoints[k].repeats[i];
        if (repeats != NULL && repeats->differ) {
            return true;
        }
    }
    return false;
}

bool dc_diagnose_keys_differ(struct dc_diagnosis *d, size_t i, const enum dc_cell *cells)
{
    const struct dc_endpoint *first = NULL;
    struct dc_key key = {0};
    for (size_t k = 0; k < d->g->n_endpoints && !any_flips(d->g, i); k++) {
        const struct dc_endpoint *endpoint = &d->g->endpoints[k];
        if (cells[k] != DC_CELL_RIGHT || !dc_endpoint_tells(d->g, endpoint, i)) {
            continue;
        }
        struct dc_key next = key_at(d, i, endpoint);
        if (first != NULL && differ(&key, &next)) {
            hit_differ(d, i, first, endpoint);
            return true;
        }
        key = first == NULL ? next : key;
        first = first == NULL ? endpoint : first;
    }
    return false;
}
