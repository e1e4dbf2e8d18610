// The way to the servers: whether there is one, and whether parent and zone tell the same (4.C of
// the catalogue of modes).
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum { MISMATCH, PRIVATE_ZONE, BROKEN, NO_ADDRESS, N_ROWS };

const struct dc_finding_row dc_delegation_rows[DC_DELEGATION_ROWS] = {
    [MISMATCH] = {.id = "server/parent-child-ns-mismatch",
                  .level = DC_WARNING,
                  .title = "The parent names other servers for the zone than the zone itself",
                  .cause = "Resolvers start at the servers that the parent names. Records edited "
                           "elsewhere are not seen by them.",
                  .remedy = "Edit the zone where the registrar's NS records point, or change those "
                            "NS records, so that both lists are the same.",
                  .refs = "RFC 1034 4.2.2; RFC 7477 1"},
    [PRIVATE_ZONE] = {.id = "server/private-zone",
                      .level = DC_ERROR,
                      .title = "The domain is not delegated",
                      .cause =
                          "The servers of the parent know no servers for this domain, so nobody "
                          "in the Internet can look up its records.",
                      .remedy = "Register the domain, or have its NS records set at the registrar. "
                                "A zone that exists only inside a network does not count.",
                      .refs = "RFC 1034 4.2.1"},
    [BROKEN] = {.id = "server/delegation-broken",
                .level = DC_ERROR,
                .title = "The servers of the domain cannot be found",
                .cause =
                    "On the way from the root to the domain no server gave an answer that leads "
                    "on, so nothing can be said about the records.",
                .remedy =
                    "Try again. If it stays, have the NS records of the domain checked at the "
                    "registrar.",
                .refs = "RFC 1034 5.3.3"},
    [NO_ADDRESS] = {.id = "server/ns-without-address",
                    .level = DC_WARNING,
                    .title = "No address can be found for a name server of the zone",
                    .cause =
                        "The NS record names a host whose address could not be looked up, so it "
                        "cannot be asked.",
                    .remedy =
                        "Give the host an address (and glue at the registrar if it lies in the "
                        "zone), or take it out of the NS records.",
                    .refs = "RFC 1912 2.3; RFC 9471 2"},
};
_Static_assert((int)N_ROWS == (int)DC_DELEGATION_ROWS, "diagnose.h counts the rows");

static const char *list(struct fdns_arena *arena, const char *text, const char *label)
{
    return text == NULL ? label : fdns_arena_format(arena, "%s, %s", text, label);
}

static bool share_address(const struct dc_walk_server *a, const struct dc_walk_server *b)
{
    for (size_t i = 0; i < a->n_addresses; i++) {
        for (size_t k = 0; k < b->n_addresses; k++) {
            if (fdns_address_equal(&a->addresses[i], &b->addresses[k])) {
                return true;
            }
        }
    }
    return false;
}

// The same name, or another name of the same machine.
static bool is_in(const struct dc_walk_server *server, const struct dc_walk_cut *cut)
{
    for (size_t i = 0; i < cut->n_servers; i++) {
        if (fdns_name_equal(cut->servers[i].host, server->host) ||
            share_address(&cut->servers[i], server)) {
            return true;
        }
    }
    return false;
}

static bool is_in_any(const struct dc_walk_server *server, const struct dc_place *place)
{
    for (size_t i = 0; i < place->n_children; i++) {
        if (is_in(server, place->children[i])) {
            return true;
        }
    }
    return false;
}

static const char *only_at_parent(struct fdns_arena *arena, const struct dc_place *place)
{
    const char *text = NULL;
    for (size_t i = 0; i < place->zone.cut->n_servers; i++) {
        const struct dc_walk_server *server = &place->zone.cut->servers[i];
        text = is_in_any(server, place) ? text : list(arena, text, server->label);
    }
    return text;
}

static const char *only_in_zone(struct fdns_arena *arena, const struct dc_place *place)
{
    const char *text = NULL;
    for (size_t i = 0; i < place->n_children; i++) {
        const struct dc_walk_cut *child = place->children[i];
        for (size_t k = 0; k < child->n_servers; k++) {
            const char *label = child->servers[k].label;
            bool listed = text != NULL && strstr(text, label) != NULL;
            bool known = is_in(&child->servers[k], place->zone.cut);
            text = known || listed ? text : list(arena, text, label);
        }
    }
    return text;
}

