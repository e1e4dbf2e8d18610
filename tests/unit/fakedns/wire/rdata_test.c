#include "fakedns/wire/rdata.h"

#include "unit/harness.h"

#include "fakedns/wire/codes.h"
#include "fakedns/wire/show.h"

#include <string.h>

static const uint8_t *const origin = (const uint8_t *)"\7example\3com";

struct row {
    const char *type;
    const char *text;
    const char *rdata; // its text in hex, or what `why` contains
};

static const struct row good[] = {
    {"A", "192.0.2.1", "c0000201"},
    {"AAAA", "2001:db8::1", "20010db8000000000000000000000001"},
    {"CNAME", "a", "0161076578616d706c6503636f6d00"},
    {"CNAME", "a.", "016100"},
    {"NS", "@", "076578616d706c6503636f6d00"},
    {"MX", "10 a.", "000a016100"},
    {"SOA", "a. b. (1 ; serial\n 1h 30m\n 1w2d 300)",
     "0161000162000000000100000e1000000708"
     "000bdd800000012c"},
    {"TXT", "\"v=DKIM1; p=\" \"\"", "0b763d444b494d313b20703d00"},
    {"TXT", "plain \\\"\\065\\000\\255\\;", "05706c61696e05224100ff3b"},
    {"TXT", "\"a\"\"b\" ; \"c\"", "01610162"},
    {"TXT", "\"two  blanks (and) ; so on\"",
     "1974776f2020626c616e6b732028616e6429203b20736f206f6e"},
    {"HINFO", "a \"b c\"",
     "01610362"
     "2063"},
    {"SRV", "1 2 3 s.", "000100020003017300"},
    {"NAPTR", "1 2 u \"\" \"!x!\" .",
     "00010002"
     "0175"
     "00"
     "03217821"
     "00"},
    {"CAA", "0 issue letsencrypt.org", "000569737375656c657473656e63727970742e6f7267"},
    {"CAA", "128 issue \";\"", "800569737375653b"},
    {"URI", "10 1 \"x:y\"", "000a0001783a79"},
    {"DS", "12345 8 2 AABB cc", "30390802aabbcc"},
    {"DNSKEY", "257 3 RSASHA256 AwEA Aa8=",
     "01010308030100"
     "01af"},
    {"NSEC", "b A TXT TYPE1234",
     "0162076578616d706c6503636f6d00"
     "00034000"
     "80"
     "041b"
     "000000000000000000000000000000000000000000000000000020"},
    {"TLSA", "3 1 1 aabb", "030101aabb"},
    {"SVCB", "1 s. alpn=h2",
     "0001017300000100030268"
     "32"},
    {"SVCB", "1 s. alpn=\"h2,h3\" port=443",
     "00010173000001000602683202683300030002"
     "01bb"},
    {"TYPE65280", "\\# 3 0102 03", "010203"},
    {"A", "\\# 5 0102030405", "0102030405"},
    {"A", "\\# 0", ""},
};

static const struct row bad[] = {
    {"A", "192.0.2", "IPv4"},
    {"A", "192.0.2.256", "IPv4"},
    {"A", "192.0.2.1 x", "more than A holds"},
    {"A", "", "1 field, the text 0"},
    {"AAAA", "192.0.2.1", "IPv6"},
    {"AAAA", "2001:db8::1::2", "IPv6"},
    {"CNAME", "a..b", "\"a..b\" is no domain name"},
    {"CNAME", "\"a\"", "quotes"},
    {"CNAME", "a b", "more than CNAME holds"},
    {"MX", "mail.example.com.", "2 fields, the text 1"},
    {"MX", "65536 a.", "0 to 65535"},
    {"MX", "-1 a.", "0 to 65535"},
    {"SOA", "a. b. 4294967296 1 1 1 1", "0 to 4294967295"},
    {"SOA", "a. b. 1 1x 1 1 1", "\"1x\" is no time"},
    {"SOA", "a. b. 1 99999w 1 1 1", "too long"},
    {"TXT", "", "1 field"},
    {"TXT", "\"abc", "no closing quote"},
    {"TXT", "\\256", "bad escape"},
    {"TXT", "a\\", "bad escape"},
    {"TXT", "(a", "parenthesis is not closed"},
    {"TXT", "a)", "never opened"},
    {"CAA", "0 is-sue x", "tag"},
    {"CAA", "256 issue x", "0 to 255"},
    {"CAA", "0 issue x y", "more than CAA holds"},
    {"DS", "99999 8 2 aa", "0 to 65535"},
    {"DS", "1 8 2", "not the text of DS"},
    {"DS", "1 8 2 xy", "not the text of DS"},
    {"CERT", "0 1 1 AA==", "certificate type"},
    {"TYPE65280", "abc", "\\# LENGTH HEX"},
    {"OPT", "abc", "\\# LENGTH HEX"},
    {"NULL", "abc", "\\# LENGTH HEX"},
    {"TYPE65280", "\\# 3 0102", "says 3 octets, the hex digits are 2"},
    {"TYPE65280", "\\# 2 010 2", "pairs of hex digits"},
    {"TYPE65280", "\\# 2 01zz", "pairs of hex digits"},
    {"TYPE65280", "\\#", "the length"},
    {"TYPE65280", "\\# 65536", "the length"},
};

