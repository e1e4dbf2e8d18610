// What the files of serving share; nobody else includes this.
//
//   serve.c       binds everything, stops everything
//   udp.c         datagrams in batches
//   tcp.c         listeners: accepting, refusing, hanging
//   connection.c  one TCP connection: frames in, replies out
//   outlet.c      sockets that datagrams come from, beside the endpoints'
//   hold.c        replies that wait for their time
//   stream.c      an answer of many messages, between two of them
//   notify.c      NOTIFY to others when zones change
//   handle.c      query octets -> plan, the log and the capture
#pragma once

#include "fakedns/serve/capture.h"
#include "fakedns/serve/phase.h"
#include "fakedns/serve/serve.h"
#include "fakedns/serve/socket.h"
#include "fakedns/serve/stream.h"
#include "fakedns/serve/watch.h"
#include "fakedns/wire/frame.h"

enum {
    FDNS_SERVE_BATCH = 32,        // datagrams at a time, real
    FDNS_SERVE_HELD = 16384,      // replies that wait
    FDNS_SERVE_CONNECTIONS = 256, // per endpoint
    FDNS_SERVE_BACKLOG = 511,
    FDNS_SERVE_OUTGOING = 1 << 20,    // octets that wait for a client to read
    FDNS_SERVE_OUTGOING_HIGH = 65536, // from there on we stop reading from it
    FDNS_SERVE_STASHED = 1024,        // datagrams that wait for their turn, played
};

// A connection without traffic is closed after this real (or played) time.
#define FDNS_SERVE_IDLE_US (INT64_C(60) * 1000000)

struct fdns_connection;
struct fdns_held;
struct fdns_notice;
struct fdns_outlet;
struct fdns_udp_batch;

// One address with its UDP socket and its TCP listener.
struct fdns_endpoint {
    struct fdns_serve *serve;
    const struct fdns_server *server; // NULL: the resolver
    size_t address;                   // index of the server's address
    uint64_t hash;                    // of the scripted address: for keys
    struct fdns_address local;
    struct fdns_watch udp;
    struct fdns_watch tcp;
    bool listening;
    bool udp_refuses;
    struct fdns_timer rest; // from accepting, when descriptors have run out
    struct fdns_connection *connections;
    size_t n_connections;
};

struct fdns_serve {
    struct fdns_serve_options options;
    struct fdns_watch_group group;
    struct fdns_endpoint **endpoints; // in the order of the world's addresses, the resolver last
    size_t n_endpoints;
    uint64_t n_named; // endpoints so far: for their hashes
    struct fdns_map map;
    struct fdns_arena arena; // of one query, or of one batch
    uint8_t *buffer;         // 64 KiB for reading
    struct fdns_buf frame;   // that is being made
    struct fdns_udp_batch *batch;
    struct fdns_timer change; // of the world
    struct fdns_held *held;   // UDP replies that wait
    size_t n_held;
    struct fdns_outlet *outlets;
    struct fdns_address spare;   // the next of the addresses that count up
    bool no_ipv6;                // there is no ::1
    struct fdns_packet *stashed; // datagrams that wait for their turn
    size_t n_stashed;
    struct fdns_notice *notices; // that nobody has answered yet
    size_t n_notices;
    uint16_t next_notice; // id
    int64_t changed_us;   // up to when changes of the world have been dealt with
    uint64_t next_connection;
    struct fdns_serve_counts counts;
    fdns_serve_done_fn *done;
    void *context;
};

enum { FDNS_SERVE_BUFFER = 65536 };

static inline bool fdns_serve_is_played(const struct fdns_serve *serve)
{
    return serve->options.flight != NULL;
}

// The scripted address, or NULL for the resolver.
const struct fdns_address *fdns_endpoint_scripted(const struct fdns_endpoint *endpoint);

// Who talks to whom at this time, for a capture (handle.c).
struct fdns_capture_talk fdns_endpoint_talk(const struct fdns_endpoint *endpoint,
                                            const struct fdns_address *client, const char *rule);

// ---- handle.c: what is to be done for a query. The plan's octets live in serve->arena.
struct fdns_request fdns_serve_request(const struct fdns_endpoint *endpoint,
                                       enum fdns_transport transport,
                                       const struct fdns_address *client, uint64_t connection,
                                       const uint8_t *octets, size_t len);
void fdns_serve_handle(struct fdns_endpoint *endpoint, enum fdns_transport transport,
                       const struct fdns_address *client, uint64_t connection,
                       const uint8_t *octets, size_t len, struct fdns_plan *plan);
void fdns_serve_log_flush(struct fdns_serve *serve);

// ---- udp.c
bool fdns_udp_open(struct fdns_endpoint *endpoint, int fd);
void fdns_udp_close(struct fdns_endpoint *endpoint);
// Drops what has arrived and waits for its turn.
void fdns_udp_forget(struct fdns_endpoint *endpoint);
// Its port is closed or open, as the world says at this time. False if that fails (errno).
bool fdns_udp_update(struct fdns_endpoint *endpoint);
void fdns_udp_send(struct fdns_endpoint *endpoint, const struct fdns_address *client,
                   const struct fdns_step *step);

// ---- outlet.c: a descriptor to send from that stands for a scripted address, of the endpoint's
// family; -1 if there can be none. Opened ones live until they are closed together.
int fdns_outlet_socket(struct fdns_endpoint *endpoint, const struct fdns_step_source *choice,
                       const struct fdns_address *scripted);
void fdns_outlets_close(struct fdns_serve *serve);

// ---- tcp.c
bool fdns_tcp_open(struct fdns_endpoint *endpoint, int fd);
void fdns_tcp_close(struct fdns_endpoint *endpoint);
// Closes its connections; it goes on accepting.
void fdns_tcp_forget(struct fdns_endpoint *endpoint);
// Listens or does not, as the world says at this time. False if listening fails (errno).
bool fdns_tcp_update(struct fdns_endpoint *endpoint);

// ---- connection.c
void fdns_connection_open(struct fdns_endpoint *endpoint, int fd, const struct fdns_address *client,
                          const struct fdns_tcp_terms *terms);
void fdns_connection_close(struct fdns_connection *connection, bool reset);
// A step of a plan whose time has come. May close the connection.
void fdns_connection_step(struct fdns_connection *connection, const struct fdns_step *step);
// One reply less is held for it.
struct fdns_held **fdns_connection_held(struct fdns_connection *connection);

// ---- hold.c: one step of a plan that waits. Exactly one of endpoint's client or connection.
struct fdns_hold_for {
    struct fdns_endpoint *endpoint;
    struct fdns_connection *connection; // NULL: UDP
    struct fdns_address client;
    uint64_t owner; // played, UDP: of the client's address when it asked
    uint64_t hash;  // of the query
};
void fdns_hold(const struct fdns_hold_for *whom, const struct fdns_step *step, size_t index);
void fdns_hold_drop(struct fdns_serve *serve, struct fdns_held **list);
// UDP replies of one endpoint.
void fdns_hold_drop_of(const struct fdns_endpoint *endpoint);
