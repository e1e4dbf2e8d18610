// Real: a batch is read, answered from one arena and sent in one go, without allocating once warm.
// Played: each datagram is kept, and handled when its turn in key order comes.
//
// A port that refuses stays bound: its socket is connected to itself, so that nobody else's
// datagram finds it and the kernel says by ICMP that the port is closed. Replies that are due still
// go out.

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"
#include "fakedns/serve/serve_parts.h"

#include <stdlib.h>
#include <string.h>

struct fdns_udp_batch {
    struct mmsghdr in[FDNS_SERVE_BATCH];
    struct iovec in_octets[FDNS_SERVE_BATCH];
    struct fdns_sockaddr sources[FDNS_SERVE_BATCH];
    struct mmsghdr out[FDNS_SERVE_BATCH];
    struct iovec out_octets[FDNS_SERVE_BATCH];
    struct fdns_sockaddr to[FDNS_SERVE_BATCH];
    unsigned n_out;
    uint8_t octets[FDNS_SERVE_BATCH][FDNS_SERVE_BUFFER];
};

struct fdns_packet {
    struct fdns_timer timer;
    struct fdns_endpoint *endpoint;
    struct fdns_address client;
    struct fdns_packet *next;
    struct fdns_packet **place;
    size_t len;
    uint8_t octets[];
};

static void hold_step(struct fdns_endpoint *endpoint, const struct fdns_address *client,
                      const uint8_t *query, size_t len, const struct fdns_step *step, size_t index)
{
    struct fdns_hold_for whom = {
        .endpoint = endpoint, .client = *client, .hash = fdns_hash(endpoint->hash, query, len)};
    if (fdns_serve_is_played(endpoint->serve)) {
        whom.owner = fdns_flight_owner(endpoint->serve->options.flight, client);
    }
    fdns_hold(&whom, step, index);
}

static void show(const struct fdns_endpoint *endpoint, const struct fdns_address *client,
                 enum fdns_capture_way way, const uint8_t *octets, size_t len, const char *rule)
{
    struct fdns_capture *capture = endpoint->serve->options.capture;
    if (capture != NULL) {
        struct fdns_capture_talk talk = fdns_endpoint_talk(endpoint, client, rule);
        fdns_capture_datagram(capture, &talk, way, octets, len);
    }
}

// What a datagram comes from, as the world sees it.
static struct fdns_address source_of(const struct fdns_endpoint *endpoint,
                                     const struct fdns_step *step)
{
    struct fdns_address source = fdns_endpoint_talk(endpoint, &endpoint->local, NULL).server;
    if (step->source.given && step->source.other_host) {
        source = step->source.address;
    } else if (step->source.given) {
        source.port = step->source.address.port;
    }
    return source;
}

static void show_sent(const struct fdns_endpoint *endpoint, const struct fdns_address *client,
                      const struct fdns_step *step)
{
    struct fdns_capture *capture = endpoint->serve->options.capture;
    if (capture != NULL) {
        struct fdns_capture_talk talk = fdns_endpoint_talk(endpoint, client, step->rule);
        talk.server = source_of(endpoint, step);
        fdns_capture_datagram(capture, &talk, FDNS_TO_CLIENT, step->octets, step->len);
    }
}

// A plan's steps: those that wait are held, and so is what comes behind them. In played time each
// datagram is sent in an event of its own, so that no number of them fills a client's buffer.
static void carry_out(struct fdns_endpoint *endpoint, const struct fdns_address *client,
                      const uint8_t *query, size_t len, const struct fdns_plan *plan,
                      void (*send)(struct fdns_endpoint *endpoint,
                                   const struct fdns_address *client, const struct fdns_step *step))
{
    bool waits = fdns_serve_is_played(endpoint->serve) && plan->n_steps > 1;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct fdns_step *step = &plan->steps[i];
        waits = waits || step->delay_us > 0 || step->copies > 0;
        if (waits) {
            hold_step(endpoint, client, query, len, step, i);
        } else if (step->kind == FDNS_STEP_SEND) {
            send(endpoint, client, step);
        }
    }
}

// ---- played

static void drop_packet(struct fdns_packet *packet)
{
    struct fdns_serve *serve = packet->endpoint->serve;
    fdns_timer_stop(serve->options.clock, &packet->timer);
    *packet->place = packet->next;
    if (packet->next != NULL) {
        packet->next->place = packet->place;
    }
    serve->n_stashed--;
    free(packet);
}

static void on_turn(struct fdns_timer *timer)
{
    struct fdns_packet *packet = timer->owner;
    struct fdns_endpoint *endpoint = packet->endpoint;
    struct fdns_plan plan;
    fdns_arena_reset(&endpoint->serve->arena);
    fdns_serve_handle(endpoint, FDNS_UDP, &packet->client, 0, packet->octets, packet->len, &plan);
    show(endpoint, &packet->client, FDNS_TO_SERVER, packet->octets, packet->len, plan.rule);
    carry_out(endpoint, &packet->client, packet->octets, packet->len, &plan, fdns_udp_send);
    drop_packet(packet);
}

