// look(): a check is a pure function of what has been seen, and looking at something unseen asks
// for it.
//
// A check calls dc_look(). If that exchange has not happened yet it gets NULL, and the question is
// wanted; the check asks for all else it can and returns. Whatever it reported in such a round is
// thrown away, and NULL is never judged as "not found". When the answers are there it is run again.
// So checks are straight-line code without callbacks and sockets, everything missing is asked at
// once, nothing is asked twice, and saved observations give the same findings offline.
#pragma once

#include "fakedns/wire/view.h"
#include "harness/check/report.h"

// Name of a server by its address; NULL if it has none.
typedef const char *dc_server_name_fn(const void *owner, const struct fdns_address *address);

struct dc_look {
    struct dc_store *store;
    struct fdns_arena *arena; // of this round
    unsigned visit;
    int64_t visit_us;                  // the time of the visit
    bool pending;                      // something was wanted in this round
    const struct dc_question **wanted; // in arena, each once
    size_t n_wanted;
    size_t wanted_capacity;
    uint16_t udp_size; // of EDNS in queries
    // Names of servers, for people; NULL: they go by their addresses.
    dc_server_name_fn *server_name;
    const void *server_names;
};

void dc_look_init(struct dc_look *look, struct dc_store *store, struct fdns_arena *arena,
                  unsigned visit, int64_t visit_us);

const struct dc_observation *dc_look(struct dc_look *look, const struct dc_question *question);

// What most checks ask.
struct dc_ask {
    struct fdns_address server;
    const uint8_t *name;
    uint16_t type;
    uint16_t rr_class;      // 0: IN
    bool recursion;         // RD
    bool checking_disabled; // CD
    bool no_edns;
    uint16_t edns_flags;
    uint8_t edns_version;
    uint16_t udp_size;      // 0: look's
    const uint8_t *options; // EDNS options as they go on the wire, or NULL
    uint16_t options_len;
    enum dc_transport transport;
    unsigned repetition;
    // Ask only when this has been answered, and pause_us later; or NULL.
    const struct dc_question *after;
    int64_t pause_us;
};
const struct dc_observation *dc_look_ask(struct dc_look *look, const struct dc_ask *ask);

// The same over UDP, and again over TCP if the answer had TC set: the observation to judge. NULL
// while either is missing. *truncated (may be NULL) is the UDP observation if there were two.
const struct dc_observation *dc_look_full(struct dc_look *look, const struct dc_ask *ask,
                                          const struct dc_observation **truncated);

// A view of an answered observation's message, in the round's arena; NULL if it was not answered.
const struct fdns_view *dc_look_view(struct dc_look *look,
                                     const struct dc_observation *observation);
