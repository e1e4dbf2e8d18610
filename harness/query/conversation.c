// One TCP conversation: the question's steps, or, without steps, the request in a frame and one
// message awaited. All that is received is the transcript; the steps look at it in turns.
//
//   CONNECTING --> STEPS --the last one is done--> finished
//        any     --refused, end of stream, deadline--> finished
//
// End of file, reset and broken pipe are one outcome: the connection has ended.

#include "harness/query/belongs.h"
#include "harness/query/client_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakedns/base/fatal.h"

struct dc_conversation {
    const struct dc_step *steps;
    size_t n_steps;
    size_t at; // the step that runs
    struct dc_step plain[2];
    bool connecting;
    int failed;      // errno of the connect, or 0
    bool ended;      // the server sends no more
    bool half_close; // when all is sent
    bool waited;     // the time of a WAIT is over
    bool in_step;    // a WAIT or AWAIT has set its deadline
    struct fdns_buf in;
    struct fdns_buf out;
    size_t looked;      // octets of the transcript that have been looked at
    unsigned n_whole;   // messages in there
    unsigned n_awaited; // of them, those that steps have taken
};

static bool is_scripted(const struct dc_exchange *exchange)
{
    return dc_client_is_scripted(exchange->client);
}

void dc_conversation_clear(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    if (conversation == NULL) {
        return;
    }
    fdns_buf_clear(&conversation->in);
    fdns_buf_clear(&conversation->out);
    free(conversation);
    exchange->conversation = NULL;
}

static void set_plain_steps(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    const struct dc_question *question = exchange->question;
    uint8_t *frame = fdns_arena_alloc(&exchange->client->arena, question->len + 2);
    frame[0] = (uint8_t)(question->len >> 8);
    frame[1] = (uint8_t)question->len;
    if (question->len > 0) {
        memcpy(frame + 2, question->request, question->len);
    }
    if (question->len >= 2) {
        frame[2] = (uint8_t)(exchange->id >> 8);
        frame[3] = (uint8_t)exchange->id;
    }
    conversation->plain[0] =
        (struct dc_step){.kind = DC_STEP_SEND, .octets = frame, .len = question->len + 2};
    conversation->plain[1] = (struct dc_step){.kind = DC_STEP_AWAIT, .n_messages = 1};
    conversation->steps = conversation->plain;
    conversation->n_steps = 2;
}

static size_t octets_to_send(const struct dc_question *question)
{
    size_t n = question->len + 2;
    for (size_t i = 0; i < question->n_steps; i++) {
        n += question->steps[i].len;
    }
    return n;
}

static void new_conversation(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = calloc(1, sizeof *conversation);
    if (conversation == NULL) {
        fdns_fatal("out of memory");
    }
    exchange->conversation = conversation;
    conversation->connecting = true;
    fdns_buf_init(&conversation->in, DC_CLIENT_TRANSCRIPT);
    fdns_buf_init(&conversation->out, octets_to_send(exchange->question));
    conversation->steps = exchange->question->steps;
    conversation->n_steps = exchange->question->n_steps;
    if (conversation->n_steps == 0) {
        set_plain_steps(exchange);
    }
}

// ---- connecting

static void on_ready(struct fdns_flight_end *end);

// 0, or errno. Also when it fails the socket is there, to be closed when the exchange finishes.
static int connect_to(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    struct fdns_sockaddr name;
    struct fdns_address local;
    int fd = fdns_socket_open(exchange->endpoint.family, SOCK_STREAM);
    if (fd < 0) {
        return errno;
    }
    fdns_sockaddr_set(&name, &exchange->endpoint);
    if (connect(fd, (const struct sockaddr *)&name.storage, name.len) != 0 &&
        errno != EINPROGRESS) {
        int code = errno;
        close(fd);
        return code;
    }
    if (!fdns_watch_open(&client->group, &exchange->watch, fd, on_ready, exchange)) {
        return EMFILE;
    }
    fdns_watch_want(&exchange->watch, false, true);
    if (!is_scripted(exchange)) {
        return 0;
    }
    if (!fdns_socket_local(fd, &local)) {
        return EADDRNOTAVAIL;
    }
    fdns_flight_open_client(client->options.flight, &exchange->watch.end, &local,
                            &exchange->endpoint);
    return 0;
}

