#include "harness/run/saved.h"
#include "unit/harness.h"

#include <string.h>

static const char *const tokens[] = {"t1", "t2"};
static const char *const new_tokens[] = {"n1", "n2"};

static struct dc_dkim_subject easy_subject(void)
{
    return (struct dc_dkim_subject){
        .domain = "example.com",
        .method = DC_EASY_DKIM,
        .tokens = tokens,
        .n_tokens = 2,
        .has_started = true,
        .started_us = 5,
        .window_us = 7,
    };
}

static void test_round_trip(void)
{
    struct fdns_arena arena;
    struct fdns_address root;
    static const int64_t visits[] = {1, 2};
    static const uint8_t request[] = {0, 0, 1, 0};
    fdns_arena_init(&arena, 0);
    CHECK_INT(FDNS_OK, fdns_address_parse("198.51.100.1", 53, &root));
    struct dc_question question = {.server = root, .request = request, .len = sizeof request};
    struct dc_attempt attempt = {.asked_us = 1, .ended_us = 2, .outcome = DC_SILENT};
    struct dc_observation observation = {
        .question = &question, .outcome = DC_SILENT, .attempts = &attempt, .n_attempts = 1};
    const struct dc_observation *const observations[] = {&observation};
    struct dc_saved saved = {
        .file = "scenarios/x.yaml",
        .subject = easy_subject(),
        .how = {.roots = &root, .n_roots = 1},
        .state = {.status = DC_STATUS_PENDING, .last_success_us = -1, .missing_since_us = -1},
        .visits_us = visits,
        .n_visits = 2,
        .observations = observations,
        .n_observations = 1,
    };
    json_t *document = dc_saved_begin("test");
    dc_saved_add(document, &saved);

    const char *why = NULL;
    size_t n = 0;
    const struct dc_saved *read = dc_saved_read(&arena, document, &n, &why);
    CHECK_TEXT(NULL, why);
    CU_ASSERT_FATAL(read != NULL && n == 1);
    CHECK_TEXT("scenarios/x.yaml", read->file);
    CHECK_TEXT("example.com", read->subject.domain);
    CHECK_TEXT("t2", read->subject.tokens[1]);
    CHECK_INT(7, read->subject.window_us);
    CHECK(read->subject.has_started && !read->subject.has_last_success);
    CHECK_INT(1, read->how.n_roots);
    CHECK(fdns_address_equal(&root, &read->how.roots[0]));
    CHECK(read->how.resolver == NULL);
    CHECK_INT(DC_STATUS_PENDING, read->state.status);
    CHECK_INT(-1, read->state.missing_since_us);
    CHECK_INT(2, read->visits_us[1]);
    CHECK_INT(1, read->n_observations);
    CHECK_INT(0, dc_question_compare(&question, read->observations[0]->question));
    json_decref(document);
    fdns_arena_clear(&arena);
}

static bool reads(const char *text)
{
    struct fdns_arena arena;
    const char *why = NULL;
    size_t n = 0;
    fdns_arena_init(&arena, 0);
    json_t *json = dc_json_load(&arena, text, strlen(text), &why);
    bool good = json != NULL && dc_saved_read(&arena, json, &n, &why) != NULL;
    CHECK(good || why != NULL);
    json_decref(json);
    fdns_arena_clear(&arena);
    return good;
}

static void test_hostile(void)
{
    CHECK(reads("{\"schema\":\"dnsconform.saved/1\",\"runs\":[]}"));
    CHECK(!reads("{\"schema\":\"dnsconform.saved/2\",\"runs\":[]}"));
    CHECK(!reads("{}"));
    CHECK(!reads("[]"));
    CHECK(!reads("{\"schema\":\"dnsconform.saved/1\",\"runs\":[3]}"));
    CHECK(!reads(
        "{\"schema\":\"dnsconform.saved/1\",\"runs\":[{\"subject\":{\"domain\":\"a..b\","
        "\"method\":\"easy-dkim\",\"tokens\":[\"t\"]},\"state\":{\"status\":\"PENDING\"}}]}"));
    CHECK(!reads("{\"schema\":\"dnsconform.saved/1\",\"runs\":[{\"subject\":{\"domain\":\"a.b\","
                 "\"method\":\"easy-dkim\",\"tokens\":[]},\"state\":{\"status\":\"PENDING\"}}]}"));
    CHECK(!reads("{\"schema\":\"dnsconform.saved/1\",\"runs\":[{\"subject\":{\"domain\":\"a.b\","
                 "\"method\":\"easy-dkim\",\"tokens\":[\"t\"]},\"how\":{\"roots\":[\"x\"]},"
                 "\"state\":{\"status\":\"PENDING\"}}]}"));
}

static void test_state(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    struct dc_dkim_subject subject = easy_subject();
    struct dc_dkim_state kept = {
        .status = DC_STATUS_SUCCESS, .last_success_us = 9, .missing_since_us = -1};
    struct dc_dkim_state state = {0};
    const char *why = NULL;
    bool restarted = true;
    json_t *json = dc_state_json(&subject, &kept);
    CHECK(dc_state_read(&arena, json, &subject, &state, &restarted, &why));
    CHECK(!restarted);
    CHECK_INT(DC_STATUS_SUCCESS, state.status);
    CHECK_INT(9, state.last_success_us);

    subject.tokens = new_tokens;
    CHECK(dc_state_read(&arena, json, &subject, &state, &restarted, &why));
    CHECK(restarted);
    subject.domain = "example.net";
    CHECK(!dc_state_read(&arena, json, &subject, &state, &restarted, &why));
    CHECK_TEXT("it is about example.com", why);
    json_decref(json);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"what was saved is read back", test_round_trip},
    {"what is no saved run is refused", test_hostile},
    {"a state file knows its domain and its tokens", test_state},
};
SUITE(saved, tests)
