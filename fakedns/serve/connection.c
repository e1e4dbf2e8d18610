// One TCP connection: frames in, replies out, several queries in flight (RFC 7766 6.2.1.1).
//
//   OPEN --end of stream, CLOSE step--> replies go out --> closed
//        --reset, idle, a bound is passed, the serve stops--> closed
//
// Real: queries are handled as they are read. Played: what arrives is kept until its turn, at most
// one for each drain, so that the way the stream was cut into segments makes no difference.
// A client that does not read its replies is not read from either, past a bound. While an answer of
// many messages goes on, the queries behind it wait, and it is made no faster than it is read.
//
// A reply in segments makes the connection drip: from then until all is sent, whatever is to go out
// goes in segments, one at a time, and the connection ends only when they are gone. Each segment,
// and what follows the last one, is an event of its own.

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"
#include "fakedns/serve/serve_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fdns_connection {
    struct fdns_endpoint *endpoint;
    struct fdns_watch watch;
    struct fdns_frames frames;
    struct fdns_buf out;
    struct fdns_address client;
    struct fdns_capture_stream shown;
    uint64_t number;  // 0 until its first query
    bool ended;       // the client sends no more
    bool stalled;     // we read no more
    bool finishing;   // close when all is sent
    bool resets;      // and by RST
    bool broken;      // nothing can be sent any more
    size_t sent;      // octets of out that have been
    uint32_t segment; // it drips: octets at a time
    int64_t segment_us;
    const char *dripping_rule; // of the reply that made it drip
    struct fdns_buf gathered;  // messages that wait for others
    unsigned n_gathered;
    const char *gathered_rule; // of the last of them
    int64_t idle_us;
    struct fdns_stream *stream; // the answer that goes on; NULL: none
    struct fdns_timer turn;
    struct fdns_timer idle;
    struct fdns_timer drip;
    struct fdns_held *held;
    struct fdns_connection *next;
    struct fdns_connection **place;
};

enum { FRAMES_MAX = 1 << 20 };

static struct fdns_clock *clock_of(const struct fdns_connection *connection)
{
    return connection->endpoint->serve->options.clock;
}

static bool is_played(const struct fdns_connection *connection)
{
    return fdns_serve_is_played(connection->endpoint->serve);
}

struct fdns_held **fdns_connection_held(struct fdns_connection *connection)
{
    return &connection->held;
}

// The server's own limit is one of real time, a rule's one of the world's.
static int64_t idle_limit(const struct fdns_endpoint *endpoint, const struct fdns_tcp_terms *terms)
{
    const struct fdns_pace *pace = endpoint->serve->options.pace;
    double scale = pace != NULL && pace->scale > 1 ? pace->scale : 1;
    return terms->idle_us > 0 ? terms->idle_us : (int64_t)((double)FDNS_SERVE_IDLE_US * scale);
}

static void restart_idle(struct fdns_connection *connection)
{
    fdns_timer_start(clock_of(connection), &connection->idle,
                     clock_of(connection)->now_us + connection->idle_us,
                     fdns_phase_key(FDNS_PHASE_IDLE, connection->endpoint->hash));
}

// Not while it owes a reply: its time will come.
static void on_idle(struct fdns_timer *timer)
{
    struct fdns_connection *connection = timer->owner;
    if (connection->held != NULL) {
        restart_idle(connection);
    } else {
        fdns_connection_close(connection, false);
    }
}

static size_t unsent(const struct fdns_connection *connection)
{
    return connection->out.len - connection->sent;
}

static bool drips(const struct fdns_connection *connection)
{
    return connection->segment != 0;
}

static bool backed_up(const struct fdns_connection *connection)
{
    return unsent(connection) >= FDNS_SERVE_OUTGOING_HIGH;
}

// The next message of an answer of many can be made.
static bool can_continue(const struct fdns_connection *connection)
{
    return connection->stream != NULL && connection->held == NULL && !backed_up(connection) &&
           !connection->broken && !connection->finishing;
}

static void take_turn(struct fdns_connection *connection);

static void update_interest(struct fdns_connection *connection)
{
    bool to_read = !connection->stalled && !connection->ended && !backed_up(connection);
    bool to_write = (unsent(connection) > 0 && !drips(connection)) || can_continue(connection);
    if (!is_played(connection)) {
        fdns_watch_want(&connection->watch, to_read, to_write);
    } else if (can_continue(connection)) {
        take_turn(connection);
    }
}