void dc_conversation_begin(struct dc_exchange *exchange)
{
    new_conversation(exchange);
    int code = connect_to(exchange);
    if (code != 0) {
        dc_exchange_finish(exchange, dc_outcome_of_errno(code));
    } else {
        dc_exchange_set_deadline(exchange, exchange->client->options.timeout_us);
    }
}

// True when the outcome of the connect is known.
static bool look_at_connect(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    struct fdns_flight_end *end = &exchange->watch.end;
    struct pollfd fd = {.fd = end->fd, .events = POLLOUT};
    socklen_t len = sizeof conversation->failed;
    if (poll(&fd, 1, 0) <= 0) {
        return false;
    }
    (void)getsockopt(end->fd, SOL_SOCKET, SO_ERROR, &conversation->failed, &len);
    conversation->connecting = false;
    if (end->link != NULL) {
        fdns_flight_connected(end, conversation->failed == 0);
    }
    return true;
}

// ---- octets

static void flush(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    struct fdns_flight_end *end = &exchange->watch.end;
    size_t sent = 0;
    bool broken = false;
    while (sent < conversation->out.len) {
        ssize_t n = send(end->fd, conversation->out.data + sent, conversation->out.len - sent,
                         MSG_NOSIGNAL);
        if (n < 0) {
            broken = errno != EAGAIN && errno != EWOULDBLOCK;
            break;
        }
        sent += (size_t)n;
    }
    // What cannot be sent any more is given up; the end of the stream is seen by reading.
    if (broken) {
        fdns_buf_reset(&conversation->out);
    } else if (sent > 0) {
        fdns_buf_drop_front(&conversation->out, sent);
    }
    if (end->link != NULL) {
        fdns_flight_wrote(end, sent, conversation->out.len > 0);
    }
    if (conversation->half_close && conversation->out.len == 0) {
        conversation->half_close = false;
        if (shutdown(end->fd, SHUT_WR) == 0 && end->link != NULL) {
            fdns_flight_wrote_end(end);
        }
    }
}

static void read_some(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    struct dc_client *client = exchange->client;
    struct fdns_flight_end *end = &exchange->watch.end;
    do {
        ssize_t n = recv(end->fd, client->buffer, DC_CLIENT_BUFFER, 0);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
            return;
        }
        if (n <= 0) {
            conversation->ended = true;
            if (end->link != NULL) {
                fdns_flight_read_end(end);
            }
            return;
        }
        fdns_buf_append(&conversation->in, client->buffer, (size_t)n);
        if (end->link != NULL) {
            fdns_flight_read(end, (size_t)n);
        }
    } while (is_scripted(exchange) && end->coming > 0);
}

static void on_ready(struct fdns_flight_end *end)
{
    struct dc_exchange *exchange = end->owner;
    struct dc_conversation *conversation = exchange->conversation;
    if (conversation->connecting) {
        if (!look_at_connect(exchange)) {
            return;
        }
    } else {
        if (conversation->out.len > 0) {
            flush(exchange);
        }
        if (!conversation->ended) {
            read_some(exchange);
        }
    }
    dc_exchange_take_turn(exchange);
}

// ---- what the transcript says

static void keep_transcript(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    struct dc_attempt *attempt = dc_exchange_attempt(exchange);
    attempt->octets =
        fdns_arena_copy(&exchange->client->arena, conversation->in.data, conversation->in.len);
    attempt->len = conversation->in.len;
}

// Ends the exchange. An answer needs a whole message, wherever it stands in the transcript.
static void finish(struct dc_exchange *exchange, enum dc_outcome outcome, size_t at, size_t len)
{
    keep_transcript(exchange);
    if (outcome == DC_ANSWERED) {
        exchange->message = dc_exchange_attempt(exchange)->octets + at;
        exchange->message_len = len;
    }
    dc_exchange_finish(exchange, outcome);
}

// The next whole message of the transcript after what has been looked at.
static bool next_message(struct dc_conversation *conversation, size_t *at, size_t *len)
{
    const struct fdns_buf *in = &conversation->in;
    if (in->len - conversation->looked < 2) {
        return false;
    }
    size_t start = conversation->looked + 2;
    size_t n = (size_t)in->data[start - 2] << 8 | in->data[start - 1];
    if (in->len - start < n) {
        return false;
    }
    conversation->looked = start + n;
    *at = start;
    *len = n;
    return true;
}

