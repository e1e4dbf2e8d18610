// First every descriptor is bound, as plain descriptors that can be given back at once; only when
// all have their ports are they watched.

#include "fakedns/serve/notify.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PORT_TRIES = 64 };

const struct fdns_address *fdns_endpoint_scripted(const struct fdns_endpoint *endpoint)
{
    return endpoint->server != NULL ? &endpoint->server->addresses[endpoint->address] : NULL;
}

// ---- binding

// Where the search for an endpoint's address stands.
struct binding {
    const struct fdns_serve_options *options;
    struct fdns_address next; // with a given port
    bool no_ipv6;
};

static void set_loopback(struct fdns_address *address, enum fdns_family family)
{
    (void)fdns_address_parse(family == FDNS_IPV4 ? "127.0.0.1" : "::1", 0, address);
}

static void start_binding(struct binding *binding, const struct fdns_serve_options *options)
{
    *binding = (struct binding){.options = options};
    if (options->listen != NULL) {
        binding->next = *options->listen;
    } else {
        set_loopback(&binding->next, FDNS_IPV4);
    }
    binding->next.port = options->port;
}

// Goes on where the search for endpoints ended.
static void resume_binding(struct binding *binding, const struct fdns_serve *serve)
{
    *binding = (struct binding){
        .options = &serve->options, .next = serve->spare, .no_ipv6 = serve->no_ipv6};
}

static void choose_address(struct binding *binding, const struct fdns_endpoint *endpoint,
                           struct fdns_address *address)
{
    const struct fdns_address *scripted = fdns_endpoint_scripted(endpoint);
    *address = binding->next;
    if (binding->options->port != 0) {
        fdns_address_count_up(&binding->next);
    } else if (binding->options->listen == NULL && scripted != NULL &&
               scripted->family == FDNS_IPV6 && !binding->no_ipv6) {
        set_loopback(address, FDNS_IPV6);
    }
}

