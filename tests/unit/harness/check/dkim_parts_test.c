// The pure parts of the DKIM checker: expected names, targets, key records, the life of a set-up.
#include "unit/harness.h"

#include "fakedns/base/duration.h"
#include "harness/check/dkim/base64.h"
#include "harness/check/dkim/expect.h"
#include "harness/check/dkim/key.h"
#include "harness/check/dkim/life.h"
#include "harness/check/dkim/tags.h"
#include "harness/check/dkim/target.h"

#include <string.h>

#define RSA_1024                                                                                   \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI/"                                               \
    "IbemOq7pwoIA+0IxUcUR6pLoaoocb2DeMtVsERko58HuAEDF"                                             \
    "wb8drd0mAFLfHhl9+RpLP/"                                                                       \
    "7SFTm6nTX6vDEwCcKfJux3HFWnsAjyPW8RFVlydz0EVNPSM7dCjExpwRQF3tXu1qoTIXhoUz"                     \
    "4gdLNw556Zw982VWywc5tQIDAQAB"
#define H *FDNS_US_PER_H

static struct fdns_arena arena;

static enum dc_key_flaw flaw_of(const char *text, struct dc_key *key)
{
    uint8_t rdata[2048];
    size_t len = 0;
    for (size_t left = strlen(text), n = 0; left > 0 || len == 0; left -= n) {
        n = left < 255 ? left : 255;
        rdata[len] = (uint8_t)n;
        memcpy(rdata + len + 1, text + strlen(text) - left, n);
        len += n + 1;
    }
    fdns_arena_init(&arena, 0);
    dc_key_parse(key, &arena, rdata, len);
    enum dc_key_flaw flaw = key->flaw;
    fdns_arena_clear(&arena);
    return flaw;
}

static bool base64(const char *text, size_t *bad_at)
{
    const uint8_t *octets;
    size_t n;
    fdns_arena_init(&arena, 0);
    bool good = dc_base64_decode(&arena, text, strlen(text), &octets, &n, bad_at);
    fdns_arena_clear(&arena);
    return good;
}

static void test_base64(void)
{
    static const char *const good[] = {"", "TQ==", "TWE=", "TWFu", "TWFuTQ=="};
    static const struct {
        const char *text;
        size_t at;
    } bad[] = {{"TW=u", 2}, {"TWFu====", 4}, {"T", 1},   {"TWFuT", 5}, {" TWFu", 0},
               {"TWF!", 3}, {"TR==", 1},     {"TWF", 3}, {"TWFu=", 4}, {"TW-u", 2}};
    size_t at = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK(base64(good[i], &at));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK(!base64(bad[i].text, &at));
        CHECK_INT(bad[i].at, at);
    }
}

