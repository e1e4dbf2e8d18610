// Cuts: who serves a zone, out of NS records, glue and, where there is none, walks to the names.
#include "harness/check/dkim/expect.h"
#include "harness/check/dkim/walk.h"

#include <string.h>

enum { DNS_PORT = 53, DEPTH_MAX = 4 };

static bool has_address(const struct dc_walk_server *server, const struct fdns_address *address)
{
    for (size_t i = 0; i < server->n_addresses; i++) {
        if (fdns_address_equal(&server->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

static void add_address(struct dc_walk_server *server, const struct fdns_view *view,
                        const struct fdns_view_rr *rr)
{
    bool v4 = rr->type == FDNS_TYPE_A && rr->rdata_len == 4;
    bool v6 = rr->type == FDNS_TYPE_AAAA && rr->rdata_len == 16;
    struct fdns_address address = {.family = v4 ? FDNS_IPV4 : FDNS_IPV6, .port = DNS_PORT};
    if (!v4 && !v6) {
        return;
    }
    memcpy(address.octets, view->bytes + rr->rdata_at, rr->rdata_len);
    if (server->n_addresses < DC_WALK_ADDRESSES && !has_address(server, &address)) {
        server->addresses[server->n_addresses++] = address;
    }
}

// Addresses of the server anywhere behind the answer's question.
static void add_glue(struct dc_walk_server *server, const struct dc_answer *answer)
{
    for (size_t i = 0; i < answer->view->n_rrs; i++) {
        const struct fdns_view_rr *rr = &answer->view->rrs[i];
        if (rr->section == FDNS_ADDITIONAL && rr->rr_class == FDNS_CLASS_IN &&
            fdns_view_owner_is(answer->view, rr, server->host)) {
            add_address(server, answer->view, rr);
        }
    }
}

// The servers of the host's own zone say nothing: the glue that led to them will do.
static void fall_back_on_glue(const struct dc_walk *walk, struct dc_walk_server *server)
{
    for (size_t i = 0; i < walk->n_cuts; i++) {
        const struct dc_walk_cut *cut = walk->cuts[i];
        for (size_t k = 0; k < cut->n_servers; k++) {
            const struct dc_walk_server *known = &cut->servers[k];
            if (known->host != NULL && fdns_name_equal(known->host, server->host)) {
                server->n_addresses = known->n_addresses;
                memcpy(server->addresses, known->addresses, sizeof server->addresses);
                return;
            }
        }
    }
}

// Walks to the addresses of a name. False while pending; no address at all is a result.
static bool look_up(struct dc_walk *walk, struct dc_walk_server *server)
{
    static const uint16_t types[] = {FDNS_TYPE_A, FDNS_TYPE_AAAA};
    bool complete = true;
    if (walk->depth == DEPTH_MAX) {
        return true;
    }
    walk->depth++;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct dc_walk_end end;
        enum dc_walk_result result = dc_walk_ask(walk, server->host, types[i], &end);
        complete = complete && result != DC_WALK_PENDING;
        if (result != DC_WALK_FOUND || end.answer.kind != DC_ANSWER_DATA) {
            continue;
        }
        size_t at = 0;
        const struct fdns_view_rr *rr;
        while ((rr = dc_answer_next(&end.answer, server->host, types[i], &at)) != NULL) {
            add_address(server, end.answer.view, rr);
        }
    }
    walk->depth--;
    if (complete && server->n_addresses == 0) {
        fall_back_on_glue(walk, server);
    }
    return complete;
}

static bool is_listed(const struct dc_walk_cut *cut, const uint8_t *host)
{
    for (size_t i = 0; i < cut->n_servers; i++) {
        if (fdns_name_equal(cut->servers[i].host, host)) {
            return true;
        }
    }
    return false;
}

static void add_server(struct dc_walk *walk, struct dc_walk_cut *cut,
                       const struct dc_answer *answer, const struct fdns_view_rr *rr)
{
    uint8_t host[FDNS_NAME_MAX];
    if (rr->type != FDNS_TYPE_NS || rr->rr_class != FDNS_CLASS_IN ||
        cut->n_servers == DC_WALK_SERVERS || !fdns_view_owner_is(answer->view, rr, cut->zone) ||
        !fdns_view_rdata_name(answer->view, rr, host) || is_listed(cut, host)) {
        return;
    }
    struct dc_walk_server *server = &cut->servers[cut->n_servers++];
    server->host = fdns_name_copy(walk->look->arena, host);
    server->label = dc_name_bare(walk->look->arena, server->host);
}

static const uint8_t *owner_of_ns(struct dc_look *look, const struct dc_answer *answer,
                                  enum fdns_section section)
{
    for (size_t i = 0; answer->view != NULL && i < answer->view->n_rrs; i++) {
        const struct fdns_view_rr *rr = &answer->view->rrs[i];
        uint8_t owner[FDNS_NAME_MAX];
        if (rr->section == section && rr->type == FDNS_TYPE_NS &&
            fdns_view_name(answer->view, rr->at, owner, NULL)) {
            return fdns_name_copy(look->arena, owner);
        }
    }
    return NULL;
}

const uint8_t *dc_walk_referred(struct dc_look *look, const struct dc_answer *answer)
{
    return owner_of_ns(look, answer, FDNS_AUTHORITY);
}

struct dc_walk_cut *dc_walk_cut_of(struct dc_walk *walk, const struct dc_answer *answer,
                                   enum fdns_section section, const uint8_t *bailiwick,
                                   bool *pending)
{
    const uint8_t *zone = owner_of_ns(walk->look, answer, section);
    *pending = false;
    if (zone == NULL) {
        return NULL;
    }
    struct dc_walk_cut *cut = fdns_arena_alloc(walk->look->arena, sizeof *cut);
    *cut = (struct dc_walk_cut){.zone = zone, .referral = answer->observation};
    for (size_t i = 0; i < answer->view->n_rrs; i++) {
        if (answer->view->rrs[i].section == section) {
            add_server(walk, cut, answer, &answer->view->rrs[i]);
        }
    }
    for (size_t i = 0; i < cut->n_servers; i++) {
        struct dc_walk_server *server = &cut->servers[i];
        if (fdns_name_at_or_below(server->host, bailiwick)) {
            add_glue(server, answer);
        }
        if (server->n_addresses == 0 && !look_up(walk, server)) {
            *pending = true;
        }
    }
    return *pending ? NULL : cut;
}
