#include "harness/check/dkim/gather.h"

#include "fakedns/base/random.h"

const struct dc_endpoint *dc_gathered_judged(const struct dc_gathered *g)
{
    for (size_t i = 0; i < g->n_endpoints; i++) {
        if (g->endpoints[i].judged) {
            return &g->endpoints[i];
        }
    }
    return NULL;
}

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

static bool is_known(const struct dc_gathered *g, const struct fdns_address *address)
{
    for (size_t i = 0; i < g->n_endpoints; i++) {
        if (fdns_address_equal(&g->endpoints[i].address, address)) {
            return true;
        }
    }
    return false;
}

static void add_server(struct dc_gathered *g, const struct dc_walk_server *server, bool by_parent)
{
    for (size_t i = 0; i < server->n_addresses && g->n_endpoints < DC_ENDPOINTS_MAX; i++) {
        if (!is_known(g, &server->addresses[i])) {
            g->endpoints[g->n_endpoints++] = (struct dc_endpoint){.label = server->label,
                                                                  .address = server->addresses[i],
                                                                  .named_by_parent = by_parent};
        }
    }
}

static bool ask(struct dc_gathered *g, const struct dc_endpoint *endpoint, const uint8_t *name,
                uint16_t type, struct dc_answer *answer)
{
    return dc_answer_ask(g->look, &endpoint->address, name, type, answer);
}

static bool ask_endpoint(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    const struct dc_expectation *expectation = g->expectation;
    bool complete = ask(g, endpoint, g->zone.cut->zone, FDNS_TYPE_SOA, &endpoint->soa);
    complete &= ask(g, endpoint, g->zone.cut->zone, FDNS_TYPE_NS, &endpoint->ns);
    for (size_t i = 0; i < expectation->n_records; i++) {
        const struct dc_expected *record = &expectation->records[i];
        complete &= ask(g, endpoint, record->owner, FDNS_TYPE_TXT, &endpoint->txt[i]);
        if (record->role != DC_ROLE_VERIFICATION) {
            complete &= ask(g, endpoint, record->owner, FDNS_TYPE_CNAME, &endpoint->cname[i]);
        }
    }
    return complete;
}

static bool is_deeper_referral(const struct dc_gathered *g, const struct dc_answer *answer)
{
    const uint8_t *zone =
        answer->kind == DC_ANSWER_REFERRAL ? dc_walk_referred(g->look, answer) : NULL;
    return zone != NULL && fdns_name_below(zone, g->zone.cut->zone) &&
           fdns_name_at_or_below(answer->name, zone);
}

// Says something as a server of the zone would.
static bool serves(const struct dc_gathered *g, const struct dc_answer *answer)
{
    switch (answer->kind) {
    case DC_ANSWER_NOTHING:
    case DC_ANSWER_TCP_LOST:
    case DC_ANSWER_GARBLED:
    case DC_ANSWER_ERROR:
        return false;
    case DC_ANSWER_REFERRAL:
        return is_deeper_referral(g, answer);
    case DC_ANSWER_NXDOMAIN:
    case DC_ANSWER_NODATA:
        return answer->aa || answer->has_negative_ttl;
    case DC_ANSWER_CNAME:
    case DC_ANSWER_DATA:
    case DC_ANSWER_OTHER:
        return true;
    }
    return false;
}

static void sort_endpoint(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    const struct dc_expectation *expectation = g->expectation;
    bool heard = !dc_answer_is_silent(&endpoint->soa) || !dc_answer_is_silent(&endpoint->ns);
    bool useful = serves(g, &endpoint->soa);
    for (size_t i = 0; i < expectation->n_records; i++) {
        bool both = expectation->records[i].role != DC_ROLE_VERIFICATION;
        heard = heard || !dc_answer_is_silent(&endpoint->txt[i]) ||
                (both && !dc_answer_is_silent(&endpoint->cname[i]));
        useful = useful || serves(g, &endpoint->txt[i]) || (both && serves(g, &endpoint->cname[i]));
    }
    endpoint->dead = !heard;
    endpoint->lame = heard && !useful;
    endpoint->judged = useful;
    g->n_judged += useful ? 1 : 0;
}

