#include "harness/run/command.h"
#include "unit/harness.h"

#include <string.h>

struct split_case {
    const char *text;
    const char *words[5]; // NULL: it is refused
};

static void test_split(void)
{
    static const struct split_case cases[] = {
        {"a b", {"a", "b"}},
        {"  a\t b\n", {"a", "b"}},
        {"'a b' \"c d\"", {"a b", "c d"}},
        {"a'b'\"c\"d", {"abcd"}},
        {"\"a\\\"b\\\\c\\d\"", {"a\"b\\c\\d"}},
        {"a\\ b", {"a b"}},
        {"'' \"\"", {"", ""}},
        {"'a\\'", {"a\\"}},
        {"$HOME `x` *", {"$HOME", "`x`", "*"}},
        {"'a", {NULL}},
        {"\"a", {NULL}},
        {"a\\", {NULL}},
        {"", {NULL}},
        {"   ", {NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fdns_arena arena;
        struct dc_command command;
        const char *why = NULL;
        fdns_arena_init(&arena, 0);
        bool good = dc_command_split(&arena, cases[i].text, &command, &why);
        CHECK_INT(cases[i].words[0] != NULL, good);
        CHECK(good || why != NULL);
        for (size_t w = 0; good && cases[i].words[w] != NULL; w++) {
            CHECK_TEXT(cases[i].words[w], w < command.n_words ? command.words[w] : NULL);
            CHECK(cases[i].words[w + 1] != NULL || w + 1 == command.n_words);
        }
        fdns_arena_clear(&arena);
    }
}

static const char *value(void *owner, const char *name, const char **why)
{
    (void)owner;
    if (strcmp(name, "domain") == 0) {
        return "a b'; rm";
    }
    *why = "no such placeholder";
    return NULL;
}

static void test_fill(void)
{
    struct fdns_arena arena;
    struct dc_command command;
    struct dc_command filled;
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    CHECK(dc_command_split(&arena, "x -d={domain}! {{y} {domain}{domain}", &command, &why));
    CHECK(dc_command_fill(&arena, &command, value, NULL, &filled, &why));
    CHECK_INT(4, filled.n_words);
    CHECK_TEXT("-d=a b'; rm!", filled.words[1]);
    CHECK_TEXT("{y}", filled.words[2]);
    CHECK_TEXT("a b'; rma b'; rm", filled.words[3]);
    CHECK(filled.words[4] == NULL);

    CHECK(dc_command_split(&arena, "x {nothing}", &command, &why));
    CHECK(!dc_command_fill(&arena, &command, value, NULL, &filled, &why));
    CHECK_TEXT("no such placeholder", why);
    CHECK(dc_command_split(&arena, "x {domain", &command, &why));
    CHECK(!dc_command_fill(&arena, &command, value, NULL, &filled, &why));
    CHECK_CONTAINS("closing brace", why);
    fdns_arena_clear(&arena);
}

static void test_find(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    CHECK(dc_command_find(&arena, "sh") != NULL);
    CHECK(dc_command_find(&arena, "/bin/sh") != NULL);
    CHECK(dc_command_find(&arena, "no-such-program-anywhere") == NULL);
    CHECK(dc_command_find(&arena, "./no-such-program") == NULL);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"words are split as a POSIX shell quotes them", test_split},
    {"a placeholder's value stays within its word", test_fill},
    {"programs are found as execvp would", test_find},
};
SUITE(command, tests)
