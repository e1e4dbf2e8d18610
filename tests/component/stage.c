#include "component/stage.h"

#include "fakedns/wire/builder.h"
#include "unit/harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

size_t count_descriptors(void)
{
    size_t n = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        n++;
    closedir(folder);
    return n;
}

// Worlds are loaded from files.
static struct fdns_world *load(struct stage *stage, const char *yaml)
{
    char path[] = "/tmp/dnsconform-stage-XXXXXX";
    struct fdns_diags diags;
    struct fdns_buf text;
    fdns_diags_init(&diags);
    fdns_buf_init(&text, 65536);
    int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, yaml, strlen(yaml)) == (ssize_t)strlen(yaml));
    close(fd);
    struct fdns_world *world = fdns_world_load(stage->library, path, &diags);
    unlink(path);
    fdns_diags_print(&diags, 0, &text);
    CHECK_TEXT("", fdns_buf_text(&text));
    fdns_buf_clear(&text);
    fdns_diags_clear(&diags);
    return world;
}

static void open_serve(struct stage *stage)
{
    struct fdns_buf why;
    fdns_buf_init(&why, sizeof stage->failure);
    struct fdns_serve_options serving = {.world = stage->world,
                                         .state = stage->state,
                                         .resolver = stage->resolver,
                                         .clock = &stage->clock,
                                         .flight = stage->real ? NULL : &stage->flight,
                                         .loop = stage->real ? &stage->loop : NULL,
                                         .pace = stage->real ? &stage->pace : NULL,
                                         .query_log = stage->log};
    stage->serve = fdns_serve_start(&serving, NULL, &why);
    CHECK_TEXT("", fdns_buf_text(&why));
    fdns_buf_clear(&why);
}

static void open_client(struct stage *stage, const struct stage_options *options)
{
    struct dc_client_options asking = {.clock = &stage->clock,
                                       .flight = stage->real ? NULL : &stage->flight,
                                       .loop = stage->real ? &stage->loop : NULL,
                                       .pace = stage->real ? &stage->pace : NULL,
                                       .map = fdns_serve_map(stage->serve),
                                       .allow_real = options->allow_real,
                                       .timeout_us = options->timeout_us != 0 ? options->timeout_us
                                                                              : INT64_C(2000000),
                                       .retries = options->retries,
                                       .qps = options->qps,
                                       .per_server = options->per_server,
                                       .in_total = options->in_total,
                                       .seed = 1};
    stage->client = dc_client_new(&asking);
}

// The first loop of a process opens a pipe for signals that libuv keeps for good.
static void open_what_libuv_keeps(void)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    CHECK_INT(0, uv_loop_close(&loop));
}

void stage_open(struct stage *stage, const char *yaml, const struct stage_options *options)
{
    memset(stage, 0, sizeof *stage);
    open_what_libuv_keeps();
    stage->n_descriptors = count_descriptors();
    stage->real = options->real;
    fdns_clock_init(&stage->clock, 0);
    fdns_flight_init(&stage->flight);
    fdns_arena_init(&stage->arena, 0);
    dc_store_init(&stage->store);
    if (stage->real) {
        uv_loop_init(&stage->loop);
        fdns_pace_start(&stage->pace, &stage->loop, &stage->clock,
                        options->scale > 0 ? options->scale : 1);
    }
    stage->library = fdns_world_library_new();
    stage->world = load(stage, yaml);
    if (stage->world == NULL) {
        fprintf(stderr, "the world of a test has mistakes\n");
        exit(1);
    }
    stage->state = fdns_world_state_new(stage->world, 7);
    if (options->resolver)
        stage->resolver = fdns_resolver_new(stage->world, stage->state);
    if (options->query_log != NULL)
        stage->log = fdns_query_log_open(options->query_log);
    open_serve(stage);
    open_client(stage, options);
}

static void count_done(void *context)
{
    unsigned *n = context;
    ++*n;
}

