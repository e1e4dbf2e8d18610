#include "unit/fakedns/yaml/fixture.h"
#include "unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_tree(void)
{
    static const char text[] = "a: NO\n"
                               "b:\n"
                               "- 1.10\n"
                               "- 'x y'\n"
                               "\"\xc3\xa4\": {c: on,  d: [] }\n";
    struct fixture f;
    fixture_parse(&f, text, strlen(text));
    CHECK_TEXT("", fixture_print(&f));
    CHECK_INT(3, f.root->n_pairs);
    CHECK_TEXT("NO", fdns_node_text(f.root, "a"));
    const struct fdns_node *b = fdns_node_find(f.root, "b");
    CHECK_INT(2, b->n_items);
    CHECK_INT(3, b->line);
    CHECK_INT(1, b->column);
    CHECK_TEXT("1.10", b->items[0]->text);
    CHECK(b->items[0]->plain && !b->items[1]->plain);
    CHECK_INT(4, b->items[1]->line);
    CHECK_INT(3, b->items[1]->column);
    const struct fdns_node *map = fdns_node_find(f.root, "\xc3\xa4");
    CHECK_INT(7, map->column); // octets, not characters
    CHECK_INT(19, fdns_node_find(map, "d")->column);
    CHECK_INT(FDNS_LIST, fdns_node_find(map, "d")->kind);
    CHECK(fdns_node_find(map, "e") == NULL);
    CHECK(fdns_node_find(NULL, "e") == NULL && fdns_node_find(b, "e") == NULL);
    CHECK_TEXT(NULL, fdns_node_text(map, "d"));
    fixture_clear(&f);
}

static void test_refused(void)
{
    static const char *const cases[][2] = {
        {"a: &x 1\n",
         "t.yaml:1:4: error: anchors are not used here: \"&x\"\n    a: &x 1\n       ^\n"},
        {"a: 1\nb: [*y, *y]\n", "t.yaml:2:5: error: aliases are not used here: \"*y\"\n"},
        {"a: !!str 1\n", "t.yaml:1:4: error: tags are not used here: \"tag:yaml.org,2002:str\"\n"},
        {"a: ! 1\n", "t.yaml:1:4: error: tags are not used here"},
        {"- !x [1]\n", "t.yaml:1:3: error: tags are not used here"},
        {"%TAG !e! tag:e,2000:\n--- \na: 1\n", "error: tags are not used here"},
        {"a: 1\n---\nb: 2\n", "t.yaml:2:1: error: a second document"},
        {"a: 1\nb:\n  c: 1\n  c: 2\n",
         "t.yaml:4:3: error: \"c\" stands here twice, first in line 3\n    c: 2\n    ^\n"},
        {"? [a]\n: 1\n", "t.yaml:1:3: error: a key is a text, not a list"},
        {"{a: 1}: 1\n", "t.yaml:1:1: error: a key is a text, not a mapping"},
        {"a: \"x\\0y\"\n", "t.yaml:1:4: error: a NUL character cannot stand in a text"},
        {"a: 1\rb: 2\n", "t.yaml:1:5: error: lines end with LF or CRLF"},
        {"a: \xe2\x80\xa8\n", "t.yaml:1:4: error: lines end with LF or CRLF"},
        {"a: \xc2\x85\n", "t.yaml:1:4: error: lines end with LF or CRLF"},
        {"a: 1\n\xc3\xa4: \xff\n", "t.yaml:2:5: error: invalid leading UTF-8 octet"},
        {"a: \x01\n", "t.yaml:1:4: error: control characters are not allowed"},
        {"", "t.yaml: error: there is nothing in this file\n"},
        {"# only a comment\n", "t.yaml: error: there is nothing in this file\n"},
        {"---\n", "t.yaml: error: there is nothing in this file\n"},
        {"a: [1, 2\nb: 3\n", "error: "},
        {"a: b: c\n", "t.yaml:1:5: error: mapping values are not allowed in this context\n    a: "
                      "b: c\n        ^\n"},
        {"\xc3\xa4: b: c\n", "t.yaml:1:6: error: mapping values"},
        {"a: \"x\n", "t.yaml:2:1: error: found unexpected end of stream (while scanning a quoted "
                     "scalar, line 1)"},
        {"a:\n\t- b\n", "t.yaml:2:1: error: found character that cannot start any token"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_CONTAINS(cases[i][1], fixture_mistakes(cases[i][0]));
    }
}

static void test_all_mistakes_at_once(void)
{
    CHECK_TEXT("t.yaml:1:4: error: anchors are not used here: \"&x\"\n"
               "    a: &x 1\n"
               "       ^\n"
               "t.yaml:2:1: error: \"a\" stands here twice, first in line 1\n"
               "    a: *x\n"
               "    ^\n"
               "t.yaml:2:4: error: aliases are not used here: \"*x\"\n"
               "    a: *x\n"
               "       ^\n"
               "t.yaml:3:4: error: did not find expected node content\n"
               "    b: ]\n"
               "       ^\n",
               fixture_mistakes("a: &x 1\na: *x\nb: ]\nc: *x\n"));
}

static void test_same_key_in_other_maps(void)
{
    CHECK_TEXT("", fixture_mistakes("a: {a: 1, b: {a: 1}}\nb: {a: 1}\nc: [{a: 1}, {a: 1}]\n"));
}

static void test_many_keys(void)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 20);
    for (int i = 0; i < 20000; i++) {
        fdns_buf_format(&text, "k%d: 1\n", i);
    }
    CHECK_TEXT("", fixture_mistakes(fdns_buf_text(&text)));
    fdns_buf_string(&text, "k0: 1\n");
    CHECK_CONTAINS("t.yaml:20001:1: error: \"k0\" stands here twice, first in line 1\n",
                   fixture_mistakes(fdns_buf_text(&text)));
    fdns_buf_clear(&text);
}

