#include "fakedns/serve/flight_parts.h"

#include "fakedns/base/fatal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void fdns_flight_init(struct fdns_flight *flight)
{
    memset(flight, 0, sizeof *flight);
    flight->watchdog_ms = FDNS_FLIGHT_WATCHDOG_MS;
}

void fdns_flight_clear(struct fdns_flight *flight)
{
    if (flight->n_open != 0) {
        fdns_fatal("a ledger of what is in flight is cleared with %zu sockets open",
                   flight->n_open);
    }
    while (flight->spare != NULL) {
        struct fdns_flight_link *link = flight->spare;
        flight->spare = link->next;
        free(link);
    }
}

static void list_coming(struct fdns_flight *flight, struct fdns_flight_end *end)
{
    end->previous = NULL;
    end->next = flight->coming;
    if (end->next != NULL) {
        end->next->previous = end;
    }
    flight->coming = end;
}

static void unlist_coming(struct fdns_flight *flight, struct fdns_flight_end *end)
{
    if (end->next != NULL) {
        end->next->previous = end->previous;
    }
    if (end->previous != NULL) {
        end->previous->next = end->next;
    } else {
        flight->coming = end->next;
    }
}

void fdns_flight_set_coming(struct fdns_flight_end *end, int64_t coming)
{
    struct fdns_flight *flight = end->flight;
    if (coming < 0) {
        fdns_fatal("more has arrived at a socket than was sent to it");
    }
    if (end->coming == 0 && coming > 0) {
        list_coming(flight, end);
    }
    if (end->coming > 0 && coming == 0) {
        unlist_coming(flight, end);
    }
    flight->total += coming - end->coming;
    end->coming = coming;
}

struct fdns_flight_end **fdns_flight_bucket(struct fdns_flight_end **table, uint16_t port)
{
    return &table[port % FDNS_FLIGHT_BUCKETS];
}

struct fdns_flight_end *fdns_flight_find(struct fdns_flight_end *const *table,
                                         const struct fdns_address *local)
{
    struct fdns_flight_end *end = table[local->port % FDNS_FLIGHT_BUCKETS];
    while (end != NULL && !fdns_address_equal(&end->local, local)) {
        end = end->same;
    }
    return end;
}

void fdns_flight_enter(struct fdns_flight *flight, struct fdns_flight_end *end,
                       const struct fdns_address *local, struct fdns_flight_end **bucket)
{
    assert(flight != NULL);
    end->flight = flight;
    end->local = *local;
    end->coming = 0;
    end->wants_read = true;
    end->wants_write = false;
    end->link = NULL;
    end->bucket = bucket;
    if (bucket != NULL) {
        end->same = *bucket;
        *bucket = end;
    }
    end->open_previous = NULL;
    end->open_next = flight->open;
    if (end->open_next != NULL) {
        end->open_next->open_previous = end;
    }
    flight->open = end;
    flight->n_open++;
}

static void leave_bucket(struct fdns_flight_end *end)
{
    if (end->bucket == NULL) {
        return;
    }
    struct fdns_flight_end **place = end->bucket;
    while (*place != end) {
        place = &(*place)->same;
    }
    *place = end->same;
}

void fdns_flight_close(struct fdns_flight_end *end, bool reset)
{
    struct fdns_flight *flight = end->flight;
    if (flight == NULL) {
        return;
    }
    if (end->link != NULL) {
        fdns_flight_close_side(end, reset);
    }
    if (end->listening) {
        fdns_flight_listen(end, false);
    }
    fdns_flight_set_coming(end, 0);
    leave_bucket(end);
    if (end->open_next != NULL) {
        end->open_next->open_previous = end->open_previous;
    }
    if (end->open_previous != NULL) {
        end->open_previous->open_next = end->open_next;
    } else {
        flight->open = end->open_next;
    }
    flight->n_open--;
    end->flight = NULL;
}

void fdns_flight_open_udp(struct fdns_flight *flight, struct fdns_flight_end *end,
                          const struct fdns_address *local)
{
    end->listening = false;
    end->refuses = false;
    end->serial = ++flight->next_serial;
    fdns_flight_enter(flight, end, local, fdns_flight_bucket(flight->udp, local->port));
}

void fdns_flight_sent(struct fdns_flight *flight, const struct fdns_address *destination)
{
    struct fdns_flight_end *end = fdns_flight_find(flight->udp, destination);
    if (end != NULL && !end->refuses) {
        fdns_flight_set_coming(end, end->coming + 1);
    }
}

uint64_t fdns_flight_owner(const struct fdns_flight *flight, const struct fdns_address *address)
{
    const struct fdns_flight_end *end = fdns_flight_find(flight->udp, address);
    return end != NULL ? end->serial : 0;
}

void fdns_flight_refuse_udp(struct fdns_flight_end *end, bool refuses)
{
    end->refuses = refuses;
}

bool fdns_flight_received(struct fdns_flight_end *end, const struct fdns_address *source)
{
    if (fdns_flight_find(end->flight->udp, source) == NULL) {
        return false;
    }
    fdns_flight_set_coming(end, end->coming - 1);
    return true;
}

static void print_end(const struct fdns_flight_end *end, struct fdns_buf *out)
{
    char text[FDNS_ADDRESS_TEXT_MAX];
    const char *kind = "udp";
    if (end->link != NULL) {
        kind = end->side == 0 ? "tcp client" : "tcp server";
    } else if (end->bucket != NULL && end->listening) {
        kind = "tcp listener";
    }
    fdns_buf_format(out, "  %s %s: %" PRId64 " coming%s\n", kind,
                    fdns_address_print(&end->local, text), end->coming,
                    end->wants_write ? ", waits for room or a connection" : "");
}

void fdns_flight_print(const struct fdns_flight *flight, struct fdns_buf *out)
{
    fdns_buf_format(out, "in flight: %" PRId64 " on %zu sockets\n", flight->total, flight->n_open);
    for (const struct fdns_flight_end *end = flight->coming; end != NULL; end = end->next) {
        print_end(end, out);
    }
}
