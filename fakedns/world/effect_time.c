// Effects on when the answer is sent, if at all.
#include "fakedns/world/effect.h"
#include "fakedns/world/state.h"

#include <string.h>

void fdns_send_nothing(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_plan *plan)
{
    (void)value, (void)exchange;
    plan->n_steps = 0;
}

void fdns_send_later(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_plan *plan)
{
    (void)exchange;
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].delay_us += *(const int64_t *)value;
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

// --- connections: a field of the rule

const void *fdns_read_tcp(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->tcp = strcmp(node->text, "refuse") == 0 ? FDNS_TCP_REFUSED : FDNS_TCP_HANGS;
    if (reading->rule->counts || reading->rule->chance_ppm != 0) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "`tcp` is about connections, which are not counted: no `nth`, `first`, "
                  "`from-nth`, `every` or `chance` beside it");
    }
    for (size_t i = 0; i < fdns_n_triggers; i++) {
        const struct fdns_trigger *trigger = &fdns_triggers[i];
        if (trigger->matches != NULL && !trigger->of_connection &&
            fdns_node_find(reading->when, trigger->key.name) != NULL) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                      "`tcp` is about connections, which ask nothing yet: `%s` cannot be matched",
                      trigger->key.name);
        }
    }
    return NULL;
}
