// Triggers that look at other words (`any`, `not`) and at other rules (`after`).
#include "fakedns/base/suggest.h"
#include "fakedns/world/state.h"
#include "fakedns/world/trigger.h"

#include <string.h>

// --- any, not

struct parts {
    size_t n;
    struct fdns_terms items[];
};

const struct fdns_schema_type fdns_type_when_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of `when`", .item = &fdns_type_when, .min = 1};
static const struct fdns_schema_type *const when_choices[] = {&fdns_type_when,
                                                              &fdns_type_when_list};
const struct fdns_schema_type fdns_type_when_or_list = {.kind = FDNS_SCHEMA_EITHER,
                                                        .name = "`when` or list of them",
                                                        .choices = when_choices,
                                                        .n_choices = 2};

const void *fdns_trigger_read_any(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    size_t n = fdns_node_n(node);
    struct parts *parts =
        fdns_arena_alloc(&reading->world->arena, sizeof(*parts) + n * sizeof(parts->items[0]));
    struct fdns_rule_reading part = *reading;
    part.nested = true;
    for (parts->n = 0; parts->n < n; parts->n++) {
        part.when = fdns_node_item(node, parts->n);
        parts->items[parts->n] = fdns_terms_read(&part, part.when);
    }
    return parts;
}

bool fdns_trigger_match_any(const void *value, const struct fdns_exchange *exchange,
                            const struct fdns_reply *reply)
{
    const struct parts *parts = value;
    for (size_t i = 0; i < parts->n; i++) {
        if (fdns_terms_match(&parts->items[i], exchange, reply)) {
            return true;
        }
    }
    return false;
}

bool fdns_trigger_match_not(const void *value, const struct fdns_exchange *exchange,
                            const struct fdns_reply *reply)
{
    return !fdns_trigger_match_any(value, exchange, reply);
}

// --- after

struct after {
    size_t rule;
    uint64_t times;
};

static const struct fdns_schema_type rule_name = {.kind = FDNS_SCHEMA_TEXT,
                                                  .name = "name of a rule"};
static const struct fdns_schema_type times = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 1, .max = 1000000000};
static const struct fdns_schema_key after_keys[] = {
    {.name = "rule",
     .type = &rule_name,
     .required = true,
     .doc = "Its name.",
     .example = "first-answer"},
    {.name = "times", .type = &times, .doc = "At least so often; once without it.", .example = "3"},
};
static const struct fdns_schema_type after_record = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "after",
                                                     .doc = "Another rule that has acted.",
                                                     .keys = after_keys,
                                                     .n_keys = 2};
static const struct fdns_schema_type *const after_choices[] = {&rule_name, &after_record};
const struct fdns_schema_type fdns_type_after = {.kind = FDNS_SCHEMA_EITHER,
                                                 .name = "name of a rule, or after",
                                                 .choices = after_choices,
                                                 .n_choices = 2};

// Of all rules, those of the base and those that are not yet read.
static const char *name_of_rule(const struct fdns_rule_reading *reading, size_t i)
{
    if (i < reading->n_before) {
        bool removed = fdns_world_order_of(reading->world, i) == FDNS_RULE_REMOVED;
        return removed ? NULL : reading->world->rules[i]->name;
    }
    return fdns_node_text(reading->rules->items[i - reading->n_before], "name");
}

static void refuse_rule(const struct fdns_rule_reading *reading, const struct fdns_node *name)
{
    size_t n = 0;
    const char *names[FDNS_WORLD_RULES_MAX];
    for (size_t i = 0; i < reading->n_before + reading->rules->n_items; i++) {
        const char *other = name_of_rule(reading, i);
        if (other != NULL) {
            names[n++] = other;
        }
    }
    const char *near = fdns_suggest(name->text, names, n);
    fdns_diag(reading->diags, FDNS_ERROR, reading->source, name->line, name->column,
              near != NULL ? "no rule has the name \"%s\" (did you mean \"%s\"?)"
                           : "no rule has the name \"%s\"",
              name->text, near);
}

const void *fdns_trigger_read_after(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct after *after = fdns_arena_alloc(&reading->world->arena, sizeof(*after));
    const struct fdns_node *name = node->kind == FDNS_MAP ? fdns_node_find(node, "rule") : node;
    const struct fdns_node *n = fdns_node_find(node, "times");
    after->times = n != NULL ? (uint64_t)fdns_node_integer(n) : 1;
    for (size_t i = 0; i < reading->n_before + reading->rules->n_items; i++) {
        const char *other = name_of_rule(reading, i);
        if (other == NULL || strcmp(other, name->text) != 0) {
            continue;
        }
        if (i == reading->rule->index) {
            fdns_rule_never(reading, name, "it waits for itself");
        }
        after->rule = i;
        return after;
    }
    refuse_rule(reading, name);
    return NULL;
}

bool fdns_trigger_match_after(const void *value, const struct fdns_exchange *exchange,
                              const struct fdns_reply *reply)
{
    (void)reply;
    const struct after *after = value;
    return fdns_world_state_fired(exchange->state, after->rule) >= after->times;
}
