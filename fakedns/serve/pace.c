#include "fakedns/serve/pace.h"

static int64_t present(const struct fdns_pace *pace)
{
    double elapsed_us = (double)(uv_hrtime() - pace->started_ns) / 1000.0;
    return pace->started_us + (int64_t)(elapsed_us * pace->scale);
}

void fdns_pace_touch(struct fdns_pace *pace)
{
    fdns_clock_run(pace->clock, present(pace));
}

static void on_timer(uv_timer_t *timer)
{
    fdns_pace_touch(timer->data);
}

// Real milliseconds until a time of the clock, rounded up so that it is due when we wake.
static uint64_t wait_ms(const struct fdns_pace *pace, int64_t at_us)
{
    if (pace->scale <= 0) {
        return at_us > pace->clock->now_us ? UINT64_C(1000000000) : 0;
    }
    double world_us = (double)at_us - (double)present(pace);
    double real_ms = world_us / pace->scale / 1000.0;
    if (real_ms <= 0) {
        return 0;
    }
    return real_ms < 1e9 ? (uint64_t)real_ms + 1 : UINT64_C(1000000000);
}

// Before the loop waits, it learns how long it may.
static void on_prepare(uv_prepare_t *prepare)
{
    struct fdns_pace *pace = prepare->data;
    int64_t at_us = 0;
    if (!fdns_clock_next(pace->clock, &at_us)) {
        uv_timer_stop(&pace->timer);
        return;
    }
    uv_update_time(prepare->loop);
    uv_timer_start(&pace->timer, on_timer, wait_ms(pace, at_us), 0);
}

void fdns_pace_start(struct fdns_pace *pace, uv_loop_t *loop, struct fdns_clock *clock,
                     double scale)
{
    *pace = (struct fdns_pace){.clock = clock, .scale = scale, .n_handles = 2};
    pace->started_ns = uv_hrtime();
    pace->started_us = clock->now_us;
    uv_timer_init(loop, &pace->timer);
    uv_prepare_init(loop, &pace->prepare);
    pace->timer.data = pace;
    pace->prepare.data = pace;
    uv_prepare_start(&pace->prepare, on_prepare);
}

void fdns_pace_restart(struct fdns_pace *pace)
{
    pace->started_ns = uv_hrtime();
    pace->started_us = pace->clock->now_us;
}

void fdns_pace_jump(struct fdns_pace *pace, int64_t to_us)
{
    struct fdns_clock *clock = pace->clock;
    int64_t at_us = 0;
    fdns_pace_touch(pace);
    while (fdns_clock_next(clock, &at_us) && at_us <= to_us) {
        (void)fdns_clock_step(clock);
    }
    fdns_clock_run(clock, to_us);
    fdns_pace_restart(pace);
}

static void on_closed(uv_handle_t *handle)
{
    struct fdns_pace *pace = handle->data;
    if (--pace->n_handles == 0 && pace->closed != NULL) {
        pace->closed(pace->context);
    }
}

void fdns_pace_stop(struct fdns_pace *pace, fdns_pace_closed_fn *closed, void *context)
{
    pace->closed = closed;
    pace->context = context;
    uv_close((uv_handle_t *)&pace->timer, on_closed);
    uv_close((uv_handle_t *)&pace->prepare, on_closed);
}
