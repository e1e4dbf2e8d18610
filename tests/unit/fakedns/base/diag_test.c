#include "fakedns/base/diag.h"
#include "unit/harness.h"

#include <stdio.h>
#include <string.h>

// What one error at line:column of text prints.
static const char *print_at(const char *text, unsigned line, unsigned column)
{
    static char printed[2048];
    struct fdns_source source = {.file = "a.yaml", .text = text, .len = strlen(text)};
    struct fdns_diags diags;
    struct fdns_buf out;
    fdns_diags_init(&diags);
    fdns_buf_init(&out, 1 << 20);
    fdns_diag(&diags, FDNS_ERROR, &source, line, column, "wrong");
    fdns_diags_print(&diags, 0, &out);
    snprintf(printed, sizeof printed, "%s", fdns_buf_text(&out));
    fdns_buf_clear(&out);
    fdns_diags_clear(&diags);
    return printed;
}

static void test_example(void)
{
    CHECK_TEXT("a.yaml:2:11: error: wrong\n    tpye: TXT\n    ^\n",
               print_at("when:\n          tpye: TXT\nthen\n", 2, 11));
    CHECK_TEXT("a.yaml:1:4: error: wrong\n    a: b\n       ^\n", print_at("a: b\r\nc\n", 1, 4));
}

static void test_tabs(void)
{
    CHECK_TEXT("a.yaml:1:4: error: wrong\n    a\tbc\n     \t^\n", print_at("\ta\tbc", 1, 4));
    CHECK_TEXT("a.yaml:1:2: error: wrong\n    \tx\n    ^\n", print_at(" \tx", 1, 2));
}

static void test_past_the_end(void)
{
    CHECK_TEXT("a.yaml:1:9: error: wrong\n    ab\n      ^\n", print_at("ab\n", 1, 9));
    CHECK_TEXT("a.yaml:7:1: error: wrong\n    \n    ^\n", print_at("ab\n", 7, 1));
    CHECK_TEXT("a.yaml:1:1: error: wrong\n    \n    ^\n", print_at("", 1, 1));
}

static void test_without_place(void)
{
    CHECK_TEXT("a.yaml:1: error: wrong\n", print_at("ab\n", 1, 0));
    CHECK_TEXT("a.yaml: error: wrong\n", print_at("ab\n", 0, 0));
}

static void test_hostile(void)
{
    CHECK_TEXT("a.yaml:1:4: error: wrong\n    \\x1b[mx\\xe2\\x80\\xae\\xff\n          ^\n",
               print_at("\033[mx\xe2\x80\xae\xff", 1, 4));
    // two columns for a wide letter, one for an umlaut
    CHECK_TEXT("a.yaml:1:6: error: wrong\n    \xe4\xb8\xad\xc3\xa4x\n       ^\n",
               print_at("\xe4\xb8\xad\xc3\xa4x", 1, 6));
    // overlong forms, surrogates and cut sequences are no UTF-8
    CHECK_CONTAINS("    \\xc0\\xaf\\xed\\xa0\\x80\\xe4\\xb8\n",
                   print_at("\xc0\xaf\xed\xa0\x80\xe4\xb8", 1, 1));
}

static void test_message_is_escaped(void)
{
    struct fdns_diags diags;
    struct fdns_buf out;
    fdns_diags_init(&diags);
    fdns_buf_init(&out, 1 << 20);
    fdns_diag_file(&diags, FDNS_WARNING, "b\n.yaml", "a\tb \"%s\"", "\033]0;x");
    fdns_diags_print(&diags, 0, &out);
    CHECK_TEXT("b\\x0a.yaml: warning: a\\x09b \"\\x1b]0;x\"\n", fdns_buf_text(&out));
    CHECK_INT(1, diags.n_warnings);
    CHECK_INT(0, diags.n_errors);
    fdns_buf_clear(&out);
    fdns_diags_clear(&diags);
}

static void test_window(void)
{
    char text[301];
    memset(text, 'x', 300);
    text[300] = '\0';
    text[149] = 'O';
    const char *printed = print_at(text, 1, 150);
    const char *quote = strchr(printed, '\n') + 1;
    const char *caret = strchr(quote, '\n') + 1;
    CHECK(strncmp(quote, "    ...xxx", 10) == 0);
    CHECK_INT(strchr(quote, 'O') - quote, strchr(caret, '^') - caret);
    CHECK_CONTAINS("xxx...\n", quote);
    CHECK_INT(4 + 3 + 90 + 3 + 1, caret - quote);
    printed = print_at(text, 1, 301);
    quote = strchr(printed, '\n') + 1;
    caret = strchr(quote, '\n') + 1;
    CHECK_INT(strchr(quote, '\n') - quote, strchr(caret, '^') - caret);
    printed = print_at(text, 1, 1);
    CHECK_CONTAINS("\n    ^\n", printed);
}

static void test_part_of_a_file(void)
{
    struct fdns_source part = {
        .file = "w.yaml", .text = "a\nb IN\n", .len = 7, .first_line = 10, .indentation = 8};
    struct fdns_diags diags;
    struct fdns_buf out;
    fdns_diags_init(&diags);
    fdns_buf_init(&out, 1 << 20);
    fdns_diag(&diags, FDNS_NOTE, &part, 2, 3, "here");
    fdns_diags_print(&diags, 0, &out);
    CHECK_TEXT("w.yaml:11:11: note: here\n    b IN\n      ^\n", fdns_buf_text(&out));
    fdns_buf_clear(&out);
    fdns_diags_clear(&diags);
}

static void test_ceilings(void)
{
    static char word[5000];
    struct fdns_diags diags;
    struct fdns_buf out;
    memset(word, 'y', sizeof word - 1);
    fdns_diags_init(&diags);
    fdns_buf_init(&out, 8 << 20);
    for (int i = 0; i < 1500; i++) {
        fdns_diag(&diags, FDNS_ERROR, NULL, 0, 0, "%s", word);
    }
    CHECK_INT(1000, diags.n_items);
    CHECK_INT(1500, diags.n_errors);
    CHECK_INT(1000, strlen(diags.items[0].message));
    fdns_diags_print(&diags, 999, &out);
    CHECK_CONTAINS("yyy...\n(and 500 more)\n", fdns_buf_text(&out));
    fdns_buf_clear(&out);
    fdns_diags_clear(&diags);
}

static const struct test tests[] = {
    {"a mistake is printed with its line and a caret", test_example},
    {"tabs before the caret stay tabs", test_tabs},
    {"a place past the end still prints", test_past_the_end},
    {"a place without column or line", test_without_place},
    {"octets a terminal would act on are escaped", test_hostile},
    {"messages and file names are escaped", test_message_is_escaped},
    {"long lines are shown around the column", test_window},
    {"a part of a file is reported at its place in the file", test_part_of_a_file},
    {"messages and their number have ceilings", test_ceilings},
};
SUITE(diag, tests)
