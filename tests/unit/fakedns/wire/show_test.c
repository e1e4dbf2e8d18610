#include "fakedns/wire/show.h"

#include "unit/harness.h"

#include "fakedns/wire/rdata.h"

#include <string.h>

struct row {
    uint16_t type;
    const char *rdata;
    size_t len;
    const char *text;
};

#define ROW(type, rdata, text)                                                                     \
    {                                                                                              \
        type, rdata, sizeof(rdata) - 1, text                                                       \
    }

static const struct row rows[] = {
    ROW(1, "\xc0\0\2\1", "192.0.2.1"),
    ROW(1, "\xc0\0\2", "\\# 3 c00002"),
    ROW(1, "", "\\# 0"),
    ROW(28, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", "2001:db8::1"),
    ROW(5, "\1a\2b.\0", "a.b\\.."),
    ROW(5, "\xc0\x0c", "\\# 2 c00c"),
    ROW(5, "\1a\0x", "\\# 4 01610078"),
    ROW(15, "\0\12\1a\0", "10 a."),
    ROW(6, "\0\1a\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\xff\xff\xff\xff", ". a. 1 2 3 4 4294967295"),
    ROW(16, "\3a\"\\\0\4\x1b[0m", "\"a\\\"\\\\\" \"\" \"\\027[0m\""),
    ROW(16, "\5abc", "\\# 4 05616263"),
    ROW(16, "", "\\# 0"),
    ROW(257, "\0\5issueca.example", "0 issue \"ca.example\""),
    ROW(257, "\0\5is ueca",
        "\\# 9 0005697320"
        "75656361"),
    ROW(257, "\0\0ca", "\\# 4 00006361"),
    ROW(43, "\x30\x39\10\2\xaa\xbb", "12345 8 2 aabb"),
    ROW(43, "\x30\x39", "\\# 2 3039"),
    ROW(48, "\1\1\3\10\1\2\3", "257 3 8 AQID"),
    ROW(47, "\1b\0\0\1\x40", "b. A"),
    ROW(47, "\1b\0\0\5\x40", "\\# 6 016200000540"),
    ROW(37, "\0\0\0\1\1ab", "\\# 7 00000001016162"),
    ROW(41, "\0\1", "\\# 2 0001"),
    ROW(65280, "ab", "\\# 2 6162"),
};

static void test_rdata(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        CHECK_TEXT(row->text, fdns_rdata_text(&arena, row->type, (const uint8_t *)row->rdata,
                                              (uint16_t)row->len));
    }
    fdns_arena_clear(&arena);
}

static void test_txt(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    CHECK_TEXT("\"v=DKIM1; \" \"p=\"",
               fdns_txt_text(&arena, (const uint8_t *)"\11v=DKIM1; \2p=", 13));
    CHECK_TEXT("\\# 1 09", fdns_txt_text(&arena, (const uint8_t *)"\11", 1));
    fdns_arena_clear(&arena);
}

static const char message[] = "\0\7\x84\3\0\1\0\1\0\1\0\1\7example\3com\0\0\20\0\1"
                              "\xc0\x0c\0\20\0\1\0\0\1\x2c\0\5\4\x1b[0m"
                              "\xc0\x0c\0\2\0\1\0\0\0\0\0\5\2ns\xc0\x0c"
                              "\0\0\x29\4\xd0\0\0\x80\0\0\6\0\12\0\2\1\2extra";

static const char shown[] =
    ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 7\n"
    ";; flags: qr aa; QUERY: 1, ANSWER: 1, AUTHORITY: 1, ADDITIONAL: 1\n"
    "\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags: do; udp: 1232\n; OPTION 10: 0102\n"
    "\n;; QUESTION SECTION:\n;example.com. IN TXT\n"
    "\n;; ANSWER SECTION:\nexample.com. 300 IN TXT \"\\027[0m\"\n"
    "\n;; AUTHORITY SECTION:\nexample.com. 0 IN NS ns.example.com.\n"
    "\n;; FLAW: octets after the last record (offset 80 of 85)\n";

static void test_message(void)
{
    struct fdns_arena arena;
    struct fdns_view view;
    struct fdns_buf out;
    fdns_arena_init(&arena, 0);
    fdns_buf_init(&out, 4096);
    fdns_view_init(&view, &arena, message, sizeof message - 1);
    fdns_view_show(&view, &out);
    CHECK_TEXT(shown, fdns_buf_text(&out));
    fdns_buf_reset(&out);
    fdns_view_init(&view, &arena, message, 5);
    fdns_view_show(&view, &out);
    CHECK_TEXT("\n;; FLAW: shorter than a header (offset 5 of 5)\n", fdns_buf_text(&out));
    fdns_buf_clear(&out);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"rdata in presentation form, or generic", test_rdata},
    {"strings of a TXT record", test_txt},
    {"a message in the manner of dig", test_message},
};
SUITE(show, tests)