// ---- out

static bool close_if_over(struct fdns_connection *connection);
static void go_on(struct fdns_connection *connection);

static void show(struct fdns_connection *connection, enum fdns_capture_way way,
                 const uint8_t *octets, size_t len, const char *rule)
{
    struct fdns_capture *capture = connection->endpoint->serve->options.capture;
    if (capture != NULL) {
        struct fdns_capture_talk talk =
            fdns_endpoint_talk(connection->endpoint, &connection->client, rule);
        fdns_capture_segment(capture, &talk, &connection->shown, way, octets, len);
    }
}

// What has been sent goes out of the buffer when that is worth its while.
static void forget_sent(struct fdns_connection *connection)
{
    if (connection->broken || unsent(connection) == 0) {
        fdns_buf_reset(&connection->out);
        connection->sent = 0;
    } else if (connection->sent >= FDNS_SERVE_OUTGOING_HIGH) {
        fdns_buf_drop_front(&connection->out, connection->sent);
        connection->sent = 0;
    }
}

// Sends so many octets, or as many as the kernel takes.
static void send_octets(struct fdns_connection *connection, size_t wanted)
{
    size_t sent = 0;
    while (!connection->broken && sent < wanted) {
        ssize_t n = send(connection->watch.end.fd, connection->out.data + connection->sent + sent,
                         wanted - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            connection->broken = true;
        }
        if (n < 0) {
            break;
        }
        sent += (size_t)n;
    }
    if (drips(connection) && sent > 0) {
        restart_idle(connection);
        show(connection, FDNS_TO_CLIENT, connection->out.data + connection->sent, sent,
             connection->dripping_rule);
    }
    connection->sent += sent;
    if (connection->watch.end.link != NULL) {
        bool waits = !connection->broken && !drips(connection) && sent < wanted;
        fdns_flight_wrote(&connection->watch.end, sent, waits);
    }
    forget_sent(connection);
}

static void flush(struct fdns_connection *connection)
{
    if (!drips(connection)) {
        send_octets(connection, unsent(connection));
    }
}

static void wait_for_drip(struct fdns_connection *connection, int64_t for_us)
{
    fdns_timer_start(clock_of(connection), &connection->drip, clock_of(connection)->now_us + for_us,
                     fdns_phase_key(FDNS_PHASE_REPLY, connection->endpoint->hash));
}

// One segment. When there is none left, it has been read, and the connection may end. Queries that
// had to wait for room are handled when there is some.
static void on_drip(struct fdns_timer *timer)
{
    struct fdns_connection *connection = timer->owner;
    size_t left = unsent(connection);
    bool was_backed_up = backed_up(connection);
    if (left == 0) {
        connection->segment = 0;
        (void)close_if_over(connection);
        return;
    }
    send_octets(connection, left < connection->segment ? left : connection->segment);
    wait_for_drip(connection, unsent(connection) > 0 ? connection->segment_us : 0);
    if (was_backed_up && !backed_up(connection)) {
        go_on(connection);
    }
}

static void begin_drip(struct fdns_connection *connection, const struct fdns_step *step)
{
    flush(connection);
    connection->segment = step->segment;
    connection->segment_us = step->segment_us;
    connection->dripping_rule = step->rule;
    wait_for_drip(connection, 0);
}

static void stall(struct fdns_connection *connection)
{
    connection->stalled = true;
    if (is_played(connection)) {
        fdns_flight_reading(&connection->watch.end, false);
    }
}

// Half a frame would put the stream out of step: where there is no room, rather end it.
static void add_octets(struct fdns_connection *connection, const uint8_t *octets, size_t len,
                       const char *rule)
{
    fdns_buf_append(&connection->out, octets, len);
    connection->broken = connection->broken || connection->out.overflow;
    if (len > 0 && !drips(connection) && !connection->broken) {
        show(connection, FDNS_TO_CLIENT, octets, len, rule);
    }
}

static void release_gathered(struct fdns_connection *connection)
{
    if (connection->n_gathered > 0) {
        add_octets(connection, connection->gathered.data, connection->gathered.len,
                   connection->gathered_rule);
        fdns_buf_reset(&connection->gathered);
        connection->n_gathered = 0;
    }
}

