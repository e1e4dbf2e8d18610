#include "unit/harness/check/dkim_play.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/fatal.h"
#include "fakedns/yaml/node.h"
#include "fakedns/yaml/schema.h"
#include "harness/query/belongs.h"

#include <string.h>

enum { ROUNDS_MAX = 64, TRIES = 3, TIMEOUT_US = 2000000 };

static struct fdns_world *build(struct fdns_world_library *library, const char *text)
{
    struct fdns_arena arena;
    struct fdns_diags diags;
    const struct fdns_source source = {
        .file = SOURCE_DIR "/scenarios/test.yaml", .text = text, .len = strlen(text)};
    fdns_arena_init(&arena, 0);
    fdns_diags_init(&diags);
    const struct fdns_node *node = fdns_yaml_parse(&arena, &source, &diags);
    struct fdns_world *world =
        node != NULL && fdns_schema_check(&fdns_type_world, node, &source, &diags)
            ? fdns_world_build(library, node, &source, &diags)
            : NULL;
    if (world == NULL) {
        fdns_fatal("a test's world: line %u: %s", diags.items[0].line, diags.items[0].message);
    }
    fdns_diags_clear(&diags);
    fdns_arena_clear(&arena);
    return world;
}

static void init(struct dkim_play *play, const char *world)
{
    static struct fdns_address root;
    *play = (struct dkim_play){.library = fdns_world_library_new()};
    play->world = build(play->library, world);
    play->world_state = fdns_world_state_new(play->world, 1);
    fdns_arena_init(&play->arena, 0);
    fdns_arena_init(&play->keys, 0);
    dc_store_init(&play->store);
    fdns_address_parse("198.51.100.1", 53, &root);
    fdns_address_parse("192.0.2.53", 53, &play->resolver_address);
    play->how = (struct dc_dkim_how){.roots = &root, .n_roots = 1};
}

void dkim_play_init(struct dkim_play *play, const char *world)
{
    static const char *const tokens[] = {"example", "token2", "token3"};
    init(play, world);
    play->subject = (struct dc_dkim_subject){.domain = "example.com",
                                             .method = DC_EASY_DKIM,
                                             .tokens = tokens,
                                             .n_tokens = 3,
                                             .has_started = true,
                                             .window_us = 72 * FDNS_US_PER_H};
    dc_dkim_state_init(&play->state, &play->subject, 0);
}

void dkim_play_init_byodkim(struct dkim_play *play, const char *world)
{
    init(play, world);
    play->subject = (struct dc_dkim_subject){.domain = "example.com",
                                             .method = DC_BYODKIM,
                                             .selector = "selector",
                                             .has_started = true,
                                             .window_us = 72 * FDNS_US_PER_H};
    dc_dkim_state_init(&play->state, &play->subject, 0);
}

void dkim_play_resolver(struct dkim_play *play)
{
    play->resolver = fdns_resolver_new(play->world, play->world_state);
    play->how.resolver = &play->resolver_address;
}

void dkim_play_public_key(struct dkim_play *play, const char *text)
{
    play->subject.public_key = dc_given_key_read(&play->keys, text, strlen(text));
}

void dkim_play_private_key(struct dkim_play *play, const char *text, const char *profile)
{
    play->subject.private_key = dc_given_key_read(&play->keys, text, strlen(text));
    play->subject.profile = dc_profile_find(profile);
}

void dkim_play_clear(struct dkim_play *play)
{
    fdns_resolver_free(play->resolver);
    dc_store_clear(&play->store);
    fdns_arena_clear(&play->arena);
    fdns_arena_clear(&play->keys);
    fdns_world_state_free(play->world_state);
    fdns_world_free(play->world);
    fdns_world_library_free(play->library);
}

// Who is asked: false if nobody has the address.
static bool find_server(const struct dkim_play *play, const struct dc_question *question,
                        struct fdns_request *request)
{
    request->server = fdns_world_find_address(play->world, &question->server);
    for (size_t i = 0; request->server != NULL && i < request->server->n_addresses; i++) {
        if (fdns_address_equal(&request->server->addresses[i], &question->server)) {
            request->address = i;
        }
    }
    return request->server != NULL;
}

static enum dc_outcome outcome_of(struct dkim_play *play, const struct fdns_request *request,
                                  struct fdns_plan *plan)
{
    if (request->transport == FDNS_TCP && request->server != NULL) {
        switch (fdns_answer_tcp(play->world, request->server, request->address, request->now_us)) {
        case FDNS_TCP_REFUSED:
            return DC_REFUSED;
        case FDNS_TCP_HANGS:
            return DC_STALLED;
        case FDNS_TCP_CLOSES:
        case FDNS_TCP_RESETS:
            return DC_CLOSED;
        case FDNS_TCP_SERVED:
            break;
        }
    }
    if (request->server == NULL) {
        fdns_resolver_answer(play->resolver, request, &play->arena, plan);
    } else {
        fdns_answer(play->world, play->world_state, request, &play->arena, plan);
    }
    return plan->n_steps > 0 && plan->steps[0].kind == FDNS_STEP_SEND ? DC_ANSWERED : DC_SILENT;
}

// Hostile servers: a few octets behind the id are changed, and the end may be cut off.
static size_t mutate(struct dkim_play *play, uint8_t *octets, size_t len)
{
    for (uint64_t n = fdns_random_below(play->mutations, 4); n > 0 && len > 2; n--) {
        octets[2 + fdns_random_below(play->mutations, len - 2)] =
            (uint8_t)fdns_random_below(play->mutations, 256);
    }
    bool cut = fdns_random_below(play->mutations, 8) == 0;
    return cut ? (size_t)fdns_random_below(play->mutations, len + 1) : len;
}

