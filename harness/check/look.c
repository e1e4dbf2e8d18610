#include "harness/check/look.h"

#include "fakedns/base/fatal.h"
#include "fakedns/wire/builder.h"

enum {
    UDP_SIZE = 1232, // what most software offers since DNS flag day 2020
    QUERY_MAX = 512,
};

void dc_look_init(struct dc_look *look, struct dc_store *store, struct fdns_arena *arena,
                  unsigned visit, int64_t visit_us)
{
    *look = (struct dc_look){
        .store = store, .arena = arena, .visit = visit, .visit_us = visit_us, .udp_size = UDP_SIZE};
}

static bool is_wanted(const struct dc_look *look, const struct dc_question *question)
{
    for (size_t i = 0; i < look->n_wanted; i++) {
        if (dc_question_compare(look->wanted[i], question) == 0) {
            return true;
        }
    }
    return false;
}

static void want(struct dc_look *look, const struct dc_question *question)
{
    look->pending = true;
    if (is_wanted(look, question)) {
        return;
    }
    look->wanted = fdns_arena_grow(look->arena, look->wanted, look->n_wanted, look->n_wanted + 1,
                                   sizeof *look->wanted, &look->wanted_capacity);
    look->wanted[look->n_wanted++] = dc_question_copy(look->arena, question);
}

const struct dc_observation *dc_look(struct dc_look *look, const struct dc_question *question)
{
    const struct dc_observation *seen = dc_store_find(look->store, question);
    if (seen != NULL) {
        return seen;
    }
    if (question->after != NULL) {
        dc_look(look, question->after);
    }
    want(look, question);
    return NULL;
}

static size_t build(const struct dc_look *look, const struct dc_ask *ask, uint8_t *out)
{
    struct fdns_builder builder;
    unsigned flags = (ask->recursion ? FDNS_RD : 0U) | (ask->checking_disabled ? FDNS_CD : 0U);
    uint16_t udp_size = ask->udp_size != 0 ? ask->udp_size : look->udp_size;
    fdns_builder_init(&builder, out, QUERY_MAX);
    fdns_builder_header(&builder, 0, (uint16_t)flags);
    fdns_builder_count(&builder, 0, 1);
    fdns_builder_count(&builder, FDNS_ADDITIONAL + 1, ask->no_edns ? 0 : 1);
    bool fits = fdns_builder_question(&builder, ask->name, ask->type,
                                      ask->rr_class != 0 ? ask->rr_class : FDNS_CLASS_IN);
    fits =
        fits && (ask->no_edns || fdns_builder_opt(&builder, udp_size, 0, ask->edns_version,
                                                  ask->edns_flags, ask->options, ask->options_len));
    return fits ? builder.len : 0;
}

const struct dc_observation *dc_look_ask(struct dc_look *look, const struct dc_ask *ask)
{
    uint8_t request[QUERY_MAX];
    size_t len = build(look, ask, request);
    if (len == 0) {
        fdns_fatal("a query does not fit into %d octets", QUERY_MAX);
    }
    const char *name =
        look->server_name != NULL ? look->server_name(look->server_names, &ask->server) : NULL;
    const struct dc_question question = {.visit = look->visit,
                                         .server = ask->server,
                                         .transport = ask->transport,
                                         .request = request,
                                         .len = len,
                                         .repetition = ask->repetition,
                                         .after = ask->after,
                                         .pause_us = ask->pause_us,
                                         .server_name = name};
    return dc_look(look, &question);
}

static bool is_truncated(const struct dc_observation *observation)
{
    enum { FLAGS_AT = 2, TC = FDNS_TC >> 8 };
    return observation->message_len > FLAGS_AT && (observation->message[FLAGS_AT] & TC) != 0;
}

const struct dc_observation *dc_look_full(struct dc_look *look, const struct dc_ask *ask,
                                          const struct dc_observation **truncated)
{
    const struct dc_observation *first = dc_look_ask(look, ask);
    if (truncated != NULL) {
        *truncated = NULL;
    }
    if (first == NULL || ask->transport == DC_TCP || !is_truncated(first)) {
        return first;
    }
    struct dc_ask again = *ask;
    again.transport = DC_TCP;
    if (truncated != NULL) {
        *truncated = first;
    }
    return dc_look_ask(look, &again);
}

const struct fdns_view *dc_look_view(struct dc_look *look, const struct dc_observation *observation)
{
    if (observation == NULL || observation->outcome != DC_ANSWERED) {
        return NULL;
    }
    struct fdns_view *view = fdns_arena_alloc(look->arena, sizeof *view);
    fdns_view_init(view, look->arena, observation->message, observation->message_len);
    return view;
}
