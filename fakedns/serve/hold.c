// A step that waits owns a copy of its octets; it is on the list of its connection, or on the
// serve's for UDP, so that closing either drops it.

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"
#include "fakedns/serve/serve_parts.h"

#include <stdlib.h>
#include <string.h>

struct fdns_held {
    struct fdns_timer timer;
    struct fdns_hold_for whom;
    struct fdns_step step; // its octets are ours
    struct fdns_held *next;
    struct fdns_held **place; // what points to it
    uint8_t octets[];
};

static void unlink_held(struct fdns_held *held)
{
    *held->place = held->next;
    if (held->next != NULL) {
        held->next->place = held->place;
    }
    held->whom.endpoint->serve->n_held--;
}

// Played: the client has gone, and another one has its port. Which ports are had again is the
// system's choice and must not be seen.
static bool has_moved(const struct fdns_hold_for *whom)
{
    const struct fdns_flight *flight = whom->endpoint->serve->options.flight;
    uint64_t owner = flight != NULL ? fdns_flight_owner(flight, &whom->client) : 0;
    return owner != 0 && owner != whom->owner;
}

static void carry_out(const struct fdns_hold_for *whom, const struct fdns_step *step)
{
    if (whom->connection != NULL) {
        fdns_connection_step(whom->connection, step);
    } else if (has_moved(whom)) {
        whom->endpoint->serve->counts.dropped++;
    } else if (step->kind == FDNS_STEP_SEND) {
        fdns_udp_send(whom->endpoint, &whom->client, step);
    }
}

// One that is to be sent again keeps waiting, and what it does may end its connection, and it.
static void repeat(struct fdns_held *held)
{
    struct fdns_clock *clock = held->whom.endpoint->serve->options.clock;
    struct fdns_hold_for whom = held->whom;
    struct fdns_step step = held->step;
    held->step.copies--;
    fdns_timer_start(clock, &held->timer, clock->now_us + step.copies_us, held->timer.key);
    carry_out(&whom, &step);
}

static void on_time(struct fdns_timer *timer)
{
    struct fdns_held *held = timer->owner;
    if (held->step.copies > 0) {
        repeat(held);
        return;
    }
    unlink_held(held);
    carry_out(&held->whom, &held->step);
    free(held);
}

void fdns_hold(const struct fdns_hold_for *whom, const struct fdns_step *step, size_t index)
{
    struct fdns_serve *serve = whom->endpoint->serve;
    if (serve->n_held == FDNS_SERVE_HELD) {
        serve->counts.dropped++;
        return;
    }
    struct fdns_held *held = malloc(sizeof *held + step->len);
    if (held == NULL) {
        fdns_fatal("out of memory");
    }
    memset(held, 0, sizeof *held);
    held->whom = *whom;
    held->step = *step;
    held->step.octets = held->octets;
    if (step->len > 0) {
        memcpy(held->octets, step->octets, step->len);
    }
    struct fdns_held **list =
        whom->connection != NULL ? fdns_connection_held(whom->connection) : &serve->held;
    held->place = list;
    held->next = *list;
    if (held->next != NULL) {
        held->next->place = &held->next;
    }
    *list = held;
    serve->n_held++;
    held->timer.fire = on_time;
    held->timer.owner = held;
    // Steps of one plan at one time keep their order: the index takes the key's lowest bits, which
    // are left free.
    uint64_t key = fdns_phase_key(FDNS_PHASE_REPLY, whom->hash) & ~UINT64_C(15);
    fdns_timer_start(serve->options.clock, &held->timer,
                     serve->options.clock->now_us + step->delay_us, key | (index & 15));
}

void fdns_hold_drop_of(const struct fdns_endpoint *endpoint)
{
    struct fdns_held *next = NULL;
    for (struct fdns_held *held = endpoint->serve->held; held != NULL; held = next) {
        next = held->next;
        if (held->whom.endpoint == endpoint) {
            fdns_timer_stop(endpoint->serve->options.clock, &held->timer);
            unlink_held(held);
            free(held);
        }
    }
}

void fdns_hold_drop(struct fdns_serve *serve, struct fdns_held **list)
{
    struct fdns_held *next = NULL;
    for (struct fdns_held *held = *list; held != NULL; held = next) {
        next = held->next;
        fdns_timer_stop(serve->options.clock, &held->timer);
        free(held);
        serve->n_held--;
    }
    *list = NULL;
}
