#include "fakedns/base/clock.h"
#include "fakedns/base/random.h"
#include "unit/harness.h"

#include <string.h>

struct waiter {
    struct fdns_timer timer;
    struct fdns_clock *clock;
    char name;
    int again; // times it starts itself again, at the same time
};

static char fired[64];

static void note(struct fdns_timer *timer)
{
    struct waiter *waiter = timer->owner;
    size_t len = strlen(fired);
    fired[len] = waiter->name;
    fired[len + 1] = '\0';
    CHECK(!fdns_timer_waits(timer));
    if (waiter->again > 0) {
        waiter->again--;
        fdns_timer_start(waiter->clock, timer, 0, 0);
    }
}

static void prepare(struct fdns_clock *clock, struct waiter *waiters, size_t n)
{
    fdns_clock_init(clock, 100);
    memset(waiters, 0, n * sizeof *waiters);
    for (size_t i = 0; i < n; i++) {
        waiters[i] = (struct waiter){.clock = clock, .name = (char)('a' + (char)i)};
        waiters[i].timer.fire = note;
        waiters[i].timer.owner = &waiters[i];
    }
    fired[0] = '\0';
}

static void test_order(void)
{
    struct fdns_clock clock;
    struct waiter w[5];
    prepare(&clock, w, 5);
    fdns_timer_start(&clock, &w[0].timer, 300, 1);
    fdns_timer_start(&clock, &w[1].timer, 200, 9);
    fdns_timer_start(&clock, &w[2].timer, 200, 2);
    fdns_timer_start(&clock, &w[3].timer, 200, 2);
    fdns_timer_start(&clock, &w[4].timer, 50, 7); // past: counts as now
    int64_t next = 0;
    CHECK(fdns_clock_next(&clock, &next));
    CHECK_INT(100, next);
    CHECK(fdns_clock_step(&clock));
    CHECK_INT(100, clock.now_us);
    CHECK(fdns_clock_step(&clock));
    CHECK_INT(200, clock.now_us);
    CHECK_TEXT("ec", fired);
    while (fdns_clock_step(&clock)) {
    }
    CHECK_TEXT("ecdba", fired);
    CHECK_INT(300, clock.now_us);
    CHECK(!fdns_clock_next(&clock, &next));
    fdns_clock_clear(&clock);
}

static void test_move_and_stop(void)
{
    struct fdns_clock clock;
    struct waiter w[3];
    prepare(&clock, w, 3);
    fdns_timer_start(&clock, &w[0].timer, 200, 0);
    fdns_timer_start(&clock, &w[1].timer, 300, 0);
    fdns_timer_start(&clock, &w[2].timer, 400, 0);
    fdns_timer_start(&clock, &w[0].timer, 500, 0);
    fdns_timer_stop(&clock, &w[1].timer);
    fdns_timer_stop(&clock, &w[1].timer);
    CHECK_INT(2, clock.n_waiting);
    fdns_clock_run(&clock, 450);
    CHECK_TEXT("c", fired);
    CHECK_INT(450, clock.now_us);
    fdns_clock_run(&clock, 10); // never back
    CHECK_INT(450, clock.now_us);
    CHECK(fdns_timer_waits(&w[0].timer));
    fdns_timer_stop(&clock, &w[0].timer);
    fdns_clock_clear(&clock);
}

static void test_starts_itself(void)
{
    struct fdns_clock clock;
    struct waiter w[2];
    prepare(&clock, w, 2);
    w[0].again = 2;
    fdns_timer_start(&clock, &w[0].timer, 150, 0);
    fdns_timer_start(&clock, &w[1].timer, 151, 0);
    fdns_clock_run(&clock, 150);
    CHECK_TEXT("aaa", fired);
    fdns_timer_stop(&clock, &w[1].timer);
    fdns_clock_clear(&clock);
}

static int64_t last_us;
static size_t n_fired;

static void in_order(struct fdns_timer *timer)
{
    CHECK(timer->at_us >= last_us);
    last_us = timer->at_us;
    n_fired++;
}

static void test_many(void)
{
    enum { N = 500 };
    static struct fdns_timer timers[N];
    struct fdns_clock clock;
    struct fdns_random random;
    size_t n_stopped = 0;
    fdns_clock_init(&clock, 0);
    fdns_random_init(&random, 7);
    memset(timers, 0, sizeof timers);
    for (size_t i = 0; i < 4 * N; i++) { // most are moved a few times
        struct fdns_timer *timer = &timers[fdns_random_below(&random, N)];
        timer->fire = in_order;
        fdns_timer_start(&clock, timer, (int64_t)fdns_random_below(&random, 10000), i % 3);
    }
    size_t n_started = clock.n_waiting;
    for (size_t i = 0; i < N; i += 3) {
        n_stopped += fdns_timer_waits(&timers[i]) ? 1 : 0;
        fdns_timer_stop(&clock, &timers[i]);
    }
    last_us = 0;
    n_fired = 0;
    while (fdns_clock_step(&clock)) {
    }
    CHECK_INT(n_started - n_stopped, n_fired);
    fdns_clock_clear(&clock);
}

static const struct test tests[] = {
    {"entries fire by time, key and sequence", test_order},
    {"a timer can be moved and stopped", test_move_and_stop},
    {"what becomes due while running fires too", test_starts_itself},
    {"hundreds of moved and stopped timers fire in order", test_many},
};
SUITE(clock, tests)
