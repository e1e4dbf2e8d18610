#include "unit/fakedns/zone/fixture.h"
#include "unit/harness.h"

#include "fakedns/wire/show.h"

#include <string.h>

// The records of a text as text, a line each, behind the diagnostics if there are any.
static const char *read_text(struct fixture *fixture, const char *text)
{
    struct fdns_records records = fixture_records(fixture, "example.com", text);
    struct fdns_buf out;
    fdns_buf_init(&out, 1 << 20);
    fdns_buf_string(&out, fixture_diags(fixture));
    for (size_t i = 0; i < records.n_items; i++) {
        const struct fdns_record *record = &records.items[i];
        char owner[FDNS_NAME_TEXT_MAX];
        char type[FDNS_CODE_TEXT_MAX];
        fdns_buf_format(&out, "%s%s %u %s %s", out.len > 0 ? "\n" : "",
                        fdns_name_print(record->owner, owner), (unsigned)record->ttl,
                        fdns_type_print(record->type, type),
                        fdns_rdata_text(&fixture->arena, record->type, record->rdata.octets,
                                        record->rdata.len));
    }
    const char *result = fdns_arena_string(&fixture->arena, fdns_buf_text(&out));
    fdns_buf_clear(&out);
    return result;
}

struct reading {
    const char *expected;
    const char *text;
};

static void check_readings(const struct reading *readings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        CHECK_TEXT(readings[i].expected, read_text(&fixture, readings[i].text));
        fixture_clear(&fixture);
    }
}

#define CHECK_READINGS(...)                                                                        \
    do {                                                                                           \
        static const struct reading readings[] = {__VA_ARGS__};                                    \
        check_readings(readings, sizeof readings / sizeof readings[0]);                            \
    } while (0)

static void test_forms(void)
{
    CHECK_READINGS({"", ""}, {"", "; only a comment"}, {"", " \t\r\n\n   ; blank\n"},
                   {"a.example.com. 300 A 192.0.2.1", "a A 192.0.2.1"},
                   {"example.com. 300 A 192.0.2.1", "@ A 192.0.2.1 ; comment"},
                   {"a.test. 60 A 192.0.2.1", "a.test. 60 IN A 192.0.2.1\n"},
                   {"a.test. 60 A 192.0.2.1", "a.test. in 1m a 192.0.2.1\r\n"},
                   {"a.example.com. 5400 A 192.0.2.1", "a 1h30m A 192.0.2.1"},
                   {"a.example.com. 2147483647 A 192.0.2.1", "a 2147483647 A 192.0.2.1"},
                   {"a.example.com. 300 A 192.0.2.1\na.example.com. 300 A 192.0.2.2",
                    "a A 192.0.2.1\n  A 192.0.2.2"},
                   {"a.example.com. 300 MX 10 b.example.com.", "a MX (\n10 ; pref\n\n b )"},
                   {"a.example.com. 300 TXT \"b;c\" \"d (e\"", "a TXT \"b;c\" \"d (e\""},
                   {"a.example.com. 300 TXT \"b;c\"", "a TXT b\\;c"},
                   {"a.example.com. 300 TYPE65280 \\# 3 010203", "a TYPE65280 \\# 3 01 0203"},
                   {"a.example.com. 300 TYPE65280 \\# 0", "a TYPE65280 \\# 0"},
                   {"a.example.com. 300 A 192.0.2.1", "a TYPE1 \\# 4 C0000201"},
                   {"a\\.b.example.com. 300 A 192.0.2.1", "a\\.b A 192.0.2.1"},
                   {"\\000.example.com. 300 A 192.0.2.1", "\\000 A 192.0.2.1"},
                   {"a.example.com. 300 CNAME example.com.", "a CNAME @"},
                   // an owner may look like a type, a class or a TTL
                   {"A.example.com. 300 A 192.0.2.1", "A A 192.0.2.1"},
                   {"in.example.com. 300 A 192.0.2.1", "in in A 192.0.2.1"},
                   {"300.example.com. 1 A 192.0.2.1", "300 1 A 192.0.2.1"}, );
}

static void test_directives(void)
{
    CHECK_READINGS({"a.sub.example.com. 300 A 192.0.2.1", "$ORIGIN sub\na A 192.0.2.1"},
                   {"a.other. 300 NS b.other.", "$origin other. ; c\na NS b"},
                   {"a.example.com. 60 A 192.0.2.1\nb.example.com. 60 A 192.0.2.1",
                    "$TTL 1m\na A 192.0.2.1\nb A 192.0.2.1"},
                   // RFC 2308 4: what $TTL says stands for all records without one
                   {"a.example.com. 5 A 192.0.2.1\nb.example.com. 60 A 192.0.2.1",
                    "$TTL 60\na 5 A 192.0.2.1\nb A 192.0.2.1"},
                   // RFC 1035 5.1: without it the one before counts
                   {"a.example.com. 5 A 192.0.2.1\nb.example.com. 5 A 192.0.2.1",
                    "a 5 A 192.0.2.1\nb A 192.0.2.1"}, );
}

