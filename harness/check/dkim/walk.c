#include "harness/check/dkim/walk.h"

#include "harness/check/dkim/expect.h"

#include <string.h>
#include <strings.h>

enum {
    REFERRALS_MAX = 20,  // deeper than any delegation is
    QUESTIONS_MAX = 400, // of one round; a maze of delegations ends here
};

static void add_cut(struct dc_walk *walk, struct dc_walk_cut *cut)
{
    if (walk->n_cuts < DC_WALK_CUTS) {
        walk->cuts[walk->n_cuts++] = cut;
    }
}

static struct dc_walk_cut *cut_of_addresses(struct dc_walk *walk, const uint8_t *zone,
                                            const struct fdns_address *addresses, size_t n)
{
    struct dc_walk_cut *cut = fdns_arena_alloc(walk->look->arena, sizeof *cut);
    *cut = (struct dc_walk_cut){.zone = zone};
    for (size_t i = 0; i < n && i < DC_WALK_SERVERS; i++) {
        char text[FDNS_ADDRESS_TEXT_MAX];
        const char *label = addresses[i].port == 53 ? fdns_address_print_host(&addresses[i], text)
                                                    : fdns_address_print(&addresses[i], text);
        cut->servers[cut->n_servers++] =
            (struct dc_walk_server){.label = fdns_arena_string(walk->look->arena, label),
                                    .addresses = {addresses[i]},
                                    .n_addresses = 1};
    }
    return cut;
}

void dc_walk_init(struct dc_walk *walk, struct dc_look *look, const struct dc_dkim_how *how)
{
    *walk = (struct dc_walk){.look = look, .how = how};
    if (how->n_roots > 0) {
        add_cut(walk, cut_of_addresses(walk, fdns_name_root, how->roots, how->n_roots));
    }
}

static const struct dc_walk_cut *deepest(const struct dc_walk *walk, const uint8_t *name)
{
    const struct dc_walk_cut *best = NULL;
    for (size_t i = 0; i < walk->n_cuts; i++) {
        const struct dc_walk_cut *cut = walk->cuts[i];
        if (fdns_name_at_or_below(name, cut->zone) &&
            (best == NULL || fdns_name_below(cut->zone, best->zone))) {
            best = cut;
        }
    }
    return best;
}

// An answer that leads on: to a deeper zone on the way to the name, or to the end.
static bool leads_on(struct dc_walk *walk, const struct dc_walk_cut *cut,
                     const struct dc_answer *answer)
{
    if (dc_answer_is_silent(answer) || answer->kind == DC_ANSWER_ERROR) {
        return false;
    }
    if (answer->kind != DC_ANSWER_REFERRAL) {
        return true;
    }
    const uint8_t *zone = dc_walk_referred(walk->look, answer);
    return fdns_name_below(zone, cut->zone) && fdns_name_at_or_below(answer->name, zone);
}

// Asks the addresses of one family until one leads on. LOST if none does.
static enum dc_walk_result ask_family(struct dc_walk *walk, const struct dc_walk_cut *cut,
                                      enum fdns_family family, const uint8_t *name, uint16_t type,
                                      struct dc_answer *answer)
{
    for (size_t i = 0; i < cut->n_servers; i++) {
        for (size_t k = 0; k < cut->servers[i].n_addresses; k++) {
            const struct fdns_address *address = &cut->servers[i].addresses[k];
            if (address->family != family) {
                continue;
            }
            if (walk->questions++ >= QUESTIONS_MAX) {
                return DC_WALK_LOST;
            }
            if (!dc_answer_ask(walk->look, address, name, type, answer)) {
                return DC_WALK_PENDING;
            }
            if (leads_on(walk, cut, answer)) {
                return DC_WALK_FOUND;
            }
        }
    }
    return DC_WALK_LOST;
}

static enum dc_walk_result ask_cut(struct dc_walk *walk, const struct dc_walk_cut *cut,
                                   const uint8_t *name, uint16_t type, struct dc_answer *answer)
{
    *answer = (struct dc_answer){.kind = DC_ANSWER_NOTHING, .name = name, .type = type};
    enum dc_walk_result result = ask_family(walk, cut, FDNS_IPV4, name, type, answer);
    return result != DC_WALK_LOST ? result : ask_family(walk, cut, FDNS_IPV6, name, type, answer);
}

static enum dc_walk_result ask_resolver(struct dc_walk *walk, const uint8_t *name, uint16_t type,
                                        struct dc_walk_end *end)
{
    *end = (struct dc_walk_end){.answer = {.name = name, .type = type}};
    if (walk->how->resolver == NULL || walk->questions++ >= QUESTIONS_MAX) {
        return DC_WALK_LOST;
    }
    if (!dc_answer_ask_resolver(walk->look, walk->how->resolver, name, type, false, &end->answer)) {
        return DC_WALK_PENDING;
    }
    return dc_answer_is_silent(&end->answer) || end->answer.kind == DC_ANSWER_ERROR ? DC_WALK_LOST
                                                                                    : DC_WALK_FOUND;
}

enum step { STEP_PENDING, STEP_LOST, STEP_DEEPER, STEP_ANSWERED };

static enum step step_of(enum dc_walk_result result)
{
    return result == DC_WALK_PENDING ? STEP_PENDING
           : result == DC_WALK_LOST  ? STEP_LOST
                                     : STEP_ANSWERED;
}

