#include "fakedns/session/session.h"

#include "fakedns/base/fatal.h"
#include "fakedns/serve/capture.h"
#include "fakedns/testns/testns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// A patch's world; the world before it is below it.
struct layer {
    struct layer *below;
    struct fdns_world *world;
};

struct fdns_session {
    struct fdns_world_library *library;
    uint64_t seed;
    struct fdns_world *first;
    struct layer *patched; // the latest first; NULL: none
    size_t n_patches;
    size_t patched_octets;
    struct fdns_world_state *state;
    struct fdns_resolver *resolver; // or NULL
    struct fdns_query_log *log;
    struct fdns_capture *capture; // or NULL
    struct fdns_clock clock;
    struct fdns_pace pace;
    struct fdns_serve *serve;
    unsigned n_open; // of pace and serve
    fdns_session_done_fn *done;
    void *context;
};

static struct fdns_world *world_of(const struct fdns_session *session)
{
    return session->patched != NULL ? session->patched->world : session->first;
}

static void free_layers(struct layer *layer)
{
    while (layer != NULL) {
        struct layer *below = layer->below;
        fdns_world_free(layer->world);
        free(layer);
        layer = below;
    }
}

static void free_session(struct fdns_session *session)
{
    fdns_resolver_free(session->resolver);
    fdns_world_state_free(session->state);
    free_layers(session->patched);
    fdns_world_free(session->first);
    fdns_world_library_free(session->library);
    if (session->log != NULL) {
        fdns_query_log_close(session->log);
    }
    if (session->capture != NULL) {
        fdns_capture_close(session->capture);
    }
    fdns_clock_clear(&session->clock);
    free(session);
}

// ---- opening and closing

static void say_cannot_write(struct fdns_buf *why, const char *what, const char *path)
{
    int code = errno;
    fdns_buf_format(why, "the %s %s cannot be written (%s), serving goes on\n", what, path,
                    strerror(code));
}

static void open_log(struct fdns_session *session, const char *path, bool keeps,
                     struct fdns_buf *why)
{
    session->log = path != NULL ? fdns_query_log_open(path) : fdns_query_log_new();
    if (session->log == NULL) {
        say_cannot_write(why, "query log", path);
        session->log = fdns_query_log_new();
    }
    if (keeps) {
        fdns_query_log_keep(session->log, FDNS_SESSION_LOG);
    }
}

// Its times are those of the calendar: the world's begin now.
static void open_capture(struct fdns_session *session, const char *path, struct fdns_buf *why)
{
    struct timespec now;
    if (path == NULL) {
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    session->capture = fdns_capture_open(path, now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000);
    if (session->capture == NULL) {
        say_cannot_write(why, "capture", path);
    }
}

static struct fdns_world *load_world(const struct fdns_session_options *options,
                                     struct fdns_world_library *library, struct fdns_diags *diags)
{
    if (options->world_file != NULL) {
        return fdns_world_load(library, options->world_file, diags);
    }
    if (options->world_text != NULL) {
        return fdns_world_load_text(library, "world", options->world_text, options->world_len,
                                    diags);
    }
    if (options->testns != NULL) {
        return fdns_testns_load(options->testns, diags);
    }
    return fdns_world_of_zones(options->zones, options->n_zones, diags);
}

static struct fdns_session *new_session(const struct fdns_session_options *options,
                                        struct fdns_diags *diags)
{
    struct fdns_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        fdns_fatal("out of memory");
    }
    uint32_t epoch_s = options->epoch_s != 0 ? options->epoch_s : (uint32_t)time(NULL);
    session->library = fdns_world_library_new();
    fdns_world_library_signing(session->library, epoch_s, options->seed);
    session->seed = options->seed;
    fdns_clock_init(&session->clock, 0);
    session->first = load_world(options, session->library, diags);
    if (session->first == NULL) {
        free_session(session);
        return NULL;
    }
    session->state = fdns_world_state_new(session->first, options->seed);
    if (options->resolver) {
        session->resolver = fdns_resolver_new(session->first, session->state);
    }
    return session;
}

static void on_part_closed(void *context)
{
    struct fdns_session *session = context;
    if (--session->n_open > 0) {
        return;
    }
    fdns_session_done_fn *done = session->done;
    void *done_context = session->context;
    free_session(session);
    if (done != NULL) {
        done(done_context);
    }
}

