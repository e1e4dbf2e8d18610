// Queries to a stage, and their replies as one line.
#pragma once

#include "fakedns/answer/answer.h"
#include "fakedns/wire/builder.h"
#include "fakedns/wire/show.h"
#include "unit/fakedns/worlds.h"

// A query as tests name it; fields that are zero mean the ordinary.
struct asked {
    const char *server, *name, *type;
    const char *at; // a duration
    uint16_t flags;
    enum fdns_transport transport;
    size_t address;
    uint16_t edns; // UDP size; 0: no OPT
    uint16_t edns_flags;
    uint64_t connection;
    uint8_t client; // last octet
};

static inline size_t build_query(const struct asked *asked, uint8_t out[512])
{
    uint8_t name[FDNS_NAME_MAX];
    uint16_t type = 0;
    CHECK(fdns_name_parse(asked->name, NULL, name) == FDNS_OK);
    CHECK(fdns_type_parse(asked->type, &type));
    return fdns_query_build(out, 512, 7, asked->flags, name, type, FDNS_CLASS_IN, asked->edns,
                            asked->edns_flags);
}

static inline struct fdns_request request_of(const struct stage *stage, const struct asked *asked,
                                             const uint8_t *octets, size_t len)
{
    struct fdns_request request = {.address = asked->address,
                                   .transport = asked->transport,
                                   .connection = asked->connection,
                                   .octets = octets,
                                   .len = len};
    request.client =
        (struct fdns_address){.family = FDNS_IPV4, .octets = {127, 0, 0, asked->client}};
    if (asked->server != NULL)
        request.server = fdns_world_find_server(stage->world, asked->server);
    if (asked->at != NULL)
        CHECK(fdns_duration_parse(asked->at, &request.now_us) == FDNS_OK);
    return request;
}

// "SERVFAIL aa tc opt | AN name TTL TYPE rdata | …", "silence" or "malformed".
static inline const char *reply_line(struct stage *stage)
{
    static const char *const sections[] = {"AN", "NS", "AR"};
    struct fdns_view view;
    char code[FDNS_CODE_TEXT_MAX];
    fdns_buf_reset(&stage->reply);
    if (stage->plan.n_steps == 0)
        return "silence";
    fdns_view_init(&view, &stage->arena, stage->plan.steps[0].octets, stage->plan.steps[0].len);
    if (view.flaw != FDNS_FLAW_NONE)
        return "malformed";
    fdns_buf_string(&stage->reply, fdns_rcode_print(fdns_view_rcode(&view), code));
    fdns_buf_string(&stage->reply, fdns_view_flag(&view, FDNS_AA) ? " aa" : "");
    fdns_buf_string(&stage->reply, fdns_view_flag(&view, FDNS_TC) ? " tc" : "");
    fdns_buf_string(&stage->reply, fdns_view_flag(&view, FDNS_RA) ? " ra" : "");
    fdns_buf_string(&stage->reply, fdns_view_flag(&view, FDNS_AD) ? " ad" : "");
    fdns_buf_string(&stage->reply, view.edns.present ? " opt" : "");
    for (size_t i = 0; i < view.n_rrs; i++) {
        const struct fdns_view_rr *rr = &view.rrs[i];
        uint8_t owner[FDNS_NAME_MAX];
        uint16_t len = 0;
        if (rr->type == FDNS_TYPE_OPT || !fdns_view_name(&view, rr->at, owner, NULL))
            continue;
        const uint8_t *rdata = fdns_view_rdata(&view, rr, &stage->arena, &len);
        fdns_buf_format(&stage->reply, " | %s %s %u %s %s", sections[rr->section],
                        fdns_name_text(&stage->arena, owner), rr->ttl,
                        fdns_type_print(rr->type, code),
                        fdns_rdata_text(&stage->arena, rr->type, rdata, len));
    }
    return fdns_buf_text(&stage->reply);
}

// Asks a server of the world.
static inline const char *ask(struct stage *stage, struct asked asked)
{
    uint8_t query[512];
    if (asked.server == NULL)
        asked.server = "ns1.example.com";
    size_t len = build_query(&asked, query);
    struct fdns_request request = request_of(stage, &asked, query, len);
    fdns_answer(stage->world, stage->state, &request, &stage->arena, &stage->plan);
    return reply_line(stage);
}
#define ASK(stage, ...) ask((stage), (struct asked){__VA_ARGS__})