// Keeps a framed message until there are enough of them.
static void gather(struct fdns_connection *connection, const struct fdns_step *step,
                   const uint8_t *octets, size_t len)
{
    struct fdns_buf *gathered = &connection->gathered;
    size_t before = gathered->len;
    fdns_buf_append(gathered, octets, len);
    if (gathered->overflow) {
        connection->broken = true;
        return;
    }
    if (step->gather_reversed && before > 0) {
        memmove(gathered->data + len, gathered->data, before);
        memcpy(gathered->data, octets, len);
    }
    connection->gathered_rule = step->rule;
    connection->n_gathered++;
    if (connection->n_gathered >= step->gather) {
        release_gathered(connection);
    }
}

static void add_out(struct fdns_connection *connection, const struct fdns_step *step)
{
    struct fdns_buf *frame = &connection->endpoint->serve->frame;
    if (step->segment != 0 && !drips(connection)) {
        begin_drip(connection, step);
    }
    fdns_buf_reset(frame);
    if (step->kind == FDNS_STEP_SEND) {
        fdns_buf_u16(frame, (uint16_t)step->len);
    }
    fdns_buf_append(frame, step->octets, step->len);
    if (step->gather > 0) {
        gather(connection, step, frame->data, frame->len);
    } else {
        add_octets(connection, frame->data, frame->len, step->rule);
    }
    connection->endpoint->serve->counts.replies++;
}

// True if it is still there.
static bool close_if_over(struct fdns_connection *connection)
{
    bool all_sent = unsent(connection) == 0 && !drips(connection);
    bool all_said = all_sent && connection->held == NULL && connection->stream == NULL &&
                    !fdns_timer_waits(&connection->turn);
    bool over = connection->broken || (connection->finishing && all_sent) ||
                (connection->ended && all_said);
    if (over) {
        fdns_connection_close(connection, connection->resets);
    } else {
        update_interest(connection);
    }
    return !over;
}

static bool ends_stream(const struct fdns_step *step)
{
    return step->kind == FDNS_STEP_CLOSE || step->kind == FDNS_STEP_RESET;
}

// What is to be sent now is, the rest waits. Ends of the connection always wait, if only for their
// turn: so they come after what was sent before has arrived. One that is due now lets no other
// query in before it.
static void carry_out(struct fdns_connection *connection, const struct fdns_plan *plan,
                      uint64_t hash)
{
    struct fdns_hold_for whom = {
        .endpoint = connection->endpoint, .connection = connection, .hash = hash};
    bool waits = false; // what comes behind something that waits does so too
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct fdns_step *step = &plan->steps[i];
        bool ends = ends_stream(step);
        waits = waits || ends || step->delay_us > 0 || step->copies > 0;
        if (waits) {
            fdns_hold(&whom, step, i);
        } else if (fdns_step_sends(step)) {
            add_out(connection, step);
        }
        if (step->delay_us == 0 && (ends || step->kind == FDNS_STEP_STALL)) {
            stall(connection);
        }
    }
}

// Makes messages of an answer of many until as much waits as may.
static void continue_stream(struct fdns_connection *connection)
{
    struct fdns_serve *serve = connection->endpoint->serve;
    while (can_continue(connection)) {
        struct fdns_plan plan;
        uint64_t hash = fdns_stream_hash(connection->stream);
        fdns_arena_reset(&serve->arena);
        if (!fdns_stream_next(connection->stream, serve->options.state, &serve->arena, &plan)) {
            connection->stream = NULL;
        }
        carry_out(connection, &plan, fdns_hash_u64(connection->endpoint->hash, hash));
    }
}

void fdns_connection_step(struct fdns_connection *connection, const struct fdns_step *step)
{
    switch (step->kind) {
    case FDNS_STEP_SEND:
    case FDNS_STEP_RAW:
        add_out(connection, step);
        continue_stream(connection);
        flush(connection);
        break;
    case FDNS_STEP_CLOSE:
        connection->finishing = true;
        break;
    case FDNS_STEP_RESET:
        if (!drips(connection)) {
            fdns_connection_close(connection, true);
            return;
        }
        connection->finishing = true;
        connection->resets = true;
        break;
    case FDNS_STEP_STALL:
        stall(connection);
        break;
    }
    restart_idle(connection);
    (void)close_if_over(connection);
}