struct fdns_session *fdns_session_open(const struct fdns_session_options *options,
                                       struct fdns_diags *diags, enum fdns_error *error,
                                       struct fdns_buf *why)
{
    struct fdns_session *session = new_session(options, diags);
    if (session == NULL) {
        if (error != NULL) {
            *error = FDNS_INVALID;
        }
        return NULL;
    }
    double scale = options->scale > 0 ? options->scale : 1;
    open_log(session, options->query_log, options->keeps_log, why);
    open_capture(session, options->capture, why);
    fdns_pace_start(&session->pace, options->loop, &session->clock,
                    options->manual_clock ? 0 : scale);
    session->n_open = 1;
    bool logs = options->keeps_log || options->query_log != NULL;
    struct fdns_serve_options serving = {.world = session->first,
                                         .state = session->state,
                                         .resolver = session->resolver,
                                         .clock = &session->clock,
                                         .loop = options->loop,
                                         .pace = &session->pace,
                                         .listen = options->listen,
                                         .port = options->port,
                                         .query_log = logs ? session->log : NULL,
                                         .capture = session->capture};
    session->serve = fdns_serve_start(&serving, error, why);
    if (session->serve == NULL) {
        fdns_pace_stop(&session->pace, on_part_closed, session);
        return NULL;
    }
    session->n_open = 2;
    return session;
}

void fdns_session_close(struct fdns_session *session, fdns_session_done_fn *done, void *context)
{
    session->done = done;
    session->context = context;
    fdns_serve_stop(session->serve, on_part_closed, session);
    fdns_pace_stop(&session->pace, on_part_closed, session);
}

const struct fdns_world *fdns_session_world(const struct fdns_session *session)
{
    return world_of(session);
}

const struct fdns_map *fdns_session_map(const struct fdns_session *session)
{
    return fdns_serve_map(session->serve);
}

int64_t fdns_session_now_us(struct fdns_session *session)
{
    fdns_pace_touch(&session->pace);
    return session->clock.now_us;
}

// ---- the world

static void push(struct fdns_session *session, struct fdns_world *world)
{
    struct layer *layer = calloc(1, sizeof *layer);
    if (layer == NULL) {
        fdns_fatal("out of memory");
    }
    *layer = (struct layer){.below = session->patched, .world = world};
    session->patched = layer;
    session->n_patches++;
    session->patched_octets += fdns_arena_octets(&world->arena);
}

static bool has_room(const struct fdns_session *session, struct fdns_buf *why)
{
    if (session->n_patches < FDNS_SESSION_PATCHES &&
        session->patched_octets < FDNS_SESSION_OCTETS) {
        return true;
    }
    fdns_buf_format(why,
                    "there have been %zu patches, which take %zu octets: more of them need a reset",
                    session->n_patches, session->patched_octets);
    return false;
}

enum fdns_error fdns_session_patch(struct fdns_session *session, const char *text, size_t len,
                                   struct fdns_diags *diags, struct fdns_buf *why)
{
    char name[40];
    if (!has_room(session, why)) {
        return FDNS_TOO_LARGE;
    }
    (void)fdns_session_now_us(session);
    snprintf(name, sizeof name, "patch %zu", session->n_patches + 1);
    struct fdns_world *world =
        fdns_world_patch(session->library, world_of(session), name, text, len, diags);
    if (world == NULL) {
        return FDNS_INVALID;
    }
    // The serve asks for the new state only when all endpoints are there.
    session->state = fdns_world_state_extend(session->state, world);
    if (!fdns_serve_change(session->serve, world, session->state, why)) {
        fdns_serve_set_state(session->serve, session->state);
        if (session->resolver != NULL) {
            fdns_resolver_move(session->resolver, world_of(session), session->state);
        }
        fdns_world_free(world);
        return FDNS_IO;
    }
    push(session, world);
    if (session->resolver != NULL) {
        fdns_resolver_move(session->resolver, world, session->state);
    }
    return FDNS_OK;
}

enum fdns_error fdns_session_order(struct fdns_session *session, const char *rule,
                                   enum fdns_rule_order order)
{
    struct fdns_world *world = world_of(session);
    (void)fdns_session_now_us(session);
    for (size_t i = 0; i < world->n_rules; i++) {
        if (strcmp(world->rules[i]->name, rule) == 0 &&
            fdns_world_order_of(world, i) != FDNS_RULE_REMOVED) {
            fdns_world_order(world, i, order);
            fdns_serve_update(session->serve);
            return FDNS_OK;
        }
    }
    return FDNS_NOT_FOUND;
}