static void test_tags(void)
{
    static const struct {
        const char *text;
        enum dc_tags_flaw flaw;
        size_t n;
    } cases[] = {{"v=DKIM1; k=rsa; p=abc", DC_TAGS_GOOD, 3},
                 {"p=abc;", DC_TAGS_GOOD, 1},
                 {" p = a b ; n=x; ", DC_TAGS_GOOD, 2},
                 {"p=a;;k=rsa", DC_TAGS_NAME, 2},
                 {"p=a;p=b", DC_TAGS_DUPLICATE, 1},
                 {"P=a;p=b", DC_TAGS_GOOD, 2},
                 {"p", DC_TAGS_NO_VALUE, 0},
                 {"\xe2\x80\x9cv=DKIM1", DC_TAGS_NAME, 0},
                 {"p=a\xc2\xa0", DC_TAGS_OCTET, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dc_tags tags;
        dc_tags_parse(&tags, cases[i].text, strlen(cases[i].text));
        CHECK_INT(cases[i].flaw, tags.flaw);
        CHECK_INT(cases[i].n, tags.n_tags);
    }
}

static void test_good_keys(void)
{
    static const char *const good[] = {
        "p=" RSA_1024, "v=DKIM1; k=rsa; p=" RSA_1024 ";",
        "v=DKIM1 ; p=" RSA_1024 "; n=note; x=unknown; t=s",
        "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "p= "
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCgzNWMI/IbemOq7pwoIA+0IxUcUR6pLoaoocb2DeMtVsERko58"
        "HuAEDF "
        "wb8drd0mAFLfHhl9+RpLP/7SFTm6nTX6vDEwCcKfJux3HFWnsAjyPW8RFVlydz0EVNPSM7dCjExpwRQF3tXu1"
        "qoTIXhoUz 4gdLNw556Zw982VWywc5tQIDAQAB"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct dc_key key;
        CHECK_INT(DC_KEY_GOOD, flaw_of(good[i], &key));
    }
}

static void test_bad_keys(void)
{
    static const struct {
        const char *text;
        enum dc_key_flaw flaw;
    } cases[] = {
        {"", DC_KEY_EMPTY},
        {"v=spf1 -all", DC_KEY_OTHER},
        {RSA_1024, DC_KEY_NO_P_PREFIX},
        {"\"v=DKIM1; p=" RSA_1024 "\"", DC_KEY_QUOTES},
        {"p=-----BEGIN PUBLIC KEY-----" RSA_1024, DC_KEY_ARMOUR},
        {"v=DKIM1\\; p=" RSA_1024, DC_KEY_BACKSLASH},
        {"n=C:\\\\keys\\\\; p=" RSA_1024, DC_KEY_GOOD},
        {"-----BEGIN RSA PRIVATE KEY----- x", DC_KEY_ARMOUR},
        {"p=-----BEGIN RSA PRIVATE KEY----- MIICXAIBAAKBgQCgzNWMI/IbemOq7pwoIA+0IxUcUR6pL",
         DC_KEY_PRIVATE},
        {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", DC_KEY_SYNTAX},
        {"k=rsa; p=migfma0gcsqgsib3dqebaquaa4gnadcbiqkbgqcgznwm", DC_KEY_FOLDED},
        {"hello world", DC_KEY_SYNTAX},
        {"p=a; p=b", DC_KEY_DUPLICATE},
        {"v=DKIM2; p=" RSA_1024, DC_KEY_VERSION},
        {"v=dkim1; p=migfma0gcsqgsib3", DC_KEY_FOLDED},
        {"v=DKIM1; k=rsa", DC_KEY_NO_P},
        {"v=DKIM1; p=", DC_KEY_REVOKED},
        {"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ", DC_KEY_CUT},
        {"p=MIGf*A0G", DC_KEY_BASE64},
        {"p=TWFueQ==", DC_KEY_CONTENT},
        {"k=dsa; p=" RSA_1024, DC_KEY_ALGORITHM},
        {"k=ed25519; p=" RSA_1024, DC_KEY_ALGORITHM},
        {"p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALeFbHO+wAKeBKQIUkPIcdLT+jqCMHTQU+"
         "W9RxVtqb8X1734uMbMwXktldH"
         "w6s2CwB5ZBiLSEh8ekZCyiBmuR8kCAwEAAQ==",
         DC_KEY_SHORT},
        {"h=sha1; p=" RSA_1024, DC_KEY_HASH},
        {"s=tlsrpt; p=" RSA_1024, DC_KEY_SERVICE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dc_key key;
        CHECK_INT(cases[i].flaw, flaw_of(cases[i].text, &key));
    }
}

static void test_bad_place(void)
{
    struct dc_key key;
    flaw_of("p=MIGf *A0G", &key);
    CHECK_INT(7, key.place.at);
}

// What a key at a DNS host is cut to: 255 octets.
static void test_cut_255(void)
{
    char text[512];
    struct dc_key key;
    snprintf(
        text, sizeof text, "v=DKIM1; k=rsa; p=%s",
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnjlr7HYoE8qOgg6rUrAcHCxQ0L3DfHkhpXWEQ98DOb2"
        "+JXR8xBBm4MYlTPVMQ6PaoDIezhkpT0gYfKLGD+Uds4VVfeMG4r1y/6lhrjHOONaEGslpy+L8+y6yMrhb5ihhdn"
        "8+rl/WK4TgD4PdWQxmreE2/GYAjBsVaUUMpVa14mkoSzOqKSu7h39KrviN74YLa7");
    text[255] = '\0';
    CHECK_INT(DC_KEY_CUT, flaw_of(text, &key));
    CHECK_INT(255, key.text_len);
}

static void check_names(const struct dc_dkim_subject *subject, const char *owner,
                        const char *target)
{
    struct dc_expectation expectation;
    const char *why = NULL;
    fdns_arena_init(&arena, 0);
    CHECK(dc_expect(&arena, subject, subject->tokens, subject->n_tokens, &expectation, &why));
    CHECK_TEXT(owner, expectation.records[0].owner_text);
    CHECK_TEXT(target, target != NULL ? dc_name_bare(&arena, expectation.records[0].target) : NULL);
    fdns_arena_clear(&arena);
}

static void test_names(void)
{
    static const char *const tokens[] = {"abc"};
    struct dc_dkim_subject subject = {
        .domain = "example.com", .method = DC_EASY_DKIM, .tokens = tokens, .n_tokens = 1};
    check_names(&subject, "abc._domainkey.example.com", "abc.dkim.amazonses.com");
    subject.region = "eu-west-1";
    check_names(&subject, "abc._domainkey.example.com", "abc.dkim.amazonses.com");
    subject.region = "af-south-1";
    check_names(&subject, "abc._domainkey.example.com", "abc.dkim.af-south-1.amazonses.com");
    subject = (struct dc_dkim_subject){
        .domain = "mail.example.com.", .method = DC_BYODKIM, .selector = "a.b"};
    check_names(&subject, "a.b._domainkey.mail.example.com", NULL);
}

static void test_bad_names(void)
{
    static const char *const long_token[] = {
        "0123456789012345678901234567890123456789012345678901234567890123"};
    const struct dc_dkim_subject subjects[] = {
        {.domain = "", .method = DC_BYODKIM, .selector = "s"},
        {.domain = ".", .method = DC_BYODKIM, .selector = "s"},
        {.domain = "a..b", .method = DC_BYODKIM, .selector = "s"},
        {.domain = "example.com", .method = DC_BYODKIM},
        {.domain = "example.com", .method = DC_BYODKIM, .selector = "elsewhere.org."},
        {.domain = "example.com", .method = DC_EASY_DKIM},
        {.domain = "example.com", .method = DC_EASY_DKIM, .tokens = long_token, .n_tokens = 1}};
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct dc_expectation expectation;
        const char *why = NULL;
        CHECK(!dc_expect(&arena, &subjects[i], subjects[i].tokens, subjects[i].n_tokens,
                         &expectation, &why));
        CHECK(why != NULL);
    }
    fdns_arena_clear(&arena);
}

static void test_targets(void)
{
    static const char *const tokens[] = {"abc", "def"};
    const struct dc_dkim_subject subject = {
        .domain = "example.com", .method = DC_EASY_DKIM, .tokens = tokens, .n_tokens = 2};
    static const struct {
        const char *target;
        enum dc_target_fault fault;
    } cases[] = {{"ABC.dkim.amazonses.com", DC_TARGET_RIGHT},
                 {"abc.dkim.amazonses.com.example.com", DC_TARGET_NO_DOT},
                 {"def.dkim.amazonses.com", DC_TARGET_SWAPPED},
                 {"abc.dkim.af-south-1.amazonses.com", DC_TARGET_REGION},
                 {"xzr7cjj46bvb5ib4fyyv5hcqwj7o5lx2.dkim.amazonses.com", DC_TARGET_REGION},
                 {"192.0.2.1", DC_TARGET_NO_HOST},
                 {"https://abc.dkim.amazonses.com", DC_TARGET_NO_HOST},
                 {"abc.dkim.amazonses.co", DC_TARGET_TYPO},
                 {"dkim.amazonses.com", DC_TARGET_TYPO}};
    struct dc_expectation expectation;
    const char *text = NULL;
    fdns_arena_init(&arena, 0);
    CHECK(dc_expect(&arena, &subject, tokens, 2, &expectation, &text));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t target[FDNS_NAME_MAX];
        fdns_name_parse(cases[i].target, NULL, target);
        CHECK_INT(cases[i].fault,
                  dc_target_compare(&arena, &expectation, 0, target, expectation.domain, &text));
    }
    uint8_t typo[FDNS_NAME_MAX];
    fdns_name_parse("abc.dkin.amazonses.com", NULL, typo);
    dc_target_compare(&arena, &expectation, 0, typo, expectation.domain, &text);
    CHECK_TEXT("label 2 is \"dkin\" instead of \"dkim\"", text);
    fdns_arena_clear(&arena);
}

// Two letters of a token at most are a slip of the pen; more are a token of somebody else.
static void test_mistyped_tokens(void)
{
    static const char *const tokens[] = {"xzr7cjj46bvb5ib4fyyv5hcqwj7o5lx2"};
    const struct dc_dkim_subject subject = {
        .domain = "example.com", .method = DC_EASY_DKIM, .tokens = tokens, .n_tokens = 1};
    static const struct {
        const char *target;
        enum dc_target_fault fault;
    } cases[] = {
        {"XZR7cjj46bvb5ib4fyyv5hcqwj7o5lx3.dkim.amazonses.com", DC_TARGET_TYPO},
        {"zxr7cjj46bvb5ib4fyyv5hcqwj7o5lx2.dkim.amazonses.com", DC_TARGET_TYPO},
        {"xzr7cjj46bvb5ib4fyyv5hcqwj7o5l.dkim.amazonses.com", DC_TARGET_TYPO},
        {"axzr7cjj46bvb5ib4fyyv5hcqwj7o5lx.dkim.amazonses.com", DC_TARGET_TYPO},
        {"aaa7cjj46bvb5ib4fyyv5hcqwj7o5lx2.dkim.amazonses.com", DC_TARGET_REGION},
        {"xzr7cjj46bvb5ib4fyyv5hcqwj7o5lx3.dkim.af-south-1.amazonses.com", DC_TARGET_REGION}};
    struct dc_expectation expectation;
    const char *text = NULL;
    fdns_arena_init(&arena, 0);
    CHECK(dc_expect(&arena, &subject, tokens, 1, &expectation, &text));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t target[FDNS_NAME_MAX];
        fdns_name_parse(cases[i].target, NULL, target);
        CHECK_INT(cases[i].fault,
                  dc_target_compare(&arena, &expectation, 0, target, expectation.domain, &text));
    }
    fdns_arena_clear(&arena);
}