// The parent sends everybody to an address that the server has no more: glue that was forgotten.
static const char *moved(struct fdns_arena *arena, const struct dc_place *place)
{
    for (size_t i = 0; i < place->n_children; i++) {
        for (size_t k = 0; k < place->children[i]->n_servers; k++) {
            const struct dc_walk_server *now = &place->children[i]->servers[k];
            for (size_t m = 0; m < place->zone.cut->n_servers; m++) {
                const struct dc_walk_server *glue = &place->zone.cut->servers[m];
                char old[FDNS_ADDRESS_TEXT_MAX];
                char new[FDNS_ADDRESS_TEXT_MAX];
                if (fdns_name_equal(glue->host, now->host) && glue->n_addresses > 0 &&
                    now->n_addresses > 0 && !share_address(glue, now) &&
                    glue->addresses[0].family == now->addresses[0].family) {
                    return fdns_arena_format(arena, "%s is %s at the parent and %s in the zone",
                                             now->label,
                                             fdns_address_print_host(&glue->addresses[0], old),
                                             fdns_address_print_host(&now->addresses[0], new));
                }
            }
        }
    }
    return NULL;
}

// Nothing can be said if no server told its own NS set.
static void diagnose_mismatch(struct dc_diagnosis *d, const struct dc_place *place)
{
    struct fdns_arena *arena = d->hits.arena;
    if (place->n_children == 0 || !place->zone.cut->delegated) {
        return;
    }
    const char *parent = only_at_parent(arena, place);
    const char *child = only_in_zone(arena, place);
    const char *other = moved(arena, place);
    if (parent == NULL && child == NULL && other == NULL) {
        return;
    }
    struct dc_hit *hit = dc_diagnosis_zone(d, &dc_delegation_rows[MISMATCH], DC_RANK_DELEGATION,
                                           dc_name_bare(arena, place->zone.cut->zone));
    hit->type = "NS";
    hit->expected = "the same servers at the parent and in the zone";
    hit->actual =
        parent == NULL && child == NULL
            ? other
            : fdns_arena_format(arena, "only at the parent: %s; only in the zone: %s",
                                parent != NULL ? parent : "none", child != NULL ? child : "none");
    dc_hit_show(hit, place->zone.cut->referral);
    dc_hit_show(hit, place->children[0]->referral);
    d->mismatch = place == &d->g->places[0] ? d->hits.n : d->mismatch;
}

static bool judges_nothing(const struct dc_diagnosis *d, const struct dc_place *place)
{
    return place->n_judged == 0 && place != &d->g->places[0];
}

// Servers that the parent names, and those that only the zone names itself.
static void diagnose_addresses(struct dc_diagnosis *d, const struct dc_place *place)
{
    const struct dc_walk_cut *cut = place->zone.cut;
    for (size_t i = 0; i < cut->n_servers; i++) {
        if (cut->servers[i].n_addresses == 0) {
            struct dc_hit *hit =
                dc_diagnosis_zone(d, &dc_delegation_rows[NO_ADDRESS], DC_RANK_DELEGATION,
                                  dc_name_bare(d->hits.arena, cut->zone));
            hit->about_server = true;
            hit->type = "NS";
            hit->level = judges_nothing(d, place) ? DC_INFO : hit->level;
            hit->server = cut->servers[i].label;
            hit->actual = fdns_arena_format(d->hits.arena, "no address for %s", hit->server);
            dc_hit_show(hit, cut->referral);
        }
    }
}

static void diagnose_walk(struct dc_diagnosis *d)
{
    struct dc_hit *hit = dc_diagnosis_zone(d, &dc_delegation_rows[BROKEN], DC_RANK_UNREACHABLE,
                                           d->g->expectation->domain_text);
    const struct dc_walk_end *end = &d->g->places[0].zone;
    bool heard = end->answer.observation != NULL;
    hit->actual = fdns_arena_format(
        d->hits.arena, "the servers of %s: %s",
        end->cut != NULL ? fdns_name_text(d->hits.arena, end->cut->zone) : "the resolver",
        heard ? dc_answer_text(d->hits.arena, &end->answer) : "none could be asked");
    dc_hit_show(hit, end->answer.observation);
}

static void diagnose_undelegated(struct dc_diagnosis *d)
{
    const struct dc_place *place = &d->g->places[0];
    struct dc_hit *hit = dc_diagnosis_zone(d, &dc_delegation_rows[PRIVATE_ZONE], DC_RANK_DELEGATION,
                                           d->g->expectation->domain_text);
    hit->actual = fdns_arena_format(d->hits.arena, "the servers of %s: %s",
                                    fdns_name_text(d->hits.arena, place->apex),
                                    dc_answer_text(d->hits.arena, &place->zone.answer));
    dc_hit_show(hit, place->zone.answer.observation);
}

void dc_diagnose_no_zone(struct dc_diagnosis *d)
{
    if (d->g->places[0].result != DC_WALK_FOUND) {
        diagnose_walk(d);
    } else {
        diagnose_undelegated(d);
    }
}

void dc_diagnose_delegation(struct dc_diagnosis *d, const struct dc_place *place)
{
    diagnose_addresses(d, place);
    diagnose_mismatch(d, place);
}
