// Plan: what goes on the wire for one query, and when. Made by answer/, carried out by serve/.
#pragma once

#include "fakedns/base/address.h"

struct fdns_arena;

struct fdns_rule;

#define FDNS_STEPS(X)                                                                              \
    X(FDNS_STEP_SEND, "send")   /* one message (framed by its length on TCP) */                    \
    X(FDNS_STEP_RAW, "raw")     /* octets as they are, TCP only: no length is added */             \
    X(FDNS_STEP_CLOSE, "close") /* end the TCP connection */                                       \
    X(FDNS_STEP_RESET, "reset") /* end it with RST */                                              \
    X(FDNS_STEP_STALL, "stall") /* stop reading from it */

#define FDNS_STEP_ENUM(name, text) name,
enum fdns_step_kind { FDNS_STEPS(FDNS_STEP_ENUM) };

// Where a datagram comes from, if not from the address that was asked.
struct fdns_step_source {
    bool given;
    bool other_host;             // that of address; else that of the address that was asked
    struct fdns_address address; // scripted; its port counts in any case
};

struct fdns_step {
    enum fdns_step_kind kind;
    int64_t delay_us; // after the query arrived
    const uint8_t *octets;
    size_t len;
    const char *rule; // the last rule that fired for the query, or NULL
    // What is sent again: so many times more, each so much later than the one before.
    uint32_t copies;
    int64_t copies_us;
    // TCP: pieces of so many octets, each so much later than the one before. 0: all at once
    uint32_t segment;
    int64_t segment_us;
    // TCP: it waits until so many such messages are there, and goes with them in one piece. 0: no
    uint32_t gather;
    bool gather_reversed;           // the newest first
    struct fdns_step_source source; // UDP
    uint16_t to_port; // UDP: it goes to this port of the client; 0: to the one that asked
};

// More does not come of one query: what rules would add is left out.
enum { FDNS_PLAN_STEPS = 8 };

// What comes behind the steps, made when they have been sent (fdns_answer_more): a transfer is too
// long to be planned at once. Lives where the octets of the steps do, but for the rules.
struct fdns_more {
    size_t part, record; // where to go on
    size_t n_records;    // that have been sent
    size_t n_messages;
    const struct fdns_rule *const *fired; // rules that act on all messages
    size_t n_fired;
};

// No steps: nothing is ever sent. Steps at one time happen in their order.
struct fdns_plan {
    struct fdns_step steps[FDNS_PLAN_STEPS];
    size_t n_steps;
    struct fdns_arena *arena;     // where octets of steps live
    const struct fdns_more *more; // or NULL
    // for the query log
    uint16_t rcode;
    size_t size;
    const char *rule; // name of the last rule that fired, or NULL
};

static inline bool fdns_step_sends(const struct fdns_step *step)
{
    return step->kind == FDNS_STEP_SEND || step->kind == FDNS_STEP_RAW;
}

// When all of it has been sent; over UDP segments mean nothing.
static inline int64_t fdns_step_sent_us(const struct fdns_step *step, bool tcp)
{
    size_t n = tcp && step->segment > 0 ? (step->len + 1) / step->segment : 0;
    return step->delay_us + (int64_t)n * step->segment_us;
}