// ---- in

static void handle_frames(struct fdns_connection *connection)
{
    struct fdns_serve *serve = connection->endpoint->serve;
    const uint8_t *query = NULL;
    uint16_t len = 0;
    while (!backed_up(connection) && !connection->stalled && !connection->broken &&
           connection->stream == NULL && fdns_frames_next(&connection->frames, &query, &len)) {
        struct fdns_plan plan;
        if (connection->number == 0) {
            connection->number = ++serve->next_connection;
        }
        fdns_arena_reset(&serve->arena);
        fdns_serve_handle(connection->endpoint, FDNS_TCP, &connection->client, connection->number,
                          query, len, &plan);
        // the length that frames it stands before it
        show(connection, FDNS_TO_SERVER, query - 2, (size_t)len + 2, plan.rule);
        carry_out(connection, &plan, fdns_hash(connection->endpoint->hash, query, len));
        if (plan.more != NULL) {
            struct fdns_request request =
                fdns_serve_request(connection->endpoint, FDNS_TCP, &connection->client,
                                   connection->number, query, len);
            connection->stream = fdns_stream_new(&request, &plan);
        }
    }
    fdns_serve_log_flush(serve);
}

// Replies that do not fit into the kernel's buffer stop the handling; it goes on when they are
// gone.
static void handle_arrived(struct fdns_connection *connection)
{
    do {
        continue_stream(connection);
        handle_frames(connection);
        if (connection->ended) {
            release_gathered(connection); // there will be no others
        }
        bool was_backed_up = backed_up(connection);
        flush(connection);
        if (!was_backed_up || connection->stream != NULL) {
            break;
        }
    } while (!backed_up(connection) && !connection->broken);
    (void)close_if_over(connection);
}

static void on_turn(struct fdns_timer *timer)
{
    handle_arrived(timer->owner);
}

// The key is made of all that waits to be handled, however it was cut.
static void take_turn(struct fdns_connection *connection)
{
    const struct fdns_frames *frames = &connection->frames;
    size_t len = frames->buf.len - frames->taken;
    uint64_t hash = connection->endpoint->hash;
    if (len != 0) {
        hash = fdns_hash(hash, frames->buf.data + frames->taken, len);
    }
    fdns_timer_start(clock_of(connection), &connection->turn, clock_of(connection)->now_us,
                     fdns_phase_key(FDNS_PHASE_ARRIVED, hash));
}

static void go_on(struct fdns_connection *connection)
{
    if (is_played(connection)) {
        take_turn(connection);
    } else {
        handle_arrived(connection);
    }
}

// True if there may be more to read.
static bool read_some(struct fdns_connection *connection)
{
    struct fdns_serve *serve = connection->endpoint->serve;
    struct fdns_flight_end *end = &connection->watch.end;
    ssize_t n = recv(end->fd, serve->buffer, FDNS_SERVE_BUFFER, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return false;
    }
    if (n <= 0) {
        connection->ended = true;
        connection->broken = n < 0;
        if (end->link != NULL) {
            fdns_flight_read_end(end);
        }
        return false;
    }
    if (end->link != NULL) {
        fdns_flight_read(end, (size_t)n);
    }
    if (!fdns_frames_add(&connection->frames, serve->buffer, (size_t)n)) {
        connection->broken = true;
    }
    return is_played(connection) ? end->coming > 0 && !connection->broken : false;
}

static void on_ready(struct fdns_flight_end *end)
{
    struct fdns_connection *connection = end->owner;
    if (unsent(connection) > 0) {
        flush(connection);
    }
    if (!connection->ended && !connection->stalled) {
        while (read_some(connection)) {
            ;
        }
    }
    restart_idle(connection);
    go_on(connection);
}

// ---- life

static void enlist(struct fdns_connection *connection, struct fdns_endpoint *endpoint)
{
    connection->place = &endpoint->connections;
    connection->next = endpoint->connections;
    if (connection->next != NULL) {
        connection->next->place = &connection->next;
    }
    endpoint->connections = connection;
    endpoint->n_connections++;
    endpoint->serve->counts.connections++;
}

