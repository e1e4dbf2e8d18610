#include "harness/check/catalogue.h"

#include "unit/harness.h"

#include <string.h>

static bool is_word(const char *text, size_t len)
{
    bool good = len != 0 && text[0] != '-' && text[len - 1] != '-';
    for (size_t i = 0; i < len; i++) {
        good &= (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
                text[i] == '-';
    }
    return good;
}

static bool is_id(const char *id)
{
    const char *slash = strchr(id, '/');
    return slash != NULL && is_word(id, (size_t)(slash - id)) &&
           is_word(slash + 1, strlen(slash + 1));
}

static bool says_something(const char *text)
{
    return text != NULL && strlen(text) >= 5;
}

static void test_every_row_is_complete(void)
{
    CHECK(dc_catalogue_size() > 0);
    for (size_t i = 0; i < dc_catalogue_size(); i++) {
        const struct dc_finding_row *row = dc_catalogue_at(i);
        bool complete = is_id(row->id) && says_something(row->title) &&
                        says_something(row->cause) && says_something(row->remedy) &&
                        says_something(row->refs);
        check_true(complete, row->id, __FILE__, __LINE__);
    }
}

static void test_sorted_without_doubles(void)
{
    for (size_t i = 1; i < dc_catalogue_size(); i++) {
        const char *id = dc_catalogue_at(i)->id;
        check_true(strcmp(dc_catalogue_at(i - 1)->id, id) < 0, id, __FILE__, __LINE__);
    }
}

static void test_every_row_is_found(void)
{
    for (size_t i = 0; i < dc_catalogue_size(); i++) {
        const struct dc_finding_row *row = dc_catalogue_at(i);
        check_true(dc_catalogue_find(row->id) == row, row->id, __FILE__, __LINE__);
    }
    CHECK(dc_catalogue_find("no/such-finding") == NULL);
    CHECK(dc_catalogue_find("") == NULL);
}

static void test_suggestions(void)
{
    char near[128];
    const char *id = dc_catalogue_at(0)->id;
    size_t len = strlen(id);
    memcpy(near, id, len + 1);
    near[len - 1] = near[len - 1] == 'x' ? 'y' : 'x';
    CHECK(dc_catalogue_suggest(near) != NULL);
    CHECK(dc_catalogue_suggest("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz") == NULL);
}

static void test_levels(void)
{
    enum dc_level level = DC_INFO;
    CHECK(dc_level_parse("warning", &level));
    CHECK_INT(DC_WARNING, level);
    CHECK(!dc_level_parse("must", &level));
    CHECK_INT(DC_WARNING, level);
    CHECK_TEXT("error", dc_level_text(DC_ERROR));
}

static const struct test tests[] = {
    {"every row is complete", test_every_row_is_complete},
    {"sorted, without doubles", test_sorted_without_doubles},
    {"every row is found", test_every_row_is_found},
    {"suggestions", test_suggestions},
    {"levels", test_levels},
};
SUITE(catalogue, tests)
