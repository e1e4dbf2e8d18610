// A binary heap of pointers; every timer knows its own place, so that stopping one costs no search.
#include "fakedns/base/clock.h"

#include "fakedns/base/fatal.h"

#include <assert.h>
#include <stdlib.h>

void fdns_clock_init(struct fdns_clock *clock, int64_t now_us)
{
    *clock = (struct fdns_clock){.now_us = now_us};
}

void fdns_clock_clear(struct fdns_clock *clock)
{
    assert(clock->n_waiting == 0);
    free(clock->heap);
    *clock = (struct fdns_clock){.now_us = clock->now_us};
}

static bool before(const struct fdns_timer *a, const struct fdns_timer *b)
{
    if (a->at_us != b->at_us) {
        return a->at_us < b->at_us;
    }
    return a->key != b->key ? a->key < b->key : a->sequence < b->sequence;
}

static void put(struct fdns_clock *clock, size_t index, struct fdns_timer *timer)
{
    clock->heap[index] = timer;
    timer->place = index + 1;
}

static void sift_up(struct fdns_clock *clock, size_t index, struct fdns_timer *timer)
{
    while (index > 0 && before(timer, clock->heap[(index - 1) / 2])) {
        put(clock, index, clock->heap[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    put(clock, index, timer);
}

static void sift_down(struct fdns_clock *clock, size_t index, struct fdns_timer *timer)
{
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= clock->n_waiting) {
            break;
        }
        if (child + 1 < clock->n_waiting && before(clock->heap[child + 1], clock->heap[child])) {
            child++;
        }
        if (!before(clock->heap[child], timer)) {
            break;
        }
        put(clock, index, clock->heap[child]);
        index = child;
    }
    put(clock, index, timer);
}

static void reserve(struct fdns_clock *clock)
{
    if (clock->n_waiting < clock->capacity) {
        return;
    }
    size_t capacity = clock->capacity != 0 ? clock->capacity * 2 : 64;
    struct fdns_timer **heap = realloc(clock->heap, capacity * sizeof(struct fdns_timer *));
    if (heap == NULL) {
        fdns_fatal("out of memory (%zu timers)", capacity);
    }
    clock->heap = heap;
    clock->capacity = capacity;
}

void fdns_timer_start(struct fdns_clock *clock, struct fdns_timer *timer, int64_t at_us,
                      uint64_t key)
{
    fdns_timer_stop(clock, timer);
    reserve(clock);
    timer->at_us = at_us > clock->now_us ? at_us : clock->now_us;
    timer->key = key;
    timer->sequence = clock->next_sequence++;
    sift_up(clock, clock->n_waiting++, timer);
}

void fdns_timer_stop(struct fdns_clock *clock, struct fdns_timer *timer)
{
    if (timer->place == 0) {
        return;
    }
    size_t index = timer->place - 1;
    assert(index < clock->n_waiting && clock->heap[index] == timer);
    timer->place = 0;
    struct fdns_timer *last = clock->heap[--clock->n_waiting];
    if (last == timer) {
        return;
    }
    if (index > 0 && before(last, clock->heap[(index - 1) / 2])) {
        sift_up(clock, index, last);
    } else {
        sift_down(clock, index, last);
    }
}

bool fdns_clock_next(const struct fdns_clock *clock, int64_t *at_us)
{
    if (clock->n_waiting == 0) {
        return false;
    }
    *at_us = clock->heap[0]->at_us;
    return true;
}

// The timer no longer waits when its function runs, which may therefore start it again or free it.
static void fire_first(struct fdns_clock *clock)
{
    struct fdns_timer *timer = clock->heap[0];
    fdns_timer_stop(clock, timer);
    timer->fire(timer);
}

bool fdns_clock_step(struct fdns_clock *clock)
{
    int64_t at_us;
    if (!fdns_clock_next(clock, &at_us)) {
        return false;
    }
    if (at_us > clock->now_us) {
        clock->now_us = at_us;
    }
    fire_first(clock);
    return true;
}

void fdns_clock_run(struct fdns_clock *clock, int64_t now_us)
{
    int64_t at_us;
    if (now_us > clock->now_us) {
        clock->now_us = now_us;
    }
    while (fdns_clock_next(clock, &at_us) && at_us <= clock->now_us) {
        fire_first(clock);
    }
}
