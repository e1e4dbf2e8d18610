// Where aliases lead: hop by hop over the zones, each asked at its own servers, down to the TXT.
#include "harness/check/dkim/gather.h"

const struct dc_chain *dc_gathered_chain(const struct dc_gathered *g, const uint8_t *start)
{
    for (size_t i = 0; i < g->n_chains; i++) {
        if (fdns_name_equal(g->chains[i].start, start)) {
            return &g->chains[i];
        }
    }
    return NULL;
}

bool dc_chain_passes(const struct dc_chain *chain, const uint8_t *name)
{
    for (size_t i = 0; i < chain->n_hops; i++) {
        if (fdns_name_equal(chain->hops[i], name)) {
            return true;
        }
    }
    return false;
}

enum dc_walk_result dc_walk_follow(struct dc_walk *walk, uint16_t type, struct dc_chain *chain)
{
    const uint8_t *name = chain->start;
    for (;;) {
        if (dc_chain_passes(chain, name)) {
            chain->loop = true;
            return DC_WALK_FOUND;
        }
        if (chain->n_hops == DC_HOPS_MAX) {
            chain->too_long = true;
            return DC_WALK_FOUND;
        }
        chain->hops[chain->n_hops++] = name;
        enum dc_walk_result result = dc_walk_ask(walk, name, type, &chain->end);
        // servers that cannot go on say SERVFAIL and show the alias all the same
        if (result == DC_WALK_PENDING || chain->end.answer.n_cnames == 0) {
            return result;
        }
        name = chain->end.answer.cname;
    }
}

bool dc_gather_chain(struct dc_gathered *g, const uint8_t *start)
{
    if (dc_gathered_chain(g, start) != NULL || g->n_chains == DC_CHAINS_MAX) {
        return true;
    }
    struct dc_chain chain = {.start = start};
    chain.result = dc_walk_follow(&g->walk, FDNS_TYPE_TXT, &chain);
    if (chain.result == DC_WALK_PENDING) {
        return false;
    }
    g->chains[g->n_chains++] = chain;
    return true;
}

bool dc_chain_is_long(const struct dc_chain *chain)
{
    enum { LONG_CHAIN = 8 };
    return chain->n_hops > LONG_CHAIN || chain->too_long;
}
