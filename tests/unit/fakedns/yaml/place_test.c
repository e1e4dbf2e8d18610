#include "unit/fakedns/yaml/fixture.h"
#include "unit/harness.h"

#include <stdio.h>
#include <string.h>

// A file that holds zone text in a literal block under "zone", and where "bad" stands in it.
struct literal_case {
    const char *name;
    const char *text;
    unsigned line; // of the literal's first line
    unsigned indent;
};

static const struct literal_case literals[] = {
    {"plain", "zone: |\n  @ SOA\n  bad A\n", 2, 2},
    {"deep", "x:\n    zone: |\n            @ SOA\n            bad A\n", 3, 12},
    {"comment", "# one\nzone: |  # why\n  bad A\n", 3, 2},
    {"chomped", "zone: |-\n  bad A\n", 2, 2},
    {"kept", "zone: |+\n  bad A\n\n\n", 2, 2},
    {"blank lines first", "zone: |\n\n   \n   @ SOA\n\n   bad A\n", 2, 3},
    {"short blank line first", "zone: |\n \n   bad A\n", 2, 3},
    {"indentation indicator", "zone: |2\n    ; indented\n  bad A\n", 2, 2},
    {"both indicators", "x:\n  zone: |-1\n     ; indented\n   bad A\n", 3, 3},
    {"other order", "x:\n  zone: |1+ # c\n     ; indented\n   bad A\n", 3, 3},
    {"line end CRLF", "zone: |\r\n  @ SOA\r\n  bad A\r\n", 2, 2},
    {"no line end", "zone: |\n  bad A", 2, 2},
    {"after letters", "\xc3\xa4: \xc3\xb6\nzone: |\n  ; \xc3\xa4\n  bad A\n", 3, 2},
    {"item", "- - zone: |\n      bad A\n", 2, 6},
    {"comment line after", "zone: |\n  bad A\n# end\n", 2, 2},
};

static const struct fdns_node *find_zone(const struct fdns_node *node)
{
    const struct fdns_node *found = fdns_node_find(node, "zone");
    if (found == NULL && node->kind == FDNS_LIST) {
        found = find_zone(node->items[0]);
    } else if (found == NULL) {
        found = find_zone(fdns_node_find(node, "x"));
    }
    return found;
}

// Reports at "bad" in the text, as a parser of it would, and expects the place of "bad" in the
// file.
static void check_bad(struct fixture *f, const struct fdns_node *zone, const char *name)
{
    struct fdns_source part = fdns_node_source(zone, &f->source);
    unsigned line = 1, column = 1;
    const char *bad = strstr(part.text, "bad");
    for (const char *p = part.text; p < bad; p++) {
        column = *p == '\n' ? 1 : column + 1;
        line += *p == '\n' ? 1 : 0;
    }
    unsigned file_line = 1, file_column = 1;
    for (const char *p = f->source.text; p < strstr(f->source.text, "bad"); p++) {
        file_column = *p == '\n' ? 1 : file_column + 1;
        file_line += *p == '\n' ? 1 : 0;
    }
    fdns_diag(&f->diags, FDNS_ERROR, &part, line, column, "bad");
    const struct fdns_diag *diag = &f->diags.items[f->diags.n_items - 1];
    check_int(file_line, diag->line, name, __FILE__, __LINE__);
    check_int(file_column, diag->column, name, __FILE__, __LINE__);
}

static void test_literal(void)
{
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        const struct literal_case *c = &literals[i];
        struct fixture f;
        fixture_parse(&f, c->text, strlen(c->text));
        check_text("", fixture_print(&f), c->name, __FILE__, __LINE__);
        if (f.root != NULL) {
            const struct fdns_node *zone = find_zone(f.root);
            CHECK(zone->literal);
            check_int(c->line, zone->literal_line, c->name, __FILE__, __LINE__);
            check_int(c->indent, zone->literal_indent, c->name, __FILE__, __LINE__);
            check_bad(&f, zone, c->name);
        }
        fixture_clear(&f);
    }
}

static void test_one_line(void)
{
    static const char *const texts[] = {"zone: a bad A\n", "x:\n  zone: \"@ bad A\"\n",
                                        "# x\n- {zone: 'a bad A'}\n",
                                        "zone: \n    a bad A   # c\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct fixture f;
        fixture_parse(&f, texts[i], strlen(texts[i]));
        CHECK(f.root != NULL);
        if (f.root != NULL) {
            check_bad(&f, find_zone(f.root), texts[i]);
        }
        fixture_clear(&f);
    }
}

// Line and column that a mistake at line 2, column 3 of the text gets.
static void check_fixed(const char *text, unsigned line, unsigned column)
{
    struct fixture f;
    fixture_parse(&f, text, strlen(text));
    CHECK(f.root != NULL);
    if (f.root != NULL) {
        struct fdns_source part = fdns_node_source(find_zone(f.root), &f.source);
        fdns_diag(&f.diags, FDNS_ERROR, &part, 2, 3, "bad");
        CHECK_INT(line, f.diags.items[0].line);
        CHECK_INT(column, f.diags.items[0].column);
    }
    fixture_clear(&f);
}

static void test_folded(void)
{
    check_fixed("zone: >\n  a\n  b\n\n  bad\n", 1, 7);
    check_fixed("x:\n  zone: \"a\\nbad\"\n", 2, 9);
    check_fixed("zone: a\n  b\n\n  bad\n", 1, 7);
}

static const struct test tests[] = {
    {"zone text in a literal block is found at its real place", test_literal},
    {"text in one line is found at its real column", test_one_line},
    {"folded and escaped text is reported where it begins", test_folded},
};
SUITE(place, tests)
