// Sizes: what is left out, and when TC is set.
#include "unit/fakedns/reply/fixture.h"
#include "unit/harness.h"

#include <string.h>

// A zone with a TXT record at t whose rdata has n octets (n > 0) of at most 256 a string.
static void serve_txt(struct fixture *fixture, size_t n)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 20);
    fdns_buf_string(&text, "t TXT");
    while (n > 0) {
        size_t string = n < 256 ? n : 256;
        fdns_buf_string(&text, " \"");
        for (size_t i = 1; i < string; i++) {
            fdns_buf_u8(&text, 'x');
        }
        fdns_buf_string(&text, "\"");
        n -= string;
    }
    fdns_buf_u8(&text, '\n');
    fixture_init(fixture, fdns_buf_text(&text));
    fdns_buf_clear(&text);
}

enum { AROUND_TXT = 12 + 19 + 12 }; // header, question t.example.com, fixed part of the record

static void test_boundary(void)
{
    static const struct {
        uint16_t udp_size;
        size_t message; // without TC
        const char *expected;
    } rows[] = {{0, 512, "NOERROR QUERY aa rd 1/1/0/0"},
                {0, 513, "NOERROR QUERY aa tc rd 1/0/0/0"},
                {1232, 1232, "NOERROR QUERY aa rd 1/1/0/1 opt"},
                {1232, 1233, "NOERROR QUERY aa tc rd 1/0/0/1 opt"},
                {4096, 1233, "NOERROR QUERY aa tc rd 1/0/0/1 opt"},
                {700, 700, "NOERROR QUERY aa rd 1/1/0/1 opt"},
                {700, 701, "NOERROR QUERY aa tc rd 1/0/0/1 opt"},
                {100, 512, "NOERROR QUERY aa rd 1/1/0/1 opt"},
                {100, 513, "NOERROR QUERY aa tc rd 1/0/0/1 opt"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        size_t opt = rows[i].udp_size > 0 ? 11 : 0;
        serve_txt(&fixture, rows[i].message - AROUND_TXT - opt);
        fixture_ask(&fixture, "t.example.com", FDNS_TYPE_TXT, rows[i].udp_size, false);
        CHECK_TEXT(rows[i].expected, fixture_summary(&fixture));
        fixture_ask(&fixture, "t.example.com", FDNS_TYPE_TXT, rows[i].udp_size, true);
        CHECK_INT(rows[i].message, fixture.len);
        CHECK(!fdns_view_flag(&fixture.view, FDNS_TC));
        fixture_clear(&fixture);
    }
}

static void add_hosts(struct fdns_buf *text, const char *format, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        fdns_buf_format(text, format, i, i, i);
    }
}

// Addresses of MX targets are helpful: what does not fit stays away, without TC (RFC 2181 9).
static void test_helpful(void)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 20);
    add_hosts(&text, "@ MX %u mail%u\nmail%u A 192.0.2.1\n", 16);
    struct fixture fixture;
    fixture_init(&fixture, fdns_buf_text(&text));
    fdns_buf_clear(&text);
    fixture_ask(&fixture, "example.com", FDNS_TYPE_MX, 0, false);
    CHECK(!fdns_view_flag(&fixture.view, FDNS_TC));
    CHECK_INT(16, fixture.view.counts[1]);
    CHECK(fixture.view.counts[3] > 0 && fixture.view.counts[3] < 16);
    fixture_ask(&fixture, "example.com", FDNS_TYPE_MX, 0, true);
    CHECK_INT(16, fixture.view.counts[3]);
    fixture_clear(&fixture);
}

// Glue at or below the cut is required (RFC 9471 3.1), glue of a sibling is not.
static void test_glue(void)
{
    static const struct {
        const char *format, *expected;
    } rows[] = {
        {"sub NS ns%u.sub\nns%u.sub AAAA 2001:db8::%u\n", "NOERROR QUERY tc rd 1/0/0/1 opt"},
        {"sub NS ns%u.other\nns%u.other AAAA 2001:db8::%u\n", "NOERROR QUERY rd"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fdns_buf text;
        fdns_buf_init(&text, 1 << 20);
        fdns_buf_string(&text, "other NS ns0.other\n");
        add_hosts(&text, rows[i].format, 14);
        struct fixture fixture;
        fixture_init(&fixture, fdns_buf_text(&text));
        fdns_buf_clear(&text);
        fixture_ask(&fixture, "www.sub.example.com", FDNS_TYPE_A, 512, false);
        CHECK_CONTAINS(rows[i].expected, fixture_summary(&fixture));
        fixture_ask(&fixture, "www.sub.example.com", FDNS_TYPE_A, 512, true);
        CHECK_TEXT("NOERROR QUERY rd 1/0/14/15 opt", fixture_summary(&fixture));
        fixture_clear(&fixture);
    }
}

static void test_over_64k(void)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 22);
    for (unsigned i = 0; i < 300; i++) {
        fdns_buf_format(&text, "t TXT \"%0250u\"\n", i);
    }
    struct fixture fixture;
    fixture_init(&fixture, fdns_buf_text(&text));
    fdns_buf_clear(&text);
    fixture_ask(&fixture, "t.example.com", FDNS_TYPE_TXT, 1232, true);
    CHECK_TEXT("NOERROR QUERY aa tc rd 1/0/0/1 opt", fixture_summary(&fixture));
    fixture_clear(&fixture);
}

// What effects may do to a reply must not break its encoding.
static void test_edited(void)
{
    static uint8_t options[600];
    struct fixture fixture;
    serve_txt(&fixture, 100);
    fixture_ask(&fixture, "t.example.com", FDNS_TYPE_TXT, 512, false);
    struct fdns_reply *reply = &fixture.reply;
    reply->edns_options = options;
    reply->edns_options_len = sizeof options;
    // an OPT that cannot fit is left out, the answer is not
    CHECK_INT(143, fdns_reply_encode(reply, fixture.out, sizeof fixture.out));
    reply->edns = false;
    reply->rcode = 0xfff;
    reply->opcode = 0xff;
    reply->flags = 0xffff;
    CHECK_INT(143, fdns_reply_encode(reply, fixture.out, sizeof fixture.out));
    CHECK_INT(0xff, fixture.out[2]);
    CHECK_INT(0xff, fixture.out[3]);
    reply->limit = 0;
    CHECK_INT(12, fdns_reply_encode(reply, fixture.out, sizeof fixture.out));
    reply->limit = 100;
    CHECK_INT(31, fdns_reply_encode(reply, fixture.out, sizeof fixture.out));
    CHECK_INT(0x02, fixture.out[2] & 0x02);
    reply->limit = SIZE_MAX;
    reply->compression = FDNS_COMPRESS_NONE;
    CHECK_INT(143 + 13, fdns_reply_encode(reply, fixture.out, sizeof fixture.out));
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"exactly at the limit, and one octet over", test_boundary},
    {"helpful addresses are left out one by one", test_helpful},
    {"required glue is not left out", test_glue},
    {"more than 65535 octets", test_over_64k},
    {"replies that effects have edited", test_edited},
};
SUITE(encode, tests)
