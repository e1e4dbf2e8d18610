// A stage: a world on real sockets and a client that asks it, in played or in real time. What the
// component tests share.
#pragma once

#include "fakedns/serve/query_log.h"
#include "fakedns/serve/serve.h"
#include "harness/query/query.h"

struct stage_options {
    bool real;
    bool resolver;
    unsigned retries;
    unsigned qps;
    unsigned per_server;
    unsigned in_total;
    int64_t timeout_us;    // 0: 2 s
    const char *query_log; // or NULL
    bool allow_real;
    double scale; // real; 0: 1
};

struct stage {
    bool real;
    bool broken;
    size_t n_descriptors; // open before it was opened
    uv_loop_t loop;
    struct fdns_clock clock;
    struct fdns_flight flight;
    struct fdns_pace pace;
    struct fdns_world_library *library;
    struct fdns_world *world;
    struct fdns_world_state *state;
    struct fdns_resolver *resolver;
    struct fdns_serve *serve;
    struct fdns_query_log *log;
    struct dc_client *client;
    struct dc_store store;
    struct fdns_arena arena; // of questions
    char failure[4096];
};

// Opens the world of a YAML text. Mistakes in it fail the test.
void stage_open(struct stage *stage, const char *yaml, const struct stage_options *options);
// Closes all; fails the test if a descriptor or a handle is left.
void stage_close(struct stage *stage);

// A question for a name and type at a scripted address; in the stage's arena.
struct dc_question *stage_question(struct stage *stage, const char *server, const char *name,
                                   uint16_t type, enum dc_transport transport);
// Steps of a conversation, in the stage's arena.
struct dc_step stage_send(struct stage *stage, const char *name, uint16_t type, uint16_t id);
void stage_steps(struct stage *stage, struct dc_question *question, const struct dc_step *steps,
                 size_t n);

// Asks and waits until all have been answered or given up.
void stage_ask(struct stage *stage, const struct dc_question *const *questions, size_t n);
// The same for one question.
const struct dc_observation *stage_ask_one(struct stage *stage, struct dc_question *question);
// Played: moves to a time.
void stage_go_to(struct stage *stage, int64_t at_us);

size_t count_descriptors(void);
