#include "unit/fakedns/yaml/fixture.h"
#include "unit/harness.h"

#include <string.h>

static void test_good(void)
{
    CHECK_TEXT("", fixture_check(&fixture_type,
                                 "title: 'a'\n"
                                 "when: {type: TXT, at: 72h, transport: tcp, rcode: servfail,\n"
                                 "  then: [{at: 0}, {at: 1s, then: []}]}\n"
                                 "rules: []\n"
                                 "zones: {ab: yes, cdef: off}\n"
                                 "tokens: [NO, 1.10, '']\n"
                                 "listen: 53\n"
                                 "count: -9223372036854775808\n"));
    CHECK_TEXT("", fixture_check(&fixture_type, "title: a\nlisten: off\n"));
    CHECK_TEXT("", fixture_check(&fixture_type, "title: \"\"\nlisten: [1, 65535]\n"));
}

// The one message that "title: t" and the given line get, with its column.
static const struct {
    const char *line;
    const char *said;
} cases[] = {
    {"tilte: x", "2:1: error: unknown key \"tilte\" (did you mean \"title\"?)\n"},
    {"wholly: x", "2:1: error: unknown key \"wholly\"\n"},
    {"when: [a]", "2:7: error: \"when\" wants a mapping, not a list\n"},
    {"when: x", "2:7: error: \"when\" wants a mapping, not a text\n"},
    {"when:", "2:6: error: \"when\" wants a mapping, not nothing\n"},
    {"tokens: {a: b}", "2:9: error: \"tokens\" wants a list, not a mapping\n"},
    {"tokens: [a, [b]]", "2:13: error: an item of \"tokens\" wants a text, not a list\n"},
    {"tokens: [a, ~, {}]", "2:16: error: an item of \"tokens\" wants a text, not a mapping\n"},
    {"when: {type: A}", "2:7: error: \"at\" is required here\n"},
    {"when: {at: 24hours}", "2:12: error: \"24hours\" is no duration: write 90s, "},
    {"when: {at: 999999d}", "2:12: error: \"999999d\" is no duration: longer than 100 years\n"},
    {"when: {at: [1s]}", "2:12: error: \"at\" wants a duration, not a list\n"},
    {"when: {at: 0, transport: upd}", "error: \"upd\" is no transport (did you mean \"udp\"?)\n"},
    {"when: {at: 0, transport: UDP}", "error: \"UDP\" is no transport (did you mean \"udp\"?)\n"},
    {"when: {at: 0, transport: pigeon}", "error: \"pigeon\" is no transport: write udp or tcp\n"},
    {"when: {at: 0, rcode: SRVFAIL}", "\"SRVFAIL\" is no RCODE (did you mean \"SERVFAIL\"?)\n"},
    {"when: {at: 0, rcode: [x]}", "\"rcode\" wants an RCODE, not a list\n"},
    {"when: {at: 0, then: [{tpye: A, at: 0}]}",
     "2:23: error: unknown key \"tpye\" (did you mean \"type\"?)\n"},
    {"rules: [x]", "2:9: error: an item of \"rules\" wants a mapping, not a text\n"},
    {"zones: {abc: on}", "2:9: error: \"abc\" is no even text: 3 octets are no even number\n"},
    {"zones: {ab: maybe}", "2:13: error: \"maybe\" is no boolean: write yes or no\n"},
    {"zones: {ab: {}}", "2:13: error: \"ab\" wants a boolean, not a mapping\n"},
    {"listen: 65536", "2:9: error: \"65536\" is no port or switch\n"},
    {"listen: offf", "2:9: error: \"offf\" is no switch (did you mean \"off\"?)\n"},
    {"listen: {}", "2:9: error: \"listen\" wants a port, a switch or a list, not a mapping\n"},
    {"listen: []", "2:9: error: \"listen\" wants at least 1 item, here are 0\n"},
    {"listen: [1, 2, 3]", "2:9: error: \"listen\" wants at most 2 items, here are 3\n"},
    {"listen: [-1]", "2:10: error: \"-1\" is no port: write a whole number from 0 to 65535\n"},
    {"count: 1.5", "2:8: error: \"1.5\" is no integer: write a whole number\n"},
    {"count: 9223372036854775808", "\"9223372036854775808\" is no integer: too large\n"},
    {"count: -", "error: "},
    {"even: abc", "2:7: error: \"abc\" is no even text: 3 octets are no even number\n"},
};