static const struct dc_dkim_subject set_up = {.has_started = true, .window_us = 72 H};
static const struct dc_dkim_subject verified = {
    .has_started = true, .window_us = 72 H, .has_last_success = true};

static void step(struct dc_dkim_state *state, const struct dc_dkim_subject *subject, int64_t at_us,
                 enum dc_life_seen what, enum dc_status status, enum dc_life_news news)
{
    struct dc_life life;
    dc_life_step(state, subject, at_us, what, &life);
    CHECK_TEXT(dc_status_text(status), dc_status_text(state->status));
    CHECK_INT(news, life.news);
}

static void test_window(void)
{
    struct dc_dkim_state state;
    dc_dkim_state_init(&state, &set_up, 0);
    step(&state, &set_up, 0, DC_SEEN_WRONG, DC_STATUS_PENDING, DC_LIFE_WAITING);
    step(&state, &set_up, 72 H - 1, DC_SEEN_WRONG, DC_STATUS_PENDING, DC_LIFE_WAITING);
    step(&state, &set_up, 72 H, DC_SEEN_WRONG, DC_STATUS_FAILED, DC_LIFE_EXPIRED);
    step(&state, &set_up, 73 H, DC_SEEN_RIGHT, DC_STATUS_FAILED, DC_LIFE_EXPIRED);
    dc_dkim_state_init(&state, &set_up, 0);
    step(&state, &set_up, 24 H, DC_SEEN_NOTHING, DC_STATUS_PENDING, DC_LIFE_WAITING);
    step(&state, &set_up, 72 H - 1, DC_SEEN_RIGHT, DC_STATUS_SUCCESS, DC_LIFE_QUIET);
}

