// The DKIM signatures of messages: reading, canonicalising, verifying, and what it means.
#include "unit/harness.h"

#include "fakedns/base/buf.h"
#include "fakedns/base/duration.h"
#include "harness/check/message/canon.h"
#include "harness/check/message/from.h"
#include "harness/check/message/proof.h"
#include "harness/check/message/signature.h"
#include "unit/harness/check/dkim_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S *FDNS_US_PER_S

// ---- the messages of the RFCs ----------------------------------------------------------------

// The message that both RFCs sign (RFC 6376 A.1).
#define FOOTBALL                                                                                   \
    "From: Joe SixPack <joe@football.example.com>\r\n"                                             \
    "To: Suzie Q <suzie@shopping.example.net>\r\n"                                                 \
    "Subject: Is dinner ready?\r\n"                                                                \
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"                                              \
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"                             \
    "\r\n"                                                                                         \
    "Hi.\r\n\r\nWe lost the game."
#define HUNGRY "Are you hungry yet?\r\n\r\nJoe.\r\n"

// RFC 6376 A.2, with errata 3192 (one blank in the body) and 4926 (how the lines are folded).
static const char rfc6376[] = "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
                              "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
                              "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
                              "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
                              "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r\n"
                              "      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r\n"
                              "      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r\n"
                              "      4bmp/YzhwvcubU4=;\r\n"
                              "Received: from client1.football.example.com  [192.0.2.1]\r\n"
                              "      by submitserver.example.com with SUBMISSION;\r\n"
                              "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n" FOOTBALL " " HUNGRY;

// RFC 8463 A.3.
static const char rfc8463[] =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
    " subject : date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
    " d=football.example.com; i=@football.example.com;\r\n"
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
    " date : message-id : from : subject : date;\r\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n" FOOTBALL "  " HUNGRY;

// The keys of RFC 6376 C and RFC 8463 A.2.
static const char world[] =
    "base: lib/easy-dkim.yaml\n"
    "zones:\n  example.com:\n    add: |\n"
    "      brisbane._domainkey TXT \"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBs"
    "EmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR"
    "\" \"+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\"\n"
    "      brisbane._domainkey.football TXT \"v=DKIM1; k=ed25519; "
    "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n"
    "      test._domainkey.football TXT \"v=DKIM1; k=rsa; "
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDk"
    "HlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uB"
    "\" \"sCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\"\n";

enum { RFC8463_S = 1528637909 };

static void begin(struct dkim_play *play, const char *message, size_t len, const char *domain)
{
    dkim_play_init(play, world);
    play->subject = (struct dc_dkim_subject){
        .domain = domain, .method = DC_DKIM_MESSAGE, .message = message, .message_len = len};
}

// "pass fail" of the signatures, from the top.
static const char *results(struct dkim_play *play)
{
    const char *text = "";
    for (size_t i = 0; i < play->report.n_signatures; i++) {
        text = fdns_arena_format(&play->arena, "%s%s%s", text, i > 0 ? " " : "",
                                 dc_auth_result_text(play->report.signatures[i].result));
    }
    return text;
}

static void check_message(const char *message, const char *expected_results, const char *alarms,
                          enum dc_status status)
{
    struct dkim_play play;
    begin(&play, message, strlen(message), NULL);
    dkim_play_visit(&play, RFC8463_S S);
    check_text(expected_results, results(&play), message, __FILE__, __LINE__);
    check_text(alarms, dkim_play_alarms(&play), message, __FILE__, __LINE__);
    check_text(dc_status_text(status), dc_status_text(play.report.status), message, __FILE__,
               __LINE__);
    dkim_play_clear(&play);
}

static void test_rfc_examples(void)
{
    check_message(rfc6376, "pass", "", DC_STATUS_SUCCESS);
    check_message(rfc8463, "pass pass", "", DC_STATUS_SUCCESS);
}

// A copy of a message with the first `from` replaced.
static char *with(const char *message, const char *from, const char *to)
{
    const char *at = strstr(message, from);
    char *copy = NULL;
    if (at == NULL ||
        asprintf(&copy, "%.*s%s%s", (int)(at - message), message, to, at + strlen(from)) < 0) {
        abort();
    }
    return copy;
}

static void check_changed(const char *message, const char *from, const char *to,
                          const char *expected_results, const char *alarms, enum dc_status status)
{
    char *changed = with(message, from, to);
    check_message(changed, expected_results, alarms, status);
    free(changed);
}

