// Plan: what goes on the wire for one query, and when. Made by answer/, carried out by serve/.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FDNS_STEPS(X)                                                                              \
    X(FDNS_STEP_SEND, "send")   /* one message (framed by its length on TCP) */                    \
    X(FDNS_STEP_RAW, "raw")     /* octets as they are, TCP only: no length is added */             \
    X(FDNS_STEP_CLOSE, "close") /* end the TCP connection */                                       \
    X(FDNS_STEP_RESET, "reset") /* end it with RST */                                              \
    X(FDNS_STEP_STALL, "stall") /* stop reading from it */

#define FDNS_STEP_ENUM(name, text) name,
enum fdns_step_kind { FDNS_STEPS(FDNS_STEP_ENUM) };

struct fdns_step {
    enum fdns_step_kind kind;
    int64_t delay_us; // after the query arrived
    const uint8_t *octets;
    size_t len;
    const char *rule; // the last rule that fired for the query, or NULL
};

enum { FDNS_PLAN_STEPS = 8 };

// No steps: nothing is ever sent.
struct fdns_plan {
    struct fdns_step steps[FDNS_PLAN_STEPS];
    size_t n_steps;
    // for the query log
    uint16_t rcode;
    size_t size;
    const char *rule; // name of the last rule that fired, or NULL
};
