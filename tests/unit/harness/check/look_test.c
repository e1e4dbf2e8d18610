#include "harness/check/look.h"

#include "unit/harness.h"

#include <string.h>

static struct dc_store store;
static struct fdns_arena arena;
static struct dc_look look;
static struct dc_ask ask;
static uint8_t name[FDNS_NAME_MAX];

static void set_up(void)
{
    dc_store_init(&store);
    fdns_arena_init(&arena, 0);
    dc_look_init(&look, &store, &arena, 2, 5000);
    fdns_name_parse("t1._domainkey.example.com", NULL, name);
    ask = (struct dc_ask){.name = name, .type = FDNS_TYPE_TXT};
    fdns_address_parse("192.0.2.1", 53, &ask.server);
}

static void tear_down(void)
{
    fdns_arena_clear(&arena);
    dc_store_clear(&store);
}

// A round of the check begins anew.
static void next_round(void)
{
    fdns_arena_reset(&arena);
    dc_look_init(&look, &store, &arena, 2, 5000);
}

// Answers what is wanted: the request as it was asked, with these flags.
static void answer_wanted(uint16_t flags)
{
    for (size_t i = 0; i < look.n_wanted; i++) {
        const struct dc_question *question = look.wanted[i];
        uint8_t message[512];
        memcpy(message, question->request, question->len);
        message[2] = (uint8_t)(flags >> 8);
        message[3] = (uint8_t)flags;
        const struct dc_attempt attempt = {
            .outcome = DC_ANSWERED, .octets = message, .len = question->len};
        const struct dc_observation observation = {.question = question,
                                                   .outcome = DC_ANSWERED,
                                                   .message = message,
                                                   .message_len = question->len,
                                                   .attempts = &attempt,
                                                   .n_attempts = 1};
        dc_store_add(&store, &observation);
    }
}

static void test_what_is_unseen_is_wanted_once(void)
{
    set_up();
    CHECK(!look.pending);
    CHECK(dc_look_ask(&look, &ask) == NULL);
    CHECK(dc_look_ask(&look, &ask) == NULL);
    CHECK(look.pending);
    CHECK_INT(1, look.n_wanted);
    CHECK_INT(2, look.wanted[0]->visit);
    ask.type = FDNS_TYPE_CNAME;
    CHECK(dc_look_ask(&look, &ask) == NULL);
    CHECK_INT(2, look.n_wanted);
    tear_down();
}

static void test_what_has_been_seen_is_not_asked_again(void)
{
    set_up();
    dc_look_ask(&look, &ask);
    answer_wanted(FDNS_QR);
    next_round();
    const struct dc_observation *seen = dc_look_ask(&look, &ask);
    CHECK(seen != NULL);
    CHECK(!look.pending);
    CHECK_INT(0, look.n_wanted);
    const struct fdns_view *view = dc_look_view(&look, seen);
    CHECK_INT(FDNS_TYPE_TXT, view->questions[0].type);
    look.visit = 3;
    CHECK(dc_look_ask(&look, &ask) == NULL);
    tear_down();
}

static void test_the_request(void)
{
    set_up();
    ask.recursion = ask.checking_disabled = true;
    ask.edns_flags = FDNS_EDNS_DO;
    dc_look_ask(&look, &ask);
    struct fdns_view view;
    fdns_view_init(&view, &arena, look.wanted[0]->request, look.wanted[0]->len);
    CHECK_INT(FDNS_FLAW_NONE, view.flaw);
    CHECK_INT(0, view.id);
    CHECK_INT(FDNS_RD | FDNS_CD, view.flags);
    CHECK_INT(FDNS_CLASS_IN, view.questions[0].rr_class);
    CHECK_INT(1232, view.edns.udp_size);
    CHECK_INT(FDNS_EDNS_DO, view.edns.flags);
    ask.no_edns = true;
    dc_look_ask(&look, &ask);
    fdns_view_init(&view, &arena, look.wanted[1]->request, look.wanted[1]->len);
    CHECK(!view.edns.present);
    tear_down();
}

static void test_tcp_after_tc(void)
{
    const struct dc_observation *truncated = NULL;
    set_up();
    CHECK(dc_look_full(&look, &ask, &truncated) == NULL);
    answer_wanted(FDNS_QR | FDNS_TC);
    next_round();
    CHECK(dc_look_full(&look, &ask, &truncated) == NULL);
    CHECK_INT(1, look.n_wanted);
    CHECK_INT(DC_TCP, look.wanted[0]->transport);
    answer_wanted(FDNS_QR);
    next_round();
    const struct dc_observation *full = dc_look_full(&look, &ask, &truncated);
    CHECK(!look.pending);
    CHECK_INT(DC_TCP, full->question->transport);
    CHECK_INT(DC_UDP, truncated->question->transport);
    tear_down();
}

static void test_no_tcp_without_tc(void)
{
    const struct dc_observation *truncated = NULL;
    set_up();
    dc_look_full(&look, &ask, &truncated);
    answer_wanted(FDNS_QR);
    next_round();
    const struct dc_observation *full = dc_look_full(&look, &ask, &truncated);
    CHECK(full != NULL && truncated == NULL && !look.pending);
    tear_down();
}

static void test_silence_has_no_view(void)
{
    static const uint8_t request[12];
    set_up();
    const struct dc_question question = {.request = request, .len = sizeof request};
    const struct dc_attempt attempt = {.outcome = DC_SILENT};
    const struct dc_observation silence = {
        .question = &question, .outcome = DC_SILENT, .attempts = &attempt, .n_attempts = 1};
    dc_store_add(&store, &silence);
    const struct dc_observation *seen = dc_look(&look, &question);
    CHECK(seen != NULL);
    CHECK(dc_look_view(&look, seen) == NULL);
    CHECK(dc_look_view(&look, NULL) == NULL);
    tear_down();
}

static void test_what_must_come_before_is_wanted_too(void)
{
    static const uint8_t octets[2][12] = {{0}, {[5] = 1}};
    set_up();
    const struct dc_question first = {.request = octets[0], .len = 12, .visit = 2};
    const struct dc_question then = {
        .request = octets[1], .len = 12, .visit = 2, .after = &first, .pause_us = 7};
    CHECK(dc_look(&look, &then) == NULL);
    CHECK_INT(2, look.n_wanted);
    CHECK_INT(0, dc_question_compare(&first, look.wanted[0]));
    CHECK_INT(0, dc_question_compare(&first, look.wanted[1]->after));
    CHECK_INT(7, look.wanted[1]->pause_us);
    tear_down();
}

static const struct test tests[] = {
    {"what is unseen is wanted once", test_what_is_unseen_is_wanted_once},
    {"what has been seen is not asked again", test_what_has_been_seen_is_not_asked_again},
    {"the request", test_the_request},
    {"TCP after TC", test_tcp_after_tc},
    {"no TCP without TC", test_no_tcp_without_tc},
    {"silence has no view", test_silence_has_no_view},
    {"what must come before is wanted too", test_what_must_come_before_is_wanted_too},
};
SUITE(look, tests)
