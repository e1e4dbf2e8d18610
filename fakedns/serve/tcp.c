// A listener that refuses is bound and does not listen. It goes back and forth without giving up
// its port: shutdown(2) makes a listening socket an idle one that is still bound, because the port
// was named when it was bound.

#include "fakedns/serve/serve_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t rest_us = 1000000;

static struct fdns_tcp_terms terms_now(const struct fdns_endpoint *endpoint)
{
    const struct fdns_serve_options *options = &endpoint->serve->options;
    if (endpoint->server == NULL) {
        return (struct fdns_tcp_terms){.fault = FDNS_TCP_SERVED};
    }
    return fdns_answer_tcp_terms(options->world, endpoint->server, endpoint->address,
                                 options->clock->now_us);
}

// Descriptors have run out: the connection waits in the backlog, and we look again in a while
// rather than turning round and round.
static void rest(struct fdns_endpoint *endpoint)
{
    struct fdns_clock *clock = endpoint->serve->options.clock;
    fdns_watch_want(&endpoint->tcp, false, false);
    fdns_timer_start(clock, &endpoint->rest, clock->now_us + rest_us,
                     fdns_phase_key(FDNS_PHASE_IDLE, endpoint->hash));
}

static void on_rested(struct fdns_timer *timer)
{
    struct fdns_endpoint *endpoint = timer->owner;
    fdns_watch_want(&endpoint->tcp, true, false);
}

static void on_connections(struct fdns_flight_end *end)
{
    struct fdns_endpoint *endpoint = end->owner;
    bool played = fdns_serve_is_played(endpoint->serve);
    while (!played || end->coming > 0) {
        struct fdns_sockaddr source = {.len = sizeof source.storage};
        struct fdns_address client;
        int fd = accept4(end->fd, (struct sockaddr *)&source.storage, &source.len,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == ECONNABORTED || errno == EINTR)) {
            continue;
        }
        if (fd < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                rest(endpoint);
            }
            return;
        }
        if (!fdns_sockaddr_get(&source, &client)) {
            close(fd);
        } else {
            struct fdns_tcp_terms terms = terms_now(endpoint);
            fdns_connection_open(endpoint, fd, &client, &terms);
        }
    }
}

bool fdns_tcp_open(struct fdns_endpoint *endpoint, int fd)
{
    struct fdns_serve *serve = endpoint->serve;
    endpoint->rest.fire = on_rested;
    endpoint->rest.owner = endpoint;
    endpoint->listening = terms_now(endpoint).fault != FDNS_TCP_REFUSED;
    if (endpoint->listening && listen(fd, FDNS_SERVE_BACKLOG) != 0) {
        int code = errno;
        close(fd);
        errno = code;
        return false;
    }
    if (!fdns_watch_open(&serve->group, &endpoint->tcp, fd, on_connections, endpoint)) {
        return false;
    }
    if (fdns_serve_is_played(serve)) {
        fdns_flight_open_listener(serve->options.flight, &endpoint->tcp.end, &endpoint->local,
                                  endpoint->listening);
    } else if (!endpoint->listening) {
        fdns_watch_want(&endpoint->tcp, false, false);
    }
    return true;
}

bool fdns_tcp_update(struct fdns_endpoint *endpoint)
{
    bool listening = terms_now(endpoint).fault != FDNS_TCP_REFUSED;
    if (listening == endpoint->listening) {
        return true;
    }
    int fd = endpoint->tcp.end.fd;
    if (listening ? listen(fd, FDNS_SERVE_BACKLOG) != 0 : shutdown(fd, SHUT_RD) != 0) {
        return false;
    }
    endpoint->listening = listening;
    if (fdns_serve_is_played(endpoint->serve)) {
        fdns_flight_listen(&endpoint->tcp.end, listening);
    }
    fdns_watch_want(&endpoint->tcp, listening, false);
    return true;
}

void fdns_tcp_forget(struct fdns_endpoint *endpoint)
{
    struct fdns_clock *clock = endpoint->serve->options.clock;
    while (endpoint->connections != NULL) {
        fdns_connection_close(endpoint->connections, false);
    }
    if (fdns_timer_waits(&endpoint->rest)) {
        fdns_timer_stop(clock, &endpoint->rest);
        on_rested(&endpoint->rest);
    }
}

void fdns_tcp_close(struct fdns_endpoint *endpoint)
{
    fdns_tcp_forget(endpoint);
    fdns_watch_close(&endpoint->tcp, false);
}
