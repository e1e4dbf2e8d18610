#include "fakedns/serve/flight.h"

#include <poll.h>

enum { POLLED_AT_ONCE = 256 };

// Lets the sockets that something is coming to read, until one of them got something: that may have
// changed the list.
static bool read_one(struct fdns_flight *flight)
{
    struct fdns_flight_end *next = NULL;
    for (struct fdns_flight_end *end = flight->coming; end != NULL; end = next) {
        next = end->next;
        int64_t before = flight->total;
        end->arrive(end);
        if (flight->total != before) {
            return true;
        }
    }
    return false;
}

static short poll_events(const struct fdns_flight_end *end)
{
    return (short)((end->wants_read ? POLLIN : 0) | (end->wants_write ? POLLOUT : 0));
}

// Waits for the kernel to deliver to one of the sockets that expect something.
static bool wait_for_arrival(struct fdns_flight *flight)
{
    struct pollfd fds[POLLED_AT_ONCE];
    nfds_t n = 0;
    for (struct fdns_flight_end *end = flight->coming; end != NULL && n < POLLED_AT_ONCE;
         end = end->next) {
        fds[n++] = (struct pollfd){.fd = end->fd, .events = poll_events(end)};
    }
    return poll(fds, n, flight->watchdog_ms) > 0;
}

static bool give_up(const struct fdns_flight *flight, struct fdns_buf *report)
{
    if (report != NULL) {
        fdns_flight_print(flight, report);
    }
    return false;
}

bool fdns_flight_drain(struct fdns_flight *flight, struct fdns_buf *report)
{
    // A socket that is readable and yet gives us nothing must not keep us here.
    unsigned n_vain = 0;
    while (flight->total > 0) {
        if (read_one(flight)) {
            n_vain = 0;
            continue;
        }
        if (n_vain++ > 1000 || !wait_for_arrival(flight)) {
            return give_up(flight, report);
        }
    }
    return true;
}

bool fdns_flight_is_quiet(const struct fdns_flight *flight)
{
    if (flight->total != 0) {
        return false;
    }
    for (const struct fdns_flight_end *end = flight->open; end != NULL; end = end->open_next) {
        struct pollfd fd = {.fd = end->fd, .events = POLLIN};
        if (end->wants_read && end->link == NULL && poll(&fd, 1, 0) > 0 &&
            (fd.revents & POLLIN) != 0) {
            return false;
        }
    }
    return true;
}

bool fdns_flight_play(struct fdns_flight *flight, struct fdns_clock *clock, const bool *finished,
                      struct fdns_buf *report)
{
    do {
        if (!fdns_flight_drain(flight, report)) {
            return false;
        }
        if (*finished) {
            return true;
        }
    } while (fdns_clock_step(clock));
    return true;
}

bool fdns_flight_play_until(struct fdns_flight *flight, struct fdns_clock *clock, int64_t at_us,
                            struct fdns_buf *report)
{
    int64_t next_us = 0;
    for (;;) {
        if (!fdns_flight_drain(flight, report)) {
            return false;
        }
        if (!fdns_clock_next(clock, &next_us) || next_us > at_us) {
            break;
        }
        fdns_clock_step(clock);
    }
    fdns_clock_run(clock, at_us);
    return true;
}
