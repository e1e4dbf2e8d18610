// The counters of a connection follow from its state: after every change of a link, what is coming
// to each of its two ends is computed anew.

#include "fakedns/serve/flight_parts.h"

#include "fakedns/base/fatal.h"

#include <stdlib.h>
#include <string.h>

static bool can_arrive(const struct fdns_flight_side *receiver)
{
    return receiver->end != NULL && receiver->reads && !receiver->ended;
}

static int64_t count_stream(const struct fdns_flight_side *sender,
                            const struct fdns_flight_side *receiver)
{
    if (!can_arrive(receiver)) {
        return 0;
    }
    if (sender->sent_reset) {
        return 1;
    }
    return (int64_t)(sender->sent - receiver->read) + (sender->sent_end ? 1 : 0);
}

static void update_side(struct fdns_flight_link *link, unsigned side)
{
    struct fdns_flight_side *own = &link->sides[side];
    const struct fdns_flight_side *peer = &link->sides[1 - side];
    if (own->end == NULL) {
        return;
    }
    bool connecting = side == 0 && link->connecting;
    bool waits_for_room = own->unsent && can_arrive(peer);
    int64_t coming = count_stream(peer, own);
    own->end->wants_read = coming > 0;
    own->end->wants_write = connecting || waits_for_room;
    fdns_flight_set_coming(own->end, coming + (connecting ? 1 : 0) + (waits_for_room ? 1 : 0));
}

static void update(struct fdns_flight_link *link)
{
    update_side(link, 0);
    update_side(link, 1);
}

static struct fdns_flight_link **link_bucket(struct fdns_flight *flight,
                                             const struct fdns_address *client)
{
    return &flight->links[client->port % FDNS_FLIGHT_BUCKETS];
}

static struct fdns_flight_link *new_link(struct fdns_flight *flight)
{
    struct fdns_flight_link *link = flight->spare;
    if (link != NULL) {
        flight->spare = link->next;
    } else {
        link = malloc(sizeof *link);
    }
    if (link == NULL) {
        fdns_fatal("out of memory");
    }
    memset(link, 0, sizeof *link);
    return link;
}

// The pair is forgotten when neither side is there any more.
static void drop_if_over(struct fdns_flight *flight, struct fdns_flight_link *link)
{
    if (link->sides[0].end != NULL || link->sides[1].end != NULL || link->listener != NULL) {
        return;
    }
    struct fdns_flight_link **place = link_bucket(flight, &link->client);
    while (*place != link) {
        place = &(*place)->next;
    }
    *place = link->next;
    link->next = flight->spare;
    flight->spare = link;
}

static void stop_expecting_accept(struct fdns_flight_link *link)
{
    if (link->listener == NULL) {
        return;
    }
    fdns_flight_set_coming(link->listener, link->listener->coming - 1);
    link->listener = NULL;
}

static void join(struct fdns_flight_end *end, struct fdns_flight_link *link, unsigned side)
{
    end->link = link;
    end->side = side;
    link->sides[side].end = end;
    link->sides[side].reads = true;
}

void fdns_flight_open_listener(struct fdns_flight *flight, struct fdns_flight_end *end,
                               const struct fdns_address *local, bool listening)
{
    end->listening = listening;
    fdns_flight_enter(flight, end, local, fdns_flight_bucket(flight->listeners, local->port));
}

// Who stops listening will accept nothing of what was on its way.
void fdns_flight_listen(struct fdns_flight_end *end, bool listening)
{
    end->listening = listening;
    if (listening || end->coming == 0) {
        return;
    }
    for (size_t i = 0; i < FDNS_FLIGHT_BUCKETS; i++) {
        struct fdns_flight_link *next = NULL;
        for (struct fdns_flight_link *link = end->flight->links[i]; link != NULL; link = next) {
            next = link->next;
            if (link->listener != end) {
                continue;
            }
            stop_expecting_accept(link);
            drop_if_over(end->flight, link);
        }
    }
}

void fdns_flight_open_client(struct fdns_flight *flight, struct fdns_flight_end *end,
                             const struct fdns_address *local, const struct fdns_address *server)
{
    end->listening = false;
    fdns_flight_enter(flight, end, local, NULL);
    struct fdns_flight_link *link = new_link(flight);
    struct fdns_flight_link **bucket = link_bucket(flight, local);
    link->next = *bucket;
    *bucket = link;
    link->client = *local;
    link->connecting = true;
    join(end, link, 0);
    struct fdns_flight_end *listener = fdns_flight_find(flight->listeners, server);
    if (listener != NULL && listener->listening) {
        link->listener = listener;
        fdns_flight_set_coming(listener, listener->coming + 1);
    }
    update(link);
}

void fdns_flight_connected(struct fdns_flight_end *end, bool success)
{
    end->link->connecting = false;
    if (!success) {
        stop_expecting_accept(end->link);
        end->link->sides[0].ended = true;
    }
    update(end->link);
}

bool fdns_flight_open_accepted(struct fdns_flight_end *listener, struct fdns_flight_end *end,
                               const struct fdns_address *peer)
{
    struct fdns_flight *flight = listener->flight;
    struct fdns_flight_link *link = *link_bucket(flight, peer);
    while (link != NULL &&
           (link->listener != listener || !fdns_address_equal(&link->client, peer))) {
        link = link->next;
    }
    if (link == NULL) {
        return false;
    }
    stop_expecting_accept(link);
    end->listening = false;
    fdns_flight_enter(flight, end, &listener->local, NULL);
    join(end, link, 1);
    update(link);
    return true;
}

void fdns_flight_reading(struct fdns_flight_end *end, bool reading)
{
    end->link->sides[end->side].reads = reading;
    update(end->link);
}

void fdns_flight_wrote(struct fdns_flight_end *end, size_t n, bool unsent)
{
    struct fdns_flight_side *own = &end->link->sides[end->side];
    own->sent += n;
    own->unsent = unsent;
    update(end->link);
}

void fdns_flight_wrote_end(struct fdns_flight_end *end)
{
    end->link->sides[end->side].sent_end = true;
    update(end->link);
}

void fdns_flight_read(struct fdns_flight_end *end, size_t n)
{
    end->link->sides[end->side].read += n;
    update(end->link);
}

void fdns_flight_read_end(struct fdns_flight_end *end)
{
    end->link->sides[end->side].ended = true;
    update(end->link);
}

size_t fdns_flight_unread(const struct fdns_flight_end *end)
{
    const struct fdns_flight_link *link = end->link;
    return (size_t)(link->sides[1 - end->side].sent - link->sides[end->side].read);
}

void fdns_flight_close_side(struct fdns_flight_end *end, bool reset)
{
    struct fdns_flight_link *link = end->link;
    struct fdns_flight_side *own = &link->sides[end->side];
    if (reset || fdns_flight_unread(end) > 0) {
        own->sent_reset = true;
    } else {
        own->sent_end = true;
    }
    own->unsent = false;
    own->end = NULL;
    if (end->side == 0) {
        link->connecting = false;
    }
    end->link = NULL;
    update(link);
    drop_if_over(end->flight, link);
}
