#include "fakedns/wire/builder.h"

#include "unit/harness.h"

#include "fakedns/wire/view.h"

#include <string.h>

#define NAME(bytes) ((const uint8_t *)(bytes))

static const uint8_t *const example = NAME("\7example\3com");

static void test_query(void)
{
    uint8_t out[512];
    static const char plain[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\20\0\1";
    size_t len = fdns_query_build(out, sizeof out, 0x1234, FDNS_RD, example, FDNS_TYPE_TXT,
                                  FDNS_CLASS_IN, 0, 0);
    CHECK_OCTETS(plain, sizeof plain - 1, out, len);
    len = fdns_query_build(out, sizeof out, 0, 0, example, FDNS_TYPE_TXT, FDNS_CLASS_IN, 1232,
                           FDNS_EDNS_DO);
    CHECK_INT(29 + 11, len);
    CHECK_OCTETS("\0\0\x29\4\xd0\0\0\x80\0\0\0", 11, out + 29, len - 29);
    CHECK_INT(0, fdns_query_build(out, 39, 0, 0, example, 16, 1, 1232, 0));
    CHECK_INT(0, fdns_query_build(out, 11, 0, 0, example, 16, 1, 0, 0));
}

static void test_compression(void)
{
    uint8_t out[512];
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, sizeof out);
    CHECK(fdns_builder_question(&builder, NAME("\3www\7example\3com"), 1, 1));
    CHECK_INT(33, builder.len);
    CHECK(fdns_builder_rr(&builder, NAME("\3www\7example\3com"), FDNS_TYPE_CNAME, 1, 300,
                          NAME("\1a\7example\3com"), 15));
    CHECK_OCTETS("\xc0\x0c\0\5\0\1\0\0\1\x2c\0\4\1a\xc0\x10", 16, out + 33, builder.len - 33);
    size_t at = builder.len;
    CHECK(fdns_builder_rr(&builder, NAME("\1a\7example\3com"), FDNS_TYPE_MX, 1, 0,
                          NAME("\0\12\2mx\1a\7example\3com"), 20));
    CHECK_OCTETS("\xc0\x2d\0\17\0\1\0\0\0\0\0\7\0\12\2mx\xc0\x2d", 19, out + at, builder.len - at);
}

static void test_case_is_kept(void)
{
    uint8_t out[512];
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, sizeof out);
    CHECK(fdns_builder_name(&builder, NAME("\7example\3com")));
    size_t at = builder.len;
    CHECK(fdns_builder_name(&builder, NAME("\7Example\3com")));
    CHECK_OCTETS("\7Example\xc0\x14", 10, out + at, builder.len - at);
}

// RFC 3597 4: only the types of RFC 1035 are compressed.
static void test_newer_types_stay(void)
{
    uint8_t out[512];
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, sizeof out);
    CHECK(fdns_builder_name(&builder, example));
    CHECK(fdns_builder_rr(&builder, example, FDNS_TYPE_DNAME, 1, 0, example, 13));
    CHECK_OCTETS("\0\15\7example\3com", 15, out + builder.len - 15, 15);
    CHECK(fdns_builder_rr(&builder, example, FDNS_TYPE_SRV, 1, 0,
                          NAME("\0\0\0\0\0\0\7example\3com"), 19));
    CHECK_OCTETS("\7example\3com", 13, out + builder.len - 13, 13);
}

static void test_wrong_rdata_is_kept(void)
{
    uint8_t out[512];
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, sizeof out);
    CHECK(fdns_builder_name(&builder, example));
    CHECK(fdns_builder_rr(&builder, example, FDNS_TYPE_CNAME, 1, 0, NAME("\7example\3co"), 11));
    CHECK_OCTETS("\0\13\7example\3co", 13, out + builder.len - 13, 13);
    CHECK(fdns_builder_rr(&builder, example, FDNS_TYPE_NS, 1, 0, NAME("\7example\3com\0x"), 14));
    CHECK_OCTETS("\0\16\7example\3com\0x", 16, out + builder.len - 16, 16);
    CHECK(fdns_builder_rr(&builder, example, FDNS_TYPE_NS, 1, 0, NULL, 0));
}

