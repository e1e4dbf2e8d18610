#include "harness/query/client_parts.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

// ---- life of the client

static void *need(void *memory)
{
    if (memory == NULL) {
        fdns_fatal("out of memory");
    }
    return memory;
}

static void on_all_finished(struct fdns_timer *timer);

struct dc_client *dc_client_new(const struct dc_client_options *options)
{
    struct dc_client *client = need(calloc(1, sizeof *client));
    client->options = *options;
    if (client->options.timeout_us == 0) {
        client->options.timeout_us = INT64_C(5000000);
    }
    if (client->options.per_server == 0) {
        client->options.per_server = DC_CLIENT_DEFAULT_PER_SERVER;
    }
    if (client->options.in_total == 0) {
        client->options.in_total = DC_CLIENT_DEFAULT_IN_TOTAL;
    }
    client->buffer = need(malloc(DC_CLIENT_BUFFER));
    client->group.flight = options->flight;
    client->group.loop = options->loop;
    client->group.pace = options->pace;
    client->finished = (struct fdns_timer){.fire = on_all_finished, .owner = client};
    fdns_arena_init(&client->arena, 0);
    return client;
}

static void stop_exchange(struct dc_exchange *exchange)
{
    struct fdns_clock *clock = exchange->client->options.clock;
    fdns_timer_stop(clock, &exchange->start);
    fdns_timer_stop(clock, &exchange->deadline);
    fdns_timer_stop(clock, &exchange->turn);
    fdns_watch_close(&exchange->watch, false);
    dc_conversation_clear(exchange);
}

static void on_gone(void *context)
{
    struct dc_client *client = context;
    dc_client_closed_fn *closed = client->closed;
    void *closed_context = client->closed_context;
    dc_targets_clear(client);
    fdns_arena_clear(&client->arena);
    free(client->buffer);
    free(client);
    if (closed != NULL) {
        closed(closed_context);
    }
}

void dc_client_close(struct dc_client *client, dc_client_closed_fn *closed, void *context)
{
    client->closed = closed;
    client->closed_context = context;
    for (size_t i = 0; i < client->n_exchanges; i++) {
        stop_exchange(&client->exchanges[i]);
    }
    fdns_timer_stop(client->options.clock, &client->finished);
    fdns_watch_group_end(&client->group, on_gone, client);
}

// ---- finishing an exchange

enum dc_outcome dc_outcome_of_errno(int code)
{
    switch (code) {
    case ECONNREFUSED:
        return DC_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EINVAL:
    case EACCES:
    case EPERM:
    case EMSGSIZE:
    case EMFILE:
    case ENFILE:
        return DC_UNREACHABLE;
    default:
        return DC_SILENT;
    }
}

struct dc_attempt *dc_exchange_attempt(struct dc_exchange *exchange)
{
    return &exchange->attempts[exchange->n_attempts - 1];
}

void dc_exchange_keep_stray(struct dc_exchange *exchange, enum dc_stray_reason reason,
                            const struct fdns_address *source, const uint8_t *octets, size_t len)
{
    struct dc_attempt *attempt = dc_exchange_attempt(exchange);
    if (attempt->n_strays == DC_STRAYS_KEPT) {
        return;
    }
    struct dc_stray *stray = &attempt->strays[attempt->n_strays++];
    *stray = (struct dc_stray){.reason = reason, .source = *source, .len = len};
    stray->octets = fdns_arena_copy(&exchange->client->arena, octets, len);
    // Endpoints are of this machine and this run: what is kept shows the scripted address.
    const struct fdns_map *map = exchange->client->options.map;
    const struct fdns_address *scripted = map != NULL ? fdns_map_find_scripted(map, source) : NULL;
    if (scripted != NULL) {
        stray->source = *scripted;
    }
}

static void admit_queued(struct dc_client *client);

static void release_place(struct dc_exchange *exchange)
{
    if (exchange->state != DC_ASKING || exchange->target == NULL) {
        return;
    }
    exchange->target->n_outstanding--;
    exchange->client->n_outstanding--;
    admit_queued(exchange->client);
}

static void get_ready(struct dc_exchange *exchange, int64_t since_us);

static void wake_followers(struct dc_exchange *exchange)
{
    while (exchange->followers != NULL) {
        struct dc_exchange *follower = exchange->followers;
        exchange->followers = follower->next_follower;
        get_ready(follower, dc_client_now(exchange->client));
    }
}

static void put_into_store(struct dc_exchange *exchange, enum dc_outcome outcome)
{
    struct dc_observation observation = {.question = exchange->question,
                                         .outcome = outcome,
                                         .message = exchange->message,
                                         .message_len = exchange->message_len,
                                         .attempts = exchange->attempts,
                                         .n_attempts = exchange->n_attempts};
    dc_store_add(exchange->client->store, &observation);
}

static void finish_batch_if_over(struct dc_client *client)
{
    if (client->n_left == 0) {
        fdns_timer_start(client->options.clock, &client->finished, dc_client_now(client),
                         fdns_phase_key(FDNS_PHASE_DONE, 0));
    }
}

