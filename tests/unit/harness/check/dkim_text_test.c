// What happened to the text of a key record: signs, their places, and what must not be a sign.
#include "unit/harness.h"

#include "harness/check/dkim/key.h"
#include "harness/check/dkim/text.h"

#include <string.h>

// A 1024-bit key of our own.
#define HEAD "v=DKIM1; k=rsa; p="
#define KEY_A                                                                                      \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI/IbemOq7pwoIA+0IxUcUR6pLoaoocb2DeMtVsERko58HuAE" \
    "DFwb8drd0mAFLfHhl9+RpLP/"
#define KEY_B                                                                                      \
    "7SFTm6nTX6vDEwCcKfJux3HFWnsAjyPW8RFVlydz0EVNPSM7dCjExpwRQF3tXu1qoTIXhoUz4gdLNw556Zw982VWywc5" \
    "tQIDAQAB"
#define KEY KEY_A KEY_B

static struct fdns_arena arena;

// Strings with lengths before them, ended by a NULL.
static struct dc_key parse(const char *const *strings)
{
    uint8_t *rdata = fdns_arena_alloc(&arena, 2048);
    size_t len = 0;
    for (; *strings != NULL; strings++) {
        size_t n = strlen(*strings);
        rdata[len] = (uint8_t)n;
        memcpy(rdata + len + 1, *strings, n);
        len += n + 1;
    }
    struct dc_key key;
    dc_key_parse(&key, &arena, rdata, len);
    return key;
}

static struct dc_key read_one(const char *text)
{
    return parse((const char *const[]){text, NULL});
}

static void test_signs(void)
{
    static const struct {
        enum dc_key_flaw flaw;
        size_t at;
        size_t len;
        const char *text;
    } cases[] = {
        {DC_KEY_BYTE_ORDER_MARK, 0, 3, "\xef\xbb\xbf" HEAD KEY},
        {DC_KEY_INVISIBLE, 18, 3, HEAD "\xef\xbb\xbf" KEY},
        {DC_KEY_INVISIBLE, 18, 3, HEAD "\xe2\x80\x8b" KEY},
        {DC_KEY_INVISIBLE, 18, 2, HEAD "\xc2\xad" KEY},
        {DC_KEY_SMART_QUOTES, 0, 3, "\xe2\x80\x9c" HEAD KEY "\xe2\x80\x9d"},
        {DC_KEY_SMART_QUOTES, 0, 1, "\x93" HEAD KEY "\x94"},
        {DC_KEY_NO_BREAK_SPACE, 8, 2, "v=DKIM1;\xc2\xa0p=" KEY},
        {DC_KEY_NOT_ASCII, 7, 3, "v=DKIM1\xef\xbc\x9bp=" KEY},
        {DC_KEY_NOT_ASCII, 2, 1, "p=\xc3" KEY},
        {DC_KEY_HTML, 0, 6, "&quot;" HEAD KEY "&quot;"},
        {DC_KEY_HTML, 2, 6, "p=&#x2B;" KEY},
        {DC_KEY_URL, 1, 3, "p%3D" KEY},
        {DC_KEY_URL, 1, 3, "p%3d" KEY},
        {DC_KEY_URL, 8, 1, "v=DKIM1;+p=" KEY},
        {DC_KEY_DECIMAL, 7, 4, "v=DKIM1\\059 p=" KEY},
        {DC_KEY_DECIMAL, 0, 2, "\\\"" HEAD KEY "\\\""},
        {DC_KEY_BACKSLASH, 7, 1, "v=DKIM1\\; p=" KEY},
        {DC_KEY_PREFIX, 0, 7, "IN TXT " HEAD KEY},
        {DC_KEY_PREFIX, 0, 2, "( " HEAD KEY " )"},
        {DC_KEY_PREFIX, 0, 7, "Value: p=" KEY},
        {DC_KEY_QUOTES, 0, 1, "\"" HEAD KEY_A "\" \"" KEY_B "\""},
        {DC_KEY_QUOTES, 0, 1, "'" HEAD KEY "'"},
        {DC_KEY_QUOTES_MID, 18 + sizeof KEY_A - 1, 3, HEAD KEY_A "\" \"" KEY_B},
        {DC_KEY_COMMENT, 7, 0, "v=DKIM1"},
        {DC_KEY_COMMENT, 5, 0, "k=rsa"},
        {DC_KEY_SEPARATOR, 7, 1, "v=DKIM1 k=rsa p=" KEY},
        {DC_KEY_SEPARATOR, 5, 2, "k=rsa, p=" KEY},
        {DC_KEY_SEPARATOR, 14, 1, "v=DKIM1; k=rsa\np=" KEY},
        {DC_KEY_PLUS, 60, 1,
         "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI/IbemOq7pwoIA 0Ix"
         "UcUR6pLoaoocb2DeMtVsERko58HuAEDFwb8drd0mAFLfHhl9 RpLP/" KEY_B},
        {DC_KEY_TAG_CASE, 9, 1, "V=DKIM1; P=" KEY},
        {DC_KEY_NO_P_PREFIX, 9, sizeof KEY - 1, "v=DKIM1; " KEY},
        {DC_KEY_NO_P_PREFIX, 0, sizeof KEY + 2, "p: " KEY},
        {DC_KEY_OTHER, 0, 10, "v=TLSRPTv1; rua=mailto:a@b"},
        {DC_KEY_ED25519_SPKI, 13, 60,
         "k=ed25519; p=MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="},
        {DC_KEY_ALGORITHM, 2, 44, "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
    };
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dc_key key = read_one(cases[i].text);
        CHECK_INT(cases[i].flaw, key.flaw);
        CHECK_INT(cases[i].at, key.place.at);
        CHECK_INT(cases[i].len, key.place.len);
    }
    fdns_arena_clear(&arena);
}