// Keeps errno.
static int close_with(int fd)
{
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

static int open_bound(const struct fdns_address *address, int type, struct fdns_address *local)
{
    int fd = fdns_socket_open(address->family, type);
    int on = 1;
    if (fd < 0) {
        return -1;
    }
    // A port somebody has named must be had again while old connections linger (TIME_WAIT); it
    // does not let two listeners share it.
    if (type == SOCK_STREAM && address->port != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    return fdns_socket_bind(fd, address, local) == 0 ? fd : close_with(fd);
}

// UDP takes a port, TCP the same one. fds[0] is UDP. 0, or -1 with errno.
static int bind_pair(const struct fdns_address *address, int fds[2], struct fdns_address *local)
{
    fds[0] = open_bound(address, SOCK_DGRAM, local);
    if (fds[0] < 0) {
        return -1;
    }
    fds[1] = open_bound(local, SOCK_STREAM, local);
    return fds[1] >= 0 ? 0 : close_with(fds[0]);
}

static int bind_retrying(const struct fdns_address *address, int fds[2], struct fdns_address *local)
{
    // A port of the system's choice may be free for UDP and taken for TCP: then another pair.
    for (unsigned i = 0; i < PORT_TRIES; i++) {
        if (bind_pair(address, fds, local) == 0) {
            return 0;
        }
        if (address->port != 0 || errno != EADDRINUSE) {
            return -1;
        }
    }
    return -1;
}

static int bind_endpoint(struct binding *binding, struct fdns_endpoint *endpoint, int fds[2],
                         struct fdns_address *wanted)
{
    choose_address(binding, endpoint, wanted);
    if (bind_retrying(wanted, fds, &endpoint->local) == 0) {
        return 0;
    }
    bool fallback = wanted->family == FDNS_IPV6 && binding->options->listen == NULL &&
                    fdns_socket_error(errno) == FDNS_UNREACHABLE;
    if (!fallback) {
        return -1;
    }
    binding->no_ipv6 = true;
    choose_address(binding, endpoint, wanted);
    return bind_retrying(wanted, fds, &endpoint->local);
}

static void explain(const struct fdns_address *address, const struct fdns_endpoint *endpoint,
                    int code, struct fdns_buf *why)
{
    char text[FDNS_ADDRESS_TEXT_MAX];
    const char *name = endpoint->server != NULL ? endpoint->server->name : "the resolver";
    fdns_buf_format(why, "cannot listen on %s for %s: %s", fdns_address_print(address, text), name,
                    strerror(code));
}

// Binds all; on failure none is left open.
static int bind_all(struct fdns_serve *serve, int (*fds)[2], struct fdns_buf *why)
{
    struct binding binding;
    struct fdns_address wanted;
    start_binding(&binding, &serve->options);
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        if (bind_endpoint(&binding, serve->endpoints[i], fds[i], &wanted) == 0) {
            continue;
        }
        int code = errno;
        explain(&wanted, serve->endpoints[i], code, why);
        while (i-- > 0) {
            close(fds[i][0]);
            close(fds[i][1]);
        }
        errno = code;
        return -1;
    }
    serve->spare = binding.next;
    serve->no_ipv6 = binding.no_ipv6;
    return 0;
}

// ---- starting

static size_t count_endpoints(const struct fdns_serve_options *options)
{
    size_t n = options->resolver != NULL ? 1 : 0;
    for (size_t i = 0; i < options->world->n_servers; i++) {
        n += options->world->servers[i].n_addresses;
    }
    return n;
}

static void *need(void *memory)
{
    if (memory == NULL) {
        fdns_fatal("out of memory");
    }
    return memory;
}

static struct fdns_endpoint *new_endpoint(struct fdns_serve *serve,
                                          const struct fdns_server *server, size_t address)
{
    struct fdns_endpoint *endpoint = need(calloc(1, sizeof *endpoint));
    endpoint->serve = serve;
    endpoint->server = server;
    endpoint->address = address;
    endpoint->udp.end.fd = -1;
    endpoint->tcp.end.fd = -1;
    endpoint->hash = fdns_hash_u64(0, serve->n_named++);
    return endpoint;
}

static void make_endpoints(struct fdns_serve *serve)
{
    const struct fdns_world *world = serve->options.world;
    size_t n = 0;
    for (size_t i = 0; i < world->n_servers; i++) {
        for (size_t k = 0; k < world->servers[i].n_addresses; k++) {
            serve->endpoints[n++] = new_endpoint(serve, &world->servers[i], k);
        }
    }
    if (serve->options.resolver != NULL) {
        serve->endpoints[n++] = new_endpoint(serve, NULL, 0);
    }
}

static struct fdns_serve *new_serve(const struct fdns_serve_options *options)
{
    struct fdns_serve *serve = need(calloc(1, sizeof *serve));
    serve->options = *options;
    serve->n_endpoints = count_endpoints(options);
    serve->endpoints = need(calloc(serve->n_endpoints + 1, sizeof *serve->endpoints));
    serve->buffer = need(malloc(FDNS_SERVE_BUFFER));
    serve->group.flight = options->flight;
    serve->group.loop = options->loop;
    serve->group.pace = options->pace;
    fdns_arena_init(&serve->arena, 0);
    fdns_buf_init(&serve->frame, FDNS_SERVE_OUTGOING);
    fdns_map_init(&serve->map);
    make_endpoints(serve);
    return serve;
}

static void free_serve(struct fdns_serve *serve)
{
    fdns_map_clear(&serve->map);
    fdns_arena_clear(&serve->arena);
    fdns_buf_clear(&serve->frame);
    free(serve->batch);
    free(serve->buffer);
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        free(serve->endpoints[i]);
    }
    free(serve->endpoints);
    free(serve);
}

// Both descriptors are the endpoint's afterwards, or closed.
static bool open_endpoint(struct fdns_endpoint *endpoint, const int fds[2], struct fdns_buf *why)
{
    bool good = fdns_tcp_open(endpoint, fds[1]);
    if (!good) {
        explain(&endpoint->local, endpoint, errno, why);
    }
    if (!fdns_udp_open(endpoint, fds[0])) {
        good = false;
    }
    return good;
}

