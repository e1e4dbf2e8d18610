#include "harness/report/escape.h"

#include "harness/seen/json.h"
#include "unit/harness.h"
#include "unit/harness/report/sample.h"

#include <stdlib.h>
#include <string.h>

typedef void escape_fn(struct fdns_buf *out, const char *text);

static void check_escape(escape_fn *escape, const char *expected, const char *text)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 65536);
    escape(&out, text);
    CHECK_TEXT(expected, fdns_buf_text(&out));
    fdns_buf_clear(&out);
}

static void test_text(void)
{
    check_escape(dc_escape_text, "a\\x0ab\\x1b[2J", "a\nb\x1b[2J");
    check_escape(dc_escape_text, ":\\x3aerror::x", "::error::x");
    check_escape(dc_escape_text, "v=1 :\\x3aadd-mask::x", "v=1 ::add-mask::x");
    check_escape(dc_escape_text, "2001:db8::1", "2001:db8::1");
    check_escape(dc_escape_text, "a#\\x23[error]b", "a##[error]b");
    check_escape(dc_escape_text, "gr\xc3\xbc\xc3\x9f \\xe2\\x80\\xae\\xff",
                 "gr\xc3\xbc\xc3\x9f \xe2\x80\xae\xff");
    check_escape(dc_escape_text, "", "");
}

static void test_text_is_cut(void)
{
    char *text = malloc(DC_SHOWN_MAX + 11);
    memset(text, 'a', DC_SHOWN_MAX + 10);
    text[DC_SHOWN_MAX + 10] = '\0';
    struct fdns_buf out;
    fdns_buf_init(&out, 65536);
    dc_escape_text(&out, text);
    CHECK_INT(DC_SHOWN_MAX + strlen("... (10 octets more)"), out.len);
    CHECK_CONTAINS("... (10 octets more)", fdns_buf_text(&out));
    fdns_buf_clear(&out);
    free(text);
}

static void test_xml(void)
{
    check_escape(dc_escape_xml, "&lt;a b=&quot;&#39;&quot;&gt;&amp;amp; ]]&gt;",
                 "<a b=\"'\">&amp; ]]>");
    check_escape(dc_escape_xml, "\\x0b\\x1b\\xff\\xef\\xbf\\xbf\n\xc3\xbc",
                 "\x0b\x1b\xff\xef\xbf\xbf\n\xc3\xbc");
}

static void test_github(void)
{
    check_escape(dc_escape_github, "100%25 a: b, c%0A%0D\\x1b", "100% a: b, c\n\r\x1b");
    check_escape(dc_escape_github_property, "100%25 a%3A b%2C c%0A", "100% a: b, c\n");
}

static void test_tap(void)
{
    check_escape(dc_escape_tap, "a \\# SKIP \\\\ b\\x0anot ok", "a # SKIP \\ b\nnot ok");
}

static void test_markdown(void)
{
    check_escape(dc_escape_markdown, "a&#42;b&#42; &#60;i&#62; &#64;o &#124; www&#46;x\\x0a",
                 "a*b* <i> @o | www.x\n");
}

static void test_shell(void)
{
    check_escape(dc_escape_shell, "scenarios/a.yaml", "scenarios/a.yaml");
    check_escape(dc_escape_shell, "'a b'", "a b");
    check_escape(dc_escape_shell, "''", "");
    check_escape(dc_escape_shell, "'it'\\''s'", "it's");
    check_escape(dc_escape_shell, "$'a\\x0a\\'\\\\'", "a\n'\\");
    check_escape(dc_escape_shell, "'~/x'", "~/x");
}

static void test_json_is_ascii_and_the_same_value(void)
{
    struct fdns_arena arena;
    struct fdns_buf out;
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    fdns_buf_init(&out, 65536);
    json_t *list = dc_json_array();
    dc_json_append(list, dc_json_string("##[error] ### \x7f \xc2\x9b \xe2\x80\xae \n"));
    dc_escape_json(&out, list, 2);
    CHECK(strstr(fdns_buf_text(&out), "##[") == NULL);
    size_t n_bad = 0;
    for (size_t i = 0; i < out.len; i++) {
        n_bad += out.data[i] != '\n' && (out.data[i] < ' ' || out.data[i] > '~');
    }
    CHECK_INT(0, n_bad);
    json_t *back = dc_json_load(&arena, out.data, out.len, &why);
    CHECK(json_equal(list, back));
    json_decref(back);
    json_decref(list);
    fdns_buf_clear(&out);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"text", test_text},
    {"text is cut", test_text_is_cut},
    {"XML", test_xml},
    {"GitHub", test_github},
    {"TAP", test_tap},
    {"Markdown", test_markdown},
    {"shell", test_shell},
    {"JSON is ASCII and the same value", test_json_is_ascii_and_the_same_value},
};
SUITE(escape, tests)