static void test_mistakes(void)
{
    CHECK_READINGS(
        {"1:1: error: $INCLUDE is not supported here", "$INCLUDE other.zone"},
        {"1:1: error: $GENERATE is not supported here", "$GENERATE 1-2 a A 192.0.2.$"},
        {"1:1: error: unknown directive \"$TTTL\" (did you mean $TTL?)", "$TTTL 5"},
        {"1:1: error: $TTL takes one word after it", "$TTL"},
        {"1:6: error: \"x\" is no TTL", "$TTL x"},
        {"1:3: error: TTL \"99999999999\" is over 2147483647 seconds (RFC 2181 8)",
         "a 99999999999 A 192.0.2.1"},
        {"1:3: error: TTL \"2147483648\" is over 2147483647 seconds (RFC 2181 8)",
         "a 2147483648 A 192.0.2.1"},
        {"1:3: error: unknown record type \"CNMAE\" (did you mean CNAME?)", "a CNMAE b"},
        {"1:3: error: type ANY stands in questions and messages, not in a zone", "a ANY b"},
        {"1:1: error: the record has no type", "a 300 IN"},
        {"1:2: error: a line that begins with a blank needs a record with a name before it",
         " A 192.0.2.1"},
        {"1:1: error: \"a..b\" is no domain name", "a..b A 192.0.2.1\n A 192.0.2.2"},
        {"1:7: error: the quoted string is not closed on its line", "a TXT \"b\n"},
        {"1:9: error: the parenthesis is never closed", "a MX 10 ( b\nc A 192.0.2.1"}, );
}

static void test_recovery(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    struct fdns_records records =
        fixture_records(&fixture, "example.com",
                        "a A 192.0.2.1\nb B 1\nc A 192.0.2.2)\nd TXT \"x\n  A 192.0.2.3\n");
    CHECK_TEXT("2:3: error: unknown record type \"B\"\n"
               "3:14: error: a closing parenthesis without an open one\n"
               "4:7: error: the quoted string is not closed on its line",
               fixture_diags(&fixture));
    CHECK_INT(2, records.n_items);
    char owner[FDNS_NAME_TEXT_MAX];
    CHECK_TEXT("d.example.com.", fdns_name_print(records.items[1].owner, owner));
    fixture_clear(&fixture);
}

static void test_rdata_mistake(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_records(&fixture, "example.com", "a A 192.0.2.300\nb MX 10\nc A\n");
    CHECK_CONTAINS("1:5: error: A: ", fixture_diags(&fixture));
    CHECK_CONTAINS("2:6: error: MX: ", fixture_diags(&fixture));
    CHECK_CONTAINS("3:3: error: A: ", fixture_diags(&fixture));
    fixture_clear(&fixture);
}

static void test_repetition(void)
{
    CHECK_READINGS(
        {"2:1: warning: A.example.com. A: the record is there already\n"
         "a.example.com. 300 A 192.0.2.1",
         "a A 192.0.2.1\nA 60 A 192.0.2.1"},
        {"2:1: warning: a.example.com. NS: the record is there already\n"
         "a.example.com. 300 NS b.",
         "a NS b.\na NS B."},
        // 0x41 and 0x61 are preferences here, not letters
        {"a.example.com. 300 MX 65 b.\na.example.com. 300 MX 97 b.", "a MX 65 b.\na MX 97 b."}, );
}

static void test_nul(void)
{
    static const char text[] = "a\0b A 192.0.2.1";
    struct fixture fixture;
    fixture_init(&fixture);
    struct fdns_source source = {.file = "zone", .text = text, .len = sizeof text - 1};
    struct fdns_records records = {0};
    CHECK(!fdns_zone_text_parse(&fixture.arena, &source, fdns_name_root, 300, &records,
                                &fixture.diags));
    CHECK_TEXT("1:1: error: a NUL octet; it is written \\000", fixture_diags(&fixture));
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"records in every legal form", test_forms},
    {"$ORIGIN and $TTL", test_directives},
    {"each mistake has its place", test_mistakes},
    {"what follows a mistake is still read", test_recovery},
    {"mistakes in rdata", test_rdata_mistake},
    {"a record that repeats another is dropped", test_repetition},
    {"a NUL octet", test_nul},
};
SUITE(text, tests)