static void test_changed(void)
{
    // both canonicalizations are relaxed: white space may change
    check_changed(rfc8463, "Subject: Is", "SUBJECT:   Is\r\n\t", "pass pass", "",
                  DC_STATUS_SUCCESS);
    check_changed(rfc8463, "game.  Are", "game. \t Are", "pass pass", "", DC_STATUS_SUCCESS);
    check_changed(rfc6376, "Subject: Is", "Subject:  Is", "fail", "message/header-altered",
                  DC_STATUS_FAILED);
    // Ed25519 does not tell what was signed, RSA does
    check_changed(rfc8463, "Is dinner", "Was dinner", "fail fail",
                  "message/signature-wrong, message/header-altered", DC_STATUS_FAILED);
    check_changed(rfc8463, "hungry", "angry", "fail fail", "message/body-altered",
                  DC_STATUS_FAILED);
    check_changed(rfc8463, "b=F45d", "b=G45d", "pass fail", "message/signature-wrong",
                  DC_STATUS_SUCCESS);
    // one more field of a name that is signed twice: nobody knows whose the message is, and all
    // signatures are for information. And one of a name that is not signed
    check_changed(rfc8463, "From: Joe", "From: Eve <eve@example.org>\r\nFrom: Joe", "fail fail",
                  "message/from-unclear", DC_STATUS_FAILED);
    check_changed(rfc8463, "From: Joe", "X-Spam: no\r\nFrom: Joe", "pass pass", "",
                  DC_STATUS_SUCCESS);
}

static void test_flaws(void)
{
    static const struct {
        const char *from, *to, *result, *alarm;
    } cases[] = {
        {"v=1", "v=2", "neutral", "message/signature-malformed"},
        {"v=1; ", "", "neutral", "message/signature-malformed"},
        {"a=rsa-sha256", "a=rsa-sha512", "neutral", "message/signature-malformed"},
        {"a=rsa-sha256", "a=rsa-sha1", "policy", "message/algorithm-refused"},
        {"a=rsa-sha256", "a=ed25519-sha256", "permerror", "message/key-unusable"},
        {"d=example.com", "d=exam ple.com", "neutral", "message/signature-malformed, "},
        {"d=example.com", "d=example.com; d=example.com", "neutral", "message/signature-malformed"},
        {"s=brisbane", "s=", "neutral", "message/signature-malformed"},
        {"s=brisbane", "s=sydney", "permerror", "message/key-missing"},
        {"c=simple/simple", "c=simple/strict", "neutral", "message/signature-malformed"},
        {"q=dns/txt", "q=http", "neutral", "message/signature-malformed"},
        {"q=dns/txt", "l=12x", "neutral", "message/signature-malformed"},
        {"q=dns/txt", "l=4000", "fail", "message/body-altered"},
        {"q=dns/txt", "t=5; x=5", "neutral", "message/signature-malformed"},
        {"i=joe@football.example.com", "i=joe@example.net", "permerror",
         "message/signature-malformed"},
        {"i=joe@football.example.com", "i=joe", "neutral", "message/signature-malformed"},
        {"From : To", "To", "permerror", "message/from-not-signed"},
        {"From : To", "From : : To", "neutral", "message/signature-malformed"},
        {"bh=2jUS", "bh=2jU", "neutral", "message/signature-malformed"},
        {"bh=2jUS", "bh=3jUS", "fail", "message/body-altered"},
        {"q=dns/txt", "q\x01", "neutral", "message/signature-malformed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dkim_play play;
        char *message = with(rfc6376, cases[i].from, cases[i].to);
        begin(&play, message, strlen(message), "example.com");
        dkim_play_visit(&play, 0);
        check_text(cases[i].result, results(&play), cases[i].to, __FILE__, __LINE__);
        // a d= that is no domain is nobody's: then nothing at all is signed for the domain
        bool no_domain = strstr(cases[i].to, "exam ple") != NULL;
        check_text(no_domain ? "message/not-aligned" : cases[i].alarm, dkim_play_alarms(&play),
                   cases[i].to, __FILE__, __LINE__);
        CHECK(play.report.signatures[0].reason != NULL);
        dkim_play_clear(&play);
        free(message);
    }
}

// ---- reading -----------------------------------------------------------------------------------

static bool parse(struct dc_mail *mail, struct fdns_arena *arena, const char *text)
{
    const char *why = NULL;
    bool good = dc_mail_parse(mail, arena, text, strlen(text), &why);
    CHECK(good == (why == NULL));
    return good;
}

static void test_mail(void)
{
    struct fdns_arena arena;
    struct dc_mail mail;
    size_t first;
    fdns_arena_init(&arena, 0);
    CHECK(parse(&mail, &arena, "A: 1\nB : 2\n\t3\r\na: 4\n\nbody\n.\r\n"));
    CHECK_INT(3, mail.n_fields);
    CHECK_OCTETS("B : 2\r\n\t3", 9, mail.fields[1].text, mail.fields[1].len);
    CHECK_OCTETS(" 2\r\n\t3", 6, mail.fields[1].value, mail.fields[1].value_len);
    CHECK_INT(1, mail.fields[1].name_len);
    CHECK_OCTETS("body\r\n.\r\n", 9, mail.body, mail.body_len);
    CHECK_INT(2, dc_mail_named(&mail, "A", 1, &first));
    CHECK(mail.by_name[first] == &mail.fields[2]); // the lowest first
    CHECK_INT(0, dc_mail_named(&mail, "AA", 2, &first));
    CHECK_INT(0, mail.n_odd_lines);
    // a header only, with a CR in a line and no end of the last one
    CHECK(parse(&mail, &arena, "A: x\ry"));
    CHECK_OCTETS(" x\ry", 4, mail.fields[0].value, mail.fields[0].value_len);
    CHECK_INT(0, mail.body_len);
    // lines that are no field
    CHECK(parse(&mail, &arena, " folded\nA: 1\nno colon\n more of it\n: no name\nB c: 2\nD: 3\n"));
    CHECK_INT(2, mail.n_fields);
    CHECK_INT(5, mail.n_odd_lines);
    CHECK_INT(1, mail.odd_line);
    CHECK(!parse(&mail, &arena, ""));
    CHECK(!parse(&mail, &arena, "\n\nA: 1\n"));
    CHECK(!parse(&mail, &arena, "only text\n"));
    fdns_arena_clear(&arena);
}

static void repeat(struct fdns_buf *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fdns_buf_string(out, text);
    }
}