enum fdns_error fdns_session_reset(struct fdns_session *session, struct fdns_buf *why)
{
    struct fdns_world_state *state = fdns_world_state_new(session->first, session->seed);
    (void)fdns_session_now_us(session);
    if (!fdns_serve_change(session->serve, session->first, state, why)) {
        fdns_world_state_free(state);
        return FDNS_IO;
    }
    // From here on nothing points into the patches but what is forgotten now.
    fdns_serve_forget(session->serve);
    if (session->resolver != NULL) {
        fdns_resolver_move(session->resolver, session->first, state);
        fdns_resolver_reset(session->resolver);
    }
    fdns_world_state_free(session->state);
    session->state = state;
    free_layers(session->patched);
    session->patched = NULL;
    session->n_patches = 0;
    session->patched_octets = 0;
    for (size_t i = 0; i < session->first->n_rules; i++) {
        fdns_world_order(session->first, i, FDNS_RULE_AS_WRITTEN);
    }
    fdns_query_log_forget(session->log);
    session->clock.now_us = 0;
    fdns_pace_restart(&session->pace);
    fdns_serve_update(session->serve);
    return FDNS_OK;
}

void fdns_session_clear_log(struct fdns_session *session)
{
    fdns_query_log_forget(session->log);
}

// ---- the clock

enum fdns_error fdns_session_set_clock(struct fdns_session *session, int64_t to_us)
{
    if (to_us > FDNS_SESSION_LATEST_US) {
        return FDNS_TOO_LARGE;
    }
    if (to_us < fdns_session_now_us(session)) {
        return FDNS_INVALID;
    }
    fdns_pace_jump(&session->pace, to_us);
    fdns_serve_update(session->serve);
    return FDNS_OK;
}

enum fdns_error fdns_session_advance(struct fdns_session *session, int64_t by_us)
{
    if (by_us < 0) {
        return FDNS_INVALID;
    }
    if (by_us > FDNS_SESSION_LATEST_US) {
        return FDNS_TOO_LARGE;
    }
    return fdns_session_set_clock(session, fdns_session_now_us(session) + by_us);
}

// ---- reading

const struct fdns_query_log *fdns_session_log(const struct fdns_session *session)
{
    return session->log;
}

struct fdns_session_stats fdns_session_stats(struct fdns_session *session)
{
    return (struct fdns_session_stats){.counts = fdns_serve_counts(session->serve),
                                       .now_us = fdns_session_now_us(session),
                                       .n_patches = session->n_patches,
                                       .manual_clock = session->pace.scale <= 0};
}

static const char *file_of_rule(const struct fdns_world *world, size_t index)
{
    while (world->base != NULL && index < world->base->n_rules) {
        world = world->base;
    }
    return world->file;
}

bool fdns_session_rule(const struct fdns_session *session, size_t index,
                       struct fdns_session_rule *rule)
{
    const struct fdns_world *world = world_of(session);
    if (index >= world->n_rules) {
        return false;
    }
    *rule = (struct fdns_session_rule){.name = world->rules[index]->name,
                                       .file = file_of_rule(world, index),
                                       .line = world->rules[index]->line,
                                       .enabled = world->rules[index]->enabled,
                                       .order = fdns_world_order_of(world, index),
                                       .n_fired = fdns_world_state_fired(session->state, index)};
    return true;
}

static const struct fdns_zone *held_now(const struct fdns_server *server, const uint8_t *apex,
                                        int64_t now_us, struct fdns_arena *arena)
{
    struct fdns_zone_set set = fdns_server_zones(server, now_us, arena);
    for (size_t i = 0; i < set.n_zones; i++) {
        if (fdns_name_equal(set.zones[i]->apex, apex)) {
            return set.zones[i];
        }
    }
    return NULL;
}

enum fdns_error fdns_session_zone(struct fdns_session *session, const char *name,
                                  const char *server, struct fdns_buf *text)
{
    const struct fdns_world *world = world_of(session);
    const struct fdns_server *only = server != NULL ? fdns_world_find_server(world, server) : NULL;
    uint8_t apex[FDNS_NAME_MAX];
    int64_t now_us = fdns_session_now_us(session);
    if (fdns_name_parse(name, NULL, apex) != FDNS_OK) {
        return FDNS_INVALID;
    }
    if (server != NULL && only == NULL) {
        return FDNS_NOT_FOUND;
    }
    struct fdns_arena arena;
    const struct fdns_zone *zone = NULL;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < world->n_servers && zone == NULL; i++) {
        if (only == NULL || only == &world->servers[i]) {
            zone = held_now(&world->servers[i], apex, now_us, &arena);
        }
    }
    if (zone != NULL) {
        fdns_zone_print(zone, text);
    }
    fdns_arena_clear(&arena);
    return zone != NULL ? FDNS_OK : FDNS_NOT_FOUND;
}