static void draw_map(struct fdns_serve *serve)
{
    serve->map.n_entries = 0;
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        const struct fdns_address *scripted = fdns_endpoint_scripted(serve->endpoints[i]);
        if (scripted != NULL) {
            (void)fdns_map_add(&serve->map, scripted, &serve->endpoints[i]->local);
        } else {
            serve->map.has_resolver = true;
            serve->map.resolver = serve->endpoints[i]->local;
        }
    }
}

static void wait_for_change(struct fdns_serve *serve)
{
    int64_t at_us = 0;
    struct fdns_clock *clock = serve->options.clock;
    const struct fdns_world *world = serve->options.world;
    bool wanted = world->any_tcp_refused || world->any_udp_refused || fdns_notify_is_wanted(world);
    if (wanted && fdns_world_next_change(world, clock->now_us, &at_us)) {
        fdns_timer_start(clock, &serve->change, at_us, fdns_phase_key(FDNS_PHASE_WORLD, 0));
    }
}

void fdns_serve_update(struct fdns_serve *serve)
{
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        if (!fdns_tcp_update(serve->endpoints[i])) {
            serve->counts.dropped++;
        }
        if (!fdns_udp_update(serve->endpoints[i])) {
            serve->counts.dropped++;
        }
    }
    fdns_notify_changes(serve, serve->changed_us);
    serve->changed_us = serve->options.clock->now_us;
    fdns_timer_stop(serve->options.clock, &serve->change);
    wait_for_change(serve);
}

static void on_change(struct fdns_timer *timer)
{
    fdns_serve_update(timer->owner);
}

struct fdns_serve *fdns_serve_start(const struct fdns_serve_options *options,
                                    enum fdns_error *error, struct fdns_buf *why)
{
    struct fdns_serve *serve = new_serve(options);
    int(*fds)[2] = need(calloc(serve->n_endpoints + 1, sizeof *fds));
    bool good = bind_all(serve, fds, why) == 0;
    int code = errno;
    if (!good) {
        free_serve(serve);
    }
    bool bound = good;
    for (size_t i = 0; bound && i < serve->n_endpoints; i++) {
        if (!open_endpoint(serve->endpoints[i], fds[i], why)) {
            code = errno;
            good = false;
        }
    }
    free(fds);
    if (good) {
        serve->changed_us = options->clock->now_us;
        draw_map(serve);
        serve->change = (struct fdns_timer){.fire = on_change, .owner = serve};
        wait_for_change(serve);
        return serve;
    }
    if (bound) {
        fdns_serve_stop(serve, NULL, NULL);
    }
    if (error != NULL) {
        *error = fdns_socket_error(code);
    }
    return NULL;
}

const struct fdns_map *fdns_serve_map(const struct fdns_serve *serve)
{
    return &serve->map;
}

struct fdns_serve_counts fdns_serve_counts(const struct fdns_serve *serve)
{
    return serve->counts;
}

// ---- another world

static struct fdns_endpoint *find_endpoint(const struct fdns_serve *serve,
                                           const struct fdns_address *scripted)
{
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        const struct fdns_address *other = fdns_endpoint_scripted(serve->endpoints[i]);
        if (other != NULL && fdns_address_equal(other, scripted)) {
            return serve->endpoints[i];
        }
    }
    return NULL;
}

static void close_endpoint(struct fdns_endpoint *endpoint)
{
    fdns_tcp_close(endpoint);
    fdns_hold_drop_of(endpoint);
    fdns_notify_drop_of(endpoint);
    fdns_udp_close(endpoint);
    free(endpoint);
}

static bool bind_and_open(struct binding *binding, struct fdns_endpoint *endpoint,
                          struct fdns_buf *why)
{
    struct fdns_address wanted;
    int fds[2];
    if (bind_endpoint(binding, endpoint, fds, &wanted) != 0) {
        explain(&wanted, endpoint, errno, why);
        return false;
    }
    return open_endpoint(endpoint, fds, why);
}