void dc_exchange_finish(struct dc_exchange *exchange, enum dc_outcome outcome)
{
    struct dc_client *client = exchange->client;
    if (exchange->state == DC_FINISHED) {
        return;
    }
    struct dc_attempt *attempt = dc_exchange_attempt(exchange);
    attempt->outcome = outcome;
    attempt->ended_us = dc_client_now(client);
    put_into_store(exchange, outcome);
    stop_exchange(exchange);
    release_place(exchange);
    exchange->state = DC_FINISHED;
    client->n_left--;
    wake_followers(exchange);
    finish_batch_if_over(client);
}

static void on_all_finished(struct fdns_timer *timer)
{
    struct dc_client *client = timer->owner;
    client->asking = false;
    client->n_exchanges = 0;
    client->done(client->context);
}

// ---- asking

void dc_exchange_set_deadline(struct dc_exchange *exchange, int64_t after_us)
{
    struct dc_client *client = exchange->client;
    fdns_timer_start(client->options.clock, &exchange->deadline, dc_client_now(client) + after_us,
                     fdns_phase_key(FDNS_PHASE_DEADLINE, exchange->hash));
}

static void on_deadline(struct fdns_timer *timer)
{
    struct dc_exchange *exchange = timer->owner;
    if (exchange->question->transport == DC_UDP) {
        dc_datagrams_deadline(exchange);
    } else {
        dc_conversation_deadline(exchange);
    }
}

static void on_turn(struct fdns_timer *timer)
{
    struct dc_exchange *exchange = timer->owner;
    if (exchange->question->transport == DC_UDP) {
        dc_datagrams_turn(exchange);
    } else {
        dc_conversation_turn(exchange);
    }
}

void dc_exchange_take_turn(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    if (!dc_client_is_scripted(client)) {
        on_turn(&exchange->turn);
        return;
    }
    if (!fdns_timer_waits(&exchange->turn)) {
        fdns_timer_start(client->options.clock, &exchange->turn, dc_client_now(client),
                         fdns_phase_key(FDNS_PHASE_ANSWER, exchange->hash));
    }
}

static void add_attempt(struct dc_exchange *exchange)
{
    struct dc_attempt *attempt = &exchange->attempts[exchange->n_attempts++];
    attempt->asked_us = dc_client_now(exchange->client);
    attempt->ended_us = attempt->asked_us;
    attempt->id = exchange->id;
}

void dc_exchange_begin(struct dc_exchange *exchange)
{
    add_attempt(exchange);
    if (exchange->question->transport == DC_UDP) {
        dc_datagrams_begin(exchange);
    } else {
        dc_conversation_begin(exchange);
    }
}

// Where it is to be sent; false if nowhere, and then *outcome says why.
static bool find_endpoint(const struct dc_client *client, const struct fdns_address *server,
                          struct fdns_address *endpoint, enum dc_outcome *outcome)
{
    const struct fdns_map *map = client->options.map;
    const struct fdns_address *found = map != NULL ? fdns_map_find(map, server) : NULL;
    bool is_resolver =
        map != NULL && map->has_resolver && fdns_address_equal(&map->resolver, server);
    *endpoint = found != NULL ? *found : *server;
    *outcome = DC_UNMAPPED;
    if (found != NULL || is_resolver) {
        return true;
    }
    return client->options.allow_real && !fdns_address_is_documentation(server);
}

static bool has_place(const struct dc_exchange *exchange)
{
    const struct dc_client *client = exchange->client;
    return client->n_outstanding < client->options.in_total &&
           exchange->target->n_outstanding < client->options.per_server;
}

static void take_place(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    exchange->state = DC_ASKING;
    exchange->target->n_outstanding++;
    client->n_outstanding++;
    int64_t at_us = dc_target_reserve(client, exchange->target);
    if (at_us <= dc_client_now(client)) {
        dc_exchange_begin(exchange);
    } else {
        fdns_timer_start(client->options.clock, &exchange->start, at_us,
                         fdns_phase_key(FDNS_PHASE_ASK, exchange->hash));
    }
}

static void enqueue(struct dc_exchange *exchange)
{
    struct dc_client *client = exchange->client;
    exchange->state = DC_QUEUED;
    exchange->next_queued = NULL;
    *client->queue_end = exchange;
    client->queue_end = &exchange->next_queued;
}

// A place is free: the first of the queue that may have it gets an event of its own.
static void admit_queued(struct dc_client *client)
{
    struct dc_exchange **place = &client->queue;
    while (*place != NULL && !has_place(*place)) {
        place = &(*place)->next_queued;
    }
    struct dc_exchange *exchange = *place;
    if (exchange == NULL) {
        return;
    }
    *place = exchange->next_queued;
    if (client->queue_end == &exchange->next_queued) {
        client->queue_end = place;
    }
    exchange->state = DC_READY;
    fdns_timer_start(client->options.clock, &exchange->start, dc_client_now(client),
                     fdns_phase_key(FDNS_PHASE_ASK, exchange->hash));
}