static void stash(struct fdns_endpoint *endpoint, const struct fdns_address *client, size_t len)
{
    struct fdns_serve *serve = endpoint->serve;
    struct fdns_packet *packet = malloc(sizeof *packet + len);
    if (packet == NULL) {
        fdns_fatal("out of memory");
    }
    memset(packet, 0, sizeof *packet);
    packet->endpoint = endpoint;
    packet->client = *client;
    packet->len = len;
    memcpy(packet->octets, serve->buffer, len);
    packet->place = &serve->stashed;
    packet->next = serve->stashed;
    if (packet->next != NULL) {
        packet->next->place = &packet->next;
    }
    serve->stashed = packet;
    serve->n_stashed++;
    packet->timer.fire = on_turn;
    packet->timer.owner = packet;
    uint64_t hash = fdns_hash(endpoint->hash, packet->octets, len);
    fdns_timer_start(serve->options.clock, &packet->timer, serve->options.clock->now_us,
                     fdns_phase_key(FDNS_PHASE_ARRIVED, hash));
}

static void receive_played(struct fdns_flight_end *end)
{
    struct fdns_endpoint *endpoint = end->owner;
    struct fdns_serve *serve = endpoint->serve;
    // Not a read more than what is coming: on a quiet socket that would be a call for nothing.
    while (end->coming > 0) {
        struct fdns_sockaddr source = {.len = sizeof source.storage};
        struct fdns_address client;
        ssize_t n = recvfrom(end->fd, serve->buffer, FDNS_SERVE_BUFFER, 0,
                             (struct sockaddr *)&source.storage, &source.len);
        if (n < 0) {
            return;
        }
        if (!fdns_sockaddr_get(&source, &client) || !fdns_flight_received(end, &client)) {
            continue;
        }
        if (serve->n_stashed < FDNS_SERVE_STASHED) {
            stash(endpoint, &client, (size_t)n);
        } else {
            serve->counts.dropped++;
        }
    }
}

// ---- real

static struct fdns_udp_batch *new_batch(void)
{
    struct fdns_udp_batch *batch = malloc(sizeof *batch);
    if (batch == NULL) {
        fdns_fatal("out of memory");
    }
    memset(batch->in, 0, sizeof batch->in);
    memset(batch->out, 0, sizeof batch->out);
    batch->n_out = 0;
    for (size_t i = 0; i < FDNS_SERVE_BATCH; i++) {
        batch->in_octets[i] = (struct iovec){batch->octets[i], FDNS_SERVE_BUFFER};
        batch->in[i].msg_hdr.msg_iov = &batch->in_octets[i];
        batch->in[i].msg_hdr.msg_iovlen = 1;
        batch->in[i].msg_hdr.msg_name = &batch->sources[i].storage;
        batch->out[i].msg_hdr.msg_iov = &batch->out_octets[i];
        batch->out[i].msg_hdr.msg_iovlen = 1;
        batch->out[i].msg_hdr.msg_name = &batch->to[i].storage;
    }
    return batch;
}

// A datagram that cannot be sent (too large for UDP, the client's host is gone, a full buffer) is
// lost, as datagrams are; those behind it are sent.
static void send_batch(struct fdns_endpoint *endpoint, struct fdns_udp_batch *batch)
{
    struct fdns_serve *serve = endpoint->serve;
    unsigned at = 0;
    while (at < batch->n_out) {
        int n = sendmmsg(endpoint->udp.end.fd, batch->out + at, batch->n_out - at, 0);
        if (n > 0) {
            at += (unsigned)n;
            serve->counts.replies += (unsigned)n;
        } else {
            at++;
            serve->counts.dropped++;
        }
    }
    batch->n_out = 0;
}

// Into the batch, if it goes the ordinary way.
static void add_out(struct fdns_endpoint *endpoint, const struct fdns_address *client,
                    const struct fdns_step *step)
{
    struct fdns_udp_batch *batch = endpoint->serve->batch;
    if (step->source.given || step->to_port != 0) {
        send_batch(endpoint, batch);
        fdns_udp_send(endpoint, client, step);
        return;
    }
    if (batch->n_out == FDNS_SERVE_BATCH) {
        send_batch(endpoint, batch);
    }
    batch->out_octets[batch->n_out] = fdns_socket_octets(step->octets, step->len);
    fdns_sockaddr_set(&batch->to[batch->n_out], client);
    batch->out[batch->n_out].msg_hdr.msg_namelen = batch->to[batch->n_out].len;
    batch->n_out++;
    show_sent(endpoint, client, step);
}