// What arrived is the answer, or a stray as the client keeps it.
static bool belongs(const struct dkim_play *play, const struct dc_question *question,
                    const struct fdns_step *step, struct dc_attempt *attempt)
{
    enum dc_stray_reason reason;
    if (play->mutations != NULL ||
        dc_message_belongs(question->request, question->len, 0, step->octets, step->len, &reason)) {
        return true;
    }
    attempt->outcome = DC_SILENT;
    attempt->strays[attempt->n_strays++] = (struct dc_stray){
        .reason = reason, .source = question->server, .octets = step->octets, .len = step->len};
    return false;
}

// A question while it is asked, over UDP again after silence, as the client does it.
struct exchange {
    const struct dc_question *question;
    int64_t at_us;
    struct dc_attempt attempts[TRIES];
    struct dc_observation seen;
};

static bool is_over(const struct exchange *exchange)
{
    size_t n = exchange->seen.n_attempts;
    bool udp = exchange->question->transport == DC_UDP;
    return n > 0 && (exchange->seen.outcome != DC_SILENT || n == TRIES || !udp);
}

static void try(struct dkim_play *play, struct exchange *exchange)
{
    const struct dc_question *question = exchange->question;
    struct dc_attempt *attempt = &exchange->attempts[exchange->seen.n_attempts];
    int64_t at_us = exchange->at_us + (int64_t)exchange->seen.n_attempts * TIMEOUT_US;
    struct fdns_plan plan = {.n_steps = 0};
    struct fdns_request request = {.transport = question->transport == DC_TCP ? FDNS_TCP : FDNS_UDP,
                                   .now_us = at_us,
                                   .octets = question->request,
                                   .len = question->len};
    bool resolver =
        play->resolver != NULL && fdns_address_equal(&question->server, &play->resolver_address);
    enum dc_outcome outcome = resolver || find_server(play, question, &request)
                                  ? outcome_of(play, &request, &plan)
                                  : DC_UNMAPPED;
    *attempt = (struct dc_attempt){.asked_us = at_us, .ended_us = at_us, .outcome = outcome};
    if (outcome == DC_ANSWERED && play->mutations != NULL) {
        uint8_t *octets = fdns_arena_copy(&play->arena, plan.steps[0].octets, plan.steps[0].len);
        plan.steps[0].len = mutate(play, octets, plan.steps[0].len);
        plan.steps[0].octets = octets;
    }
    if (outcome == DC_ANSWERED && belongs(play, question, &plan.steps[0], attempt)) {
        exchange->seen.message = plan.steps[0].octets;
        exchange->seen.message_len = plan.steps[0].len;
    }
    exchange->seen.outcome = attempt->outcome;
    exchange->seen.n_attempts++;
}

// All that is wanted is asked at the same time.
static void answer(struct dkim_play *play, const struct dc_look *look, int64_t at_us)
{
    struct exchange *exchanges = fdns_arena_array(&play->arena, look->n_wanted, sizeof *exchanges);
    for (size_t i = 0; i < look->n_wanted; i++) {
        const struct dc_question *question = look->wanted[i];
        exchanges[i].question = exchanges[i].seen.question = question;
        exchanges[i].seen.attempts = exchanges[i].attempts;
        exchanges[i].at_us = at_us + (question->after != NULL ? question->pause_us : 0);
    }
    for (size_t i = 0; i < TRIES * look->n_wanted; i++) {
        struct exchange *exchange = &exchanges[i % look->n_wanted];
        if (!is_over(exchange)) {
            try(play, exchange);
        }
    }
    for (size_t i = 0; i < look->n_wanted; i++) {
        dc_store_add(&play->store, &exchanges[i].seen);
    }
}

const struct dc_report *dkim_play_visit(struct dkim_play *play, int64_t at_us)
{
    unsigned visit = play->n_visits++;
    for (play->n_rounds = 1; play->n_rounds < ROUNDS_MAX; play->n_rounds++) {
        struct dc_look look;
        fdns_arena_reset(&play->arena);
        dc_look_init(&look, &play->store, &play->arena, visit, at_us);
        if (dc_dkim_check(&look, &play->subject, &play->how, &play->state, &play->report)) {
            return &play->report;
        }
        if (look.n_wanted == 0) {
            fdns_fatal("pending, but nothing is wanted");
        }
        answer(play, &look, at_us);
    }
    fdns_fatal("the check does not end");
}

static bool is(const char *wanted, const char *actual)
{
    return wanted == NULL || (actual != NULL && strcmp(wanted, actual) == 0);
}

const struct dc_finding *dkim_play_find(const struct dkim_play *play, const char *id,
                                        const char *server, const char *name)
{
    for (size_t i = 0; i < play->report.n_findings; i++) {
        const struct dc_finding *finding = &play->report.findings[i];
        if (is(id, finding->id) && is(server, finding->server) && is(name, finding->name)) {
            return finding;
        }
    }
    return NULL;
}

static bool is_first(const struct dc_report *report, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (report->findings[k].level != DC_INFO &&
            strcmp(report->findings[k].id, report->findings[i].id) == 0) {
            return false;
        }
    }
    return report->findings[i].level != DC_INFO;
}

const char *dkim_play_alarms(struct dkim_play *play)
{
    const char *text = "";
    for (size_t i = 0; i < play->report.n_findings; i++) {
        if (is_first(&play->report, i)) {
            text = fdns_arena_format(&play->arena, "%s%s%s", text, *text != '\0' ? ", " : "",
                                     play->report.findings[i].id);
        }
    }
    return text;
}
