// Another answer to the same query, beside the one that is edited: answer/ makes it.
#include "fakedns/base/arena.h"
#include "fakedns/world/effect.h"

static const struct fdns_schema_key other_keys[] = {
    {.name = "then",
     .type = &fdns_type_then,
     .required = true,
     .doc = "What is done to it, besides what rules do to the answer itself. Its way of being sent "
            "is its own.",
     .example = "{ id: \"+1\" }"},
    {.name = "first",
     .type = &fdns_type_boolean,
     .doc = "If both are sent at one time, this one is sent before the answer.",
     .example = "yes"},
};
static const struct fdns_schema_type other_record = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "other",
                                                     .doc = "Another answer to the same query.",
                                                     .keys = other_keys,
                                                     .n_keys = 2};
static const struct fdns_schema_type other_list = {.kind = FDNS_SCHEMA_LIST,
                                                   .name = "list of other answers",
                                                   .item = &other_record,
                                                   .min = 1,
                                                   .max = FDNS_PLAN_STEPS - 2};
static const struct fdns_schema_type *const other_choices[] = {&other_record, &other_list};
const struct fdns_schema_type fdns_type_other = {.kind = FDNS_SCHEMA_EITHER,
                                                 .name = "other answer or list of them",
                                                 .choices = other_choices,
                                                 .n_choices = 2};

static void check_words(const struct fdns_rule_reading *reading, const struct fdns_node *then)
{
    for (size_t i = 0; i < then->n_pairs; i++) {
        const struct fdns_node *word = then->pairs[i].key;
        const struct fdns_effect *effect = fdns_effect_find(word->text);
        bool of_answer =
            effect == NULL || effect->edit != NULL || effect->bytes != NULL || effect->send != NULL;
        if (!of_answer) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, word->line, word->column,
                      "`%s` is about the whole rule: it cannot stand in `other`", word->text);
        }
    }
}

const void *fdns_read_other(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct fdns_arena *arena = &reading->world->arena;
    struct fdns_others *others = fdns_arena_alloc(arena, sizeof(*others));
    bool is_list = node->kind == FDNS_LIST;
    others->n_items = is_list ? node->n_items : 1;
    others->items = fdns_arena_array(arena, others->n_items, sizeof(*others->items));
    for (size_t i = 0; i < others->n_items; i++) {
        const struct fdns_node *item = is_list ? node->items[i] : node;
        const struct fdns_node *first = fdns_node_find(item, "first");
        const struct fdns_node *then = fdns_node_find(item, "then");
        check_words(reading, then);
        others->items[i].actions = fdns_actions_read(reading, then);
        others->items[i].first = first != NULL && fdns_node_boolean(first);
    }
    return others;
}