static void answer_one(struct fdns_endpoint *endpoint, size_t index)
{
    struct fdns_udp_batch *batch = endpoint->serve->batch;
    struct fdns_address client;
    struct fdns_plan plan;
    batch->sources[index].len = batch->in[index].msg_hdr.msg_namelen;
    if (!fdns_sockaddr_get(&batch->sources[index], &client)) {
        return;
    }
    const uint8_t *query = batch->octets[index];
    size_t len = batch->in[index].msg_len;
    fdns_serve_handle(endpoint, FDNS_UDP, &client, 0, query, len, &plan);
    show(endpoint, &client, FDNS_TO_SERVER, query, len, plan.rule);
    carry_out(endpoint, &client, query, len, &plan, add_out);
}

static void receive_real(struct fdns_flight_end *end)
{
    struct fdns_endpoint *endpoint = end->owner;
    struct fdns_serve *serve = endpoint->serve;
    if (serve->batch == NULL) {
        serve->batch = new_batch();
    }
    struct fdns_udp_batch *batch = serve->batch;
    for (size_t i = 0; i < FDNS_SERVE_BATCH; i++) {
        batch->in[i].msg_hdr.msg_namelen = sizeof batch->sources[i].storage;
    }
    int n = recvmmsg(end->fd, batch->in, FDNS_SERVE_BATCH, MSG_DONTWAIT, NULL);
    if (n <= 0) {
        return;
    }
    fdns_arena_reset(&serve->arena);
    for (int i = 0; i < n; i++) {
        answer_one(endpoint, (size_t)i);
    }
    send_batch(endpoint, batch);
    fdns_serve_log_flush(serve);
}

// ---- both

static bool refuses_now(const struct fdns_endpoint *endpoint)
{
    const struct fdns_serve_options *options = &endpoint->serve->options;
    return endpoint->server != NULL &&
           fdns_answer_udp_refused(options->world, endpoint->server, endpoint->address,
                                   options->clock->now_us);
}

// Letting go of the peer may lose the port as well, if the system chose it: then it is taken again.
static bool accept_from_all(struct fdns_endpoint *endpoint)
{
    int fd = endpoint->udp.end.fd;
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    struct fdns_address local;
    if (connect(fd, &nobody, sizeof nobody) != 0 || !fdns_socket_local(fd, &local)) {
        return false;
    }
    return fdns_address_equal(&local, &endpoint->local) ||
           fdns_socket_bind(fd, &endpoint->local, &local) == 0;
}

static bool accept_from_itself(const struct fdns_endpoint *endpoint)
{
    struct fdns_sockaddr name;
    fdns_sockaddr_set(&name, &endpoint->local);
    return connect(endpoint->udp.end.fd, (const struct sockaddr *)&name.storage, name.len) == 0;
}

bool fdns_udp_update(struct fdns_endpoint *endpoint)
{
    bool refuses = refuses_now(endpoint);
    if (refuses == endpoint->udp_refuses) {
        return true;
    }
    if (refuses ? !accept_from_itself(endpoint) : !accept_from_all(endpoint)) {
        return false;
    }
    endpoint->udp_refuses = refuses;
    if (fdns_serve_is_played(endpoint->serve)) {
        fdns_flight_refuse_udp(&endpoint->udp.end, refuses);
    }
    return true;
}

bool fdns_udp_open(struct fdns_endpoint *endpoint, int fd)
{
    struct fdns_serve *serve = endpoint->serve;
    bool played = fdns_serve_is_played(serve);
    if (!fdns_watch_open(&serve->group, &endpoint->udp, fd, played ? receive_played : receive_real,
                         endpoint)) {
        return false;
    }
    if (played) {
        fdns_flight_open_udp(serve->options.flight, &endpoint->udp.end, &endpoint->local);
    }
    return fdns_udp_update(endpoint);
}

void fdns_udp_send(struct fdns_endpoint *endpoint, const struct fdns_address *client,
                   const struct fdns_step *step)
{
    struct fdns_serve *serve = endpoint->serve;
    struct fdns_sockaddr name;
    struct fdns_address to = *client;
    int fd = endpoint->udp.end.fd;
    if (step->to_port != 0) {
        to.port = step->to_port;
    }
    if (step->source.given) {
        struct fdns_address source = source_of(endpoint, step);
        fd = fdns_outlet_socket(endpoint, &step->source, &source);
    }
    fdns_sockaddr_set(&name, &to);
    if (fd < 0 || sendto(fd, step->octets, step->len, 0, (const struct sockaddr *)&name.storage,
                         name.len) < 0) {
        serve->counts.dropped++;
        return;
    }
    serve->counts.replies++;
    show_sent(endpoint, &to, step);
    if (fdns_serve_is_played(serve)) {
        fdns_flight_sent(serve->options.flight, &to);
    }
}

void fdns_udp_forget(struct fdns_endpoint *endpoint)
{
    struct fdns_packet *next = NULL;
    for (struct fdns_packet *packet = endpoint->serve->stashed; packet != NULL; packet = next) {
        next = packet->next;
        if (packet->endpoint == endpoint) {
            drop_packet(packet);
        }
    }
}

void fdns_udp_close(struct fdns_endpoint *endpoint)
{
    fdns_udp_forget(endpoint);
    fdns_watch_close(&endpoint->udp, false);
}
