// Any bytes as a data file of ldns-testns. What can be read is asked, for the questions that stand
// in it, over UDP and TCP.
#include "fakedns/answer/answer.h"
#include "fakedns/testns/entry.h"
#include "fakedns/wire/builder.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct fdns_world *world, struct fdns_world_state *state,
                const struct fdns_testns_question *question)
{
    uint8_t query[512];
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    size_t len = fdns_query_build(query, sizeof query, 7, 0, question->name, question->type,
                                  question->rr_class, 1232, FDNS_EDNS_DO);
    for (unsigned tcp = 0; tcp < 2; tcp++) {
        struct fdns_plan plan;
        struct fdns_request request = {.server = &world->servers[0],
                                       .transport = tcp != 0 ? FDNS_TCP : FDNS_UDP,
                                       .octets = query,
                                       .len = len};
        fdns_answer(world, state, &request, &arena, &plan);
        assert(plan.n_steps <= FDNS_PLAN_STEPS);
        for (size_t i = 0; i < plan.n_steps; i++) {
            assert(plan.steps[i].len <= FDNS_MESSAGE_MAX && plan.steps[i].delay_us >= 0);
        }
    }
    fdns_arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ASKED_MAX = 20 };
    struct fdns_source source = {.file = "fuzz.data", .text = (const char *)data, .len = size};
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    struct fdns_world *world = fdns_testns_parse(&source, &diags);
    assert((world == NULL) == (diags.n_errors > 0));
    if (world != NULL) {
        struct fdns_world_state *state = fdns_world_state_new(world, 1);
        for (size_t i = 0; i + 1 < world->n_rules && i < ASKED_MAX; i++) {
            const struct fdns_testns_entry *entry = world->rules[i]->actions.items[0].value;
            if (entry->packets[0].n_questions > 0) {
                ask(world, state, &entry->packets[0].questions[0]);
            }
        }
        fdns_world_state_free(state);
        fdns_world_free(world);
    }
    fdns_diags_clear(&diags);
    return 0;
}
