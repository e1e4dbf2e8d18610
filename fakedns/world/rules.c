// The `rules` of a world, and when one is in force.
#include "fakedns/base/suggest.h"
#include "fakedns/world/build.h"

#include <string.h>

// Words that are fields of the rule have no place in a part of `when`.
static bool may_stand(const struct fdns_rule_reading *reading, const struct fdns_trigger *trigger,
                      const struct fdns_node *node)
{
    if (!reading->nested || trigger->matches != NULL) {
        return true;
    }
    fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
              "`%s` is about the whole rule: it cannot stand in `any` or `not`", trigger->key.name);
    return false;
}

static void read_terms(struct fdns_rule_reading *reading, const struct fdns_node *when, bool costly,
                       struct fdns_term *terms, size_t *n)
{
    for (size_t i = 0; i < fdns_n_triggers; i++) {
        const struct fdns_trigger *trigger = &fdns_triggers[i];
        const struct fdns_node *node =
            trigger->costly == costly ? fdns_node_find(when, trigger->key.name) : NULL;
        if (node == NULL || !may_stand(reading, trigger, node)) {
            continue;
        }
        const void *value = trigger->read(reading, node);
        if (value != NULL) {
            terms[(*n)++] = (struct fdns_term){.trigger = trigger, .value = value};
        }
    }
}

struct fdns_terms fdns_terms_read(struct fdns_rule_reading *reading, const struct fdns_node *when)
{
    size_t n = when != NULL ? when->n_pairs : 0;
    struct fdns_term *terms = fdns_arena_array(&reading->world->arena, n, sizeof(*terms));
    struct fdns_terms all = {.items = terms};
    if (n > 0) {
        read_terms(reading, when, false, terms, &all.n_items);
        read_terms(reading, when, true, terms, &all.n_items);
    }
    return all;
}

const struct fdns_effect *fdns_effect_find(const char *word)
{
    for (size_t i = 0; i < fdns_n_effects; i++) {
        if (strcmp(fdns_effects[i].key.name, word) == 0) {
            return &fdns_effects[i];
        }
    }
    return NULL;
}

struct fdns_actions fdns_actions_read(struct fdns_rule_reading *reading,
                                      const struct fdns_node *then)
{
    struct fdns_actions all = {0};
    struct fdns_action *actions =
        fdns_arena_array(&reading->world->arena, then->n_pairs, sizeof(*actions));
    for (size_t i = 0; i < then->n_pairs; i++) {
        const struct fdns_effect *effect = fdns_effect_find(then->pairs[i].key->text);
        const void *value = effect != NULL ? effect->read(reading, then->pairs[i].value) : NULL;
        if (value != NULL) {
            actions[all.n_items++] = (struct fdns_action){.effect = effect, .value = value};
        }
    }
    all.items = actions;
    return all;
}

// Relative names in `then` belong to the one zone of `when`, else to the root.
static const uint8_t *origin_of(struct fdns_world *world, const struct fdns_node *when)
{
    const struct fdns_node *zone = fdns_node_find(when, "zone");
    uint8_t apex[FDNS_NAME_MAX];
    if (zone == NULL || fdns_node_n(zone) != 1 ||
        fdns_name_parse(fdns_node_item(zone, 0)->text, NULL, apex) != FDNS_OK) {
        return fdns_name_root;
    }
    return fdns_name_copy(&world->arena, apex);
}

static const char *name_of(struct fdns_building *b, const struct fdns_node *node, size_t index)
{
    const struct fdns_node *name = fdns_node_find(node, "name");
    struct fdns_world *world = b->world;
    for (size_t i = 0; name != NULL && i < index; i++) {
        if (strcmp(world->rules[i]->name, name->text) == 0 &&
            fdns_world_order_of(world, i) != FDNS_RULE_REMOVED) {
            fdns_diag(b->diags, FDNS_ERROR, b->source, name->line, name->column,
                      "there is a rule with the name \"%s\" already", name->text);
        }
    }
    return name != NULL
               ? fdns_arena_string(&world->arena, name->text)
               : fdns_arena_format(&world->arena, "rule %zu at line %u", index + 1, node->line);
}