// The endpoints of a world: those that are there already, and new ones. NULL after a failure, with
// nothing changed.
static struct fdns_endpoint **endpoints_of(struct fdns_serve *serve, const struct fdns_world *world,
                                           size_t *n, struct fdns_buf *why)
{
    struct fdns_serve_options options = serve->options;
    struct binding binding;
    bool good = true;
    options.world = world;
    struct fdns_endpoint **all = need(calloc(count_endpoints(&options) + 1, sizeof(*all)));
    resume_binding(&binding, serve);
    for (size_t i = 0; i < world->n_servers; i++) {
        const struct fdns_server *server = &world->servers[i];
        for (size_t k = 0; k < server->n_addresses && good; k++) {
            struct fdns_endpoint *old = find_endpoint(serve, &server->addresses[k]);
            all[(*n)++] = old != NULL ? old : new_endpoint(serve, server, k);
            good = old != NULL || bind_and_open(&binding, all[*n - 1], why);
        }
    }
    if (good && serve->options.resolver != NULL) {
        all[(*n)++] = serve->endpoints[serve->n_endpoints - 1];
    }
    for (size_t i = 0; i < *n && !good; i++) {
        if (all[i]->server != NULL &&
            find_endpoint(serve, fdns_endpoint_scripted(all[i])) != all[i]) {
            close_endpoint(all[i]);
        }
    }
    if (good) {
        serve->spare = binding.next;
        serve->no_ipv6 = binding.no_ipv6;
        return all;
    }
    free(all);
    return NULL;
}

static bool is_among(struct fdns_endpoint *const *endpoints, size_t n,
                     const struct fdns_endpoint *endpoint)
{
    for (size_t i = 0; i < n; i++) {
        if (endpoints[i] == endpoint) {
            return true;
        }
    }
    return false;
}

// Gives each endpoint its server in the new world; they stand in the order of its addresses.
static void assign_servers(struct fdns_serve *serve)
{
    const struct fdns_world *world = serve->options.world;
    size_t n = 0;
    for (size_t i = 0; i < world->n_servers; i++) {
        for (size_t k = 0; k < world->servers[i].n_addresses; k++, n++) {
            serve->endpoints[n]->server = &world->servers[i];
            serve->endpoints[n]->address = k;
        }
    }
}

bool fdns_serve_change(struct fdns_serve *serve, const struct fdns_world *world,
                       struct fdns_world_state *state, struct fdns_buf *why)
{
    size_t n = 0;
    struct fdns_endpoint **endpoints = endpoints_of(serve, world, &n, why);
    if (endpoints == NULL) {
        return false;
    }
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        if (!is_among(endpoints, n, serve->endpoints[i])) {
            close_endpoint(serve->endpoints[i]);
        }
    }
    free(serve->endpoints);
    serve->endpoints = endpoints;
    serve->n_endpoints = n;
    serve->options.world = world;
    serve->options.state = state;
    assign_servers(serve);
    draw_map(serve);
    fdns_serve_update(serve);
    return true;
}

void fdns_serve_set_state(struct fdns_serve *serve, struct fdns_world_state *state)
{
    serve->options.state = state;
}

void fdns_serve_forget(struct fdns_serve *serve)
{
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        fdns_tcp_forget(serve->endpoints[i]);
        fdns_udp_forget(serve->endpoints[i]);
    }
    fdns_hold_drop(serve, &serve->held);
    fdns_notify_stop(serve);
    fdns_timer_stop(serve->options.clock, &serve->change);
    serve->changed_us = 0;
    serve->next_connection = 0;
    serve->counts = (struct fdns_serve_counts){0};
}

// ---- stopping

static void on_gone(void *context)
{
    struct fdns_serve *serve = context;
    fdns_serve_done_fn *done = serve->done;
    void *done_context = serve->context;
    free_serve(serve);
    if (done != NULL) {
        done(done_context);
    }
}

void fdns_serve_stop(struct fdns_serve *serve, fdns_serve_done_fn *done, void *context)
{
    serve->done = done;
    serve->context = context;
    fdns_timer_stop(serve->options.clock, &serve->change);
    fdns_notify_stop(serve);
    for (size_t i = 0; i < serve->n_endpoints; i++) {
        fdns_tcp_close(serve->endpoints[i]);
        fdns_udp_close(serve->endpoints[i]);
    }
    fdns_hold_drop(serve, &serve->held);
    fdns_outlets_close(serve);
    fdns_watch_group_end(&serve->group, on_gone, serve);
}
