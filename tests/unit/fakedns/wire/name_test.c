#include "fakedns/wire/name.h"

#include "unit/harness.h"

#include <string.h>

#define NAME(bytes) ((const uint8_t *)(bytes))

static const uint8_t *const example = NAME("\7example\3com");

static void test_parse(void)
{
    uint8_t out[FDNS_NAME_MAX];
    CHECK_INT(FDNS_OK, fdns_name_parse("www.Example.com.", NULL, out));
    CHECK_OCTETS("\3www\7Example\3com", 17, out, fdns_name_len(out));
    CHECK_INT(FDNS_OK, fdns_name_parse("www", example, out));
    CHECK_OCTETS("\3www\7example\3com", 17, out, fdns_name_len(out));
    CHECK_INT(FDNS_OK, fdns_name_parse("www", NULL, out));
    CHECK_OCTETS("\3www", 5, out, fdns_name_len(out));
    CHECK_INT(FDNS_OK, fdns_name_parse(".", example, out));
    CHECK_OCTETS("", 1, out, fdns_name_len(out));
    CHECK_INT(FDNS_OK, fdns_name_parse("a\\.b\\000\\255\\@.", NULL, out));
    CHECK_OCTETS("\6a.b\0\xff@", 8, out, fdns_name_len(out));
}

static void test_parse_onto_origin(void)
{
    uint8_t name[FDNS_NAME_MAX] = "\7example\3com";
    CHECK_INT(FDNS_OK, fdns_name_parse("www", name, name));
    CHECK_OCTETS("\3www\7example\3com", 17, name, fdns_name_len(name));
}

static void test_parse_refuses(void)
{
    static const char *const bad[] = {"",    "..",    ".a",     "a..b",  "a..",
                                      "a\\", "\\25.", "\\256.", "\\2x5", "a.\\"};
    uint8_t out[FDNS_NAME_MAX];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_INT(FDNS_INVALID, fdns_name_parse(bad[i], example, out));
    }
}

static void test_parse_limits(void)
{
    uint8_t out[FDNS_NAME_MAX];
    char text[300];
    memset(text, 'a', sizeof text);
    text[63] = '\0';
    CHECK_INT(FDNS_OK, fdns_name_parse(text, NULL, out));
    text[63] = 'a';
    text[64] = '\0';
    CHECK_INT(FDNS_TOO_LARGE, fdns_name_parse(text, NULL, out));
    // 127 labels of one octet are 255 octets with the root
    for (size_t i = 0; i < 254; i++) {
        text[i] = i % 2 == 0 ? 'a' : '.';
    }
    text[254] = '\0';
    CHECK_INT(FDNS_OK, fdns_name_parse(text, NULL, out));
    CHECK_INT(FDNS_NAME_MAX, fdns_name_len(out));
    CHECK_INT(FDNS_NAME_LABELS_MAX, fdns_name_labels(out));
    text[253] = 'a';
    CHECK_INT(FDNS_TOO_LARGE, fdns_name_parse(text, NULL, out));
    CHECK_INT(FDNS_TOO_LARGE, fdns_name_parse(text, example, out));
}

static void test_print(void)
{
    char text[FDNS_NAME_TEXT_MAX];
    CHECK_TEXT(".", fdns_name_print(fdns_name_root, text));
    CHECK_TEXT("*._a-b/c.example.", fdns_name_print(NAME("\1*\6_a-b/c\7example"), text));
    CHECK_TEXT("a\\.b\\\\\\\"\\;\\(\\)\\@\\$\\032\\000\\027\\255.",
               fdns_name_print(NAME("\016a.b\\\";()@$ \0\x1b\xff"), text));
}

static void test_print_longest(void)
{
    uint8_t name[FDNS_NAME_MAX];
    uint8_t again[FDNS_NAME_MAX];
    char text[FDNS_NAME_TEXT_MAX];
    memset(name, 0xff, sizeof name);
    name[0] = name[64] = name[128] = 63;
    name[192] = 61;
    name[254] = 0;
    CHECK_INT(FDNS_NAME_MAX, fdns_name_measure(name, sizeof name));
    fdns_name_print(name, text);
    CHECK_INT(FDNS_OK, fdns_name_parse(text, NULL, again));
    CHECK(fdns_name_identical(name, again));
}

static void test_equal(void)
{
    const uint8_t *name = NAME("\13selector-99\12_DomainKey\7eXample\3com");
    const uint8_t *same = NAME("\13SELECTOR-99\12_domainkey\7Example\3COM");
    CHECK(fdns_name_equal(name, same));
    CHECK(!fdns_name_identical(name, same));
    CHECK_INT(0, fdns_name_compare(name, same));
    CHECK(fdns_name_hash(name) == fdns_name_hash(same));
    // what differs in the bit of case alone, and is no letter
    CHECK(!fdns_name_equal(NAME("\11aaaaaaaa@"), NAME("\11aaaaaaaa`")));
    CHECK(!fdns_name_equal(NAME("\1["), NAME("\1{")));
    CHECK(!fdns_name_equal(NAME("\1\xc1"), NAME("\1\xe1")));
    CHECK(fdns_name_hash(NAME("\1@")) != fdns_name_hash(NAME("\1`")));
    CHECK(!fdns_name_equal(example, NAME("\7example\3con")));
    CHECK(!fdns_name_equal(example, fdns_name_root));
    // the same octets, other labels
    CHECK(!fdns_name_equal(NAME("\3a\1b"), NAME("\1a\1b")));
}