static const uint8_t *parse(struct fdns_arena *arena, const struct row *row, uint16_t *len,
                            const char **why)
{
    uint16_t type = 0;
    CHECK(fdns_type_parse(row->type, &type));
    return fdns_rdata_parse(arena, type, row->text, origin, len, why);
}

static void test_good(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct fdns_buf hex;
        const char *why = "";
        uint16_t len = 0;
        const uint8_t *rdata = parse(&arena, &good[i], &len, &why);
        fdns_buf_init(&hex, 4096);
        fdns_buf_hex(&hex, rdata, rdata != NULL ? len : 0);
        CHECK_TEXT("", why);
        CHECK(rdata != NULL);
        CHECK_TEXT(good[i].rdata, fdns_buf_text(&hex));
        fdns_buf_clear(&hex);
    }
    fdns_arena_clear(&arena);
}

static void test_bad(void)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *why = NULL;
        uint16_t len = 77;
        CHECK(parse(&arena, &bad[i], &len, &why) == NULL);
        CHECK_CONTAINS(bad[i].rdata, why);
        CHECK_INT(77, len);
    }
    fdns_arena_clear(&arena);
}

static void test_string_limit(void)
{
    struct fdns_arena arena;
    const char *why = NULL;
    uint16_t len = 0;
    char text[300];
    fdns_arena_init(&arena, 0);
    memset(text, 'a', sizeof text);
    text[0] = text[256] = '"';
    text[257] = '\0';
    CHECK(fdns_rdata_parse(&arena, FDNS_TYPE_TXT, text, NULL, &len, &why) != NULL);
    CHECK_INT(256, len);
    text[256] = 'a';
    text[257] = '"';
    text[258] = '\0';
    CHECK(fdns_rdata_parse(&arena, FDNS_TYPE_TXT, text, NULL, &len, &why) == NULL);
    CHECK_CONTAINS("has 256", why);
    fdns_arena_clear(&arena);
}

static void test_octet_limit(void)
{
    struct fdns_arena arena;
    const char *why = NULL;
    uint16_t len = 0;
    fdns_arena_init(&arena, 0);
    char *text = fdns_arena_alloc(&arena, 65535 * 2 + 1);
    memset(text, ' ', (size_t)65535 * 2);
    for (size_t i = 0; i < 32768; i++) {
        text[i * 2] = 'a';
    }
    CHECK(fdns_rdata_parse(&arena, FDNS_TYPE_TXT, text, NULL, &len, &why) == NULL);
    CHECK_CONTAINS("65535", why);
    text[65534] = ' ';
    CHECK(fdns_rdata_parse(&arena, FDNS_TYPE_TXT, text, NULL, &len, &why) != NULL);
    CHECK_INT(65534, len);
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"text becomes rdata", test_good},
    {"what is wrong is said", test_bad},
    {"a string has 255 octets", test_string_limit},
    {"rdata has 65535 octets", test_octet_limit},
};
SUITE(rdata, tests)