static void test_limits(void)
{
    struct fdns_arena arena;
    struct dc_mail mail;
    struct fdns_buf text;
    fdns_arena_init(&arena, 0);
    fdns_buf_init(&text, 4 * DC_MAIL_HEADER_MAX);
    repeat(&text, "DKIM-Signature: a\n", DC_MAIL_SIGNATURES_MAX);
    CHECK(parse(&mail, &arena, fdns_buf_text(&text)));
    fdns_buf_string(&text, "dkim-signature: a\n");
    CHECK(!parse(&mail, &arena, fdns_buf_text(&text)));
    fdns_buf_reset(&text);
    repeat(&text, "A: 1\r\n", DC_MAIL_HEADER_MAX / 6);
    CHECK(parse(&mail, &arena, fdns_buf_text(&text)));
    fdns_buf_string(&text, "A: 1\r\n");
    CHECK(!parse(&mail, &arena, fdns_buf_text(&text)));
    fdns_buf_clear(&text);
    fdns_arena_clear(&arena);
}

static const char *from_of(struct fdns_arena *arena, const char *from)
{
    struct dc_mail mail;
    const char *why = NULL;
    parse(&mail, arena, fdns_arena_format(arena, "X: y\n%s\n", from));
    const char *domain = dc_from_domain(arena, &mail, &why);
    CHECK((domain == NULL) == (why != NULL));
    return domain != NULL ? domain : "-";
}

static void test_from(void)
{
    static const struct {
        const char *from, *domain;
    } cases[] = {
        {"From: joe@example.com", "example.com"},
        {"From: Joe <joe@Example.com>", "Example.com"},
        {"From: \"a@evil.test, <b\" <joe@example.com>", "example.com"},
        {"From: joe (x@evil.test (y) \\) z) @example.com (w)", "example.com"},
        {"From: \"a\\\"@evil.test\" <\"j@q\"@example.com>", "example.com"},
        {"From: friends: a@example.com, b@example.com;", "example.com"},
        {"From: a@example.com,\r\n b@EXAMPLE.com", "example.com"},
        {"From: a@example.com, b@example.net", "-"},
        {"From: a@example.com.", "example.com"},
        {"From: a@[192.0.2.1]", "-"},
        {"From: a@b\xc3\xa4r.test", "-"},
        {"From: nobody", "-"},
        {"From: <>", "-"},
        {"From: a@", "-"},
        {"From:", "-"},
        {"Sender: a@example.com", "-"},
        {"From: a@example.com\nfrom: a@example.com", "-"},
    };
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *domain = from_of(&arena, cases[i].from);
        bool same = strcasecmp(cases[i].domain, domain) == 0;
        check_text(cases[i].domain, same ? cases[i].domain : domain, cases[i].from, __FILE__,
                   __LINE__);
    }
    fdns_arena_clear(&arena);
}

// ---- canonicalization ------------------------------------------------------------------------

static void collect(void *owner, const void *octets, size_t len)
{
    fdns_buf_append(owner, octets, len);
}

static void check_body(bool relaxed, const char *body, const char *expected)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 1024 * 1024);
    dc_canon_body(relaxed, body, strlen(body), collect, &out);
    check_octets(expected, strlen(expected), out.data, out.len, body, __FILE__, __LINE__);
    fdns_buf_clear(&out);
}

static void check_field(bool relaxed, const char *field, const char *expected)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 1024 * 1024);
    dc_canon_field(relaxed, field, strlen(field), collect, &out);
    check_octets(expected, strlen(expected), out.data, out.len, field, __FILE__, __LINE__);
    fdns_buf_clear(&out);
}

