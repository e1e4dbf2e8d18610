#include "harness/seen/store.h"

#include "unit/harness.h"

static const uint8_t request[] = {0, 0, 1, 0, 0, 1};
static const uint8_t message[] = {1, 2, 0x81, 0};
static const struct dc_attempt attempts[] = {
    {.outcome = DC_SILENT},
    {.outcome = DC_ANSWERED, .octets = message, .len = sizeof message},
};

static struct dc_question numbered(unsigned n)
{
    struct dc_question question = {
        .request = request, .len = sizeof request, .repetition = n, .visit = n % 3};
    fdns_address_parse("192.0.2.1", 53, &question.server);
    return question;
}

static const struct dc_observation *add(struct dc_store *store, unsigned n)
{
    const struct dc_question question = numbered(n);
    const struct dc_observation observation = {.question = &question,
                                               .outcome = DC_ANSWERED,
                                               .message = message,
                                               .message_len = sizeof message,
                                               .attempts = attempts,
                                               .n_attempts = 2};
    return dc_store_add(store, &observation);
}

static void test_an_empty_store_finds_nothing(void)
{
    struct dc_store store;
    struct fdns_arena arena;
    const struct dc_question question = numbered(0);
    size_t n = 1;
    dc_store_init(&store);
    fdns_arena_init(&arena, 0);
    CHECK(dc_store_find(&store, &question) == NULL);
    CHECK(dc_store_sorted(&store, &arena, &n) != NULL);
    CHECK_INT(0, n);
    fdns_arena_clear(&arena);
    dc_store_clear(&store);
}

static void test_it_keeps_copies(void)
{
    struct dc_store store;
    dc_store_init(&store);
    const struct dc_observation *kept = add(&store, 7);
    const struct dc_question question = numbered(7);
    CHECK(dc_store_find(&store, &question) == kept);
    CHECK(kept->message != message);
    CHECK_OCTETS(message, sizeof message, kept->message, kept->message_len);
    CHECK_INT(2, kept->n_attempts);
    CHECK(kept->attempts[0].octets == NULL);
    CHECK_OCTETS(message, sizeof message, kept->attempts[1].octets, kept->attempts[1].len);
    dc_store_clear(&store);
}

static void test_a_thousand_are_found_and_do_not_move(void)
{
    enum { N = 1000 };
    struct dc_store store;
    const struct dc_observation *kept[N];
    dc_store_init(&store);
    for (unsigned i = 0; i < N; i++) {
        kept[i] = add(&store, i);
    }
    size_t n_found = 0;
    for (unsigned i = 0; i < N; i++) {
        const struct dc_question question = numbered(i);
        n_found += dc_store_find(&store, &question) == kept[i];
    }
    CHECK_INT(N, n_found);
    const struct dc_question never = numbered(N);
    CHECK(dc_store_find(&store, &never) == NULL);
    dc_store_clear(&store);
}

static void test_sorted_by_key(void)
{
    struct dc_store store;
    struct fdns_arena arena;
    dc_store_init(&store);
    fdns_arena_init(&arena, 0);
    for (unsigned i = 100; i-- > 0;) {
        add(&store, i);
    }
    size_t n;
    const struct dc_observation *const *sorted = dc_store_sorted(&store, &arena, &n);
    CHECK_INT(100, n);
    bool ordered = true;
    for (size_t i = 1; i < n; i++) {
        ordered &= dc_question_compare(sorted[i - 1]->question, sorted[i]->question) < 0;
    }
    CHECK(ordered);
    CHECK_INT(0, sorted[0]->question->visit);
    CHECK_INT(2, sorted[99]->question->visit);
    fdns_arena_clear(&arena);
    dc_store_clear(&store);
}

static const struct test tests[] = {
    {"an empty store finds nothing", test_an_empty_store_finds_nothing},
    {"it keeps copies", test_it_keeps_copies},
    {"a thousand are found and do not move", test_a_thousand_are_found_and_do_not_move},
    {"sorted by key", test_sorted_by_key},
};
SUITE(store, tests)
