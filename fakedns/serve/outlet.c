// Sockets that datagrams come from when a rule wants them to come from elsewhere: that of another
// endpoint, or one of our own, opened when it is first wanted. What is sent to one of our own is
// read and dropped: nobody lives there.

#include "fakedns/serve/serve_parts.h"

#include "fakedns/base/fatal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fdns_outlet {
    struct fdns_address scripted;
    struct fdns_address local;
    struct fdns_watch watch;
    struct fdns_outlet *next;
};

static void on_datagrams(struct fdns_flight_end *end)
{
    struct fdns_serve *serve = end->owner;
    for (unsigned i = 0; i < FDNS_SERVE_BATCH; i++) {
        struct fdns_sockaddr name = {.len = sizeof name.storage};
        struct fdns_address sender;
        if (fdns_serve_is_played(serve) && end->coming == 0) {
            return;
        }
        ssize_t n = recvfrom(end->fd, serve->buffer, FDNS_SERVE_BUFFER, 0,
                             (struct sockaddr *)&name.storage, &name.len);
        if (n < 0) {
            return;
        }
        if (fdns_serve_is_played(serve) && fdns_sockaddr_get(&name, &sender)) {
            (void)fdns_flight_received(end, &sender);
        }
    }
}

// Bound to an address of its own where endpoints have theirs, else beside the endpoint.
static int open_bound(struct fdns_serve *serve, const struct fdns_endpoint *endpoint,
                      const struct fdns_step_source *choice, struct fdns_address *local)
{
    struct fdns_address wanted = endpoint->local;
    wanted.port = 0;
    int fd = fdns_socket_open(wanted.family, SOCK_DGRAM);
    if (fd < 0) {
        return -1;
    }
    if (serve->options.port != 0) {
        struct fdns_address own = choice->other_host ? serve->spare : endpoint->local;
        own.port = choice->other_host ? serve->options.port : choice->address.port;
        if (own.family == wanted.family && fdns_socket_bind(fd, &own, local) == 0) {
            fdns_address_count_up(&serve->spare);
            return fd;
        }
    }
    if (fdns_socket_bind(fd, &wanted, local) == 0) {
        return fd;
    }
    close(fd);
    return -1;
}

static struct fdns_outlet *open_outlet(struct fdns_serve *serve,
                                       const struct fdns_endpoint *endpoint,
                                       const struct fdns_step_source *choice,
                                       const struct fdns_address *scripted)
{
    struct fdns_outlet *outlet = calloc(1, sizeof *outlet);
    if (outlet == NULL) {
        fdns_fatal("out of memory");
    }
    outlet->scripted = *scripted;
    int fd = serve->map.n_sources < FDNS_MAP_SOURCES_MAX
                 ? open_bound(serve, endpoint, choice, &outlet->local)
                 : -1;
    if (fd < 0 || !fdns_watch_open(&serve->group, &outlet->watch, fd, on_datagrams, serve)) {
        free(outlet);
        return NULL;
    }
    if (fdns_serve_is_played(serve)) {
        fdns_flight_open_udp(serve->options.flight, &outlet->watch.end, &outlet->local);
    }
    (void)fdns_map_add_source(&serve->map, scripted, &outlet->local);
    outlet->next = serve->outlets;
    serve->outlets = outlet;
    return outlet;
}

static bool is_endpoint_for(const struct fdns_endpoint *endpoint,
                            const struct fdns_address *scripted, enum fdns_family family)
{
    const struct fdns_address *own = fdns_endpoint_scripted(endpoint);
    return own != NULL && fdns_address_equal(own, scripted) && endpoint->local.family == family;
}

int fdns_outlet_socket(struct fdns_endpoint *endpoint, const struct fdns_step_source *choice,
                       const struct fdns_address *scripted)
{
    struct fdns_serve *serve = endpoint->serve;
    enum fdns_family family = endpoint->local.family;
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        if (is_endpoint_for(serve->endpoints[i], scripted, family)) {
            return serve->endpoints[i]->udp.end.fd;
        }
    }
    struct fdns_outlet *outlet = serve->outlets;
    while (outlet != NULL &&
           (!fdns_address_equal(&outlet->scripted, scripted) || outlet->local.family != family)) {
        outlet = outlet->next;
    }
    if (outlet == NULL) {
        outlet = open_outlet(serve, endpoint, choice, scripted);
    }
    return outlet != NULL ? outlet->watch.end.fd : -1;
}

void fdns_outlets_close(struct fdns_serve *serve)
{
    while (serve->outlets != NULL) {
        struct fdns_outlet *outlet = serve->outlets;
        serve->outlets = outlet->next;
        fdns_watch_close(&outlet->watch, false);
        free(outlet);
    }
}
