// A world whose rules are the entries of a data file. Each rule has one word of `when` and one of
// `then` that no YAML has, and is the last that acts.
#include "fakedns/base/file.h"
#include "fakedns/testns/entry.h"
#include "fakedns/world/effect.h"

#include <string.h>

static bool entry_matches(const void *value, const struct fdns_exchange *exchange,
                          const struct fdns_reply *reply)
{
    (void)reply;
    return fdns_testns_matches(value, exchange);
}

// The packets of the entry in place of what was planned; then a TCP connection ends.
static void send_entry(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_plan *plan)
{
    const struct fdns_testns_entry *entry = value;
    int64_t at_us = 0;
    uint8_t *out = fdns_arena_alloc(plan->arena, FDNS_MESSAGE_MAX);
    plan->n_steps = 0;
    for (size_t i = 0; i < entry->n_packets; i++) {
        size_t len = fdns_testns_write(entry, &entry->packets[i], exchange->query, out);
        at_us += entry->wait_us + entry->packets[i].wait_us;
        plan->steps[plan->n_steps++] =
            (struct fdns_step){.kind = FDNS_STEP_SEND,
                               .delay_us = at_us,
                               .octets = fdns_arena_copy(plan->arena, out, len),
                               .len = len};
    }
    plan->rcode = plan->steps[0].len > 3 ? plan->steps[0].octets[3] & 15 : 0;
    plan->size = plan->steps[0].len;
    if (exchange->transport == FDNS_TCP) {
        plan->steps[plan->n_steps++] =
            (struct fdns_step){.kind = FDNS_STEP_CLOSE, .delay_us = at_us};
    }
}

static const struct fdns_trigger entry_trigger = {.key = {.name = "entry"},
                                                  .matches = entry_matches};
static const struct fdns_effect entry_effect = {.key = {.name = "packets"}, .send = send_entry};
static const struct fdns_effect silence = {.key = {.name = "drop"}, .send = fdns_send_nothing};

static struct fdns_rule *new_rule(struct fdns_arena *arena, size_t index,
                                  const struct fdns_action *action)
{
    struct fdns_rule rule = {.index = index,
                             .enabled = true,
                             .last = true,
                             .nth_from = 1,
                             .actions = {fdns_arena_copy(arena, action, sizeof(*action)), 1}};
    return fdns_arena_copy(arena, &rule, sizeof(rule));
}

static const struct fdns_rule *rule_of(struct fdns_arena *arena,
                                       const struct fdns_testns_entry *entry, size_t index)
{
    struct fdns_action action = {.effect = &entry_effect, .value = entry};
    struct fdns_term term = {.trigger = &entry_trigger, .value = entry};
    struct fdns_rule *rule = new_rule(arena, index, &action);
    rule->name = fdns_arena_format(arena, "entry %zu at line %u", index + 1, entry->line);
    rule->line = entry->line;
    rule->terms = (struct fdns_terms){fdns_arena_copy(arena, &term, sizeof(term)), 1};
    return rule;
}

// To what no entry matches, nothing is said.
static const struct fdns_rule *last_rule(struct fdns_arena *arena, size_t index)
{
    static const bool yes = true;
    struct fdns_action action = {.effect = &silence, .value = &yes};
    struct fdns_rule *rule = new_rule(arena, index, &action);
    rule->name = "no entry";
    return rule;
}

struct fdns_world *fdns_testns_parse(const struct fdns_source *source, struct fdns_diags *diags)
{
    struct fdns_testns_entries entries = {0};
    struct fdns_world *world = fdns_world_of_zones(NULL, 0, diags);
    struct fdns_arena *arena = &world->arena;
    if (!fdns_testns_read(arena, source, &entries, diags)) {
        fdns_world_free(world);
        return NULL;
    }
    const struct fdns_rule **rules = fdns_arena_array(arena, entries.n_items + 1, sizeof(*rules));
    for (size_t i = 0; i < entries.n_items; i++) {
        rules[i] = rule_of(arena, entries.items[i], i);
    }
    rules[entries.n_items] = last_rule(arena, entries.n_items);
    world->rules = rules;
    world->n_rules = entries.n_items + 1;
    return world;
}

struct fdns_world *fdns_testns_load(const char *path, struct fdns_diags *diags)
{
    struct fdns_source source = {.file = path};
    struct fdns_arena arena;
    struct fdns_world *world = NULL;
    fdns_arena_init(&arena, 0);
    if (fdns_file_read(&arena, path, FDNS_TESTNS_FILE_MAX, &source.text, &source.len, diags)) {
        world = fdns_testns_parse(&source, diags);
    }
    fdns_arena_clear(&arena);
    return world;
}
