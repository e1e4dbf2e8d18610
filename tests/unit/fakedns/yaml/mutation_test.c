// Mutated files through everything that reads them. The sanitizers judge; the tests say only that
// a result and its diagnostics agree.
#include "fakedns/base/random.h"
#include "unit/fakedns/yaml/fixture.h"
#include "unit/harness.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 4000, ROOM = 4096 };

static const char seed_text[] = "# A comment\n"
                                "title: \"quoted \\x41 \\u00e4\"\n"
                                "when: { type: TXT, at: 24h, transport: udp, rcode: SERVFAIL,\n"
                                "        then: [ { at: 0s } ] }\n"
                                "rules:\n"
                                "  - type: |2-  # zone text\n"
                                "        @ SOA ns1 admin 1 2 3 4 5\n"
                                "\n"
                                "      www A 192.0.2.1\n"
                                "    at: 71h59m\n"
                                "  - at: 3d\n"
                                "    type: >\n"
                                "      folded\n"
                                "      text\n"
                                "zones: {ab: yes, 'c''de': off}\n"
                                "tokens: [NO, 1.10, \xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80]\n"
                                "listen: [53, 5353]\n"
                                "? count\n"
                                ": -5\n";

// Pieces that YAML gives a meaning.
static const char *const pieces[] = {
    "- ",           "\n",           ": ", "[", "]",           "{",    "}",    ",",
    "|\n",          ">2\n",         "\"", "'", "&a ",         "*a ",  "!t ",  "---\n",
    "? ",           "\t",           "  ", "#", "%YAML 1.1\n", "\r\n", "\r",   "\xff",
    "\xe2\x80\xa8", "\xef\xbb\xbf", "@",  "`", "<<: ",        "\\0",  "...\n"};

static size_t insert(char *text, size_t len, size_t at, const char *piece, size_t n)
{
    if (len + n > ROOM) {
        return len;
    }
    memmove(text + at + n, text + at, len - at);
    memcpy(text + at, piece, n);
    return len + n;
}

static size_t mutate(struct fdns_random *random, char *text, size_t len)
{
    size_t at = (size_t)fdns_random_below(random, len + 1);
    size_t n = (size_t)fdns_random_below(random, 24);
    const char *piece = pieces[fdns_random_below(random, sizeof pieces / sizeof pieces[0])];
    switch (fdns_random_below(random, 5)) {
    case 0: // another octet
        if (at < len) {
            text[at] = (char)fdns_random_below(random, 256);
        }
        return len;
    case 1: // a part less
        n = n < len - at ? n : len - at;
        memmove(text + at, text + at + n, len - at - n);
        return len - n;
    case 2: // a part twice
        n = n < len - at ? n : len - at;
        return insert(text, len, at, seed_text + (at + n < sizeof seed_text ? at : 0), n);
    case 3: // the end missing
        return fdns_random_below(random, 10) == 0 ? at : len;
    default:
        return insert(text, len, at, piece, strlen(piece));
    }
}

static void use_scalars(const struct fdns_node *node, const struct fdns_source *source,
                        struct fdns_diags *diags)
{
    if (node->kind == FDNS_SCALAR) {
        struct fdns_source part = fdns_node_source(node, source);
        fdns_diag(diags, FDNS_NOTE, &part, 2, 5, "%s", node->text);
    }
    for (size_t i = 0; i < node->n_items; i++) {
        use_scalars(node->items[i], source, diags);
    }
    for (size_t i = 0; i < node->n_pairs; i++) {
        use_scalars(node->pairs[i].value, source, diags);
    }
}

// Returns whether the text was good for parser and schema.
static bool read_everything(const char *text, size_t len)
{
    // A copy of its exact size, so that reading past its end is noticed.
    char *copy = malloc(len + 1);
    struct fixture f;
    CHECK(copy != NULL);
    memcpy(copy + 1, text, len);
    fixture_parse(&f, copy + 1, len);
    CHECK((f.root == NULL) == (f.diags.n_errors > 0));
    bool good = f.root != NULL;
    if (f.root != NULL) {
        good = fdns_schema_check(&fixture_type, f.root, &f.source, &f.diags);
        CHECK(good == (f.diags.n_errors == 0));
        use_scalars(f.root, &f.source, &f.diags);
    }
    for (const char *p = fixture_print(&f); *p != '\0'; p++) {
        CHECK((uint8_t)*p >= 0x20 || *p == '\n' || *p == '\t');
    }
    fixture_clear(&f);
    free(copy);
    return good;
}

static void test_mutations(void)
{
    struct fdns_random random;
    char text[ROOM];
    size_t n_good = 0;
    fdns_random_init(&random, 20);
    for (int round = 0; round < ROUNDS; round++) {
        size_t len = sizeof seed_text - 1;
        memcpy(text, seed_text, len);
        for (uint64_t n = 1 + fdns_random_below(&random, 6); n > 0; n--) {
            len = mutate(&random, text, len);
        }
        n_good += read_everything(text, len) ? 1 : 0;
    }
    CHECK(n_good > ROUNDS / 100 && n_good < ROUNDS); // neither all refused nor all let through
}

static void test_prefixes(void)
{
    for (size_t len = 1; len < sizeof seed_text; len++) {
        read_everything(seed_text, len);
    }
    CHECK(read_everything(seed_text, sizeof seed_text - 1));
}

static const struct test tests[] = {
    {"mutated files are read or refused", test_mutations},
    {"files that end anywhere are read or refused", test_prefixes},
};
SUITE(mutation, tests)
