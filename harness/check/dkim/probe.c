// Probes: how servers take questions that are not the checker's own, but that resolvers send. They
// are other people's servers, so what can travel in one question does, and is taken apart only if
// the answer is not what the usual question got:
//
//   - one question with letters of both cases, an unknown EDNS option and a client subnet, at every
//     address
//   - EDNS version 1, the name above a record and a random name below it, once a server
//   - for an answer that does not fit: with more room. For a key that seems cut: over TCP
#include "harness/check/dkim/gather.h"

#include <string.h>

#include "harness/check/dkim/key.h"

// Client subnet (RFC 7871 6): family 1, 24 bits, scope 0. The prefixes are those of root name
// servers in three parts of the world, so that no person's network is named: k (RIPE NCC), m (WIDE)
// and a (Verisign). The unknown option is the one that RFC 8906 8.2.3 uses, code 100, and empty.
#define SUBNET(a, b, c) 0, 8, 0, 7, 0, 1, 24, 0, a, b, c
#define UNKNOWN         0, 100, 0, 0

static const uint8_t unknown_option[] = {UNKNOWN};
static const uint8_t both_options[] = {UNKNOWN, SUBNET(193, 0, 14)};
static const uint8_t subnet_options[DC_PROBE_SUBNETS][11] = {
    {SUBNET(193, 0, 14)}, {SUBNET(202, 12, 27)}, {SUBNET(198, 41, 0)}};

enum { LARGE = 4096 }; // what many resolvers offered before DNS flag day 2020

// Every second letter in upper case.
static const uint8_t *mix_case(struct fdns_arena *arena, const uint8_t *name)
{
    uint8_t lower[FDNS_NAME_MAX];
    fdns_name_lower(name, lower);
    uint8_t *mixed = fdns_arena_copy(arena, lower, fdns_name_len(lower));
    bool upper = true;
    for (size_t at = 0; mixed[at] != 0; at += mixed[at] + 1U) {
        for (size_t i = at + 1; i <= at + mixed[at]; i++) {
            bool letter = mixed[i] >= 'a' && mixed[i] <= 'z';
            mixed[i] = letter && upper ? (uint8_t)(mixed[i] - 'a' + 'A') : mixed[i];
            upper = letter ? !upper : upper;
        }
    }
    return mixed;
}

// The usual question: TXT of the first record that is there, else the SOA.
static void choose_usual(const struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    struct dc_probes *probes = &endpoint->probes;
    probes->usual = &endpoint->soa;
    for (size_t i = g->expectation->n_records; i > 0; i--) {
        if (dc_endpoint_tells(g, endpoint, i - 1) && dc_answer_is_positive(&endpoint->txt[i - 1])) {
            probes->usual = &endpoint->txt[i - 1];
        }
    }
    probes->name = probes->usual->name;
    probes->type = probes->usual->type;
}

static struct dc_ask usual_ask(const struct dc_endpoint *endpoint)
{
    return (struct dc_ask){.server = endpoint->address,
                           .name = endpoint->probes.name,
                           .type = endpoint->probes.type,
                           .no_edns = endpoint->probes.usual->without_edns};
}

static bool is_usual(struct dc_gathered *g, const struct dc_probes *probes,
                     const struct dc_answer *answer)
{
    return dc_answer_same(g->look->arena, answer, probes->usual);
}

// The server has tailored its answer to the client subnet: a scope (RFC 7871 7.2.1).
static bool is_tailored(const struct dc_answer *answer)
{
    enum { SUBNET_CODE = 8, SCOPE_AT = 3 };
    size_t at = 0;
    uint16_t code;
    uint16_t len;
    const uint8_t *data;
    while (answer->view != NULL && fdns_edns_next(&answer->view->edns, &at, &code, &data, &len)) {
        if (code == SUBNET_CODE && len > SCOPE_AT && data[SCOPE_AT] > 0) {
            return true;
        }
    }
    return false;
}

static bool ask_mixed(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    struct dc_ask ask = usual_ask(endpoint);
    ask.name = mix_case(g->look->arena, ask.name);
    return dc_answer_probe(g->look, &ask, &endpoint->probes.mixed);
}

static bool ask_option(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    struct dc_ask ask = usual_ask(endpoint);
    ask.options = unknown_option;
    ask.options_len = sizeof unknown_option;
    return dc_answer_probe(g->look, &ask, &endpoint->probes.option);
}

static bool ask_subnets(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    bool complete = true;
    struct dc_ask ask = usual_ask(endpoint);
    for (size_t i = 0; i < DC_PROBE_SUBNETS; i++) {
        ask.options = subnet_options[i];
        ask.options_len = sizeof subnet_options[i];
        complete &= dc_answer_probe(g->look, &ask, &endpoint->probes.subnets[i]);
    }
    return complete;
}

static bool ask_alone(struct dc_gathered *g, struct dc_endpoint *endpoint, bool usual)
{
    bool complete = true; // all are asked, whichever is missing
    if (!usual) {
        complete &= ask_mixed(g, endpoint);
        complete &= ask_option(g, endpoint);
    }
    complete &= ask_subnets(g, endpoint);
    return complete;
}