static void free_connection(struct fdns_connection *connection)
{
    fdns_frames_clear(&connection->frames);
    fdns_buf_clear(&connection->out);
    fdns_buf_clear(&connection->gathered);
    free(connection);
}

// False if it must not be: it is not from a socket of the ledger, or the loop refuses it.
static bool watch_it(struct fdns_connection *connection, int fd)
{
    struct fdns_endpoint *endpoint = connection->endpoint;
    struct fdns_watch *watch = &connection->watch;
    if (!fdns_watch_open(&endpoint->serve->group, watch, fd, on_ready, connection)) {
        return false;
    }
    if (!is_played(connection) ||
        fdns_flight_open_accepted(&endpoint->tcp.end, &watch->end, &connection->client)) {
        return true;
    }
    fdns_watch_close(watch, true);
    return false;
}

// Beyond one of the two limits it is closed at once: the server's own does so in this very event.
static enum fdns_tcp_fault fault_of(const struct fdns_endpoint *endpoint,
                                    const struct fdns_tcp_terms *terms)
{
    bool beyond = terms->limit != 0 && endpoint->n_connections > terms->limit;
    return beyond && terms->fault == FDNS_TCP_SERVED ? FDNS_TCP_CLOSES : terms->fault;
}

// The end of a connection is an event of its own, after its beginning has been seen.
static void meet_fault(struct fdns_connection *connection, enum fdns_tcp_fault fault)
{
    struct fdns_hold_for whom = {.endpoint = connection->endpoint,
                                 .connection = connection,
                                 .hash = connection->endpoint->hash};
    struct fdns_step end = {.kind = fault == FDNS_TCP_RESETS ? FDNS_STEP_RESET : FDNS_STEP_CLOSE};
    if (fault == FDNS_TCP_SERVED) {
        return;
    }
    show(connection, FDNS_TO_CLIENT, NULL, 0, NULL);
    stall(connection);
    if (fault == FDNS_TCP_CLOSES || fault == FDNS_TCP_RESETS) {
        fdns_hold(&whom, &end, 0);
    }
}

void fdns_connection_open(struct fdns_endpoint *endpoint, int fd, const struct fdns_address *client,
                          const struct fdns_tcp_terms *terms)
{
    struct fdns_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        fdns_fatal("out of memory");
    }
    connection->endpoint = endpoint;
    connection->client = *client;
    connection->idle_us = idle_limit(endpoint, terms);
    connection->drip = (struct fdns_timer){.fire = on_drip, .owner = connection};
    connection->turn = (struct fdns_timer){.fire = on_turn, .owner = connection};
    connection->idle = (struct fdns_timer){.fire = on_idle, .owner = connection};
    fdns_frames_init(&connection->frames, FRAMES_MAX);
    fdns_buf_init(&connection->out, FDNS_SERVE_OUTGOING);
    fdns_buf_init(&connection->gathered, FDNS_SERVE_OUTGOING);
    if (!watch_it(connection, fd)) {
        free_connection(connection);
        return;
    }
    enlist(connection, endpoint);
    if (endpoint->n_connections > FDNS_SERVE_CONNECTIONS) {
        endpoint->serve->counts.dropped++;
        fdns_connection_close(connection, false);
        return;
    }
    restart_idle(connection);
    meet_fault(connection, fault_of(endpoint, terms));
    update_interest(connection);
}

void fdns_connection_close(struct fdns_connection *connection, bool reset)
{
    struct fdns_endpoint *endpoint = connection->endpoint;
    struct fdns_capture *capture = endpoint->serve->options.capture;
    if (capture != NULL) {
        struct fdns_capture_talk talk = fdns_endpoint_talk(endpoint, &connection->client, NULL);
        fdns_capture_end(capture, &talk, &connection->shown, reset);
        fdns_capture_flush(capture);
    }
    fdns_hold_drop(endpoint->serve, &connection->held);
    fdns_stream_free(connection->stream);
    fdns_timer_stop(clock_of(connection), &connection->turn);
    fdns_timer_stop(clock_of(connection), &connection->idle);
    fdns_timer_stop(clock_of(connection), &connection->drip);
    fdns_watch_close(&connection->watch, reset);
    *connection->place = connection->next;
    if (connection->next != NULL) {
        connection->next->place = connection->place;
    }
    endpoint->n_connections--;
    free_connection(connection);
}
