#include "harness/seen/json.h"

#include "unit/harness.h"

#include <stdlib.h>
#include <string.h>

static struct fdns_arena arena;

static json_t *load(const char *text)
{
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    json_t *json = dc_json_load(&arena, text, strlen(text), &why);
    CHECK_TEXT(NULL, why);
    return json;
}

static void done(json_t *json)
{
    json_decref(json);
    fdns_arena_clear(&arena);
}

static void check_string(const char *expected, const char *text)
{
    json_t *json = dc_json_string(text);
    CHECK_TEXT(expected, json_string_value(json));
    json_decref(json);
}

static void test_a_string_is_never_lost(void)
{
    check_string("plain", "plain");
    check_string("two\nlines", "two\nlines");
    check_string("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
    check_string("a\\xffb", "a\xff"
                            "b");
    check_string("\\xc3", "\xc3");
    json_t *nothing = dc_json_string(NULL);
    CHECK(json_is_null(nothing));
    json_decref(nothing);
}

static void check_refused(const char *text, size_t len, const char *expected)
{
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    CHECK(dc_json_load(&arena, text, len, &why) == NULL);
    CHECK_CONTAINS(expected, why);
    fdns_arena_clear(&arena);
}

static void test_documents_that_are_none(void)
{
    check_refused("", 0, "end of file");
    check_refused("{\"a\": 1", 7, "line 1");
    check_refused("{\"a\": 1, \"a\": 2}", 16, "duplicate");
    check_refused("{\"a\": \"\\u0000\"}", 15, "\\u0000");
    check_refused("{\"a\": \"\xff\"}", 10, "decode byte 0xff");
}

static void test_too_deep_or_too_large(void)
{
    enum { DEEP = 100000 };
    char *deep = malloc(DEEP);
    memset(deep, '[', DEEP);
    check_refused(deep, DEEP, "depth");
    check_refused(deep, (size_t)DC_JSON_FILE_MAX + 1, "larger than 1024 MiB");
    free(deep);
}

// A run of all scenarios saves some forty MiB.
static void test_large(void)
{
    enum { LARGE = 64 * 1024 * 1024 };
    const char *why = NULL;
    char *text = malloc(LARGE);
    memset(text, ' ', LARGE);
    memcpy(text, "[\"first\",", 9);
    memcpy(text + LARGE - 7, "\"last\"]", 7);
    fdns_arena_init(&arena, 0);
    json_t *json = dc_json_load(&arena, text, LARGE, &why);
    CHECK_INT(2, json_array_size(json));
    json_decref(json);
    fdns_arena_clear(&arena);
    free(text);
}

static void test_the_first_mistake_stays(void)
{
    json_t *json = load("{\"text\": 1, \"number\": \"x\"}");
    struct dc_json_reader reader = {.arena = &arena, .where = "things[3]"};
    CHECK(dc_json_text(&reader, json, "text", false) == NULL);
    CHECK_INT(9, dc_json_integer(&reader, json, "number", 0, 10, 9));
    CHECK_TEXT("things[3]: \"text\" is not a string", reader.why);
    done(json);
}

static void check_wrong_octets(const char *text, size_t max)
{
    size_t len = 1;
    json_t *json = load(text);
    struct dc_json_reader reader = {.arena = &arena};
    CHECK(dc_json_octets(&reader, json, "o", max, &len) == NULL);
    CHECK_INT(0, len);
    CHECK(reader.why != NULL);
    done(json);
}

static void test_octets(void)
{
    size_t len;
    json_t *json = load("{\"o\": \"00fFa1\", \"none\": null, \"empty\": \"\"}");
    struct dc_json_reader reader = {.arena = &arena};
    const uint8_t *octets = dc_json_octets(&reader, json, "o", 3, &len);
    CHECK_OCTETS("\x00\xff\xa1", 3, octets, len);
    CHECK(dc_json_octets(&reader, json, "none", 3, &len) == NULL);
    CHECK(dc_json_octets(&reader, json, "empty", 3, &len) != NULL);
    CHECK_INT(0, len);
    CHECK_TEXT(NULL, reader.why);
    done(json);
    check_wrong_octets("{\"o\": \"0\"}", 3);
    check_wrong_octets("{\"o\": \"0g\"}", 3);
    check_wrong_octets("{\"o\": \"00000000\"}", 3);
    check_wrong_octets("{\"o\": 12}", 3);
}

static void test_numbers_and_lists_in_range(void)
{
    json_t *json =
        load("{\"n\": 11, \"real\": 1.5, \"list\": [\"a\", \"b\"], \"mixed\": [\"a\", 1]}");
    struct dc_json_reader reader = {.arena = &arena};
    CHECK_INT(11, dc_json_integer(&reader, json, "n", 0, 11, 0));
    CHECK_INT(5, dc_json_integer(&reader, json, "absent", 0, 11, 5));
    size_t n;
    const char *const *texts = dc_json_texts(&reader, json, "list", 2, &n);
    CHECK_INT(2, n);
    CHECK_TEXT("b", texts[1]);
    CHECK_TEXT(NULL, reader.why);
    dc_json_integer(&reader, json, "n", 0, 10, 0);
    CHECK_TEXT("\"n\" is out of range", reader.why);
    reader.why = NULL;
    dc_json_integer(&reader, json, "real", 0, 10, 0);
    CHECK_TEXT("\"real\" is not an integer", reader.why);
    reader.why = NULL;
    CHECK(dc_json_list(&reader, json, "list", 1) == NULL);
    CHECK_TEXT("\"list\" has more than 1 elements", reader.why);
    reader.why = NULL;
    dc_json_texts(&reader, json, "mixed", 2, &n);
    CHECK_INT(0, n);
    CHECK_TEXT("\"mixed\" holds something that is not a string", reader.why);
    done(json);
}

static const struct test tests[] = {
    {"a string is never lost", test_a_string_is_never_lost},
    {"documents that are none", test_documents_that_are_none},
    {"too deep or too large", test_too_deep_or_too_large},
    {"as large as what a run saves", test_large},
    {"the first mistake stays", test_the_first_mistake_stays},
    {"octets", test_octets},
    {"numbers and lists in range", test_numbers_and_lists_in_range},
};
SUITE(json, tests)