static void test_depth(void)
{
    char text[200];
    memset(text, 0, sizeof text);
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    CHECK_TEXT("", fixture_mistakes(text));
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    CHECK_CONTAINS("t.yaml:1:33: error: more than 32 levels deep\n", fixture_mistakes(text));
}

// n times the same text, parsed.
static void check_repeated(const char *part, size_t n, const char *expected)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 22);
    for (size_t i = 0; i < n; i++) {
        fdns_buf_string(&text, part);
    }
    CHECK_CONTAINS(expected, fixture_mistakes(fdns_buf_text(&text)));
    fdns_buf_clear(&text);
}

static void test_size(void)
{
    check_repeated("[", 100000, "more than 32 levels deep");
    check_repeated("- 1\n", 200000, "t.yaml:100000:3: error: more than 100000 values\n");
    check_repeated("- *a\n", 5000, "error: aliases are not used here");
    check_repeated("a: 1\n", 5000, "stands here twice");
    check_repeated("# 4567890123456\n", 65537, "t.yaml: error: larger than 1 MiB\n");
    check_repeated("# 4567890123456\n", 65536, "t.yaml: error: there is nothing in this file\n");
    check_repeated("? ", 100000, "more than 32 levels deep");
    check_repeated("- ", 100000, "more than 32 levels deep");
    check_repeated("{a: ", 100000, "more than 32 levels deep");
}

static const char *write_file(const char *text, size_t len)
{
    static char path[] = "/tmp/yaml_test_XXXXXX";
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    CHECK_INT(len, write(fd, text, len));
    close(fd);
    return path;
}

static void test_load(void)
{
    struct fdns_arena arena;
    struct fdns_diags diags;
    struct fdns_source source = {0};
    fdns_arena_init(&arena, 0);
    fdns_diags_init(&diags);
    const char *path = write_file("\xef\xbb\xbf"
                                  "a: b\n",
                                  8);
    const struct fdns_node *root = fdns_yaml_load(&arena, path, &source, &diags);
    CHECK_TEXT("b", fdns_node_text(root, "a"));
    CHECK_INT(4, fdns_node_find(root, "a")->column);
    CHECK_TEXT(path, source.file);
    CHECK_INT(5, source.len);
    unlink(path);
    CHECK(fdns_yaml_load(&arena, path, &source, &diags) == NULL);
    CHECK_TEXT("cannot be read: No such file or directory", diags.items[0].message);
    CHECK(fdns_yaml_load(&arena, "/", &source, &diags) == NULL);
    CHECK_TEXT("cannot be read: Is a directory", diags.items[1].message);
    CHECK(fdns_yaml_load(&arena, "/dev/zero", &source, &diags) == NULL);
    CHECK_TEXT("is larger than 1048576 octets", diags.items[2].message);
    fdns_diags_clear(&diags);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"nodes know what they are and where", test_tree},
    {"what has no place in these files is refused there", test_refused},
    {"all mistakes up to a syntax error are reported", test_all_mistakes_at_once},
    {"a key may stand in several maps", test_same_key_in_other_maps},
    {"a twice-used key is found among thousands", test_many_keys},
    {"32 levels and no more", test_depth},
    {"size and number of nodes have ceilings", test_size},
    {"files are read, also with a byte order mark", test_load},
};
SUITE(parse, tests)
