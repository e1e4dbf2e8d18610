// dnsconform lint FILE…
#include "harness/cli/command.h"
#include "harness/cli/outputs.h"
#include "harness/run/adapter.h"
#include "harness/scenario/account.h"
#include "harness/scenario/scenario.h"

#include <string.h>

// What a YAML file is, told by its keys: a scenario, an adapter, an account, else a world.
enum kind { SCENARIO, WORLD, ADAPTER, ACCOUNT };

static bool kind_of(const char *path, enum kind *kind, struct fdns_diags *diags)
{
    struct fdns_arena arena;
    struct fdns_source source;
    fdns_arena_init(&arena, 0);
    const struct fdns_node *root = fdns_yaml_load(&arena, path, &source, diags);
    if (fdns_node_find(root, "subject") != NULL || fdns_node_find(root, "expect") != NULL) {
        *kind = SCENARIO;
    } else if (fdns_node_find(root, "command") != NULL || fdns_node_find(root, "exit") != NULL ||
               fdns_node_find(root, "findings") != NULL) {
        *kind = ADAPTER;
    } else if (fdns_node_find(root, "identities") != NULL ||
               fdns_node_find(root, "senders") != NULL) {
        *kind = ACCOUNT;
    } else {
        *kind = WORLD;
    }
    fdns_arena_clear(&arena);
    return root != NULL;
}

// Without the domain that it goes with: none of its identities is that one.
static void lint_account(const char *path, struct fdns_diags *diags)
{
    static const struct dc_dkim_subject none = {.domain = "invalid"};
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    dc_account_load(&arena, path, &none, diags);
    fdns_arena_clear(&arena);
}

static void lint_file(struct fdns_world_library *library, const char *path,
                      struct fdns_diags *diags)
{
    enum kind kind;
    if (!kind_of(path, &kind, diags)) {
        return;
    }
    switch (kind) {
    case SCENARIO:
        dc_scenario_free(dc_scenario_load(library, path, diags));
        break;
    case ADAPTER:
        dc_adapter_free(dc_adapter_load(path, diags));
        break;
    case ACCOUNT:
        lint_account(path, diags);
        break;
    case WORLD: {
        struct fdns_world *world = fdns_world_load(library, path, diags);
        if (world != NULL) {
            fdns_world_free(world);
        }
        break;
    }
    }
}

static int lint(const struct dc_options *options)
{
    if (options->operands.n_items == 0) {
        fputs("dnsconform lint: name the files to check\n", stderr);
        return DC_EXIT_USAGE;
    }
    struct fdns_diags diags;
    struct fdns_world_library *library = fdns_world_library_new();
    fdns_diags_init(&diags);
    for (size_t i = 0; i < options->operands.n_items; i++) {
        lint_file(library, options->operands.items[i], &diags);
    }
    dc_print_diags(&diags);
    int status = diags.n_errors > 0 ? DC_EXIT_USAGE : DC_EXIT_CONFORMS;
    fdns_diags_clear(&diags);
    fdns_world_library_free(library);
    return status;
}

const struct dc_command_row dc_command_lint = {
    .name = "lint",
    .bit = DC_CMD_LINT,
    .operands = "FILE…",
    .doc = "Check scenario, world, adapter and account files without playing them.",
    .run = lint,
};
