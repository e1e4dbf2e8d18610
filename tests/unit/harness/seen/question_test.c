#include "harness/seen/question.h"

#include "unit/harness.h"

static const uint8_t request[] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1};
static const struct dc_step steps[] = {
    {.kind = DC_STEP_SEND, .octets = request, .len = sizeof request},
    {.kind = DC_STEP_AWAIT, .n_messages = 1},
};

static struct dc_question plain(void)
{
    struct dc_question question = {.visit = 1, .request = request, .len = sizeof request};
    fdns_address_parse("192.0.2.1", 53, &question.server);
    return question;
}

// Different in one part of the key: never equal, and the order turns with the arguments.
static void check_differs(const struct dc_question *other)
{
    const struct dc_question question = plain();
    CHECK(dc_question_compare(&question, other) != 0);
    CHECK((dc_question_compare(&question, other) < 0) ==
          (dc_question_compare(other, &question) > 0));
    CHECK(dc_question_hash(&question) != dc_question_hash(other));
}

static void test_every_part_of_the_key_counts(void)
{
    struct dc_question other = plain();
    other.visit = 2;
    check_differs(&other);
    other = plain();
    other.server.port = 54;
    check_differs(&other);
    other = plain();
    other.transport = DC_TCP;
    check_differs(&other);
    other = plain();
    other.len--;
    check_differs(&other);
    other = plain();
    other.repetition = 1;
    check_differs(&other);
    other = plain();
    other.steps = steps;
    other.n_steps = 2;
    check_differs(&other);
}

static void test_steps_count_one_by_one(void)
{
    struct dc_question first = plain();
    struct dc_question second = plain();
    struct dc_step changed[] = {steps[0], steps[1]};
    changed[1].n_messages = 2;
    first.steps = steps;
    second.steps = changed;
    first.n_steps = second.n_steps = 2;
    CHECK(dc_question_compare(&first, &second) < 0);
    changed[1].n_messages = 1;
    CHECK_INT(0, dc_question_compare(&first, &second));
    CHECK(dc_question_hash(&first) == dc_question_hash(&second));
}

static void test_what_it_waits_for_does_not_count(void)
{
    const struct dc_question question = plain();
    struct dc_question later = plain();
    later.after = &question;
    later.pause_us = 5;
    CHECK_INT(0, dc_question_compare(&question, &later));
    CHECK(dc_question_hash(&question) == dc_question_hash(&later));
}

static void test_a_copy_shares_nothing(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    const struct dc_question before = plain();
    struct dc_question question = plain();
    question.steps = steps;
    question.n_steps = 2;
    question.after = &before;
    const struct dc_question *copy = dc_question_copy(&arena, &question);
    CHECK_INT(0, dc_question_compare(&question, copy));
    CHECK(copy->request != question.request);
    CHECK(copy->steps != question.steps);
    CHECK(copy->steps[0].octets != question.steps[0].octets);
    CHECK(copy->after != question.after);
    CHECK_INT(0, dc_question_compare(&before, copy->after));
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"every part of the key counts", test_every_part_of_the_key_counts},
    {"steps count one by one", test_steps_count_one_by_one},
    {"what it waits for does not count", test_what_it_waits_for_does_not_count},
    {"a copy shares nothing", test_a_copy_shares_nothing},
};
SUITE(question, tests)