static void on_start(struct fdns_timer *timer)
{
    struct dc_exchange *exchange = timer->owner;
    struct dc_client *client = exchange->client;
    enum dc_outcome outcome = DC_UNMAPPED;
    if (exchange->state == DC_ASKING) {
        dc_exchange_begin(exchange);
        return;
    }
    if (!find_endpoint(client, &exchange->question->server, &exchange->endpoint, &outcome)) {
        add_attempt(exchange);
        dc_exchange_finish(exchange, outcome);
        return;
    }
    exchange->target = dc_target_get(client, &exchange->endpoint);
    if (has_place(exchange)) {
        take_place(exchange);
    } else {
        enqueue(exchange);
    }
}

// ---- a call of ask

static void get_ready(struct dc_exchange *exchange, int64_t since_us)
{
    exchange->state = DC_READY;
    fdns_timer_start(exchange->client->options.clock, &exchange->start,
                     since_us + exchange->question->pause_us,
                     fdns_phase_key(FDNS_PHASE_ASK, exchange->hash));
}

static struct dc_exchange **index_bucket(const struct dc_client *client,
                                         const struct dc_question *question)
{
    return &client->index[dc_question_hash(question) % client->n_index];
}

static struct dc_exchange *find_exchange(const struct dc_client *client,
                                         const struct dc_question *question)
{
    struct dc_exchange *exchange = *index_bucket(client, question);
    while (exchange != NULL && dc_question_compare(exchange->question, question) != 0) {
        exchange = exchange->same;
    }
    return exchange;
}

static uint16_t choose_id(const struct dc_client *client, uint64_t hash)
{
    uint16_t id = (uint16_t)hash;
    if (!dc_client_is_scripted(client) && getrandom(&id, sizeof id, 0) != sizeof id) {
        fdns_fatal("the system gives no random numbers");
    }
    return id;
}

static void add_exchange(struct dc_client *client, const struct dc_question *question)
{
    struct dc_exchange *exchange = &client->exchanges[client->n_exchanges++];
    exchange->client = client;
    exchange->question = question;
    exchange->hash = fdns_hash_u64(client->options.seed, dc_question_hash(question));
    exchange->id = choose_id(client, exchange->hash);
    exchange->watch.end.fd = -1;
    exchange->start = (struct fdns_timer){.fire = on_start, .owner = exchange};
    exchange->deadline = (struct fdns_timer){.fire = on_deadline, .owner = exchange};
    exchange->turn = (struct fdns_timer){.fire = on_turn, .owner = exchange};
    exchange->last_packet = &exchange->packets;
    size_t n_attempts = question->transport == DC_UDP ? client->options.retries + 1 : 1;
    exchange->attempts = fdns_arena_array(&client->arena, n_attempts, sizeof *exchange->attempts);
    struct dc_exchange **bucket = index_bucket(client, question);
    exchange->same = *bucket;
    *bucket = exchange;
}

// True if following the questions named by `after` comes back to this one: then nobody waits.
static bool waits_for_itself(const struct dc_client *client, const struct dc_exchange *exchange)
{
    const struct dc_exchange *other = exchange;
    for (size_t i = 0; i <= client->n_exchanges; i++) {
        if (other == NULL || other->question->after == NULL) {
            return false;
        }
        other = find_exchange(client, other->question->after);
    }
    return true;
}

static void start_or_follow(struct dc_client *client, struct dc_exchange *exchange)
{
    const struct dc_question *after = exchange->question->after;
    struct dc_exchange *leader = after != NULL ? find_exchange(client, after) : NULL;
    if (leader != NULL && !waits_for_itself(client, exchange)) {
        exchange->next_follower = leader->followers;
        leader->followers = exchange;
        return;
    }
    const struct dc_observation *seen = after != NULL ? dc_store_find(client->store, after) : NULL;
    int64_t since_us = dc_client_now(client);
    if (seen != NULL) {
        since_us = seen->attempts[seen->n_attempts - 1].ended_us;
    }
    get_ready(exchange, since_us);
}

static void prepare_batch(struct dc_client *client, size_t n)
{
    fdns_arena_reset(&client->arena);
    client->n_exchanges = 0;
    client->exchanges = fdns_arena_array(&client->arena, n, sizeof *client->exchanges);
    client->n_index = 2 * n + 1;
    client->index = fdns_arena_array(&client->arena, client->n_index, sizeof(struct dc_exchange *));
    client->queue = NULL;
    client->queue_end = &client->queue;
    client->n_outstanding = 0;
}

void dc_client_ask(struct dc_client *client, struct dc_store *store,
                   const struct dc_question *const *questions, size_t n, dc_client_done_fn *done,
                   void *context)
{
    if (client->asking) {
        fdns_fatal("a client is asked while it asks");
    }
    client->asking = true;
    client->store = store;
    client->done = done;
    client->context = context;
    prepare_batch(client, n);
    for (size_t i = 0; i < n; i++) {
        if (dc_store_find(store, questions[i]) == NULL &&
            find_exchange(client, questions[i]) == NULL) {
            add_exchange(client, questions[i]);
        }
    }
    client->n_left = client->n_exchanges;
    for (size_t i = 0; i < client->n_exchanges; i++) {
        start_or_follow(client, &client->exchanges[i]);
    }
    finish_batch_if_over(client);
}
