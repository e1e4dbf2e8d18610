#include "harness/check/dkim/gather.h"

#include "harness/check/dkim/key.h"

#include "fakedns/base/random.h"

const uint8_t *dc_random_beside(struct fdns_arena *arena, const uint8_t *name)
{
    if (name[0] == 0) {
        return NULL;
    }
    // the same on every run: it is part of a question's key
    const char *label = fdns_arena_format(arena, "no-such-label-%08x",
                                          (unsigned)(fdns_name_hash(name) & 0xffffffff));
    return dc_name_below(arena, label, fdns_name_skip(name, 1));
}

static bool ask(struct dc_gathered *g, const struct dc_endpoint *endpoint, const uint8_t *name,
                uint16_t type, struct dc_answer *answer)
{
    return dc_answer_ask(g->look, &endpoint->address, name, type, answer);
}

static bool fails(const struct dc_answer *answer)
{
    return dc_answer_is_silent(answer) || answer->kind == DC_ANSWER_ERROR;
}

// Nothing at all can be learnt about the record there.
static bool fails_at(const struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i)
{
    bool alias = endpoint->cname[i].n_cnames > 0 || endpoint->txt[i].n_cnames > 0;
    bool token = g->expectation->records[i].role == DC_ROLE_TOKEN;
    return !alias && (fails(&endpoint->txt[i]) || (token && fails(&endpoint->cname[i])));
}

static bool is_absent(const struct dc_gathered *g, size_t i)
{
    bool lacking = false;
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &g->endpoints[k];
        if (!dc_endpoint_tells(g, endpoint, i)) {
            continue;
        }
        if (!dc_endpoint_lacks(g, endpoint, i) && !fails_at(g, endpoint, i)) {
            return false;
        }
        lacking = lacking || dc_endpoint_lacks(g, endpoint, i);
    }
    return lacking;
}

static bool holds_key(const struct dc_gathered *g, const struct dc_answer *txt)
{
    size_t at = 0;
    const struct fdns_view_rr *rr = dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at);
    struct dc_key key = {.flaw = DC_KEY_EMPTY};
    if (rr != NULL) {
        dc_key_parse(&key, g->look->arena, txt->view->bytes + rr->rdata_at, rr->rdata_len);
    }
    return key.flaw == DC_KEY_GOOD;
}

// Of two that say different things the one without a key.
static bool is_odder(const struct dc_gathered *g, size_t i, const struct dc_endpoint *endpoint,
                     const struct dc_endpoint *odd)
{
    return odd == NULL || (!dc_answer_same(g->look->arena, &endpoint->txt[i], &odd->txt[i]) &&
                           holds_key(g, &odd->txt[i]) && !holds_key(g, &endpoint->txt[i]));
}

// Chains from what an endpoint says. *odd is the first that says something so odd that a wildcard
// may be behind it.
static bool gather_aliases(struct dc_gathered *g, size_t i, const struct dc_endpoint **odd)
{
    const struct dc_expected *record = &g->expectation->records[i];
    bool complete = true;
    *odd = NULL;
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &g->endpoints[k];
        if (!dc_endpoint_tells(g, endpoint, i)) {
            continue;
        }
        const struct dc_answer *both[] = {&endpoint->cname[i], &endpoint->txt[i]};
        bool is_odd = endpoint->txt[i].kind == DC_ANSWER_DATA && endpoint->txt[i].n_cnames == 0;
        for (size_t n = 0; n < 2; n++) {
            if (both[n]->n_cnames > 0) {
                complete &= dc_gather_chain(g, both[n]->cname);
                is_odd |= !dc_expected_leads_to(record, both[n]->cname);
            }
        }
        *odd = is_odd && is_odder(g, i, endpoint, *odd) ? endpoint : *odd;
    }
    return complete;
}

static bool gather_random(struct dc_gathered *g, size_t i, const struct dc_endpoint *endpoint)
{
    struct dc_gathered_record *record = &g->records[i];
    const struct dc_expected *expected = &g->expectation->records[i];
    const uint8_t *beside = dc_random_beside(g->look->arena, expected->owner);
    if (beside == NULL) {
        return true;
    }
    record->has_random = ask(g, endpoint, beside, FDNS_TYPE_TXT, &record->random);
    return record->has_random;
}

// A type at the name, and if it is there the same type at a random name.
static bool ask_other(struct dc_gathered *g, size_t i, uint16_t type, struct dc_answer *answer,
                      struct dc_answer *random)
{
    const struct dc_endpoint *endpoint = dc_gathered_witness(g, i);
    const uint8_t *owner = g->expectation->records[i].owner;
    const uint8_t *beside = dc_random_beside(g->look->arena, owner);
    return ask(g, endpoint, owner, type, answer) &&
           (answer->kind != DC_ANSWER_DATA || beside == NULL ||
            ask(g, endpoint, beside, type, random));
}

static bool gather_others(struct dc_gathered *g, size_t i)
{
    struct dc_gathered_record *record = &g->records[i];
    if (g->expectation->records[i].role == DC_ROLE_VERIFICATION) {
        return ask(g, dc_gathered_witness(g, i), g->expectation->domain, FDNS_TYPE_TXT,
                   &record->fallback);
    }
    bool complete = ask_other(g, i, FDNS_TYPE_A, &record->address, &record->random_address);
    complete &= ask_other(g, i, FDNS_TYPE_SPF, &record->spf, &record->random_spf);
    return complete;
}

