// Question: one exchange that a check wants to see, and its key.
//
// Two questions with equal keys are the same question and are asked once. The key is the visit
// (checkpoint), the server's address (a resolver is one like any other), the transport, the exact
// request bytes with the id zeroed, the steps of a TCP conversation, and a repetition number.
#pragma once

#include "fakedns/base/address.h"
#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dc_transport { DC_UDP, DC_TCP };

// A step of a TCP conversation. Without steps: send the request framed, await one message.
#define DC_STEPS(X)                                                                                \
    X(DC_STEP_SEND, "send")                                                                        \
    X(DC_STEP_AWAIT, "await")                                                                      \
    X(DC_STEP_WAIT, "wait")                                                                        \
    X(DC_STEP_HALF_CLOSE, "half-close")                                                            \
    X(DC_STEP_CLOSE, "close")
#define DC_STEP_ENUM(name, text) name,
enum dc_step_kind { DC_STEPS(DC_STEP_ENUM) };
const char *dc_step_text(enum dc_step_kind kind);
bool dc_step_parse(const char *text, enum dc_step_kind *kind);

struct dc_step {
    enum dc_step_kind kind;
    const uint8_t *octets; // SEND: as they are, no length is added
    size_t len;
    unsigned n_messages; // AWAIT
    int64_t wait_us;     // WAIT
};

struct dc_question {
    unsigned visit;
    struct fdns_address server; // scripted or real
    enum dc_transport transport;
    const uint8_t *request; // id zero
    size_t len;
    unsigned repetition;
    const struct dc_step *steps;
    size_t n_steps;
    const char *server_name; // for people, or NULL; not part of the key
    // Not part of the key: ask only when `after` has been answered, and pause_us later.
    const struct dc_question *after;
    int64_t pause_us;
};

// Order by key, and a hash of the key.
int dc_question_compare(const struct dc_question *a, const struct dc_question *b);
uint64_t dc_question_hash(const struct dc_question *question);
// A copy whose octets live in arena.
struct dc_question *dc_question_copy(struct fdns_arena *arena, const struct dc_question *question);
