// Effects on when the answer is sent, if at all.
#include "fakedns/world/effect.h"
#include "fakedns/world/front_cache.h"
#include "fakedns/world/state.h"
#include "fakedns/yaml/scalar.h"

// What becomes of the connection stays.
void fdns_send_nothing(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_plan *plan)
{
    (void)value, (void)exchange;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (!fdns_step_sends(&plan->steps[i])) {
            plan->steps[n++] = plan->steps[i];
        }
    }
    plan->n_steps = n;
}

// --- delay

struct delay {
    int64_t at_least_us, at_most_us;
    bool has_until, reverse;
    int64_t until_us;
};

static const struct fdns_schema_key delay_keys[] = {
    {.name = "at-least",
     .type = &fdns_type_duration,
     .doc = "So much later at least.",
     .example = "100ms"},
    {.name = "at-most",
     .type = &fdns_type_duration,
     .doc = "And so much at most, drawn by chance.",
     .example = "3s"},
    {.name = "until",
     .type = &fdns_type_duration,
     .doc = "Not before this time of the world: what was asked until then is answered at once.",
     .example = "1h"},
    {.name = "reverse",
     .type = &fdns_type_boolean,
     .doc = "What waited `until` then comes in the opposite order, the newest answer first.",
     .example = "yes"},
};
static const struct fdns_schema_type delay_record = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "delay",
                                                     .doc = "How much later an answer is sent.",
                                                     .keys = delay_keys,
                                                     .n_keys = 4};
static const struct fdns_schema_type *const delay_choices[] = {&fdns_type_duration, &delay_record};
const struct fdns_schema_type fdns_type_delay = {.kind = FDNS_SCHEMA_EITHER,
                                                 .name = "duration or delay",
                                                 .choices = delay_choices,
                                                 .n_choices = 2};

static void check_delay(const struct fdns_rule_reading *reading, const struct fdns_node *node,
                        const struct delay *delay)
{
    const char *wrong = NULL;
    if (delay->at_most_us < delay->at_least_us) {
        wrong = "`at-most` is less than `at-least`";
    } else if (delay->reverse && !delay->has_until) {
        wrong = "`reverse` needs an `until`";
    }
    if (wrong != NULL) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column, "%s",
                  wrong);
    }
}

const void *fdns_read_delay(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct delay *delay = fdns_arena_alloc(&reading->world->arena, sizeof(*delay));
    if (node->kind == FDNS_SCALAR) {
        delay->at_least_us = delay->at_most_us = fdns_node_duration(node);
        return delay;
    }
    const struct fdns_node *at_least = fdns_node_find(node, "at-least");
    const struct fdns_node *at_most = fdns_node_find(node, "at-most");
    const struct fdns_node *until = fdns_node_find(node, "until");
    const struct fdns_node *reverse = fdns_node_find(node, "reverse");
    delay->at_least_us = at_least != NULL ? fdns_node_duration(at_least) : 0;
    delay->at_most_us = at_most != NULL ? fdns_node_duration(at_most) : delay->at_least_us;
    delay->has_until = until != NULL;
    delay->until_us = until != NULL ? fdns_node_duration(until) : 0;
    delay->reverse = reverse != NULL && fdns_node_boolean(reverse);
    check_delay(reading, node, delay);
    return delay;
}

// Who waited longer comes later by a thousandth of that: so the order is turned around.
static int64_t until_then(const struct delay *delay, int64_t now_us)
{
    enum { PART = 1000 };
    int64_t left_us = delay->until_us - now_us;
    if (!delay->has_until || left_us <= 0) {
        return 0;
    }
    return delay->reverse ? left_us + left_us / PART : left_us;
}

void fdns_send_later(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_plan *plan)
{
    const struct delay *delay = value;
    int64_t us = delay->at_least_us + until_then(delay, exchange->now_us);
    if (delay->at_most_us > delay->at_least_us) {
        struct fdns_random *random = fdns_world_state_random(exchange->state, exchange->rule);
        uint64_t span_us = (uint64_t)(delay->at_most_us - delay->at_least_us);
        us += (int64_t)fdns_random_below(random, span_us + 1);
    }
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].delay_us += us;
    }
}

// --- rate-limit

struct rate_limit {
    uint32_t per_second;
    uint32_t slip; // 0: never
};

static const struct fdns_schema_type rate = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of answers", .min = 1, .max = 1000000};
static const struct fdns_schema_type slip = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = 1000};
static const struct fdns_schema_key rate_keys[] = {
    {.name = "per-second",
     .type = &rate,
     .required = true,
     .doc = "So many are answered.",
     .example = "5"},
    {.name = "slip",
     .type = &slip,
     .doc = "Every so many of the others get an empty answer with TC instead of none; 0, or "
            "without it: never.",
     .example = "2"},
};
static const struct fdns_schema_type rate_record = {.kind = FDNS_SCHEMA_RECORD,
                                                    .name = "rate limit",
                                                    .doc = "A limit on the rate of answers.",
                                                    .keys = rate_keys,
                                                    .n_keys = 2};
static const struct fdns_schema_type *const rate_choices[] = {&rate, &rate_record};
const struct fdns_schema_type fdns_type_rate_limit = {.kind = FDNS_SCHEMA_EITHER,
                                                      .name = "number of answers or rate limit",
                                                      .choices = rate_choices,
                                                      .n_choices = 2};

const void *fdns_read_rate_limit(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct rate_limit *limit = fdns_arena_alloc(&reading->world->arena, sizeof(*limit));
    const struct fdns_node *per_second = node, *slips = NULL;
    if (node->kind == FDNS_MAP) {
        per_second = fdns_node_find(node, "per-second");
        slips = fdns_node_find(node, "slip");
    }
    limit->per_second = (uint32_t)fdns_node_integer(per_second);
    limit->slip = slips != NULL ? (uint32_t)fdns_node_integer(slips) : 0;
    return limit;
}

// TCP proves the client's address: it is not limited.
void fdns_edit_rate_limit(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply)
{
    const struct rate_limit *limit = value;
    if (exchange->transport == FDNS_TCP) {
        return;
    }
    uint64_t over = fdns_world_state_over_rate(exchange->state, exchange, limit->per_second);
    if (over == 0) {
        return;
    }
    if (limit->slip != 0 && over % limit->slip == 0) {
        fdns_edit_truncate(NULL, exchange, reply);
    } else {
        reply->silent = true;
    }
}

// --- front-cache

static const struct fdns_schema_type *const cache_choices[] = {&fdns_type_boolean,
                                                               &fdns_type_duration};
const struct fdns_schema_type fdns_type_front_cache = {.kind = FDNS_SCHEMA_EITHER,
                                                       .name = "boolean or duration",
                                                       .choices = cache_choices,
                                                       .n_choices = 2};

const void *fdns_read_front_cache(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    int64_t most_us = INT64_MAX;
    bool wanted = true;
    if (!fdns_scalar_boolean(node->text, &wanted)) {
        most_us = fdns_node_duration(node);
    }
    return wanted ? fdns_arena_copy(&reading->world->arena, &most_us, sizeof(most_us)) : NULL;
}

// Each server has its own.
void fdns_edit_front_cache(const void *value, const struct fdns_exchange *exchange,
                           struct fdns_reply *reply)
{
    uint64_t server = exchange->server != NULL ? exchange->server->index : FDNS_RESOLVER;
    fdns_front_cache_answer(fdns_world_state_front_cache(exchange->state),
                            fdns_hash_u64(exchange->rule->index, server), exchange->now_us,
                            *(const int64_t *)value, reply);
}