// Asks at the deepest known cut. DEEPER: a referral made a deeper one known.
static enum step take_step(struct dc_walk *walk, const uint8_t *name, uint16_t type,
                           struct dc_walk_end *end)
{
    const struct dc_walk_cut *cut = deepest(walk, name);
    if (cut == NULL) {
        return step_of(ask_resolver(walk, name, type, end));
    }
    *end = (struct dc_walk_end){.cut = cut};
    enum step step = step_of(ask_cut(walk, cut, name, type, &end->answer));
    if (step != STEP_ANSWERED || end->answer.kind != DC_ANSWER_REFERRAL) {
        return step;
    }
    bool pending;
    struct dc_walk_cut *next =
        dc_walk_cut_of(walk, &end->answer, FDNS_AUTHORITY, cut->zone, &pending);
    if (next == NULL) {
        return pending ? STEP_PENDING : STEP_LOST;
    }
    next->delegated = true;
    add_cut(walk, next);
    return STEP_DEEPER;
}

static enum dc_walk_result result_of(enum step step)
{
    return step == STEP_PENDING    ? DC_WALK_PENDING
           : step == STEP_ANSWERED ? DC_WALK_FOUND
                                   : DC_WALK_LOST;
}

enum dc_walk_result dc_walk_ask(struct dc_walk *walk, const uint8_t *name, uint16_t type,
                                struct dc_walk_end *end)
{
    enum step step = STEP_DEEPER;
    for (unsigned i = 0; i < REFERRALS_MAX && step == STEP_DEEPER; i++) {
        step = take_step(walk, name, type, end);
    }
    return result_of(step);
}

// The servers of a zone by its NS records, from its own servers or from a resolver.
static enum dc_walk_result by_ns(struct dc_walk *walk, const uint8_t *apex, struct dc_walk_end *end)
{
    struct dc_walk_end ns;
    bool pending;
    enum dc_walk_result result = dc_walk_ask(walk, apex, FDNS_TYPE_NS, &ns);
    if (result != DC_WALK_FOUND) {
        return result;
    }
    struct dc_walk_cut *cut =
        dc_walk_cut_of(walk, &ns.answer, FDNS_ANSWER, fdns_name_root, &pending);
    if (cut != NULL) {
        add_cut(walk, cut);
        end->cut = cut;
    }
    return pending ? DC_WALK_PENDING : cut != NULL ? DC_WALK_FOUND : DC_WALK_LOST;
}

// A server that holds parent and child answers for the child without a referral, and a resolver
// refers to nobody: then the NS records of the apex tell.
static enum dc_walk_result settle_zone(struct dc_walk *walk, const uint8_t *name,
                                       struct dc_walk_end *end)
{
    if (end->answer.n_cnames > 0) { // no apex, and the SOA in the answer may be of its target
        return dc_walk_delegated(walk, fdns_name_skip(name, 1), end);
    }
    const uint8_t *apex = dc_answer_apex(walk->look, &end->answer);
    apex = apex != NULL && fdns_name_at_or_below(name, apex) ? apex : NULL;
    if (end->cut != NULL && (apex == NULL || fdns_name_equal(apex, end->cut->zone))) {
        return DC_WALK_FOUND;
    }
    return apex != NULL ? by_ns(walk, apex, end) : DC_WALK_LOST;
}

static bool label_in(const uint8_t *name, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (name[0] == strlen(words[i]) &&
            strncasecmp((const char *)name + 1, words[i], name[0]) == 0) {
            return true;
        }
    }
    return false;
}

bool dc_walk_is_registry(const uint8_t *zone)
{
    static const char *const second[] = {"ac", "co",  "com", "edu", "gen", "go",  "gob", "gov",
                                         "id", "ltd", "me",  "ne",  "net", "nom", "or",  "org"};
    unsigned labels = fdns_name_labels(zone);
    enum { COUNTRY = 2 }; // letters
    return labels <= 1 || (labels == 2 && fdns_name_skip(zone, 1)[0] == COUNTRY &&
                           label_in(zone, second, sizeof second / sizeof second[0]));
}

enum dc_walk_result dc_walk_zone(struct dc_walk *walk, const uint8_t *name, struct dc_walk_end *end)
{
    *end = (struct dc_walk_end){.cut = NULL};
    if (walk->how->n_servers > 0) {
        struct dc_walk_cut *cut =
            cut_of_addresses(walk, name, walk->how->servers, walk->how->n_servers);
        add_cut(walk, cut);
        end->cut = cut;
        return DC_WALK_FOUND;
    }
    enum dc_walk_result result = dc_walk_delegated(walk, name, end);
    // nobody there says anything useful, but these are the servers that everybody is sent to
    bool known = result == DC_WALK_LOST && end->cut != NULL && end->cut->delegated &&
                 !dc_walk_is_registry(end->cut->zone);
    return known ? DC_WALK_FOUND : result;
}

enum dc_walk_result dc_walk_delegated(struct dc_walk *walk, const uint8_t *name,
                                      struct dc_walk_end *end)
{
    *end = (struct dc_walk_end){.cut = NULL};
    enum step step = STEP_DEEPER;
    for (unsigned i = 0; i < REFERRALS_MAX && step == STEP_DEEPER; i++) {
        const struct dc_walk_cut *known = deepest(walk, name);
        if (known != NULL && fdns_name_equal(known->zone, name)) {
            *end = (struct dc_walk_end){.cut = known};
            return DC_WALK_FOUND; // its servers have been named, no need to ask them for the zone
        }
        step = take_step(walk, name, FDNS_TYPE_SOA, end);
    }
    return step == STEP_ANSWERED ? settle_zone(walk, name, end) : result_of(step);
}