static void test_not_started(void)
{
    const struct dc_dkim_subject later = {
        .has_started = true, .started_us = 5 H, .window_us = 72 H};
    struct dc_dkim_state state;
    dc_dkim_state_init(&state, &later, 0);
    step(&state, &later, 0, DC_SEEN_WRONG, DC_STATUS_NOT_STARTED, DC_LIFE_QUIET);
    step(&state, &later, 5 H, DC_SEEN_WRONG, DC_STATUS_PENDING, DC_LIFE_WAITING);
}

static void test_revocation(void)
{
    struct dc_dkim_state state;
    dc_dkim_state_init(&state, &verified, 0);
    step(&state, &verified, 1 H, DC_SEEN_WRONG, DC_STATUS_TEMPORARY_FAILURE, DC_LIFE_WARNED);
    step(&state, &verified, 72 H, DC_SEEN_RIGHT, DC_STATUS_SUCCESS, DC_LIFE_CANCELLED);
    step(&state, &verified, 80 H, DC_SEEN_WRONG, DC_STATUS_TEMPORARY_FAILURE, DC_LIFE_WARNED);
    step(&state, &verified, 152 H, DC_SEEN_WRONG, DC_STATUS_FAILED, DC_LIFE_REVOKED);
    step(&state, &verified, 160 H, DC_SEEN_RIGHT, DC_STATUS_FAILED, DC_LIFE_REVOKED);
}

