// Mistakes in data files, each at its place.
#include "fakedns/testns/testns.h"
#include "unit/harness.h"

#include <string.h>

// The first message without what is shown below it; "" for a file without mistakes.
static const char *first_mistake(struct fdns_arena *arena, const char *text, size_t len)
{
    struct fdns_source source = {.file = "data", .text = text, .len = len};
    struct fdns_diags diags;
    const char *message = "";
    fdns_diags_init(&diags);
    struct fdns_world *world = fdns_testns_parse(&source, &diags);
    CHECK((world == NULL) == (diags.n_errors > 0));
    if (diags.n_items > 0)
        message = fdns_arena_format(arena, "%u:%u: %s", diags.items[0].line, diags.items[0].column,
                                    diags.items[0].message);
    fdns_world_free(world);
    fdns_diags_clear(&diags);
    return message;
}

#define ENTRY(text) "ENTRY_BEGIN\n" text "ENTRY_END\n"

static const struct {
    const char *text, *expected;
} cases[] = {
    {"", ""},
    {"; nothing\n  # at all\n\n", ""},
    {ENTRY(""), ""},
    {ENTRY("MATCH opcode qtype ; and a comment\r\nREPLY QR # another\n"), ""},
    {ENTRY("SECTION QUESTION\na.test. A\n\tIN ANY\nSECTION ANSWER\n  5 A 192.0.2.1\n"), ""},
    {"MATCH qname\n", "1:1: MATCH outside an entry: ENTRY_BEGIN comes first"},
    {"a.test. A 192.0.2.1\n", "1:1: a data file outside entries has no \"a.test.\""},
    {"ENTRY_BEGIM\n",
     "1:1: a data file outside entries has no \"ENTRY_BEGIM\" (did you mean \"ENTRY_BEGIN\"?)"},
    {"ENTRY_BEGIN\n", "1:1: the entry that begins at line 1 has no ENTRY_END"},
    {"ENTRY_BEGIN\n" ENTRY(""), "2:1: the entry that begins at line 1 has no ENTRY_END"},
    {ENTRY("MATCH qnam\n"), "2:7: MATCH has no \"qnam\" (did you mean \"qname\"?)"},
    {ENTRY("MATCH serial=\n"), "2:7: \"serial=\" needs a number up to 4294967295"},
    {ENTRY("MATCH serial=4294967296\n"),
     "2:7: \"serial=4294967296\" needs a number up to 4294967295"},
    {ENTRY("MATCH serial:7\n"), ""},
    {ENTRY("MATCH qname\n"), "3:1: the entry can never match: it has no question for `qname`"},
    {ENTRY("REPLY  NOTIMP\n"), "2:8: REPLY has no \"NOTIMP\" (did you mean \"NOTIMPL\"?)"},
    {ENTRY("ADJUST sleep=x\n"), "2:8: \"sleep=x\" needs a number up to 1000000"},
    {ENTRY("ADJUST wait\n"), "2:8: ADJUST has no \"wait\""},
    {ENTRY("SECTION\n"), "2:1: SECTION needs QUESTION, ANSWER, AUTHORITY or ADDITIONAL"},
    {ENTRY("SECTION ANSWER more\n"), "2:16: \"more\" is too much on this line"},
    {ENTRY("SECTION QUESTION\na.test. IN\n"), "3:9: the question has no type"},
    {ENTRY("SECTION QUESTION\na.test. A A\n"), "3:11: \"A\" is too much for a question"},
    {ENTRY("SECTION QUESTION\na..test. A\n"), "3:1: \"a..test.\" is no domain name"},
    {ENTRY("SECTION QUESTION\na.test. IM A\n"), "3:9: \"IM\" is neither a class nor a type"},
    {ENTRY("SECTION QUESTION\n A\n"),
     "3:2: the line begins with a blank, and there is no name before it"},
    {ENTRY("SECTION ANSWER\na.test. A 192.0.2\n"), "3:11: A: \"192.0.2\" is no IPv4 address"},
    {ENTRY("HEX_ANSWER_BEGIN\n00 0g\nHEX_ANSWER_END\n"), "3:5: this is no hexadecimal digit"},
    {ENTRY("HEX_ANSWER_BEGIN\n00 0\nHEX_ANSWER_END\n"), "4:1: the last octet has one digit only"},
    {ENTRY("HEX_ANSWER_END\n"), "2:1: HEX_ANSWER_END without its BEGIN"},
    {"ENTRY_BEGIN\nHEX_ANSWER_BEGIN\n00\n",
     "3:1: the hexadecimal that begins at line 2 has no HEX_ANSWER_END"},
    {ENTRY("EXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\n"),
     ""},
    {ENTRY("EXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\nEXTRA_PACKET\n"
           "EXTRA_PACKET\n"),
     "8:1: an entry has at most 7 packets"},
    {"$ORIGIN\n", "1:1: $ORIGIN needs a domain name"},
    {"$TTL 1h\n", "1:6: $TTL needs a number of seconds"},
};

static void test_mistakes(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_TEXT(cases[i].expected, first_mistake(&arena, cases[i].text, strlen(cases[i].text)));
    CHECK_TEXT("1:2: the line has a NUL octet", first_mistake(&arena, ";\0", 2));
    fdns_arena_clear(&arena);
}

// A text of n times the same.
static const char *repeat(struct fdns_arena *arena, const char *before, const char *text, size_t n,
                          const char *after)
{
    struct fdns_buf buf;
    fdns_buf_init(&buf, 16 << 20);
    fdns_buf_string(&buf, before);
    for (size_t i = 0; i < n; i++)
        fdns_buf_string(&buf, text);
    fdns_buf_string(&buf, after);
    const char *copy = fdns_arena_string(arena, fdns_buf_text(&buf));
    fdns_buf_clear(&buf);
    return copy;
}

static void test_ceilings(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    const char *entries = repeat(&arena, "", ENTRY(""), FDNS_TESTNS_ENTRIES_MAX + 1, "");
    CHECK_TEXT("20001:1: more than 10000 entries", first_mistake(&arena, entries, strlen(entries)));
    const char *records =
        repeat(&arena, "ENTRY_BEGIN\nSECTION ANSWER\n", "a. A 192.0.2.1\n", 5000, "ENTRY_END\n");
    CHECK_TEXT("5003:1: packet 1 of the entry is longer than 65535 octets",
               first_mistake(&arena, records, strlen(records)));
    const char *questions = repeat(&arena, "ENTRY_BEGIN\n", "a. A\n", 70000, "ENTRY_END\n");
    CHECK_TEXT("70002:1: packet 1 of the entry is longer than 65535 octets",
               first_mistake(&arena, questions, strlen(questions)));
    const char *hex = repeat(&arena, "ENTRY_BEGIN\nHEX_ANSWER_BEGIN\n", "00\n", 65536,
                             "HEX_ANSWER_END\nENTRY_END\n");
    CHECK_TEXT("65539:1: more than 65535 octets", first_mistake(&arena, hex, strlen(hex)));
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"mistakes stand at their place", test_mistakes},
    {"ceilings", test_ceilings},
};
SUITE(read, tests)
