// The one clock, and the one heap of everything that waits.
//
// Every wait of a server, a client or an event is a timer in this heap; nothing else carries
// behaviour in time. A clock does not move by itself:
//   - played: its owner calls fdns_clock_step, which jumps to the next entry, but only when nothing
//     is in flight (DESIGN: time passes only then);
//   - real: its owner sets now from a monotonic source and calls fdns_clock_run.
//
// Entries are ordered by (at_us, key, sequence), never by arrival: `key` is derived from what the
// entry means (phase, question, side), so that a run repeats exactly.
// Timers are embedded in the object that waits; the clock owns only its array of pointers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_timer;
typedef void fdns_timer_fn(struct fdns_timer *timer);

struct fdns_timer {
    int64_t at_us;
    uint64_t key;
    uint64_t sequence;
    size_t place; // position in the heap + 1; 0 when not waiting
    fdns_timer_fn *fire;
    void *owner;
};

struct fdns_clock {
    int64_t now_us;
    struct fdns_timer **heap;
    size_t n_waiting;
    size_t capacity;
    uint64_t next_sequence;
};

void fdns_clock_init(struct fdns_clock *clock, int64_t now_us);
// All timers must have been stopped or have fired.
void fdns_clock_clear(struct fdns_clock *clock);

// Starts (or moves) a timer to fire at at_us; a time in the past counts as now.
void fdns_timer_start(struct fdns_clock *clock, struct fdns_timer *timer, int64_t at_us,
                      uint64_t key);
// Stopping a timer that does not wait is fine.
void fdns_timer_stop(struct fdns_clock *clock, struct fdns_timer *timer);
static inline bool fdns_timer_waits(const struct fdns_timer *timer)
{
    return timer->place != 0;
}

// Time of the first entry; false if there is none.
bool fdns_clock_next(const struct fdns_clock *clock, int64_t *at_us);

// Played time: moves now to the first entry and fires exactly that one. False if nothing waits.
bool fdns_clock_step(struct fdns_clock *clock);

// Real time: moves now to now_us (never back) and fires, in order, all that is due by then,
// including entries that those add for a time that has come.
void fdns_clock_run(struct fdns_clock *clock, int64_t now_us);
