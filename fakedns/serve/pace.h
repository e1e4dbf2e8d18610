// Pace: real time drives a clock, at a scale of world seconds per real second.
//
// One uv_timer wakes the loop for the first entry of the heap; it is set again before every wait of
// the loop, so nobody has to tell it that a timer was started. Callbacks of sockets call
// fdns_pace_touch first, so that now is the present.
#pragma once

#include "fakedns/base/clock.h"

#include <stdbool.h>
#include <uv.h>

struct fdns_pace;
typedef void fdns_pace_closed_fn(void *context);

struct fdns_pace {
    uv_timer_t timer;
    uv_prepare_t prepare;
    struct fdns_clock *clock;
    double scale; // 0: the clock moves only by fdns_pace_jump
    uint64_t started_ns;
    int64_t started_us; // the clock when it started
    unsigned n_handles;
    fdns_pace_closed_fn *closed;
    void *context;
};

// From here on the clock goes on from where it stands; a scale of 0: it stands still. The pace
// keeps the loop alive until it is stopped, also while nothing waits in the clock.
void fdns_pace_start(struct fdns_pace *pace, uv_loop_t *loop, struct fdns_clock *clock,
                     double scale);
// Moves the clock to the present and fires what is due.
void fdns_pace_touch(struct fdns_pace *pace);
// Moves the clock on to a time; what is due on the way fires at its own time, in order. A time that
// has passed changes nothing.
void fdns_pace_jump(struct fdns_pace *pace, int64_t to_us);
// The clock was set (nothing waits in it): goes on from there.
void fdns_pace_restart(struct fdns_pace *pace);
// Ends asynchronously; closed (may be NULL) is called once, when the loop has let go of it.
void fdns_pace_stop(struct fdns_pace *pace, fdns_pace_closed_fn *closed, void *context);