static bool ask_endpoints(struct dc_gathered *g, size_t from)
{
    bool complete = true;
    for (size_t i = from; i < g->n_endpoints; i++) {
        complete &= ask_endpoint(g, &g->endpoints[i]);
    }
    for (size_t i = from; complete && i < g->n_endpoints; i++) {
        sort_endpoint(g, &g->endpoints[i]);
    }
    return complete;
}

static void mark_named_by_child(struct dc_gathered *g, const struct dc_walk_cut *cut)
{
    for (size_t i = 0; i < cut->n_servers; i++) {
        for (size_t k = 0; k < g->n_endpoints; k++) {
            for (size_t a = 0; a < cut->servers[i].n_addresses; a++) {
                g->endpoints[k].named_by_child |=
                    fdns_address_equal(&g->endpoints[k].address, &cut->servers[i].addresses[a]);
            }
        }
    }
}

// Servers that the zone names itself. Only behind a delegation: servers that the user named are
// asked and no others.
static bool add_children(struct dc_gathered *g)
{
    size_t n_named = g->n_endpoints;
    bool complete = true;
    for (size_t i = 0; g->zone.cut->delegated && i < n_named; i++) {
        const struct dc_answer *ns = &g->endpoints[i].ns;
        if (!g->endpoints[i].judged || ns->kind != DC_ANSWER_DATA) {
            continue;
        }
        bool pending;
        const struct dc_walk_cut *cut =
            dc_walk_cut_of(&g->walk, ns, FDNS_ANSWER, g->zone.cut->zone, &pending);
        complete &= !pending;
        for (size_t k = 0; cut != NULL && k < cut->n_servers; k++) {
            add_server(g, &cut->servers[k], false);
        }
        if (cut != NULL) {
            mark_named_by_child(g, cut);
        }
    }
    return complete && ask_endpoints(g, n_named);
}

static bool is_absent_at(const struct dc_gathered *g, const struct dc_endpoint *endpoint, size_t i)
{
    bool both = g->expectation->records[i].role != DC_ROLE_VERIFICATION;
    return dc_answer_is_negative(&endpoint->txt[i]) &&
           (!both || dc_answer_is_negative(&endpoint->cname[i]));
}

static bool is_absent(const struct dc_gathered *g, size_t i)
{
    for (size_t k = 0; k < g->n_endpoints; k++) {
        if (g->endpoints[k].judged && !is_absent_at(g, &g->endpoints[k], i)) {
            return false;
        }
    }
    return g->n_judged > 0;
}

static bool gather_away(struct dc_gathered *g, size_t i)
{
    struct dc_gathered_record *record = &g->records[i];
    const uint8_t *owner = g->expectation->records[i].owner;
    struct dc_walk_end cname;
    struct dc_walk_end txt;
    enum dc_walk_result first = dc_walk_ask(&g->walk, owner, FDNS_TYPE_CNAME, &cname);
    enum dc_walk_result second = dc_walk_ask(&g->walk, owner, FDNS_TYPE_TXT, &txt);
    if (first == DC_WALK_PENDING || second == DC_WALK_PENDING) {
        return false;
    }
    record->away_result = first == DC_WALK_FOUND ? second : first;
    record->away_cname = cname.answer;
    record->away_txt = txt.answer;
    const struct dc_answer *alias = &record->away_txt;
    return alias->kind != DC_ANSWER_CNAME || dc_gather_chain(g, alias->cname);
}

// Chains from what an endpoint says, and whether it is so odd that a wildcard may be behind it.
static bool gather_aliases(struct dc_gathered *g, size_t i, bool *odd)
{
    const struct dc_expected *record = &g->expectation->records[i];
    bool complete = true;
    for (size_t k = 0; k < g->n_endpoints; k++) {
        const struct dc_endpoint *endpoint = &g->endpoints[k];
        if (!endpoint->judged) {
            continue;
        }
        const struct dc_answer *both[] = {&endpoint->cname[i], &endpoint->txt[i]};
        for (size_t n = 0; n < 2; n++) {
            if (both[n]->n_cnames > 0) {
                complete &= dc_gather_chain(g, both[n]->cname);
                *odd |= record->target == NULL || !fdns_name_equal(both[n]->cname, record->target);
            }
        }
        *odd |= endpoint->txt[i].kind == DC_ANSWER_DATA && endpoint->txt[i].n_cnames == 0;
        g->records[i].away |= is_deeper_referral(g, &endpoint->txt[i]);
    }
    return complete;
}

