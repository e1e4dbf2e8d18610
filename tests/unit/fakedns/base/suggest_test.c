#include "fakedns/base/suggest.h"
#include "unit/harness.h"

#include <string.h>

static const char *const words[] = {"type", "title", "when", "SERVFAIL", "at", "a"};

static const char *suggest(const char *word)
{
    return fdns_suggest(word, words, sizeof words / sizeof words[0]);
}

static void test_near(void)
{
    CHECK_TEXT("type", suggest("tpye")); // a swap is one step
    CHECK_TEXT("title", suggest("titel"));
    CHECK_TEXT("when", suggest("wen"));
    CHECK_TEXT("SERVFAIL", suggest("servfial"));
    CHECK_TEXT("SERVFAIL", suggest("servfail"));
    CHECK_TEXT("at", suggest("aat"));
}

static void test_far(void)
{
    CHECK_TEXT(NULL, suggest("rule"));
    CHECK_TEXT(NULL, suggest("tpey"));
    CHECK_TEXT(NULL, suggest("x"));
    CHECK_TEXT(NULL, suggest(""));
    CHECK_TEXT(NULL, fdns_suggest("type", NULL, 0));
}

static void test_long(void)
{
    char word[1000];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const one[] = {word};
    CHECK_TEXT(NULL, suggest(word));
    CHECK_TEXT(NULL, fdns_suggest("aaa", one, 1));
}

static const struct test tests[] = {
    {"a near word is found", test_near},
    {"a far word is not", test_far},
    {"long words are not compared", test_long},
};
SUITE(suggest, tests)
