// Worlds from text, for the tests of world, answer and resolve.
#pragma once

#include "fakedns/base/duration.h"
#include "fakedns/world/state.h"
#include "unit/harness.h"

#include <string.h>

// A world, the mistakes that were found in it, and all that a test asks of it.
struct stage {
    struct fdns_world_library *library;
    struct fdns_arena arena;
    struct fdns_diags diags;
    struct fdns_buf messages;
    struct fdns_buf reply;
    struct fdns_world *world;
    struct fdns_world_state *state;
    struct fdns_plan plan;
};

// Loads YAML as if it stood in scenarios/, so that `base: lib/easy-dkim.yaml` is found.
static inline void stage_init(struct stage *stage, const char *yaml)
{
    struct fdns_source source = {
        .file = SOURCE_DIR "/scenarios/unit.yaml", .text = yaml, .len = strlen(yaml)};
    memset(stage, 0, sizeof *stage);
    stage->library = fdns_world_library_new();
    fdns_arena_init(&stage->arena, 0);
    fdns_diags_init(&stage->diags);
    fdns_buf_init(&stage->messages, 1 << 20);
    fdns_buf_init(&stage->reply, 1 << 20);
    const struct fdns_node *node = fdns_yaml_parse(&stage->arena, &source, &stage->diags);
    if (node != NULL && fdns_schema_check(&fdns_type_world, node, &source, &stage->diags))
        stage->world = fdns_world_build(stage->library, node, &source, &stage->diags);
    fdns_diags_print(&stage->diags, 0, &stage->messages);
    if (stage->world != NULL)
        stage->state = fdns_world_state_new(stage->world, 1);
}

static inline void stage_clear(struct stage *stage)
{
    fdns_world_state_free(stage->state);
    fdns_world_free(stage->world);
    fdns_buf_clear(&stage->reply);
    fdns_buf_clear(&stage->messages);
    fdns_diags_clear(&stage->diags);
    fdns_arena_clear(&stage->arena);
    fdns_world_library_free(stage->library);
}

static inline const char *stage_messages(struct stage *stage)
{
    return fdns_buf_text(&stage->messages);
}