static const struct fdns_rule *read_rule(struct fdns_building *b, const struct fdns_node *node,
                                         size_t index)
{
    const struct fdns_node *enabled = fdns_node_find(node, "enabled");
    const struct fdns_node *last = fdns_node_find(node, "last");
    struct fdns_rule *rule = fdns_arena_alloc(&b->world->arena, sizeof(*rule));
    *rule = (struct fdns_rule){.name = name_of(b, node, index),
                               .index = index,
                               .line = node->line,
                               .enabled = enabled == NULL || fdns_node_boolean(enabled),
                               .last = last != NULL && fdns_node_boolean(last),
                               .nth_from = 1};
    struct fdns_rule_reading reading = {.world = b->world,
                                        .source = b->source,
                                        .diags = b->diags,
                                        .when = fdns_node_find(node, "when"),
                                        .rules = b->rules,
                                        .n_before = b->n_base_rules,
                                        .rule = rule};
    reading.origin = origin_of(b->world, reading.when);
    rule->terms = fdns_terms_read(&reading, reading.when);
    rule->actions = fdns_actions_read(&reading, fdns_node_find(node, "then"));
    return rule;
}

void fdns_build_rules(struct fdns_building *b, const struct fdns_node *rules)
{
    struct fdns_world *world = b->world;
    size_t n_own = rules != NULL ? rules->n_items : 0;
    if (n_own == 0) {
        return;
    }
    if (world->n_rules + n_own > FDNS_WORLD_RULES_MAX) {
        fdns_diag(b->diags, FDNS_ERROR, b->source, rules->line, rules->column,
                  "too many rules: a world has at most %d", FDNS_WORLD_RULES_MAX);
        return;
    }
    const struct fdns_rule **all =
        fdns_arena_array(&world->arena, world->n_rules + n_own, sizeof(*all));
    if (world->n_rules > 0) {
        memcpy(all, world->rules, world->n_rules * sizeof(*all));
    }
    fdns_orders_extend(world, world->n_rules + n_own);
    world->rules = all;
    b->rules = rules;
    b->n_base_rules = world->n_rules;
    for (size_t i = 0; i < n_own; i++) {
        all[world->n_rules] = read_rule(b, rules->items[i], world->n_rules);
        world->n_rules++;
    }
}

// --- in force

static bool is_on(const struct fdns_world *world, const struct fdns_rule *rule,
                  const struct fdns_exchange *exchange)
{
    size_t server = exchange->server != NULL ? exchange->server->index : FDNS_RESOLVER;
    enum fdns_rule_order order = fdns_world_order_of(world, rule->index);
    bool on = rule->enabled;
    if (order != FDNS_RULE_AS_WRITTEN) {
        return order == FDNS_RULE_ON;
    }
    for (size_t i = 0; i < world->n_switches; i++) {
        const struct fdns_rule_switch *change = &world->switches[i];
        if (change->at_us > exchange->now_us) {
            break;
        }
        if ((change->rule == NULL || change->rule == rule) &&
            (change->everywhere || change->server == server)) {
            on = change->on;
        }
    }
    return on;
}

bool fdns_terms_match(const struct fdns_terms *terms, const struct fdns_exchange *exchange,
                      const struct fdns_reply *reply)
{
    for (size_t i = 0; i < terms->n_items; i++) {
        const struct fdns_term *term = &terms->items[i];
        if (exchange->query == NULL && !term->trigger->of_connection) {
            return false;
        }
        if (!term->trigger->matches(term->value, exchange, reply)) {
            return false;
        }
    }
    return true;
}

bool fdns_rule_matches(const struct fdns_world *world, const struct fdns_rule *rule,
                       const struct fdns_exchange *exchange, const struct fdns_reply *reply)
{
    if (exchange->server == NULL && !rule->for_resolver) {
        return false;
    }
    if (exchange->now_us < rule->from_us ||
        (rule->until_us > 0 && exchange->now_us >= rule->until_us)) {
        return false;
    }
    return fdns_terms_match(&rule->terms, exchange, reply) && is_on(world, rule, exchange);
}
