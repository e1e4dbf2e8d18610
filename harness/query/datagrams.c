// One question over UDP, on a socket of its own. The socket is not connected, so that an answer
// from a wrong source is seen; IP_RECVERR makes the kernel report an unreachable port all the same.

#include "harness/query/belongs.h"
#include "harness/query/client_parts.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

// ---- sending

static void ask_for_errors(int fd, enum fdns_family family)
{
#ifdef IP_RECVERR
    int on = 1;
    if (family == FDNS_IPV4) {
        (void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    } else {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    }
#else
    (void)fd;
    (void)family;
#endif
}

static void on_ready(struct fdns_flight_end *end);

// In the ledger a socket has to have an address before anything is sent to it.
static bool enter_ledger(struct dc_exchange *exchange)
{
    struct fdns_address loopback;
    struct fdns_address local;
    const char *text = exchange->endpoint.family == FDNS_IPV4 ? "127.0.0.1" : "::1";
    (void)fdns_address_parse(text, 0, &loopback);
    if (fdns_socket_bind(exchange->watch.end.fd, &loopback, &local) != 0) {
        return false;
    }
    fdns_flight_open_udp(exchange->client->options.flight, &exchange->watch.end, &local);
    return true;
}

static bool open_socket(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    int fd = fdns_socket_open(exchange->endpoint.family, SOCK_DGRAM);
    if (fd < 0) {
        return false;
    }
    if (!dc_client_is_scripted(client)) {
        ask_for_errors(fd, exchange->endpoint.family);
    }
    if (!fdns_watch_open(&client->group, &exchange->watch, fd, on_ready, exchange)) {
        return false;
    }
    return !dc_client_is_scripted(client) || enter_ledger(exchange);
}

static ssize_t send_request(struct dc_exchange *exchange)
{
    const struct dc_question *question = exchange->question;
    struct fdns_sockaddr name;
    uint8_t id[2] = {(uint8_t)(exchange->id >> 8), (uint8_t)exchange->id};
    size_t n_id = question->len < sizeof id ? question->len : sizeof id;
    // The id goes in front of what follows it in the request.
    struct iovec octets[2] = {fdns_socket_octets(id, n_id),
                              fdns_socket_octets(question->request + n_id, question->len - n_id)};
    fdns_sockaddr_set(&name, &exchange->endpoint);
    struct msghdr message = {
        .msg_name = &name.storage, .msg_namelen = name.len, .msg_iov = octets, .msg_iovlen = 2};
    return sendmsg(exchange->watch.end.fd, &message, MSG_NOSIGNAL);
}

void dc_datagrams_begin(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    if (!fdns_watch_is_open(&exchange->watch) && !open_socket(exchange)) {
        dc_exchange_finish(exchange, DC_UNREACHABLE);
        return;
    }
    if (send_request(exchange) < 0) {
        enum dc_outcome outcome = dc_outcome_of_errno(errno);
        if (outcome != DC_SILENT) {
            dc_exchange_finish(exchange, outcome);
            return;
        }
    } else if (dc_client_is_scripted(client)) {
        fdns_flight_sent(client->options.flight, &exchange->endpoint);
    }
    dc_exchange_set_deadline(exchange, client->options.timeout_us);
}

// ---- receiving

// Judges one datagram. True if it was the answer.
static bool look_at(struct dc_exchange *exchange, const struct fdns_address *source,
                    const uint8_t *octets, size_t len)
{
    const struct dc_question *question = exchange->question;
    enum dc_stray_reason reason = DC_STRAY_SOURCE;
    if (!fdns_address_equal(source, &exchange->endpoint) ||
        !dc_message_belongs(question->request, question->len, exchange->id, octets, len, &reason)) {
        dc_exchange_keep_stray(exchange, reason, source, octets, len);
        return false;
    }
    struct dc_attempt *attempt = dc_exchange_attempt(exchange);
    attempt->octets = fdns_arena_copy(&exchange->client->arena, octets, len);
    attempt->len = len;
    exchange->message = attempt->octets;
    exchange->message_len = len;
    dc_exchange_finish(exchange, DC_ANSWERED);
    return true;
}

static void stash(struct dc_exchange *exchange, const struct fdns_address *source, size_t len)
{
    struct dc_client *client = exchange->client;
    if (exchange->n_packets == DC_CLIENT_STASHED) {
        return;
    }
    struct dc_packet *packet = fdns_arena_alloc(&client->arena, sizeof *packet);
    packet->source = *source;
    packet->octets = fdns_arena_copy(&client->arena, client->buffer, len);
    packet->len = len;
    *exchange->last_packet = packet;
    exchange->last_packet = &packet->next;
    exchange->n_packets++;
}

// Played, in order of arrival: all come from one server to one socket.
void dc_datagrams_turn(struct dc_exchange *exchange)
{
    struct dc_packet *packet = exchange->packets;
    exchange->packets = NULL;
    exchange->last_packet = &exchange->packets;
    exchange->n_packets = 0;
    for (; packet != NULL; packet = packet->next) {
        if (look_at(exchange, &packet->source, packet->octets, packet->len)) {
            return;
        }
    }
}

static ssize_t receive(struct dc_exchange *exchange, struct fdns_address *source)
{
    struct fdns_sockaddr name = {.len = sizeof name.storage};
    ssize_t n = recvfrom(exchange->watch.end.fd, exchange->client->buffer, DC_CLIENT_BUFFER, 0,
                         (struct sockaddr *)&name.storage, &name.len);
    if (n >= 0 && !fdns_sockaddr_get(&name, source)) {
        memset(source, 0, sizeof *source);
    }
    return n;
}

static void receive_scripted(struct dc_exchange *exchange)
{
    struct fdns_flight_end *end = &exchange->watch.end;
    struct fdns_address source;
    while (end->coming > 0) {
        ssize_t n = receive(exchange, &source);
        if (n < 0) {
            return;
        }
        if (!fdns_flight_received(end, &source)) {
            continue;
        }
        stash(exchange, &source, (size_t)n);
        dc_exchange_take_turn(exchange);
    }
}

// The error itself was told by recv; what the kernel has queued about it would wake us for ever.
static void forget_errors(int fd)
{
#ifdef MSG_ERRQUEUE
    uint8_t octets[1];
    while (recv(fd, octets, sizeof octets, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {
        ;
    }
#else
    (void)fd;
#endif
}

// A stranger who floods the socket gets a bounded part of our time, and nothing is kept of it.
static void receive_real(struct dc_exchange *exchange)
{
    struct fdns_address source;
    for (unsigned i = 0; i < DC_CLIENT_STASHED; i++) {
        ssize_t n = receive(exchange, &source);
        if (n >= 0) {
            if (look_at(exchange, &source, exchange->client->buffer, (size_t)n)) {
                return;
            }
            continue;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        }
        enum dc_outcome outcome = dc_outcome_of_errno(errno);
        forget_errors(exchange->watch.end.fd);
        if (outcome != DC_SILENT) {
            dc_exchange_finish(exchange, outcome);
            return;
        }
    }
}

static void on_ready(struct fdns_flight_end *end)
{
    struct dc_exchange *exchange = end->owner;
    if (dc_client_is_scripted(exchange->client)) {
        receive_scripted(exchange);
    } else {
        receive_real(exchange);
    }
}

// ---- silence

void dc_datagrams_deadline(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    if (exchange->n_attempts > client->options.retries) {
        dc_exchange_finish(exchange, DC_SILENT);
        return;
    }
    struct dc_attempt *attempt = dc_exchange_attempt(exchange);
    attempt->outcome = DC_SILENT;
    attempt->ended_us = dc_client_now(client);
    int64_t at_us = dc_target_reserve(client, exchange->target);
    fdns_timer_start(client->options.clock, &exchange->start, at_us,
                     fdns_phase_key(FDNS_PHASE_ASK, exchange->hash));
}