static void test_what_is_no_sign(void)
{
    static const char *const good[] = {
        HEAD KEY,
        "n=100%20 &quot \\059 \"quoted\" it's; p=" KEY,
        "n=k=rsa p=none; p=" KEY,
        "p=" KEY ";",
        " p = " KEY " ; ",
        HEAD KEY_A " " KEY_B,
    };
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK_INT(DC_KEY_GOOD, read_one(good[i]).flaw);
    }
    CHECK_INT(DC_KEY_SYNTAX, read_one("DKIM key follows").flaw);
    CHECK_INT(DC_KEY_NO_P, read_one("v=DKIM1; k=rsa").flaw);
    fdns_arena_clear(&arena);
}

static void test_order_of_strings(void)
{
    fdns_arena_init(&arena, 0);
    struct dc_key swapped = parse((const char *const[]){KEY_B, HEAD KEY_A, NULL});
    CHECK_INT(DC_KEY_REVERSED, swapped.flaw);
    CHECK_INT(sizeof KEY_B - 1, swapped.place.len);
    CHECK_INT(DC_KEY_REVERSED, parse((const char *const[]){KEY_B, KEY_A, HEAD, NULL}).flaw);
    CHECK_INT(DC_KEY_REVERSED, parse((const char *const[]){KEY_B, HEAD, KEY_A, NULL}).flaw);
    CHECK_INT(DC_KEY_GOOD, parse((const char *const[]){HEAD, KEY_A, KEY_B, NULL}).flaw);
    CHECK_INT(DC_KEY_GOOD, parse((const char *const[]){"", HEAD, "", KEY, "", NULL}).flaw);
    // not a key in any order
    CHECK(DC_KEY_REVERSED != parse((const char *const[]){KEY_B, HEAD, NULL}).flaw);
    fdns_arena_clear(&arena);
}

static void test_notes(void)
{
    fdns_arena_init(&arena, 0);
    struct dc_key key = read_one("k=rsa; v=DKIM1; V=1; t=y:s; g=*; p=" KEY_A " \r\n" KEY_B);
    CHECK_INT(DC_KEY_GOOD, key.flaw);
    CHECK_INT(DC_KEY_TESTING | DC_KEY_STRICT | DC_KEY_LINE_ENDS | DC_KEY_VERSION_LATE |
                  DC_KEY_GRANULARITY | DC_KEY_BLANKS | DC_KEY_NAME_CASE,
              key.notes);
    CHECK_INT(7, dc_key_note_span(&key, DC_KEY_VERSION_LATE).at);
    CHECK_INT(16, dc_key_note_span(&key, DC_KEY_NAME_CASE).at);
    CHECK_INT(35 + sizeof KEY_A - 1, dc_key_note_span(&key, DC_KEY_BLANKS).at);
    CHECK_INT(2, dc_key_note_span(&key, DC_KEY_LINE_ENDS).len);
    fdns_arena_clear(&arena);
}

static void test_octets_in_words(void)
{
    fdns_arena_init(&arena, 0);
    struct dc_key key = read_one("\xe2\x80\x8bp=\n!");
    CHECK_TEXT("0xE2 0x80 0x8B, a zero-width space (U+200B)",
               dc_text_octets(&arena, &key, (struct dc_span){0, 3}));
    CHECK_TEXT("0x0A, a line feed", dc_text_octets(&arena, &key, (struct dc_span){5, 1}));
    CHECK_TEXT("0x21", dc_text_octets(&arena, &key, (struct dc_span){6, 1}));
    CHECK_TEXT("0x21", dc_text_octets(&arena, &key, (struct dc_span){6, 9}));
    CHECK_TEXT(NULL, dc_text_octets(&arena, &key, (struct dc_span){7, 1}));
    CHECK_TEXT(NULL, dc_text_octets(&arena, &key, (struct dc_span){0, 7}));
    fdns_arena_clear(&arena);
}

static const struct test tests[] = {
    {"signs and their places", test_signs},      {"what is no sign", test_what_is_no_sign},
    {"order of strings", test_order_of_strings}, {"notes and their places", test_notes},
    {"octets in words", test_octets_in_words},
};
SUITE(dkim_text, tests)