// Every server that says anything at the name says what it says at a random name.
static bool is_masked(const struct dc_gathered *g, size_t i)
{
    const struct dc_gathered_record *record = &g->records[i];
    for (size_t k = 0; k < g->n_endpoints; k++) {
        if (dc_endpoint_tells(g, &g->endpoints[k], i) &&
            !dc_endpoint_lacks(g, &g->endpoints[k], i) &&
            !dc_answer_same(g->look->arena, &g->endpoints[k].txt[i], &record->random)) {
            return false;
        }
    }
    return record->has_random && !dc_answer_is_silent(&record->random) &&
           !dc_answer_is_negative(&record->random);
}

static bool gather_record(struct dc_gathered *g, size_t i)
{
    struct dc_gathered_record *record = &g->records[i];
    const struct dc_endpoint *odd;
    bool complete = gather_aliases(g, i, &odd);
    if (odd != NULL) {
        complete &= gather_random(g, i, odd);
    }
    record->absent = is_absent(g, i);
    record->masked = is_masked(g, i);
    if (record->absent) {
        complete &= gather_others(g, i);
    }
    if ((record->absent || record->masked) && record->place == &g->places[0]) {
        complete &= dc_gather_candidates(g, i);
    }
    return complete;
}

static bool gather_resolver(struct dc_gathered *g)
{
    bool complete = true;
    for (size_t i = 0; g->how->resolver != NULL && i < g->expectation->n_records; i++) {
        const uint8_t *owner = g->expectation->records[i].owner;
        struct dc_gathered_record *record = &g->records[i];
        complete &= dc_answer_ask_resolver(g->look, g->how->resolver, owner, FDNS_TYPE_CNAME, false,
                                           &record->resolver_cname);
        complete &= dc_answer_ask_resolver(g->look, g->how->resolver, owner, FDNS_TYPE_TXT, false,
                                           &record->resolver_txt);
        complete &= dc_answer_ask_resolver(g->look, g->how->resolver, owner, FDNS_TYPE_TXT, true,
                                           &record->resolver_txt_cd);
    }
    return complete;
}

// Whatever the records: how the servers take other questions, and whether their answers last.
static bool gather_again(struct dc_gathered *g)
{
    bool complete = true;
    for (size_t i = 0; i < g->n_endpoints; i++) {
        complete &= dc_gather_probes(g, &g->endpoints[i]);
        complete &= dc_gather_repeats(g, &g->endpoints[i]);
    }
    return complete;
}

// The resolver denies what a server has: a signed proof may be behind it.
static bool gather_proofs(struct dc_gathered *g)
{
    bool complete = true;
    for (size_t i = 0; g->how->resolver != NULL && i < g->expectation->n_records; i++) {
        struct dc_gathered_record *record = &g->records[i];
        const struct dc_endpoint *endpoint = dc_gathered_witness(g, i);
        const struct dc_ask ask = {.server = *g->how->resolver,
                                   .name = record->resolver_txt.name,
                                   .type = FDNS_TYPE_TXT,
                                   .recursion = true,
                                   .edns_flags = FDNS_EDNS_DO};
        if (endpoint != NULL && dc_answer_is_negative(&record->resolver_txt) &&
            dc_answer_is_positive(&endpoint->txt[i])) {
            complete &= dc_answer_probe(g->look, &ask, &record->resolver_proof);
        }
    }
    return complete;
}

static bool gather_zone(struct dc_gathered *g)
{
    struct dc_place *place = &g->places[0];
    bool complete = true;
    place->result = dc_walk_zone(&g->walk, g->expectation->domain, &place->zone);
    g->n_places = 1;
    if (place->result != DC_WALK_FOUND) {
        return place->result == DC_WALK_LOST;
    }
    const uint8_t *zone = place->zone.cut->zone;
    if (dc_walk_is_registry(zone) && !fdns_name_equal(zone, g->expectation->domain)) {
        place->apex = zone;
        g->undelegated = true;
        return true;
    }
    if (!dc_gather_places(g)) {
        return false;
    }
    complete = gather_again(g);
    for (size_t i = 0; i < g->expectation->n_records; i++) {
        if (dc_gathered_witness(g, i) != NULL) {
            complete &= gather_record(g, i);
        }
    }
    return complete;
}

bool dc_gather(struct dc_gathered *g, struct dc_look *look, const struct dc_dkim_how *how,
               const struct dc_expectation *expectation)
{
    *g = (struct dc_gathered){.look = look, .how = how, .expectation = expectation};
    g->endpoints = fdns_arena_array(look->arena, DC_ENDPOINTS_MAX, sizeof *g->endpoints);
    g->chains = fdns_arena_array(look->arena, DC_CHAINS_MAX, sizeof *g->chains);
    g->places = fdns_arena_array(look->arena, DC_PLACES_MAX, sizeof *g->places);
    dc_walk_init(&g->walk, look, how);
    bool complete = gather_zone(g);
    complete &= gather_resolver(g);
    return complete && gather_proofs(g);
}
