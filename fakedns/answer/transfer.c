#include "fakedns/answer/transfer.h"

#include <string.h>

static const struct fdns_server_zone *held_zone(const struct fdns_server *server,
                                                const uint8_t *apex)
{
    for (size_t i = 0; i < server->n_zones; i++) {
        if (fdns_name_equal(server->zones[i].apex, apex)) {
            return &server->zones[i];
        }
    }
    return NULL;
}

// The versions up to now, as far back as one leads to the next.
static struct fdns_history history_of(const struct fdns_server_zone *held, int64_t now_us,
                                      struct fdns_arena *arena)
{
    size_t n = 0, first = 0;
    while (n < held->n_versions && held->versions[n].at_us <= now_us) {
        n++;
    }
    for (first = n; first > 1 && held->versions[first - 1].delta != NULL;) {
        first--;
    }
    const struct fdns_delta **deltas = fdns_arena_array(arena, n, sizeof(*deltas));
    struct fdns_history history = {.deltas = deltas};
    for (size_t i = first; i < n; i++) {
        deltas[history.n_deltas++] = held->versions[i].delta;
    }
    history.now = n > 0 ? held->versions[n - 1].zone : NULL;
    return history;
}

static bool is_refused_transfer(const struct fdns_reply *reply)
{
    return reply->asked && reply->opcode == FDNS_OPCODE_QUERY && reply->qclass == FDNS_CLASS_IN &&
           reply->rcode == FDNS_REFUSED &&
           (reply->qtype == FDNS_TYPE_AXFR || reply->qtype == FDNS_TYPE_IXFR);
}

static void fill(struct fdns_transfer *transfer, const struct fdns_request *request,
                 const struct fdns_zone *now, struct fdns_reply *reply)
{
    if (request->transport == FDNS_TCP) {
        fdns_transfer_fill(transfer, reply, FDNS_TRANSFER_MESSAGE, SIZE_MAX);
        return;
    }
    fdns_transfer_fill(transfer, reply, reply->limit, SIZE_MAX);
    if (!transfer->over) {
        fdns_transfer_soa(transfer, reply->arena, now);
        fdns_transfer_fill(transfer, reply, reply->limit, SIZE_MAX);
    }
}

bool fdns_transfer_begin(struct fdns_transfer *transfer, const struct fdns_request *request,
                         const struct fdns_cursor_at *from, struct fdns_reply *reply)
{
    const struct fdns_server *server = request->server;
    uint32_t serial = 0;
    if (!is_refused_transfer(reply) || !fdns_server_transfers_to(server, &request->client)) {
        return false;
    }
    const struct fdns_server_zone *held = held_zone(server, reply->qname);
    struct fdns_history history = {0};
    if (held != NULL) {
        history = history_of(held, request->now_us, reply->arena);
    }
    if (history.now == NULL || history.now->soa == NULL) {
        reply->rcode = FDNS_SERVFAIL;
        return false;
    }
    if (reply->qtype == FDNS_TYPE_AXFR) {
        fdns_transfer_whole(transfer, reply->arena, history.now);
    } else if (fdns_ixfr_serial(reply->query, &serial)) {
        fdns_transfer_since(transfer, reply->arena, &history, serial);
    } else {
        reply->rcode = FDNS_FORMERR;
        return false;
    }
    reply->rcode = FDNS_NOERROR;
    reply->flags |= FDNS_AA; // RFC 5936 2.2.1
    reply->zone = history.now;
    reply->transfer = transfer;
    if (from != NULL) {
        transfer->from = *from;
    }
    fill(transfer, request, history.now, reply);
    return true;
}