static void test_whole_or_nothing(void)
{
    uint8_t whole[512];
    struct fdns_builder builder;
    fdns_builder_init(&builder, whole, sizeof whole);
    CHECK(fdns_builder_question(&builder, example, 1, 1));
    size_t before = builder.len;
    CHECK(fdns_builder_rr(&builder, NAME("\1a\7example\3com"), FDNS_TYPE_SOA, 1, 0,
                          NAME("\1b\0\1c\0abcdefghijklmnopqrst"), 26));
    size_t needed = builder.len;
    for (size_t limit = before; limit < needed; limit++) {
        uint8_t out[512];
        memset(out, 0xee, sizeof out);
        fdns_builder_init(&builder, out, limit);
        CHECK(fdns_builder_question(&builder, example, 1, 1));
        unsigned n_names = builder.n_names;
        CHECK(!fdns_builder_rr(&builder, NAME("\1a\7example\3com"), FDNS_TYPE_SOA, 1, 0,
                               NAME("\1b\0\1c\0abcdefghijklmnopqrst"), 26));
        CHECK_INT(before, builder.len);
        CHECK_INT(n_names, builder.n_names);
        CHECK_INT(0xee, out[limit]);
    }
}

static void test_copied_question(void)
{
    uint8_t out[512];
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, sizeof out);
    CHECK(fdns_builder_bytes(&builder, "\3WWW\7example\3com\0\0\1\0\1", 21));
    fdns_builder_remember(&builder, 12);
    size_t at = builder.len;
    CHECK(fdns_builder_name(&builder, NAME("\3WWW\7example\3com")));
    CHECK_OCTETS("\xc0\x0c", 2, out + at, builder.len - at);
    // bytes that are no name are not pointed to
    at = builder.len;
    CHECK(fdns_builder_bytes(&builder, "\3foo\x3f", 5));
    fdns_builder_remember(&builder, at);
    at = builder.len;
    CHECK(fdns_builder_name(&builder, NAME("\3foo")));
    CHECK_OCTETS("\3foo", 5, out + at, builder.len - at);
}

static void test_far_names(void)
{
    static uint8_t out[FDNS_MESSAGE_MAX];
    static const uint8_t zeros[0x4000];
    struct fdns_builder builder;
    fdns_builder_init(&builder, out, sizeof out);
    CHECK(fdns_builder_bytes(&builder, zeros, 0x4000 - 12));
    CHECK(fdns_builder_name(&builder, example));
    CHECK_INT(0, builder.n_names);
    CHECK(fdns_builder_name(&builder, example));
    CHECK_INT(0x4000 + 26, builder.len);
}

// More names than are remembered: still right, only less compressed.
static void test_many_names(void)
{
    static uint8_t out[FDNS_MESSAGE_MAX];
    struct fdns_builder builder;
    struct fdns_arena arena;
    struct fdns_view view;
    fdns_builder_init(&builder, out, sizeof out);
    fdns_builder_count(&builder, 1, 1000);
    for (unsigned i = 0; i < 1000; i++) {
        uint8_t name[] = "\4aaaa\7example\3com";
        memcpy(name + 1, (char[]){(char)('a' + i % 26), (char)('a' + i / 26 % 26), 'A', 'z'}, 4);
        name[4] = (uint8_t)('a' + i / 676);
        CHECK(fdns_builder_rr(&builder, name, 1, 1, i, NAME("abcd"), 4));
    }
    fdns_arena_init(&arena, 0);
    fdns_view_init(&view, &arena, out, builder.len);
    CHECK_INT(FDNS_FLAW_NONE, view.flaw);
    CHECK_INT(1000, view.n_rrs);
    CHECK(fdns_view_owner_is(&view, &view.rrs[999], NAME("\4lmab\7example\3com")));
    CHECK(builder.len < 1000 * 30);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"a query with and without OPT", test_query},
    {"owners and rdata of RFC 1035 types are compressed", test_compression},
    {"a pointer never changes case", test_case_is_kept},
    {"names in newer types are not compressed", test_newer_types_stay},
    {"rdata that is not of its type's form stays as it is", test_wrong_rdata_is_kept},
    {"a record fits or leaves no trace", test_whole_or_nothing},
    {"a question copied as bytes can be pointed to", test_copied_question},
    {"nothing points beyond 14 bits", test_far_names},
    {"a thousand names", test_many_names},
};
SUITE(builder, tests)
