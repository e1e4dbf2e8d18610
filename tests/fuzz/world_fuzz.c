// Any text as a world: it loads or its mistakes are reported; what loads can be asked at any of its
// times, by servers and through the resolver, and gives whole messages where no
// rule has its hands in.
#include "fakedns/resolve/resolve.h"
#include "fakedns/wire/builder.h"
#include "fakedns/yaml/node.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The stages of one input.
struct playing {
    struct fdns_world *world;
    struct fdns_world_state *state;
    struct fdns_resolver *resolver;
    struct fdns_arena arena;
};

static void check_plan(struct playing *playing, const struct fdns_plan *plan)
{
    struct fdns_view view;
    assert(plan->n_steps <= FDNS_PLAN_STEPS);
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].kind != FDNS_STEP_SEND) {
            continue;
        }
        assert(plan->steps[i].len <= FDNS_MESSAGE_MAX);
        fdns_view_init(&view, &playing->arena, plan->steps[i].octets, plan->steps[i].len);
        assert(plan->rule != NULL || (view.flaw == FDNS_FLAW_NONE && view.id == 7));
    }
}

static void ask(struct playing *playing, const struct fdns_server *server, const uint8_t *name,
                uint16_t type, int64_t now_us)
{
    uint8_t query[512];
    struct fdns_plan plan;
    size_t len =
        fdns_query_build(query, sizeof query, 7, FDNS_RD, name, type, FDNS_CLASS_IN, 1232, 0);
    struct fdns_request request = {.server = server, .now_us = now_us, .octets = query, .len = len};
    fdns_arena_reset(&playing->arena);
    if (server == NULL) {
        fdns_resolver_answer(playing->resolver, &request, &playing->arena, &plan);
        check_plan(playing, &plan);
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        request.transport = i == 0 ? FDNS_UDP : FDNS_TCP;
        fdns_answer(playing->world, playing->state, &request, &playing->arena, &plan);
        check_plan(playing, &plan);
    }
    fdns_answer_tcp(playing->world, server, 0, now_us);
}

// A few names of each zone, at one time.
static void ask_all(struct playing *playing, int64_t now_us)
{
    const struct fdns_world *world = playing->world;
    for (size_t z = 0; z < world->n_zones && z < 4; z++) {
        const struct fdns_zone *zone = world->zones[z];
        for (size_t r = 0; r < zone->n_records && r < 8; r++) {
            const struct fdns_record *record = &zone->records[r];
            ask(playing, NULL, record->owner, record->type, now_us);
            for (size_t s = 0; s < world->n_servers && s < 4; s++) {
                ask(playing, &world->servers[s], record->owner, FDNS_TYPE_TXT, now_us);
            }
        }
    }
}

static void play(struct fdns_world *world)
{
    struct playing playing = {.world = world, .state = fdns_world_state_new(world, 1)};
    int64_t now_us = 0;
    playing.resolver = fdns_resolver_new(world, playing.state);
    fdns_arena_init(&playing.arena, 0);
    ask_all(&playing, now_us);
    for (unsigned i = 0; i < 8 && fdns_world_next_change(world, now_us, &now_us); i++) {
        ask_all(&playing, now_us);
    }
    fdns_arena_clear(&playing.arena);
    fdns_resolver_free(playing.resolver);
    fdns_world_state_free(playing.state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_source source = {.file = "fuzz.yaml", .text = (const char *)data, .len = size};
    struct fdns_world_library *library = fdns_world_library_new();
    struct fdns_world *world = NULL;
    struct fdns_arena arena;
    struct fdns_diags diags;
    fdns_arena_init(&arena, 0);
    fdns_diags_init(&diags);
    const struct fdns_node *node = fdns_yaml_parse(&arena, &source, &diags);
    if (node != NULL && fdns_schema_check(&fdns_type_world, node, &source, &diags)) {
        world = fdns_world_build(library, node, &source, &diags);
    }
    assert((world == NULL) == (diags.n_errors > 0));
    if (world != NULL) {
        play(world);
    }
    fdns_world_free(world);
    fdns_diags_clear(&diags);
    fdns_arena_clear(&arena);
    fdns_world_library_free(library);
    return 0;
}