static bool gather_random(struct dc_gathered *g, size_t i)
{
    struct dc_gathered_record *record = &g->records[i];
    const struct dc_expected *expected = &g->expectation->records[i];
    const uint8_t *beside = dc_random_beside(g->look->arena, expected->owner);
    if (beside == NULL) {
        return true;
    }
    record->has_random = ask(g, dc_gathered_judged(g), beside, FDNS_TYPE_TXT, &record->random);
    return record->has_random;
}

// A type at the name, and if it is there the same type at a random name.
static bool ask_other(struct dc_gathered *g, size_t i, uint16_t type, struct dc_answer *answer,
                      struct dc_answer *random)
{
    const struct dc_endpoint *endpoint = dc_gathered_judged(g);
    const uint8_t *owner = g->expectation->records[i].owner;
    const uint8_t *beside = dc_random_beside(g->look->arena, owner);
    return ask(g, endpoint, owner, type, answer) &&
           (answer->kind != DC_ANSWER_DATA || beside == NULL ||
            ask(g, endpoint, beside, type, random));
}

static bool gather_others(struct dc_gathered *g, size_t i)
{
    struct dc_gathered_record *record = &g->records[i];
    bool complete = ask_other(g, i, FDNS_TYPE_A, &record->address, &record->random_address);
    complete &= ask_other(g, i, FDNS_TYPE_SPF, &record->spf, &record->random_spf);
    record->has_others = complete;
    return complete;
}

// Every server that says anything at the name says what it says at a random name.
static bool is_masked(const struct dc_gathered *g, size_t i)
{
    const struct dc_gathered_record *record = &g->records[i];
    for (size_t k = 0; k < g->n_endpoints; k++) {
        if (g->endpoints[k].judged && !is_absent_at(g, &g->endpoints[k], i) &&
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
    bool odd = false;
    bool complete = gather_aliases(g, i, &odd);
    if (record->away) {
        complete &= gather_away(g, i);
    }
    if (odd) {
        complete &= gather_random(g, i);
    }
    record->absent = is_absent(g, i);
    record->masked = is_masked(g, i);
    if (record->absent) {
        complete &= gather_others(g, i);
    }
    if (record->absent || record->masked) {
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

static bool gather_zone(struct dc_gathered *g)
{
    g->zone_result = dc_walk_zone(&g->walk, g->expectation->domain, &g->zone);
    if (g->zone_result != DC_WALK_FOUND) {
        return g->zone_result == DC_WALK_LOST;
    }
    g->apex = g->zone.cut->zone;
    if (fdns_name_labels(g->apex) <= 1 && !fdns_name_equal(g->apex, g->expectation->domain)) {
        g->undelegated = true;
        return true;
    }
    for (size_t i = 0; i < g->zone.cut->n_servers; i++) {
        add_server(g, &g->zone.cut->servers[i], g->zone.cut->delegated);
    }
    if (!ask_endpoints(g, 0) || !add_children(g)) {
        return false;
    }
    bool complete = true;
    const struct dc_endpoint *judged = dc_gathered_judged(g);
    const uint8_t *apex = judged != NULL ? dc_answer_apex(g->look, &judged->soa) : NULL;
    g->apex = apex != NULL ? apex : g->apex;
    for (size_t i = 0; judged != NULL && i < g->expectation->n_records; i++) {
        complete &= gather_record(g, i);
    }
    return complete;
}

bool dc_gather(struct dc_gathered *g, struct dc_look *look, const struct dc_dkim_how *how,
               const struct dc_expectation *expectation)
{
    *g = (struct dc_gathered){.look = look, .how = how, .expectation = expectation};
    g->endpoints = fdns_arena_array(look->arena, DC_ENDPOINTS_MAX, sizeof *g->endpoints);
    g->chains = fdns_arena_array(look->arena, DC_CHAINS_MAX, sizeof *g->chains);
    dc_walk_init(&g->walk, look, how);
    bool complete = gather_zone(g);
    complete &= gather_resolver(g);
    return complete;
}