static void test_mistakes(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200] = "title: t\n";
        strcat(strcat(text, cases[i].line), "\n");
        const char *said = fixture_check(&fixture_type, text);
        CHECK_CONTAINS(cases[i].said, said);
        const char *first = strstr(said, "error: ");
        CHECK(first != NULL && strstr(first + 1, "error: ") == NULL);
    }
}

static void test_all_at_once(void)
{
    const char *said = fixture_check(&fixture_type, "wehn: 1\nwhen: {at: x, typ: A}\ncount: y\n");
    CHECK_TEXT("t.yaml:1:1: error: \"title\" is required here\n"
               "    wehn: 1\n    ^\n"
               "t.yaml:1:1: error: unknown key \"wehn\" (did you mean \"when\"?)\n"
               "    wehn: 1\n    ^\n"
               "t.yaml:2:12: error: \"x\" is no duration: write 90s, 15m, 24h, 3d, 71h59m or 250ms,"
               " without blanks\n"
               "    when: {at: x, typ: A}\n               ^\n"
               "t.yaml:2:15: error: unknown key \"typ\" (did you mean \"type\"?)\n"
               "    when: {at: x, typ: A}\n                  ^\n"
               "t.yaml:3:8: error: \"y\" is no integer: write a whole number\n"
               "    count: y\n           ^\n",
               said);
}

static void test_root(void)
{
    CHECK_CONTAINS("t.yaml:1:1: error: this file wants a mapping, not a list\n",
                   fixture_check(&fixture_type, "- a\n"));
    CHECK_CONTAINS("t.yaml:1:3: error: an item wants a text, not a list\n",
                   fixture_check(&fdns_type_text_list, "- [a]\n"));
}

static void test_many_mistakes(void)
{
    struct fdns_buf text;
    struct fixture f;
    fdns_buf_init(&text, 1 << 20);
    fdns_buf_string(&text, "title: t\n");
    for (int i = 0; i < 30000; i++) {
        fdns_buf_format(&text, "k%d: 1\n", i);
    }
    fixture_parse(&f, fdns_buf_text(&text), text.len);
    CHECK(f.root != NULL);
    CHECK(!fdns_schema_check(&fixture_type, f.root, &f.source, &f.diags));
    CHECK_INT(1000, f.diags.n_errors);
    fixture_clear(&f);
    fdns_buf_clear(&text);
}

static void test_long_words_are_cut(void)
{
    static char text[4000] = "title: t\nlisten: ";
    memset(text + strlen(text), 'x', 3000);
    CHECK_CONTAINS("xxx...\" is no port or switch\n", fixture_check(&fixture_type, text));
}

static void test_values(void)
{
    static const char text[] = "a: 71h59m\nb: -12\nc: [yes, no, true, false, on, off]\n";
    struct fixture f;
    fixture_parse(&f, text, strlen(text));
    CHECK_INT(INT64_C(259140000000), fdns_node_duration(fdns_node_find(f.root, "a")));
    CHECK_INT(-12, fdns_node_integer(fdns_node_find(f.root, "b")));
    const struct fdns_node *c = fdns_node_find(f.root, "c");
    for (size_t i = 0; i < 6; i++) {
        CHECK(fdns_node_boolean(c->items[i]) == (i % 2 == 0));
    }
    fixture_clear(&f);
}

static const struct test tests[] = {
    {"a good file has no mistakes", test_good},
    {"every mistake has its message and place", test_mistakes},
    {"all mistakes are reported at once", test_all_at_once},
    {"the file itself may be of the wrong kind", test_root},
    {"thousands of mistakes end the search", test_many_mistakes},
    {"a long text is quoted in part", test_long_words_are_cut},
    {"checked scalars have values", test_values},
};
SUITE(schema, tests)
