// A world while it is served: patches, and orders about its rules.
#include "fakedns/world/build.h"

#include <string.h>

static const char patch_file[] = "patch";

// Whoever may patch a world may not read files through it. The keys of a map of names (zones,
// servers) are no words.
static bool refuse_files(const struct fdns_node *node, bool has_names,
                         const struct fdns_source *source, struct fdns_diags *diags)
{
    bool good = true;
    for (size_t i = 0; i < node->n_items; i++) {
        good &= refuse_files(node->items[i], false, source, diags);
    }
    for (size_t i = 0; i < node->n_pairs; i++) {
        const struct fdns_node *key = node->pairs[i].key;
        if (!has_names && strcmp(key->text, "file") == 0) {
            fdns_diag(diags, FDNS_ERROR, source, key->line, key->column,
                      "a patch names no files: write what it adds into it");
            good = false;
        }
        good &= refuse_files(node->pairs[i].value, false, source, diags);
    }
    return good;
}

static bool refuse_files_in(const struct fdns_node *world, const struct fdns_source *source,
                            struct fdns_diags *diags)
{
    bool good = true;
    for (size_t i = 0; i < world->n_pairs; i++) {
        const char *key = world->pairs[i].key->text;
        bool has_names = strcmp(key, "zones") == 0 || strcmp(key, "servers") == 0;
        good &= refuse_files(world->pairs[i].value, has_names, source, diags);
    }
    return good;
}

static bool refuse_base(const struct fdns_node *node, const struct fdns_source *source,
                        struct fdns_diags *diags)
{
    const struct fdns_node *base = fdns_node_find(node, "base");
    if (base != NULL) {
        fdns_diag(diags, FDNS_ERROR, source, base->line, base->column,
                  "a patch has no `base`: it builds on the world that is served");
    }
    return base == NULL;
}

struct fdns_world *fdns_world_patch(struct fdns_world_library *library,
                                    const struct fdns_world *base, const char *name,
                                    const char *text, size_t len, struct fdns_diags *diags)
{
    struct fdns_arena arena;
    struct fdns_source source = {.file = patch_file, .text = text, .len = len};
    struct fdns_world *world = NULL;
    fdns_arena_init(&arena, 0);
    const struct fdns_node *node = NULL;
    if (len > FDNS_YAML_LARGEST) {
        fdns_diag_file(diags, FDNS_ERROR, patch_file, "is larger than %d octets",
                       FDNS_YAML_LARGEST);
    } else {
        node = fdns_yaml_parse(&arena, &source, diags);
    }
    if (node != NULL && fdns_schema_check(&fdns_type_world, node, &source, diags) &&
        refuse_base(node, &source, diags) && refuse_files_in(node, &source, diags)) {
        struct fdns_building b = {.library = library, .source = &source, .diags = diags};
        world = fdns_build_on(&b, base, name, node);
    }
    fdns_arena_clear(&arena);
    return world;
}

void fdns_orders_extend(struct fdns_world *world, size_t n_rules)
{
    if (world->orders != NULL) {
        enum fdns_rule_order *all =
            fdns_arena_array(&world->arena, n_rules, sizeof(*world->orders));
        memcpy(all, world->orders, world->n_rules * sizeof(*all));
        world->orders = all;
    }
}

void fdns_world_order(struct fdns_world *world, size_t rule, enum fdns_rule_order order)
{
    if (world->orders == NULL) {
        world->orders = fdns_arena_array(&world->arena, world->n_rules, sizeof(*world->orders));
    }
    world->orders[rule] = order;
}

enum fdns_rule_order fdns_world_order_of(const struct fdns_world *world, size_t rule)
{
    return world->orders != NULL ? world->orders[rule] : FDNS_RULE_AS_WRITTEN;
}
