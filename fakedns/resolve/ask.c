#include "fakedns/resolve/ask.h"

#include "fakedns/wire/builder.h"

struct endpoint {
    const struct fdns_server *server;
    size_t address;
};

enum { QUERY_ID = 0x4144, QUERY_MAX = 512 };

// It comes from where it was asked for, to where it was asked from.
static bool arrives(const struct fdns_step *step)
{
    return !step->source.given && step->to_port == 0;
}

// The first message of a plan that answers in time; waits for it. False: silence.
static bool wait_for(struct fdns_errand *errand, const struct fdns_plan *plan, bool tcp,
                     struct fdns_view *view)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct fdns_step *step = &plan->steps[i];
        int64_t sent_us = fdns_step_sent_us(step, tcp);
        if (step->kind != FDNS_STEP_SEND || !arrives(step) || sent_us >= FDNS_TRY_US) {
            continue;
        }
        fdns_view_init(view, errand->arena, step->octets, step->len);
        if (view->len < FDNS_HEADER_LEN || view->id != QUERY_ID || !fdns_view_flag(view, FDNS_QR)) {
            continue;
        }
        errand->now_us += sent_us;
        return true;
    }
    errand->now_us += FDNS_TRY_US;
    return false;
}

static bool exchange(struct fdns_errand *errand, const struct endpoint *endpoint,
                     enum fdns_transport transport, bool edns, const uint8_t *name, uint16_t type,
                     struct fdns_view *view)
{
    uint8_t query[QUERY_MAX];
    struct fdns_plan plan;
    if (errand->queries_left == 0) {
        return false;
    }
    errand->queries_left--;
    size_t len = fdns_query_build(query, sizeof(query), QUERY_ID, 0, name, type, FDNS_CLASS_IN,
                                  edns ? FDNS_UDP_LIMIT : 0, 0);
    struct fdns_request request = {.server = endpoint->server,
                                   .address = endpoint->address,
                                   .transport = transport,
                                   .client = {.family = FDNS_IPV4, .octets = {127, 0, 0, 1}},
                                   .connection = transport == FDNS_TCP ? UINT64_MAX : 0,
                                   .now_us = errand->now_us,
                                   .octets = query,
                                   .len = len};
    fdns_answer(errand->world, errand->state, &request, errand->arena, &plan);
    return wait_for(errand, &plan, transport == FDNS_TCP, view);
}

// TC: the same over TCP (RFC 7766 5). A refusal, or an end, is told at once, silence takes its
// time.
static bool exchange_tcp(struct fdns_errand *errand, const struct endpoint *endpoint, bool edns,
                         const uint8_t *name, uint16_t type, struct fdns_view *view)
{
    switch (fdns_answer_tcp(errand->world, endpoint->server, endpoint->address, errand->now_us)) {
    case FDNS_TCP_REFUSED:
    case FDNS_TCP_CLOSES:
    case FDNS_TCP_RESETS:
        return false;
    case FDNS_TCP_HANGS:
        errand->now_us += FDNS_TRY_US;
        return false;
    case FDNS_TCP_SERVED:
        break;
    }
    return exchange(errand, endpoint, FDNS_TCP, edns, name, type, view);
}

static bool dislikes_edns(const struct fdns_view *view)
{
    uint16_t rcode = fdns_view_rcode(view);
    return rcode == FDNS_FORMERR || rcode == FDNS_NOTIMP || rcode == FDNS_BADVERS;
}

// False: the server is silent.
static bool converse(struct fdns_errand *errand, const struct endpoint *endpoint,
                     const uint8_t *name, uint16_t type, struct fdns_view *view)
{
    bool edns = true;
    if (!exchange(errand, endpoint, FDNS_UDP, edns, name, type, view)) {
        return false;
    }
    if (dislikes_edns(view)) { // RFC 6891 6.2.2
        edns = false;
        if (!exchange(errand, endpoint, FDNS_UDP, edns, name, type, view)) {
            return false;
        }
    }
    if (fdns_view_flag(view, FDNS_TC)) {
        return exchange_tcp(errand, endpoint, edns, name, type, view);
    }
    return true;
}

static bool find_endpoint(const struct fdns_world *world, const struct fdns_address *address,
                          struct endpoint *endpoint)
{
    endpoint->server = fdns_world_find_address(world, address);
    for (size_t i = 0; endpoint->server != NULL && i < endpoint->server->n_addresses; i++) {
        if (fdns_address_equal(&endpoint->server->addresses[i], address)) {
            endpoint->address = i;
            return true;
        }
    }
    return false;
}

static int64_t *quiet_until(const struct fdns_errand *errand, const struct endpoint *endpoint)
{
    return &errand->quiet_until_us[errand->first_endpoint[endpoint->server->index] +
                                   endpoint->address];
}

// One address of a zone: true if it gave an answer that can be used.
static bool ask_one(struct fdns_errand *errand, const struct fdns_cut *cut, size_t i, bool quiet,
                    const uint8_t *name, uint16_t type, struct fdns_hearing *hearing)
{
    struct endpoint endpoint;
    if (!find_endpoint(errand->world, &cut->addresses[i], &endpoint)) {
        errand->now_us += quiet ? FDNS_TRY_US : 0; // nobody is there
        return false;
    }
    int64_t *until = quiet_until(errand, &endpoint);
    if ((*until > errand->now_us) != quiet) {
        return false;
    }
    if (!converse(errand, &endpoint, name, type, &hearing->view)) {
        *until = errand->now_us + FDNS_QUIET_US;
        return false;
    }
    *until = 0;
    fdns_hear(errand->arena, cut->zone, name, type, hearing);
    return hearing->heard != FDNS_HEARD_NOTHING;
}

void fdns_ask(struct fdns_errand *errand, const struct fdns_cut *cut, const uint8_t *name,
              uint16_t type, struct fdns_hearing *hearing)
{
    *hearing = (struct fdns_hearing){0};
    // Who was silent lately comes last; who falls silent now gets its second try there.
    for (unsigned quiet = 0; quiet < 2; quiet++) {
        for (size_t i = 0; i < cut->n_addresses && errand->queries_left > 0; i++) {
            if (ask_one(errand, cut, i, quiet != 0, name, type, hearing)) {
                return;
            }
        }
    }
    hearing->heard = FDNS_HEARD_NOTHING;
}
