#include "harness/seen/observation_json.h"

#include "unit/harness.h"

#include <stdlib.h>
#include <string.h>

static struct fdns_arena arena;

static const uint8_t request[] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1};
static const uint8_t message[] = {1, 2, 0x81, 0, 0xff};
static const struct dc_step steps[] = {
    {.kind = DC_STEP_SEND, .octets = request, .len = sizeof request},
    {.kind = DC_STEP_AWAIT, .n_messages = 2},
    {.kind = DC_STEP_WAIT, .wait_us = 1500},
    {.kind = DC_STEP_HALF_CLOSE},
};

static struct dc_attempt attempts[2];
static struct dc_question question;
static struct dc_observation observation;

static void set_up(void)
{
    fdns_arena_init(&arena, 0);
    question = (struct dc_question){.visit = 3,
                                    .transport = DC_TCP,
                                    .request = request,
                                    .len = sizeof request,
                                    .repetition = 1,
                                    .steps = steps,
                                    .n_steps = 4};
    fdns_address_parse("2001:db8::1", 53, &question.server);
    attempts[0] = (struct dc_attempt){.asked_us = -5, .ended_us = 10, .id = 1, .n_strays = 1};
    attempts[0].outcome = DC_SILENT;
    attempts[0].strays[0] = (struct dc_stray){
        .reason = DC_STRAY_ID, .source = question.server, .octets = message, .len = 3};
    attempts[1] = (struct dc_attempt){.asked_us = 20,
                                      .ended_us = 30,
                                      .id = 65535,
                                      .outcome = DC_ANSWERED,
                                      .octets = message,
                                      .len = sizeof message};
    observation = (struct dc_observation){.question = &question,
                                          .outcome = DC_ANSWERED,
                                          .message = message,
                                          .message_len = sizeof message,
                                          .attempts = attempts,
                                          .n_attempts = 2};
}

static void test_there_and_back(void)
{
    set_up();
    json_t *json = dc_observation_json(&observation, 4);
    CHECK_TEXT("2001:db8::1", json_string_value(json_object_get(json, "server")));
    CHECK_TEXT("[2001:db8::1]:53", json_string_value(json_object_get(json, "address")));
    CHECK_INT(20, json_integer_value(json_object_get(json, "at_us")));
    struct dc_json_reader reader = {.arena = &arena};
    const struct dc_observation *back = dc_observation_read(&reader, json);
    CHECK_TEXT(NULL, reader.why);
    CHECK_INT(0, dc_question_compare(&question, back->question));
    CHECK_INT(DC_ANSWERED, back->outcome);
    CHECK_INT(1, back->attempts[0].n_strays);
    json_t *again = dc_observation_json(back, 4);
    CHECK(json_equal(json, again));
    json_decref(again);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void test_attempts_may_be_left_out(void)
{
    set_up();
    json_t *json = dc_observation_json(&observation, 1);
    CHECK_TEXT("2001:db8::1", json_string_value(json_object_get(json, "server")));
    json_object_del(json, "attempts");
    struct dc_json_reader reader = {.arena = &arena};
    const struct dc_observation *back = dc_observation_read(&reader, json);
    CHECK_INT(1, back->n_attempts);
    CHECK_INT(20, back->attempts[0].asked_us);
    CHECK_OCTETS(message, sizeof message, back->attempts[0].octets, back->attempts[0].len);
    json_decref(json);
    fdns_arena_clear(&arena);
}

// What stays of a good observation when one member becomes `value` (JSON text; NULL: removed).
static void check_refused(const char *key, const char *value, const char *expected)
{
    set_up();
    json_t *json = dc_observation_json(&observation, 1);
    if (value != NULL) {
        json_object_set_new(json, key, json_loads(value, JSON_DECODE_ANY, NULL));
    } else {
        json_object_del(json, key);
    }
    struct dc_json_reader reader = {.arena = &arena};
    CHECK(dc_observation_read(&reader, json) == NULL);
    CHECK_CONTAINS(expected, reader.why);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void test_hostile_ones_are_refused(void)
{
    check_refused("address", "\"nowhere\"", "not an address");
    check_refused("address", NULL, "missing");
    check_refused("transport", "\"sctp\"", "neither udp nor tcp");
    check_refused("asked", "\"xx\"", "hexadecimal");
    check_refused("outcome", "\"lost\"", "known word");
    check_refused("outcome", "\"silent\"", "contradict");
    check_refused("received", "null", "contradict");
    check_refused("visit", "-1", "out of range");
    check_refused("visit", "4294967296", "out of range");
    check_refused("steps", "[{\"kind\": \"jump\"}]", "known word");
    check_refused("steps", "[7]", "missing");
    check_refused("attempts", "[{\"outcome\": \"silent\"}]", "last attempt");
    check_refused("attempts", "[{\"outcome\": \"answered\", \"id\": 65536}]", "out of range");
    check_refused("attempts", "[{\"outcome\": \"answered\", \"strays\": [1,2,3,4,5]}]",
                  "more than 4");
}

static void test_a_message_has_at_most_65535_octets(void)
{
    enum { DIGITS = 2 * 65536 };
    char *text = malloc(DIGITS + 3);
    memset(text, '0', DIGITS + 2);
    text[0] = text[DIGITS + 1] = '"';
    text[DIGITS + 2] = '\0';
    check_refused("asked", text, "longer than 65535");
    check_refused("received", text, "longer than 65535");
    free(text);
}

static const struct test tests[] = {
    {"there and back", test_there_and_back},
    {"attempts may be left out", test_attempts_may_be_left_out},
    {"hostile ones are refused", test_hostile_ones_are_refused},
    {"a message has at most 65,535 octets", test_a_message_has_at_most_65535_octets},
};
SUITE(observation, tests)