static bool is_plain(const struct dc_exchange *exchange)
{
    return exchange->question->n_steps == 0;
}

// Counts messages. A plain question ends with the one that belongs to it: true if it has.
static bool look_at_messages(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    const struct dc_question *question = exchange->question;
    size_t at = 0;
    size_t len = 0;
    while (next_message(conversation, &at, &len)) {
        enum dc_stray_reason reason = DC_STRAY_ID;
        const uint8_t *message = conversation->in.data + at;
        if (!is_plain(exchange)) {
            conversation->n_whole++;
        } else if (dc_message_belongs(question->request, question->len, exchange->id, message, len,
                                      &reason)) {
            finish(exchange, DC_ANSWERED, at, len);
            return true;
        } else {
            dc_exchange_keep_stray(exchange, reason, &exchange->endpoint, message, len);
        }
    }
    return false;
}

// ---- steps

// The conversation is over. It was answered if it holds a whole message and nothing awaited is
// missing.
static void conclude(struct dc_exchange *exchange, enum dc_outcome otherwise)
{
    struct dc_conversation *conversation = exchange->conversation;
    bool all_done = conversation->at == conversation->n_steps;
    if (!all_done || conversation->n_whole == 0) {
        finish(exchange, otherwise, 0, 0);
        return;
    }
    size_t len = (size_t)conversation->in.data[0] << 8 | conversation->in.data[1];
    finish(exchange, DC_ANSWERED, 2, len);
}

static void wait_in_step(struct dc_exchange *exchange, int64_t for_us)
{
    struct dc_conversation *conversation = exchange->conversation;
    if (!conversation->in_step) {
        dc_exchange_set_deadline(exchange, for_us);
    }
    conversation->in_step = true;
}

// True if the step is done.
static bool run_step(struct dc_exchange *exchange, const struct dc_step *step)
{
    struct dc_conversation *conversation = exchange->conversation;
    switch (step->kind) {
    case DC_STEP_SEND:
        fdns_buf_append(&conversation->out, step->octets, step->len);
        flush(exchange);
        return true;
    case DC_STEP_AWAIT:
        if (conversation->n_whole - conversation->n_awaited >= step->n_messages) {
            conversation->n_awaited += step->n_messages;
            return true;
        }
        wait_in_step(exchange, exchange->client->options.timeout_us);
        return false;
    case DC_STEP_WAIT:
        wait_in_step(exchange, step->wait_us);
        return conversation->waited;
    case DC_STEP_HALF_CLOSE:
        conversation->half_close = true;
        flush(exchange);
        return true;
    case DC_STEP_CLOSE:
        conversation->at = conversation->n_steps - 1;
        return true;
    }
    return true;
}

static void run_steps(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    while (conversation->at < conversation->n_steps) {
        const struct dc_step *step = &conversation->steps[conversation->at];
        if (!run_step(exchange, step)) {
            // Nothing more can come to a step that awaits it.
            if (conversation->ended && step->kind == DC_STEP_AWAIT) {
                conclude(exchange, DC_CLOSED);
            } else {
                fdns_watch_want(&exchange->watch, !conversation->ended, conversation->out.len > 0);
            }
            return;
        }
        conversation->at++;
        conversation->in_step = false;
        conversation->waited = false;
    }
    conclude(exchange, conversation->ended ? DC_CLOSED : DC_STALLED);
}

void dc_conversation_turn(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    if (conversation->failed != 0) {
        dc_exchange_finish(exchange, dc_outcome_of_errno(conversation->failed));
        return;
    }
    if (!look_at_messages(exchange)) {
        run_steps(exchange);
    }
}

void dc_conversation_deadline(struct dc_exchange *exchange)
{
    struct dc_conversation *conversation = exchange->conversation;
    bool waits = !conversation->connecting && conversation->in_step &&
                 conversation->steps[conversation->at].kind == DC_STEP_WAIT;
    if (!waits) {
        conclude(exchange, conversation->connecting ? DC_SILENT : DC_STALLED);
        return;
    }
    conversation->waited = true;
    run_steps(exchange);
}