static void test_silence_is_not_missing(void)
{
    struct dc_dkim_state state;
    dc_dkim_state_init(&state, &verified, 0);
    step(&state, &verified, 1 H, DC_SEEN_NOTHING, DC_STATUS_TEMPORARY_FAILURE, DC_LIFE_QUIET);
    step(&state, &verified, 99 H, DC_SEEN_NOTHING, DC_STATUS_TEMPORARY_FAILURE, DC_LIFE_QUIET);
    step(&state, &verified, 100 H, DC_SEEN_RIGHT, DC_STATUS_SUCCESS, DC_LIFE_QUIET);
}

static void test_restart(void)
{
    static const char *const tokens[] = {"new"};
    static const struct dc_dkim_restart restart = {.at_us = 100 H, .tokens = tokens, .n_tokens = 1};
    struct dc_dkim_subject subject = verified;
    subject.restarts = &restart;
    subject.n_restarts = 1;
    struct dc_dkim_state state;
    size_t n = 9;
    dc_dkim_state_init(&state, &subject, 0);
    dc_life_begin(&state, &subject, 99 H, &n);
    CHECK_INT(0, n);
    step(&state, &subject, 1 H, DC_SEEN_WRONG, DC_STATUS_TEMPORARY_FAILURE, DC_LIFE_WARNED);
    step(&state, &subject, 99 H, DC_SEEN_WRONG, DC_STATUS_FAILED, DC_LIFE_REVOKED);
    CHECK_TEXT("new", dc_life_begin(&state, &subject, 100 H, &n)[0]);
    step(&state, &subject, 100 H, DC_SEEN_WRONG, DC_STATUS_PENDING, DC_LIFE_WAITING);
    step(&state, &subject, 101 H, DC_SEEN_RIGHT, DC_STATUS_SUCCESS, DC_LIFE_QUIET);
}

static const struct test tests[] = {
    {"base64 is strict and names the place", test_base64},
    {"tag lists", test_tags},
    {"keys that receivers can use", test_good_keys},
    {"keys that they cannot use, each with its first flaw", test_bad_keys},
    {"the place of a bad character counts white space", test_bad_place},
    {"a key cut at 255 octets", test_cut_255},
    {"names and targets by region and selector", test_names},
    {"words that make no names", test_bad_names},
    {"targets are told apart", test_targets},
    {"mistyped tokens are no tokens of others", test_mistyped_tokens},
    {"72 hours to the microsecond", test_window},
    {"not started yet", test_not_started},
    {"warning, cancellation, revocation", test_revocation},
    {"silence does not start a revocation", test_silence_is_not_missing},
    {"a restart brings new tokens and a new window", test_restart},
};
SUITE(dkim_parts, tests)
