// What the files of the client share; nobody else includes this.
//
//   client.c        a call of ask: which questions, in what order, how many at a time
//   target.c        servers that are asked: outstanding questions, rate
//   datagrams.c     one question over UDP
//   conversation.c  one question over TCP
//   belongs.c       whether a message belongs to a question
#pragma once

#include "fakedns/serve/phase.h"
#include "fakedns/serve/socket.h"
#include "fakedns/serve/watch.h"
#include "harness/query/query.h"

enum {
    DC_CLIENT_BUFFER = 65536,
    DC_CLIENT_STASHED = 64,         // datagrams of one question that wait for their turn
    DC_CLIENT_TRANSCRIPT = 4 << 20, // octets of one conversation
    DC_CLIENT_DEFAULT_PER_SERVER = 32,
    DC_CLIENT_DEFAULT_IN_TOTAL = 256,
};

// A server that is asked, by its endpoint.
struct dc_target {
    struct fdns_address endpoint;
    unsigned n_outstanding;
    int64_t next_us; // when it may be sent to again
    struct dc_target *next;
};

struct dc_packet {
    struct fdns_address source;
    uint8_t *octets;
    size_t len;
    struct dc_packet *next;
};

//   WAITING --after is done, pause--> READY --a place is free--> ASKING --finish()--> FINISHED
enum dc_exchange_state { DC_WAITING, DC_READY, DC_QUEUED, DC_ASKING, DC_FINISHED };

struct dc_conversation;

// One question while it is asked. Lives in the batch's arena.
struct dc_exchange {
    struct dc_client *client;
    const struct dc_question *question;
    uint64_t hash; // of the question and the seed
    enum dc_exchange_state state;
    struct fdns_address endpoint;
    struct dc_target *target;
    struct fdns_timer start; // or try again
    struct fdns_timer deadline;
    struct fdns_timer turn; // to look at what has arrived
    struct fdns_watch watch;
    uint16_t id;
    struct dc_attempt *attempts;
    size_t n_attempts;
    const uint8_t *message; // the answer
    size_t message_len;
    struct dc_packet *packets; // played: arrived, not looked at yet
    struct dc_packet **last_packet;
    size_t n_packets;
    struct dc_conversation *conversation;
    struct dc_exchange *same;        // next in the index of the batch
    struct dc_exchange *next_queued; // waits for a place
    struct dc_exchange *followers;   // wait for this one
    struct dc_exchange *next_follower;
};

struct dc_client {
    struct dc_client_options options;
    struct fdns_watch_group group;
    uint8_t *buffer;
    struct dc_target *targets;
    unsigned n_outstanding;
    // of one call of ask
    struct fdns_arena arena;
    struct dc_store *store;
    struct dc_exchange *exchanges;
    size_t n_exchanges;
    size_t n_left;
    bool asking;
    struct dc_exchange **index; // by hash of the question
    size_t n_index;
    struct dc_exchange *queue;
    struct dc_exchange **queue_end;
    struct fdns_timer finished;
    dc_client_done_fn *done;
    void *context;
    dc_client_closed_fn *closed;
    void *closed_context;
};

static inline bool dc_client_is_scripted(const struct dc_client *client)
{
    return client->options.flight != NULL;
}

static inline int64_t dc_client_now(const struct dc_client *client)
{
    return client->options.clock->now_us;
}

// ---- client.c
// The attempt that runs; there is one from dc_exchange_begin on.
struct dc_attempt *dc_exchange_attempt(struct dc_exchange *exchange);
// Begins an attempt now.
void dc_exchange_begin(struct dc_exchange *exchange);
void dc_exchange_set_deadline(struct dc_exchange *exchange, int64_t after_us);
// Runs the exchange's turn now (real) or when its turn in key order comes (scripted).
void dc_exchange_take_turn(struct dc_exchange *exchange);
// Ends the attempt with this outcome, and the exchange; idempotent.
void dc_exchange_finish(struct dc_exchange *exchange, enum dc_outcome outcome);
void dc_exchange_keep_stray(struct dc_exchange *exchange, enum dc_stray_reason reason,
                            const struct fdns_address *source, const uint8_t *octets, size_t len);
// What a failed call means; SILENT for what a later try may mend.
enum dc_outcome dc_outcome_of_errno(int code);

// ---- target.c
struct dc_target *dc_target_get(struct dc_client *client, const struct fdns_address *endpoint);
// When the next packet may go to it; the place is taken.
int64_t dc_target_reserve(struct dc_client *client, struct dc_target *target);
void dc_targets_clear(struct dc_client *client);

// ---- datagrams.c
void dc_datagrams_begin(struct dc_exchange *exchange);
void dc_datagrams_turn(struct dc_exchange *exchange);
void dc_datagrams_deadline(struct dc_exchange *exchange);

// ---- conversation.c
void dc_conversation_begin(struct dc_exchange *exchange);
void dc_conversation_turn(struct dc_exchange *exchange);
void dc_conversation_deadline(struct dc_exchange *exchange);
void dc_conversation_clear(struct dc_exchange *exchange);