void stage_close(struct stage *stage)
{
    unsigned n_done = 0;
    if (!stage->real && !stage->broken)
        CHECK(fdns_flight_is_quiet(&stage->flight));
    dc_client_close(stage->client, count_done, &n_done);
    fdns_serve_stop(stage->serve, count_done, &n_done);
    if (stage->real) {
        fdns_pace_stop(&stage->pace, count_done, &n_done);
        CHECK_INT(0, n_done);
        uv_run(&stage->loop, UV_RUN_DEFAULT);
        CHECK_INT(3, n_done);
        CHECK_INT(0, uv_loop_close(&stage->loop));
    } else {
        CHECK_INT(2, n_done);
        CHECK_INT(0, stage->flight.total);
    }
    if (stage->log != NULL)
        CHECK(fdns_query_log_close(stage->log));
    if (stage->resolver != NULL)
        fdns_resolver_free(stage->resolver);
    fdns_flight_clear(&stage->flight);
    fdns_clock_clear(&stage->clock);
    fdns_world_state_free(stage->state);
    fdns_world_free(stage->world);
    fdns_world_library_free(stage->library);
    dc_store_clear(&stage->store);
    fdns_arena_clear(&stage->arena);
    CHECK_INT(stage->n_descriptors, count_descriptors());
}

static size_t build_query(uint8_t out[512], const char *name, uint16_t type, uint16_t id)
{
    uint8_t wire[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, wire));
    return fdns_query_build(out, 512, id, 0, wire, type, FDNS_CLASS_IN, 1232, 0);
}

struct dc_question *stage_question(struct stage *stage, const char *server, const char *name,
                                   uint16_t type, enum dc_transport transport)
{
    uint8_t octets[512];
    struct dc_question *question = fdns_arena_alloc(&stage->arena, sizeof *question);
    CHECK_INT(FDNS_OK, fdns_address_parse(server, 53, &question->server));
    question->transport = transport;
    question->len = build_query(octets, name, type, 0);
    question->request = fdns_arena_copy(&stage->arena, octets, question->len);
    return question;
}

struct dc_step stage_send(struct stage *stage, const char *name, uint16_t type, uint16_t id)
{
    uint8_t octets[514];
    size_t len = build_query(octets + 2, name, type, id);
    octets[0] = (uint8_t)(len >> 8);
    octets[1] = (uint8_t)len;
    return (struct dc_step){.kind = DC_STEP_SEND,
                            .octets = fdns_arena_copy(&stage->arena, octets, len + 2),
                            .len = len + 2};
}

void stage_steps(struct stage *stage, struct dc_question *question, const struct dc_step *steps,
                 size_t n)
{
    question->steps = fdns_arena_copy(&stage->arena, steps, n * sizeof *steps);
    question->n_steps = n;
}

static void on_done(void *context)
{
    bool *finished = context;
    CHECK(!*finished);
    *finished = true;
}

static void play(struct stage *stage, const bool *finished)
{
    struct fdns_buf report;
    fdns_buf_init(&report, sizeof stage->failure - 1);
    if (!fdns_flight_play(&stage->flight, &stage->clock, finished, &report)) {
        snprintf(stage->failure, sizeof stage->failure, "%s", fdns_buf_text(&report));
        stage->broken = true;
    }
    fdns_buf_clear(&report);
}

void stage_ask(struct stage *stage, const struct dc_question *const *questions, size_t n)
{
    bool finished = false;
    dc_client_ask(stage->client, &stage->store, questions, n, on_done, &finished);
    CHECK(!finished);
    if (!stage->real)
        play(stage, &finished);
    while (stage->real && !finished)
        uv_run(&stage->loop, UV_RUN_ONCE);
    CHECK_TEXT("", stage->failure);
    CHECK(finished);
}

const struct dc_observation *stage_ask_one(struct stage *stage, struct dc_question *question)
{
    const struct dc_question *questions[] = {question};
    stage_ask(stage, questions, 1);
    return dc_store_find(&stage->store, question);
}

void stage_go_to(struct stage *stage, int64_t at_us)
{
    CHECK(fdns_flight_play_until(&stage->flight, &stage->clock, at_us, NULL));
    CHECK_INT(at_us, stage->clock.now_us);
}