// The example of RFC 4034 6.1.
static void test_canonical_order(void)
{
    static const uint8_t *sorted[] = {
        (const uint8_t *)"\7example",
        (const uint8_t *)"\1a\7example",
        (const uint8_t *)"\10yljkjljk\1a\7example",
        (const uint8_t *)"\1Z\1a\7example",
        (const uint8_t *)"\4zABC\1a\7EXAMPLE",
        (const uint8_t *)"\1z\7example",
        (const uint8_t *)"\1\x01\1z\7example",
        (const uint8_t *)"\1*\1z\7example",
        (const uint8_t *)"\1\xc8\1z\7example",
    };
    size_t n = sizeof sorted / sizeof sorted[0];
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            int order = fdns_name_compare(sorted[i], sorted[j]);
            CHECK_INT((i > j) - (i < j), (order > 0) - (order < 0));
        }
    }
}

static void test_below(void)
{
    const uint8_t *www = NAME("\3www\7EXAMPLE\3com");
    CHECK(fdns_name_at_or_below(www, example));
    CHECK(fdns_name_at_or_below(example, example));
    CHECK(fdns_name_at_or_below(example, fdns_name_root));
    CHECK(!fdns_name_at_or_below(example, www));
    CHECK(fdns_name_below(www, example));
    CHECK(!fdns_name_below(example, example));
    CHECK(!fdns_name_below(fdns_name_root, fdns_name_root));
    // ends in the same octets, not at a label
    CHECK(!fdns_name_at_or_below(NAME("\15a\7example\3com"), example));
    CHECK(!fdns_name_at_or_below(NAME("\12notexample\3com"), example));
    CHECK_INT(2, fdns_name_common(www, example));
    CHECK_INT(1, fdns_name_common(NAME("\3foo\3com"), www));
    CHECK_INT(0, fdns_name_common(NAME("\3www\7example\3net"), www));
}

static void test_parts(void)
{
    uint8_t out[FDNS_NAME_MAX];
    CHECK_INT(2, fdns_name_labels(example));
    CHECK(fdns_name_skip(example, 1) == example + 8);
    CHECK(fdns_name_is_wildcard(NAME("\1*\3com")));
    CHECK(!fdns_name_is_wildcard(NAME("\2*a\3com")));
    fdns_name_lower(NAME("\3WwZ\2@["), out);
    CHECK_OCTETS("\3wwz\2@[", 8, out, fdns_name_len(out));
    CHECK_INT(FDNS_OK, fdns_name_join(NAME("\1a\1b\1c"), 2, example, out));
    CHECK_OCTETS("\1a\1b\7example\3com", 17, out, fdns_name_len(out));
}

static void test_join_limit(void)
{
    uint8_t name[FDNS_NAME_MAX];
    uint8_t out[FDNS_NAME_MAX];
    memset(name, 'a', sizeof name);
    name[0] = name[64] = name[128] = 63;
    name[192] = 59;
    name[252] = 0;
    CHECK_INT(FDNS_OK, fdns_name_join(NAME("\1a"), 1, name, out));
    CHECK_INT(FDNS_NAME_MAX, fdns_name_len(out));
    CHECK_INT(FDNS_TOO_LARGE, fdns_name_join(NAME("\2aa"), 1, name, out));
}

static void test_measure(void)
{
    uint8_t name[300];
    CHECK_INT(13, fdns_name_measure(example, 13));
    CHECK_INT(0, fdns_name_measure(example, 12));
    CHECK_INT(0, fdns_name_measure(example, 0));
    CHECK_INT(0, fdns_name_measure(NAME("\xc0\x0c"), 2));
    CHECK_INT(0, fdns_name_measure(NAME("\x40"), 1));
    memset(name, 1, sizeof name);
    name[256] = 0;
    CHECK_INT(0, fdns_name_measure(name, sizeof name));
    name[254] = 0;
    CHECK_INT(255, fdns_name_measure(name, sizeof name));
}

static const struct test tests[] = {
    {"text becomes a name", test_parse},
    {"a name can be completed in place", test_parse_onto_origin},
    {"empty labels and bad escapes are refused", test_parse_refuses},
    {"63 and 255 octets are the limits", test_parse_limits},
    {"names print as safe ASCII", test_print},
    {"the longest text fits", test_print_longest},
    {"ASCII case alone is ignored", test_equal},
    {"canonical order", test_canonical_order},
    {"ancestors end at a label", test_below},
    {"labels, lower case, join", test_parts},
    {"join keeps 255 octets", test_join_limit},
    {"bytes are measured within their length", test_measure},
};
SUITE(name, tests)