// The example of RFC 6376 3.4.5.
static void test_canon_example(void)
{
    static const char body[] = " C \r\nD \t E\r\n\r\n\r\n";
    check_field(true, "A: X", "a:X");
    check_field(true, "B : Y\t\r\n\tZ  ", "b:Y Z");
    check_field(false, "A: X", "A: X");
    check_field(false, "B : Y\t\r\n\tZ  ", "B : Y\t\r\n\tZ  ");
    check_body(true, body, " C\r\nD E\r\n");
    check_body(false, body, " C \r\nD \t E\r\n");
}

static void test_canon(void)
{
    check_body(false, "", "\r\n");
    check_body(false, "\r\n\r\n", "\r\n");
    check_body(false, "a", "a\r\n");
    check_body(false, "a\r\n \r\n", "a\r\n \r\n");
    check_body(false, "a\r\n\r", "a\r\n\r\r\n");
    check_body(true, "", "");
    check_body(true, "\r\n\r\n", "");
    check_body(true, " \t\r\n \r\n", "");
    check_body(true, "a", "a\r\n");
    check_body(true, "a\r\n \r\n\t", "a\r\n");
    check_body(true, "a\r\n\r\n \r\nb", "a\r\n\r\n\r\nb\r\n");
    check_body(true, "\t\ta\t\tb\t\t\r\n", " a b\r\n");
    check_body(true, "a\rb \r\n", "a\rb\r\n");
    check_field(true, "Subject:", "subject:");
    check_field(true, "Subject: \r\n \r\n ", "subject:");
    check_field(true, "SUBJECT\t:\t a\r\n b:c ", "subject:a b:c");
}

// RFC 6376 3.4.3 and 3.4.4: the hashes of an empty body.
static void test_empty_hashes(void)
{
    static const char *const expected[] = {"frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=",
                                           "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="};
    for (int relaxed = 0; relaxed < 2; relaxed++) {
        uint8_t hash[DC_HASH_OCTETS];
        char text[DC_HASH_TEXT_MAX];
        struct dc_hashing *hashing = dc_hashing_new();
        dc_canon_body(relaxed != 0, "", 0, dc_hashing_put, hashing);
        dc_hashing_end(hashing, hash);
        dc_hash_text(hash, text);
        CHECK_TEXT(expected[relaxed], text);
    }
}

// ---- hostile messages ------------------------------------------------------------------------

static void test_mutations(void)
{
    struct dkim_play play;
    struct fdns_random random;
    size_t len = sizeof rfc8463 - 1;
    char *message = calloc(1, len);
    fdns_random_init(&random, 6376);
    begin(&play, message, len, NULL);
    for (int i = 0; i < 1500; i++) {
        memcpy(message, rfc8463, len);
        for (uint64_t n = 1 + fdns_random_below(&random, 4); n > 0; n--) {
            message[fdns_random_below(&random, len)] = (char)fdns_random_below(&random, 256);
        }
        play.subject.message_len = (size_t)fdns_random_below(&random, 8) == 0
                                       ? (size_t)fdns_random_below(&random, len)
                                       : len;
        dkim_play_visit(&play, RFC8463_S S);
        CHECK(play.report.status != DC_STATUS_UNKNOWN);
    }
    dkim_play_clear(&play);
    free(message);
}

// Of a body that is signed no visible octet can be another.
static void test_no_forgery(void)
{
    struct dkim_play play;
    size_t len = sizeof rfc6376 - 1;
    char *message = calloc(1, len);
    size_t body_at = (size_t)(strstr(rfc6376, "\r\n\r\nHi.") - rfc6376);
    begin(&play, message, len, NULL);
    for (size_t at = 0; at < len; at++) {
        memcpy(message, rfc6376, len);
        message[at] = (char)(message[at] ^ 1);
        dkim_play_visit(&play, RFC8463_S S);
        if (at > body_at) {
            CHECK(play.report.status != DC_STATUS_SUCCESS);
        }
    }
    dkim_play_clear(&play);
    free(message);
}

static const struct test tests[] = {
    {"the messages of RFC 6376 and RFC 8463 pass", test_rfc_examples},
    {"what may change in a signed message and what may not", test_changed},
    {"every flaw of a signature has its result", test_flaws},
    {"a message is read with its octets", test_mail},
    {"a message has limits", test_limits},
    {"the domain in From", test_from},
    {"canonicalization: the example of RFC 6376", test_canon_example},
    {"canonicalization: ends, blanks, nothing", test_canon},
    {"canonicalization: the hashes of an empty body", test_empty_hashes},
    {"changed octets do no harm", test_mutations},
    {"no octet of a signed body can change", test_no_forgery},
};
SUITE(message, tests)
