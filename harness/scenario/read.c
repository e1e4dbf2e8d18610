#include "harness/scenario/read.h"

const char *const *dc_read_texts(struct fdns_arena *arena, const struct fdns_node *map,
                                 const char *key, size_t *n)
{
    const struct fdns_node *list = fdns_node_find(map, key);
    *n = list != NULL ? list->n_items : 0;
    const char **texts = fdns_arena_array(arena, *n, sizeof *texts);
    for (size_t i = 0; i < *n; i++) {
        texts[i] = list->items[i]->text;
    }
    return texts;
}

int64_t dc_read_duration(const struct fdns_node *map, const char *key, int64_t otherwise)
{
    const struct fdns_node *node = fdns_node_find(map, key);
    return node != NULL ? fdns_node_duration(node) : otherwise;
}

void dc_read_restarts(struct fdns_arena *arena, const struct fdns_node *list,
                      const struct fdns_source *source, struct fdns_diags *diags,
                      struct dc_dkim_subject *set_up)
{
    set_up->n_restarts = list != NULL ? list->n_items : 0;
    struct dc_dkim_restart *restarts =
        fdns_arena_array(arena, set_up->n_restarts, sizeof *restarts);
    for (size_t i = 0; i < set_up->n_restarts; i++) {
        const struct fdns_node *node = list->items[i];
        restarts[i].at_us = dc_read_duration(node, "at", 0);
        restarts[i].tokens = dc_read_texts(arena, node, "tokens", &restarts[i].n_tokens);
        if (i > 0 && restarts[i].at_us <= restarts[i - 1].at_us) {
            const struct fdns_node *at = fdns_node_find(node, "at");
            fdns_diag(diags, FDNS_ERROR, source, at->line, at->column,
                      "a restart has to be later than the one before it");
        }
    }
    set_up->restarts = restarts;
}
