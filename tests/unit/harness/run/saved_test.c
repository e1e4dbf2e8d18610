#include "harness/run/saved.h"

#include "harness/check/dkim/account.h"
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
    const struct dc_dkim_state before = {
        .status = DC_STATUS_PENDING, .last_success_us = -1, .missing_since_us = -1};
    struct dc_saved saved = {
        .file = "scenarios/x.yaml",
        .subject = easy_subject(),
        .how = {.roots = &root, .n_roots = 1},
        .states = &before,
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
    CHECK_INT(DC_STATUS_PENDING, read->states[0].status);
    CHECK_INT(-1, read->states[0].missing_since_us);
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
    json_t *json = dc_state_json(&subject, &kept);
    CHECK(dc_state_read(&arena, json, &subject, &state, &why));
    CHECK_INT(DC_STATUS_SUCCESS, state.status);
    CHECK_INT(9, state.last_success_us);

    state = (struct dc_dkim_state){.last_success_us = 1};
    subject.tokens = new_tokens;
    CHECK(dc_state_read(&arena, json, &subject, &state, &why));
    CHECK_INT(1, state.last_success_us); // begun anew
    subject.domain = "example.net";
    CHECK(!dc_state_read(&arena, json, &subject, &state, &why));
    CHECK_TEXT("it is about example.com", why);
    json_decref(json);
    fdns_arena_clear(&arena);
}

// Two Regions: each set-up finds its own state again, wherever it stands.
static void test_states(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    struct dc_dkim_subject subject = easy_subject();
    struct dc_dkim_subject west = easy_subject();
    const struct dc_account account = {.set_ups = &west, .n_set_ups = 1};
    const struct dc_dkim_state kept[2] = {{.last_success_us = 1}, {.last_success_us = 2}};
    struct dc_dkim_state states[2] = {{0}, {0}};
    const char *why = NULL;
    subject.region = "us-east-1";
    west.region = "eu-west-1";
    west.tokens = new_tokens;
    subject.account = &account;
    json_t *json = dc_state_json(&subject, kept);
    CHECK(dc_state_read(&arena, json, &subject, states, &why));
    CHECK_INT(1, states[0].last_success_us);
    CHECK_INT(2, states[1].last_success_us);

    subject.region = "eu-west-1";
    subject.tokens = new_tokens;
    west.region = "us-east-1";
    west.tokens = tokens;
    CHECK(dc_state_read(&arena, json, &subject, states, &why));
    CHECK_INT(2, states[0].last_success_us);
    CHECK_INT(1, states[1].last_success_us);

    states[1] = (struct dc_dkim_state){0};
    west.region = "ap-south-1";
    CHECK(dc_state_read(&arena, json, &subject, states, &why));
    CHECK_INT(0, states[1].last_success_us); // that Region is new
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void test_account(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    const struct dc_dkim_subject west = easy_subject();
    const struct dc_account_identity identities[] = {
        {.key = {.name = "example.com"}, .set_up = 1, .is_there = true, .configured = true},
        {.key = {"mary@example.com", "eu-west-1", "1"}, .set_up = 2, .signing = true},
    };
    const struct dc_identity sender = {.name = "joe@example.com", .region = "eu-west-1"};
    const struct dc_account_event event = {
        .at_us = 4, .identity = 1, .change = DC_ACCOUNT_SIGNING_OFF};
    const struct dc_account account = {.identities = identities,
                                       .n_identities = 2,
                                       .set_ups = &west,
                                       .n_set_ups = 1,
                                       .senders = &sender,
                                       .n_senders = 1,
                                       .events = &event,
                                       .n_events = 1};
    const struct dc_dkim_state states[2] = {{.last_success_us = 1}, {.last_success_us = 2}};
    struct dc_saved saved = {.subject = easy_subject(), .states = states};
    saved.subject.account = &account;
    json_t *document = dc_saved_begin("test");
    dc_saved_add(document, &saved);
    const char *why = NULL;
    size_t n = 0;
    const struct dc_saved *read = dc_saved_read(&arena, document, &n, &why);
    CHECK_TEXT(NULL, why);
    CU_ASSERT_FATAL(read != NULL && read->subject.account != NULL);
    const struct dc_account *back = read->subject.account;
    CHECK_INT(2, back->n_identities);
    CHECK(back->identities[0].is_there && !back->identities[0].signing);
    CHECK(dc_identity_equal(&identities[1].key, &back->identities[1].key));
    CHECK_INT(2, back->identities[1].set_up);
    CHECK_TEXT("t2", back->set_ups[0].tokens[1]);
    CHECK(dc_identity_equal(&sender, &back->senders[0]));
    CHECK_INT(DC_ACCOUNT_SIGNING_OFF, back->events[0].change);
    CHECK_INT(2, read->states[1].last_success_us);

    json_t *run = json_array_get(json_object_get(document, "runs"), 0);
    json_object_set_new(run, "other_states", json_array()); // a state is lacking
    CHECK(dc_saved_read(&arena, document, &n, &why) == NULL);
    json_decref(document);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"what was saved is read back", test_round_trip},
    {"what is no saved run is refused", test_hostile},
    {"a state file knows its domain and its tokens", test_state},
    {"a state file holds every set-up of the account", test_states},
    {"the account side is read back", test_account},
};
SUITE(saved, tests)