static bool ask_all(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    struct dc_probes *probes = &endpoint->probes;
    struct dc_ask ask = usual_ask(endpoint);
    if (ask.no_edns) {
        return ask_mixed(g, endpoint);
    }
    ask.name = mix_case(g->look->arena, ask.name);
    ask.options = both_options;
    ask.options_len = sizeof both_options;
    if (!dc_answer_probe(g->look, &ask, &probes->all)) {
        return false;
    }
    bool usual = is_usual(g, probes, &probes->all);
    return (usual && !is_tailored(&probes->all)) || ask_alone(g, endpoint, usual);
}

static bool ask_version(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    const struct dc_answer *soa = &endpoint->soa;
    const struct dc_ask ask = {
        .server = endpoint->address, .name = soa->name, .type = soa->type, .edns_version = 1};
    bool speaks_edns = soa->view != NULL && soa->view->edns.present;
    return !speaks_edns || dc_answer_probe(g->look, &ask, &endpoint->probes.version);
}

// Around a record that is there: a name with names below it exists (RFC 4592 2.2.2), and below a
// record nobody has anything, not even a wildcard.
static bool ask_around(struct dc_gathered *g, struct dc_endpoint *endpoint, size_t i)
{
    struct dc_probes *probes = &endpoint->probes;
    const uint8_t *owner = endpoint->txt[i].name;
    const uint8_t *above = fdns_name_skip(owner, 1);
    const uint8_t *below = dc_name_below(g->look->arena, "no-such-label", owner);
    bool complete = true;
    if (fdns_name_below(above, endpoint->place->apex)) {
        complete &= dc_answer_ask(g->look, &endpoint->address, above, FDNS_TYPE_A, &probes->above);
    }
    if (below != NULL) {
        complete &=
            dc_answer_ask(g->look, &endpoint->address, below, FDNS_TYPE_TXT, &probes->below);
    }
    return complete;
}

static bool is_first_address(const struct dc_gathered *g, const struct dc_endpoint *endpoint)
{
    for (const struct dc_endpoint *other = g->endpoints; other < endpoint; other++) {
        if (other->judged && other->place == endpoint->place &&
            strcmp(other->label, endpoint->label) == 0) {
            return false;
        }
    }
    return true;
}

static bool ask_server(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    bool complete = ask_version(g, endpoint);
    for (size_t i = 0; i < g->expectation->n_keys; i++) {
        if (dc_endpoint_tells(g, endpoint, i) && dc_answer_is_positive(&endpoint->txt[i]) &&
            !endpoint->txt[i].synthesized && !g->records[i].masked) {
            return complete & ask_around(g, endpoint, i);
        }
    }
    return complete;
}

// A recursive server in the place of an authoritative one counts its TTLs down.
static bool ask_later(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    enum { LATER_US = 2100000 };
    const struct dc_answer *soa = &endpoint->soa;
    if (soa->kind != DC_ANSWER_DATA || soa->aa || !soa->ra) {
        return true;
    }
    const struct dc_ask ask = {.server = endpoint->address,
                               .name = soa->name,
                               .type = soa->type,
                               .no_edns = soa->without_edns,
                               .repetition = DC_REPEATS_MAX + 1,
                               .after = soa->observation->question,
                               .pause_us = LATER_US};
    return dc_answer_probe(g->look, &ask, &endpoint->soa_later);
}

static bool seems_cut(struct dc_gathered *g, const struct dc_answer *txt)
{
    size_t at = 0;
    uint16_t len = 0;
    const struct fdns_view_rr *rr =
        txt->kind == DC_ANSWER_DATA ? dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at) : NULL;
    const uint8_t *rdata = rr != NULL ? fdns_view_rdata(txt->view, rr, g->look->arena, &len) : NULL;
    struct dc_key key;
    if (rdata == NULL || txt->observation->question->transport != DC_UDP) {
        return false;
    }
    dc_key_parse(&key, g->look->arena, rdata, len);
    return key.flaw == DC_KEY_CUT || key.flaw == DC_KEY_BASE64;
}

static bool ask_sized(struct dc_gathered *g, struct dc_endpoint *endpoint, size_t i)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    struct dc_ask ask = {.server = endpoint->address,
                         .name = txt->name,
                         .type = txt->type,
                         .no_edns = txt->without_edns};
    bool too_large = txt->truncated != NULL && !txt->without_edns && txt->view != NULL &&
                     txt->observation->message_len > g->look->udp_size;
    bool cut = seems_cut(g, txt);
    if (!too_large && !cut) {
        return true;
    }
    endpoint->sized[i] = fdns_arena_alloc(g->look->arena, sizeof *endpoint->sized[i]);
    *endpoint->sized[i] = (struct dc_sized){.large = {.observation = NULL}};
    ask.udp_size = too_large ? LARGE : 0;
    ask.transport = cut ? DC_TCP : DC_UDP;
    return dc_answer_probe(g->look, &ask,
                           cut ? &endpoint->sized[i]->tcp : &endpoint->sized[i]->large);
}

bool dc_gather_probes(struct dc_gathered *g, struct dc_endpoint *endpoint)
{
    if (!endpoint->judged) {
        return true;
    }
    choose_usual(g, endpoint);
    bool complete = ask_later(g, endpoint);
    if (!dc_answer_is_silent(endpoint->probes.usual)) {
        complete &= ask_all(g, endpoint);
    }
    if (is_first_address(g, endpoint)) {
        complete &= ask_server(g, endpoint);
    }
    for (size_t i = 0; i < g->expectation->n_records; i++) {
        complete &= !dc_endpoint_tells(g, endpoint, i) || ask_sized(g, endpoint, i);
    }
    return complete;
}
