#include "fakedns/base/fatal.h"
#include "fakedns/resolve/iterate.h"
#include "fakedns/resolve/resolve.h"

#include <stdlib.h>
#include <string.h>

struct fdns_resolver {
    const struct fdns_world *world;
    struct fdns_world_state *state;
    struct fdns_cache cache;
    int64_t *quiet_until_us;
    size_t *first_endpoint;
    size_t n_endpoints;
};

void fdns_resolver_move(struct fdns_resolver *resolver, const struct fdns_world *world,
                        struct fdns_world_state *state)
{
    free(resolver->quiet_until_us);
    free(resolver->first_endpoint);
    resolver->world = world;
    resolver->state = state;
    resolver->n_endpoints = 0;
    resolver->first_endpoint = calloc(world->n_servers + 1, sizeof(size_t));
    if (resolver->first_endpoint == NULL) {
        fdns_fatal("out of memory");
    }
    for (size_t i = 0; i < world->n_servers; i++) {
        resolver->first_endpoint[i] = resolver->n_endpoints;
        resolver->n_endpoints += world->servers[i].n_addresses;
    }
    resolver->quiet_until_us = calloc(resolver->n_endpoints + 1, sizeof(int64_t));
    if (resolver->quiet_until_us == NULL) {
        fdns_fatal("out of memory");
    }
}

struct fdns_resolver *fdns_resolver_new(const struct fdns_world *world,
                                        struct fdns_world_state *state)
{
    struct fdns_resolver *resolver = calloc(1, sizeof(*resolver));
    if (resolver == NULL) {
        fdns_fatal("out of memory");
    }
    fdns_cache_init(&resolver->cache);
    fdns_resolver_move(resolver, world, state);
    return resolver;
}

void fdns_resolver_free(struct fdns_resolver *resolver)
{
    if (resolver == NULL) {
        return;
    }
    fdns_cache_clear(&resolver->cache);
    free(resolver->quiet_until_us);
    free(resolver->first_endpoint);
    free(resolver);
}

void fdns_resolver_reset(struct fdns_resolver *resolver)
{
    fdns_cache_reset(&resolver->cache);
    memset(resolver->quiet_until_us, 0, (resolver->n_endpoints + 1) * sizeof(int64_t));
}

// An authoritative server without zones refuses what only recursion can answer; all else it says
// (FORMERR, NOTIMP, BADVERS, class CH, transfers) holds for a resolver too.
static bool is_for_recursion(const struct fdns_reply *reply)
{
    return reply->rcode == FDNS_REFUSED && reply->opcode == FDNS_OPCODE_QUERY && reply->asked &&
           reply->qclass == FDNS_CLASS_IN && (reply->flags & FDNS_RD) != 0 &&
           reply->qtype != FDNS_TYPE_AXFR && reply->qtype != FDNS_TYPE_IXFR;
}

// Returns what the waits add up to.
static int64_t recurse(struct fdns_resolver *resolver, const struct fdns_request *request,
                       struct fdns_reply *reply, struct fdns_arena *arena)
{
    struct fdns_search search = {.errand = {.world = resolver->world,
                                            .state = resolver->state,
                                            .arena = arena,
                                            .quiet_until_us = resolver->quiet_until_us,
                                            .first_endpoint = resolver->first_endpoint,
                                            .now_us = request->now_us,
                                            .queries_left = FDNS_ERRAND_QUERIES},
                                 .cache = &resolver->cache};
    struct fdns_found found;
    if (fdns_cache_is_full(&resolver->cache)) {
        fdns_cache_reset(&resolver->cache);
    }
    fdns_search(&search, reply->qname, reply->qtype, &found);
    reply->rcode = found.rcode;
    reply->sections[FDNS_ANSWER] = found.answer;
    if (found.soa.n_rdatas > 0) {
        fdns_rrset_list_add(arena, &reply->sections[FDNS_AUTHORITY], &found.soa);
    }
    return search.errand.now_us - request->now_us;
}

void fdns_resolver_answer(struct fdns_resolver *resolver, const struct fdns_request *request,
                          struct fdns_arena *arena, struct fdns_plan *plan)
{
    static const struct fdns_identity nobody = {0};
    static const struct fdns_zone_set nothing = {0};
    struct fdns_view view;
    struct fdns_reply reply;
    int64_t waited_us = 0;
    fdns_view_init(&view, arena, request->octets, request->len);
    fdns_reply_honest(&reply, arena, &view, &nothing, &nobody, request->transport == FDNS_TCP);
    if (!reply.silent) {
        reply.flags &= (uint16_t) ~(FDNS_AA | FDNS_AD);
        reply.flags |= FDNS_RA | (view.flags & FDNS_CD); // RFC 4035 3.2.2
        if (is_for_recursion(&reply)) {
            waited_us = recurse(resolver, request, &reply, arena);
        }
    }
    struct fdns_exchange exchange = {.address = request->address,
                                     .transport = request->transport,
                                     .client = request->client,
                                     .connection = request->connection,
                                     .now_us = request->now_us,
                                     .query = &view};
    fdns_answer_edit(resolver->world, resolver->state, &exchange, &reply, arena, plan);
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].delay_us += waited_us;
    }
}
