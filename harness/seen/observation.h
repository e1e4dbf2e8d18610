// Observation: one exchange as it was on the wire. Silence and garbage are observations, not
// errors.
#pragma once

#include "harness/seen/question.h"

#define DC_OUTCOMES(X)                                                                             \
    X(DC_ANSWERED, "answered")       /* a message that belongs to the question */                  \
    X(DC_SILENT, "silent")           /* nothing acceptable before the deadline */                  \
    X(DC_STALLED, "stalled")         /* the same on a TCP connection that was accepted */          \
    X(DC_REFUSED, "refused")         /* port unreachable, or the TCP connection was refused */     \
    X(DC_CLOSED, "closed")           /* the TCP connection ended before a whole message */         \
    X(DC_UNREACHABLE, "unreachable") /* no route, or no such address family here */                \
    X(DC_UNMAPPED, "unmapped")       /* a documentation address that no map names: not contacted */

#define DC_OUTCOME_ENUM(name, text) name,
enum dc_outcome { DC_OUTCOMES(DC_OUTCOME_ENUM) };
const char *dc_outcome_text(enum dc_outcome outcome);
bool dc_outcome_parse(const char *text, enum dc_outcome *outcome);

// Why a datagram that arrived was not taken as the answer.
#define DC_STRAYS(X)                                                                               \
    X(DC_STRAY_SOURCE, "wrong source")                                                             \
    X(DC_STRAY_ID, "wrong id")                                                                     \
    X(DC_STRAY_QUESTION, "wrong question")                                                         \
    X(DC_STRAY_NOT_RESPONSE, "not a response")                                                     \
    X(DC_STRAY_SHORT, "shorter than a header")
#define DC_STRAY_ENUM(name, text) name,
enum dc_stray_reason { DC_STRAYS(DC_STRAY_ENUM) };
const char *dc_stray_text(enum dc_stray_reason reason);
bool dc_stray_parse(const char *text, enum dc_stray_reason *reason);

struct dc_stray {
    enum dc_stray_reason reason;
    struct fdns_address source;
    const uint8_t *octets;
    size_t len;
};

enum { DC_STRAYS_KEPT = 4 };

struct dc_attempt {
    int64_t asked_us; // world's time, or microseconds since the Unix epoch
    int64_t ended_us;
    uint16_t id;
    enum dc_outcome outcome;
    const uint8_t *octets; // received: the message (UDP), or the transcript with its frames (TCP)
    size_t len;
    struct dc_stray strays[DC_STRAYS_KEPT];
    size_t n_strays; // kept
};

struct dc_observation {
    const struct dc_question *question;
    enum dc_outcome outcome; // of the attempt that counts: the last
    const uint8_t *message;  // DNS message without frame; NULL unless ANSWERED
    size_t message_len;
    const struct dc_attempt *attempts;
    size_t n_attempts; // at least 1
};

// A copy whose parts all live in arena; its question has no `after`.
struct dc_observation *dc_observation_copy(struct fdns_arena *arena,
                                           const struct dc_observation *observation);

// Order of their questions' keys, for qsort and bsearch over arrays of pointers.
int dc_observation_by_key(const void *a, const void *b);
