// One TCP connection: frames in, replies out, several queries in flight (RFC 7766 6.2.1.1).
//
//   OPEN --end of stream, CLOSE step--> replies go out --> closed
//        --reset, idle, a bound is passed, the serve stops--> closed
//
// Real: queries are handled as they are read. Played: what arrives is kept until its turn, at most
// one for each drain, so that the way the stream was cut into segments makes no difference.
// A client that does not read its replies is not read from either, past a bound.

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
    uint64_t number; // 0 until its first query
    bool ended;      // the client sends no more
    bool stalled;    // we read no more
    bool finishing;  // close when all is sent
    bool broken;     // nothing can be sent any more
    struct fdns_timer turn;
    struct fdns_timer idle;
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

static void restart_idle(struct fdns_connection *connection)
{
    const struct fdns_pace *pace = connection->endpoint->serve->options.pace;
    double scale = pace != NULL && pace->scale > 1 ? pace->scale : 1;
    fdns_timer_start(clock_of(connection), &connection->idle,
                     clock_of(connection)->now_us + (int64_t)((double)FDNS_SERVE_IDLE_US * scale),
                     fdns_phase_key(FDNS_PHASE_IDLE, connection->endpoint->hash));
}

static void on_idle(struct fdns_timer *timer)
{
    fdns_connection_close(timer->owner, false);
}

static bool backed_up(const struct fdns_connection *connection)
{
    return connection->out.len >= FDNS_SERVE_OUTGOING_HIGH;
}

static void update_interest(struct fdns_connection *connection)
{
    bool to_read = !connection->stalled && !connection->ended && !backed_up(connection);
    if (!is_played(connection)) {
        fdns_watch_want(&connection->watch, to_read, connection->out.len > 0);
    }
}

// ---- out

static void flush(struct fdns_connection *connection)
{
    size_t sent = 0;
    while (!connection->broken && sent < connection->out.len) {
        ssize_t n = send(connection->watch.end.fd, connection->out.data + sent,
                         connection->out.len - sent, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            connection->broken = true;
        }
        if (n < 0) {
            break;
        }
        sent += (size_t)n;
    }
    if (connection->broken) {
        fdns_buf_reset(&connection->out);
    } else if (sent > 0) {
        fdns_buf_drop_front(&connection->out, sent);
    }
    if (connection->watch.end.link != NULL) {
        fdns_flight_wrote(&connection->watch.end, sent, connection->out.len > 0);
    }
}

static void stall(struct fdns_connection *connection)
{
    connection->stalled = true;
    if (is_played(connection)) {
        fdns_flight_reading(&connection->watch.end, false);
    }
}

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

static void add_out(struct fdns_connection *connection, const struct fdns_step *step)
{
    size_t before = connection->out.len;
    if (step->kind == FDNS_STEP_SEND) {
        fdns_buf_u16(&connection->out, (uint16_t)step->len);
    }
    fdns_buf_append(&connection->out, step->octets, step->len);
    if (connection->out.len > before) {
        show(connection, FDNS_TO_CLIENT, connection->out.data + before,
             connection->out.len - before, step->rule);
    }
    // Half a frame would put the stream out of step: then rather end it.
    if (connection->out.overflow) {
        connection->broken = true;
    }
    connection->endpoint->serve->counts.replies++;
}

// True if it is still there.
static bool close_if_over(struct fdns_connection *connection)
{
    bool all_said = connection->out.len == 0 && connection->held == NULL &&
                    !fdns_timer_waits(&connection->turn);
    bool over = connection->broken || (connection->finishing && connection->out.len == 0) ||
                (connection->ended && all_said);
    if (over) {
        fdns_connection_close(connection, false);
    } else {
        update_interest(connection);
    }
    return !over;
}

void fdns_connection_step(struct fdns_connection *connection, const struct fdns_step *step)
{
    switch (step->kind) {
    case FDNS_STEP_SEND:
    case FDNS_STEP_RAW:
        add_out(connection, step);
        flush(connection);
        break;
    case FDNS_STEP_CLOSE:
        connection->finishing = true;
        break;
    case FDNS_STEP_RESET:
        fdns_connection_close(connection, true);
        return;
    case FDNS_STEP_STALL:
        stall(connection);
        break;
    }
    (void)close_if_over(connection);
}

// ---- in

// What is to be sent now is, the rest waits. Ends of the connection always wait, if only for their
// turn: so they come after what was sent before has arrived. One that is due now lets no other
// query in before it.
static void carry_out(struct fdns_connection *connection, const struct fdns_plan *plan,
                      uint64_t hash)
{
    struct fdns_hold_for whom = {
        .endpoint = connection->endpoint, .connection = connection, .hash = hash};
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct fdns_step *step = &plan->steps[i];
        bool ends = step->kind == FDNS_STEP_CLOSE || step->kind == FDNS_STEP_RESET;
        if (step->delay_us > 0 || ends) {
            fdns_hold(&whom, step, i);
            if (ends && step->delay_us == 0) {
                stall(connection);
            }
        } else if (step->kind == FDNS_STEP_STALL) {
            stall(connection);
        } else {
            add_out(connection, step);
        }
    }
}

static void handle_frames(struct fdns_connection *connection)
{
    struct fdns_serve *serve = connection->endpoint->serve;
    const uint8_t *query = NULL;
    uint16_t len = 0;
    while (!backed_up(connection) && !connection->stalled && !connection->broken &&
           fdns_frames_next(&connection->frames, &query, &len)) {
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
    }
    fdns_serve_log_flush(serve);
}

// Replies that do not fit into the kernel's buffer stop the handling; it goes on when they are
// gone.
static void handle_arrived(struct fdns_connection *connection)
{
    do {
        handle_frames(connection);
        bool was_backed_up = backed_up(connection);
        flush(connection);
        if (!was_backed_up) {
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
    if (connection->out.len > 0) {
        flush(connection);
    }
    if (!connection->ended && !connection->stalled) {
        while (read_some(connection)) {
            ;
        }
    }
    restart_idle(connection);
    if (is_played(connection)) {
        take_turn(connection);
    } else {
        handle_arrived(connection);
    }
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

void fdns_connection_open(struct fdns_endpoint *endpoint, int fd, const struct fdns_address *client,
                          bool hangs)
{
    struct fdns_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        fdns_fatal("out of memory");
    }
    connection->endpoint = endpoint;
    connection->client = *client;
    connection->turn = (struct fdns_timer){.fire = on_turn, .owner = connection};
    connection->idle = (struct fdns_timer){.fire = on_idle, .owner = connection};
    fdns_frames_init(&connection->frames, FRAMES_MAX);
    fdns_buf_init(&connection->out, FDNS_SERVE_OUTGOING);
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
    if (hangs) {
        stall(connection);
    }
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
    fdns_timer_stop(clock_of(connection), &connection->turn);
    fdns_timer_stop(clock_of(connection), &connection->idle);
    fdns_watch_close(&connection->watch, reset);
    *connection->place = connection->next;
    if (connection->next != NULL) {
        connection->next->place = connection->place;
    }
    endpoint->n_connections--;
    free_connection(connection);
}
