#include "fakedns/world/pattern.h"
#include "unit/harness.h"

static bool matches(const char *text, const char *name)
{
    struct fdns_arena arena;
    struct fdns_pattern pattern;
    uint8_t wire[FDNS_NAME_MAX];
    fdns_arena_init(&arena, 0);
    CHECK_INT(FDNS_OK, fdns_pattern_parse(&arena, text, &pattern));
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, wire));
    bool result = fdns_pattern_matches(&pattern, wire);
    fdns_arena_clear(&arena);
    return result;
}

static enum fdns_error parse(const char *text)
{
    struct fdns_arena arena;
    struct fdns_pattern pattern;
    fdns_arena_init(&arena, 0);
    enum fdns_error error = fdns_pattern_parse(&arena, text, &pattern);
    fdns_arena_clear(&arena);
    return error;
}

static void test_exact(void)
{
    CHECK(matches("www.example.com", "www.example.com"));
    CHECK(matches("www.example.com.", "WWW.Example.com"));
    CHECK(!matches("www.example.com", "example.com"));
    CHECK(!matches("www.example.com", "a.www.example.com"));
    CHECK(matches(".", "."));
    CHECK(!matches(".", "com"));
}

static void test_below(void)
{
    CHECK(matches("*.example.com", "a.example.com"));
    CHECK(matches("*.example.com", "a.b.c.example.com"));
    CHECK(!matches("*.example.com", "example.com"));
    CHECK(!matches("*.example.com", "a.example.org"));
    CHECK(matches("*.", "com"));
    CHECK(!matches("*.", "."));
}

static void test_any(void)
{
    CHECK(matches("*", "."));
    CHECK(matches("*", "a.b.example.com"));
}

static void test_inside_label(void)
{
    CHECK(matches("token*._domainkey.example.com", "token23._domainkey.example.com"));
    CHECK(matches("token*._domainkey.example.com", "token._domainkey.example.com"));
    CHECK(!matches("token*._domainkey.example.com", "token.x._domainkey.example.com"));
    CHECK(matches("a*b*c.com", "aXbYbZc.com"));
    CHECK(!matches("a*b*c.com", "aXbYbZ.com"));
    CHECK(matches("ns.*.com", "ns.example.com"));
    CHECK(!matches("ns.*.com", "ns.a.b.com"));
}

static void test_literal(void)
{
    CHECK(matches("\\*.example.com", "*.example.com"));
    CHECK(!matches("\\*.example.com", "a.example.com"));
    CHECK(matches("a\\.b.com", "a\\.b.com"));
    CHECK(!matches("a\\.b.com", "a.b.com"));
    CHECK(matches("\\065.com", "a.com"));
}

static void test_refused(void)
{
    CHECK_INT(FDNS_INVALID, parse(""));
    CHECK_INT(FDNS_INVALID, parse("a..b"));
    CHECK_INT(FDNS_INVALID, parse(".a"));
    CHECK_INT(FDNS_INVALID, parse("a\\"));
    CHECK_INT(FDNS_INVALID, parse("a\\300"));
    CHECK_INT(FDNS_INVALID, parse("a\\1"));
    CHECK_INT(FDNS_TOO_LARGE,
              parse("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"));
}

static bool may_lie_in(const char *text, const char *apex)
{
    struct fdns_arena arena;
    struct fdns_pattern pattern;
    uint8_t wire[FDNS_NAME_MAX];
    fdns_arena_init(&arena, 0);
    CHECK_INT(FDNS_OK, fdns_pattern_parse(&arena, text, &pattern));
    CHECK_INT(FDNS_OK, fdns_name_parse(apex, NULL, wire));
    bool result = fdns_pattern_may_lie_in(&pattern, wire);
    fdns_arena_clear(&arena);
    return result;
}

static void test_may_lie_in(void)
{
    CHECK(may_lie_in("a.example.com", "example.com"));
    CHECK(may_lie_in("*.com", "example.com"));
    CHECK(may_lie_in("*.example.com", "com"));
    CHECK(may_lie_in("*", "example.com"));
    CHECK(may_lie_in("x.*.com", "example.com"));
    CHECK(!may_lie_in("example.com", "www.example.com"));
    CHECK(!may_lie_in("a.example.org", "example.com"));
    CHECK(!may_lie_in("*.example.org", "example.com"));
}

static const struct test tests[] = {
    {"a name matches itself, whatever its case", test_exact},
    {"a leading star is one or more labels", test_below},
    {"a star alone is any name", test_any},
    {"a star inside stays in its label", test_inside_label},
    {"escapes are literal", test_literal},
    {"what is no name is refused", test_refused},
    {"a pattern may lie in a zone or cannot", test_may_lie_in},
};
SUITE(pattern, tests)
