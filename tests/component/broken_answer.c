#include "component/broken_answer.h"

#include "fakedns/answer/answer.h"

#include <string.h>

void __real_fdns_answer(const struct fdns_world *world, struct fdns_world_state *state,
                        const struct fdns_request *request, struct fdns_arena *arena,
                        struct fdns_plan *plan);
void __wrap_fdns_answer(const struct fdns_world *world, struct fdns_world_state *state,
                        const struct fdns_request *request, struct fdns_arena *arena,
                        struct fdns_plan *plan);

static bool starts_with(const struct fdns_request *request, const char *word)
{
    size_t n = strlen(word);
    return request->len > 13 + n && request->octets[12] >= n &&
           memcmp(request->octets + 13, word, n) == 0;
}

static void add(struct fdns_plan *plan, enum fdns_step_kind kind)
{
    plan->steps[plan->n_steps++] = (struct fdns_step){.kind = kind};
}

static void make_half_frame(struct fdns_plan *plan, struct fdns_arena *arena)
{
    size_t len = plan->steps[0].len;
    uint8_t *frame = fdns_arena_alloc(arena, len + 2);
    frame[0] = (uint8_t)(len >> 8);
    frame[1] = (uint8_t)len;
    memcpy(frame + 2, plan->steps[0].octets, len);
    plan->steps[0] = (struct fdns_step){.kind = FDNS_STEP_RAW, .octets = frame, .len = 2 + len / 2};
    add(plan, FDNS_STEP_CLOSE);
}

static void precede_by_wrong_id(struct fdns_plan *plan, struct fdns_arena *arena)
{
    uint8_t *octets = fdns_arena_copy(arena, plan->steps[0].octets, plan->steps[0].len);
    octets[0] ^= 1;
    plan->steps[1] = plan->steps[0];
    plan->steps[0].octets = octets;
    plan->n_steps = 2;
}

void __wrap_fdns_answer(const struct fdns_world *world, struct fdns_world_state *state,
                        const struct fdns_request *request, struct fdns_arena *arena,
                        struct fdns_plan *plan)
{
    __real_fdns_answer(world, state, request, arena, plan);
    if (plan->n_steps != 1)
        return;
    if (starts_with(request, "raw"))
        plan->steps[0].kind = FDNS_STEP_RAW;
    if (starts_with(request, "half"))
        make_half_frame(plan, arena);
    if (starts_with(request, "reset"))
        add(plan, FDNS_STEP_RESET);
    if (starts_with(request, "close"))
        add(plan, FDNS_STEP_CLOSE);
    if (starts_with(request, "stall"))
        add(plan, FDNS_STEP_STALL);
    if (starts_with(request, "wrongid"))
        precede_by_wrong_id(plan, arena);
    if (starts_with(request, "shuffle"))
        plan->steps[0].delay_us = (int64_t)request->len * 1000;
    if (starts_with(request, "twice")) {
        plan->steps[1] = plan->steps[0];
        plan->steps[1].delay_us = 1000000;
        plan->n_steps = 2;
    }
}
