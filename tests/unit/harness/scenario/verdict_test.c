#include "harness/scenario/checker_fault.h"
#include "harness/scenario/scenario.h"
#include "unit/harness.h"

static const struct dc_expected_finding doubled = {.id = "name/doubled-suffix",
                                                   .name = "t1._domainkey.example.com"};

static struct dc_finding reported(const char *id, enum dc_level level)
{
    return (struct dc_finding){.id = id, .level = level, .name = "T1._domainkey.EXAMPLE.com"};
}

struct judged {
    enum dc_verdict verdict;
    char reason[128];
};

static struct judged judge(const struct dc_checkpoint *checkpoint,
                           const struct dc_finding *findings, size_t n, enum dc_status status,
                           bool external)
{
    struct fdns_arena arena;
    struct dc_report report = {.findings = findings, .n_findings = n, .status = status};
    fdns_arena_init(&arena, 0);
    struct dc_judgement judgement = dc_judge(&arena, checkpoint, &report, external);
    struct judged judged = {.verdict = judgement.verdict};
    snprintf(judged.reason, sizeof judged.reason, "%s",
             judgement.reason != NULL ? judgement.reason : "");
    fdns_arena_clear(&arena);
    return judged;
}

static const struct dc_checkpoint pending_doubled = {
    .has_status = true, .status = DC_STATUS_PENDING, .findings = &doubled, .n_findings = 1};
static const struct dc_checkpoint healthy = {.has_status = true, .status = DC_STATUS_SUCCESS};

static void test_conforms(void)
{
    struct dc_finding finding = reported("name/doubled-suffix", DC_ERROR);
    CHECK_INT(DC_CONFORMS, judge(&pending_doubled, &finding, 1, DC_STATUS_PENDING, false).verdict);
    CHECK_INT(DC_CONFORMS, judge(&healthy, NULL, 0, DC_STATUS_SUCCESS, false).verdict);
}

static void test_missed(void)
{
    struct judged judged = judge(&pending_doubled, NULL, 0, DC_STATUS_PENDING, false);
    CHECK_INT(DC_MISSED, judged.verdict);
    CHECK_TEXT("expected name/doubled-suffix, and nothing was reported", judged.reason);
    struct dc_finding finding = reported("name/doubled-suffix", DC_ERROR);
    judged = judge(&pending_doubled, &finding, 1, DC_STATUS_SUCCESS, false);
    CHECK_INT(DC_MISSED, judged.verdict);
    CHECK_TEXT("status SUCCESS is healthier than PENDING", judged.reason);
}

static void test_info_says_nothing(void)
{
    struct dc_finding note = reported("key/strict-flag", DC_INFO);
    CHECK_INT(DC_MISSED, judge(&pending_doubled, &note, 1, DC_STATUS_PENDING, false).verdict);
    CHECK_INT(DC_CONFORMS, judge(&healthy, &note, 1, DC_STATUS_SUCCESS, false).verdict);
}

static void test_wrong_cause(void)
{
    struct dc_finding other = reported("record/missing-all", DC_ERROR);
    struct judged judged = judge(&pending_doubled, &other, 1, DC_STATUS_PENDING, false);
    CHECK_INT(DC_WRONG_CAUSE, judged.verdict);
    CHECK_TEXT("name/doubled-suffix was not reported", judged.reason);
}

static void test_noticed(void)
{
    struct dc_finding fault = {.id = DC_CHECKER_FAULT, .level = DC_ERROR};
    CHECK_INT(DC_NOTICED, judge(&pending_doubled, &fault, 1, DC_STATUS_UNKNOWN, true).verdict);
    CHECK_INT(DC_WRONG_CAUSE, judge(&pending_doubled, &fault, 1, DC_STATUS_UNKNOWN, false).verdict);
    CHECK_INT(DC_FALSE_ALARM, judge(&healthy, &fault, 1, DC_STATUS_UNKNOWN, true).verdict);
}

static void test_false_alarm(void)
{
    struct dc_finding both[] = {reported("name/doubled-suffix", DC_ERROR),
                                reported("record/missing-all", DC_WARNING)};
    struct judged judged = judge(&pending_doubled, both, 2, DC_STATUS_PENDING, false);
    CHECK_INT(DC_FALSE_ALARM, judged.verdict);
    CHECK_TEXT("record/missing-all was reported and is not expected", judged.reason);
    judged = judge(&healthy, NULL, 0, DC_STATUS_FAILED, false);
    CHECK_INT(DC_FALSE_ALARM, judged.verdict);
    CHECK_TEXT("status FAILED is worse than SUCCESS", judged.reason);
}

static void test_also(void)
{
    static const struct dc_expected_finding allowed = {.id = "record/missing-all"};
    struct dc_checkpoint checkpoint = pending_doubled;
    checkpoint.also = &allowed;
    checkpoint.n_also = 1;
    struct dc_finding both[] = {reported("name/doubled-suffix", DC_ERROR),
                                reported("record/missing-all", DC_WARNING)};
    CHECK_INT(DC_CONFORMS, judge(&checkpoint, both, 2, DC_STATUS_PENDING, false).verdict);
}

static void test_fields_must_be_equal(void)
{
    struct dc_expected_finding expected = doubled;
    struct dc_checkpoint checkpoint = {.findings = &expected, .n_findings = 1};
    struct dc_finding finding = reported("name/doubled-suffix", DC_ERROR);
    expected.server = "ns1.example.com";
    CHECK_INT(DC_WRONG_CAUSE, judge(&checkpoint, &finding, 1, DC_STATUS_PENDING, false).verdict);
    finding.server = "NS1.example.com.";
    CHECK_INT(DC_CONFORMS, judge(&checkpoint, &finding, 1, DC_STATUS_PENDING, false).verdict);
    expected.type = "txt";
    CHECK_INT(DC_WRONG_CAUSE, judge(&checkpoint, &finding, 1, DC_STATUS_PENDING, false).verdict);
    finding.type = "TXT";
    CHECK_INT(DC_CONFORMS, judge(&checkpoint, &finding, 1, DC_STATUS_PENDING, false).verdict);
    expected.has_level = true;
    expected.level = DC_WARNING;
    CHECK_INT(DC_WRONG_CAUSE, judge(&checkpoint, &finding, 1, DC_STATUS_PENDING, false).verdict);
}

static struct judged judge_signature(enum dc_auth_result expected, enum dc_auth_result said)
{
    const struct dc_expected_signature wanted = {
        .domain = "EXAMPLE.com", .selector = "S1", .result = expected, .line = 7};
    const struct dc_signature_result signatures[] = {
        {.domain = "example.net", .selector = "s1", .result = DC_AUTH_PASS},
        {.domain = "example.com", .selector = "s1", .result = said},
        {.domain = NULL, .selector = NULL, .result = DC_AUTH_PASS},
    };
    const struct dc_checkpoint checkpoint = {.signatures = &wanted, .n_signatures = 1};
    struct fdns_arena arena;
    struct dc_report report = {.signatures = signatures, .n_signatures = 3};
    fdns_arena_init(&arena, 0);
    struct dc_judgement judgement = dc_judge(&arena, &checkpoint, &report, false);
    struct judged judged = {.verdict = judgement.verdict};
    snprintf(judged.reason, sizeof judged.reason, "%s",
             judgement.reason != NULL ? judgement.reason : "");
    // a checker that says nothing of signatures
    report = (struct dc_report){0};
    CHECK_INT(DC_CONFORMS, dc_judge(&arena, &checkpoint, &report, true).verdict);
    fdns_arena_clear(&arena);
    return judged;
}

static void test_signatures(void)
{
    CHECK_INT(DC_CONFORMS, judge_signature(DC_AUTH_PASS, DC_AUTH_PASS).verdict);
    CHECK_INT(DC_CONFORMS, judge_signature(DC_AUTH_FAIL, DC_AUTH_FAIL).verdict);
    CHECK_INT(DC_FALSE_ALARM, judge_signature(DC_AUTH_PASS, DC_AUTH_FAIL).verdict);
    CHECK_INT(DC_WRONG_CAUSE, judge_signature(DC_AUTH_FAIL, DC_AUTH_TEMPERROR).verdict);
    struct judged judged = judge_signature(DC_AUTH_FAIL, DC_AUTH_PASS);
    CHECK_INT(DC_MISSED, judged.verdict);
    CHECK_TEXT("line 7: the signature should be fail, and pass was reported", judged.reason);
}

static void test_words(void)
{
    enum dc_verdict verdict;
    for (int i = 0; i < DC_N_VERDICTS; i++) {
        CHECK(dc_verdict_parse(dc_verdict_text((enum dc_verdict)i), &verdict));
        CHECK_INT(i, verdict);
    }
    CHECK(!dc_verdict_parse("fine", &verdict));
}

// What the account side of a report should say.
static enum dc_verdict judge_side(const struct dc_checkpoint *checkpoint,
                                  const struct dc_report *report)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    enum dc_verdict verdict = dc_judge(&arena, checkpoint, report, false).verdict;
    fdns_arena_clear(&arena);
    return verdict;
}

static void test_notifications(void)
{
    static const struct dc_expected_notification revoked = {.kind = DC_NOTICE_REVOKED,
                                                            .about = {.region = "west"}};
    const struct dc_notification sent[] = {
        {.kind = DC_NOTICE_REVOKED, .identity = {"example.com", "west", NULL}},
        {.kind = DC_NOTICE_REVOKED, .identity = {"example.com", "west", NULL}},
    };
    struct dc_checkpoint checkpoint = {
        .has_notifications = true, .notifications = &revoked, .n_notifications = 1};
    struct dc_report report = {
        .tells_notifications = true, .notifications = sent, .n_notifications = 1};
    CHECK_INT(DC_CONFORMS, judge_side(&checkpoint, &report));
    report.n_notifications = 2; // exactly once
    CHECK_INT(DC_FALSE_ALARM, judge_side(&checkpoint, &report));
    report.n_notifications = 0;
    CHECK_INT(DC_MISSED, judge_side(&checkpoint, &report));
    report.tells_notifications = false; // a checker that says nothing of them
    CHECK_INT(DC_CONFORMS, judge_side(&checkpoint, &report));
    checkpoint.n_notifications = 0;
    report.tells_notifications = true;
    report.n_notifications = 1;
    CHECK_INT(DC_FALSE_ALARM, judge_side(&checkpoint, &report));
    checkpoint.has_notifications = false;
    CHECK_INT(DC_CONFORMS, judge_side(&checkpoint, &report));
}

static void test_signing(void)
{
    struct dc_expected_signing expected = {.sender = {.name = "joe@example.com"},
                                           .identity = "example.com"};
    struct dc_signing signing = {.sender = {.name = "joe@example.com"},
                                 .identity = {.name = "example.com"},
                                 .cause = DC_SIGNING_DISABLED};
    const struct dc_checkpoint checkpoint = {.signing = &expected, .n_signing = 1};
    struct dc_report report = {.tells_signing = true, .signing = &signing, .n_signing = 1};
    CHECK_INT(DC_CONFORMS, judge_side(&checkpoint, &report));
    signing.is_signed = true;
    CHECK_INT(DC_MISSED, judge_side(&checkpoint, &report));
    expected.is_signed = true;
    CHECK_INT(DC_CONFORMS, judge_side(&checkpoint, &report));
    signing.is_signed = false;
    CHECK_INT(DC_FALSE_ALARM, judge_side(&checkpoint, &report));
    expected.is_signed = false;
    signing.identity.name = "joe@example.com";
    CHECK_INT(DC_WRONG_CAUSE, judge_side(&checkpoint, &report));
    report.n_signing = 0;
    CHECK_INT(DC_MISSED, judge_side(&checkpoint, &report));
    report.tells_signing = false;
    CHECK_INT(DC_CONFORMS, judge_side(&checkpoint, &report));
}

static const struct test tests[] = {
    {"what is expected and reported conforms", test_conforms},
    {"silence about a fault, or a better status, is missed", test_missed},
    {"findings of level info neither count nor harm", test_info_says_nothing},
    {"another finding is the wrong cause", test_wrong_cause},
    {"an external checker may notice without a cause", test_noticed},
    {"more than is expected is a false alarm", test_false_alarm},
    {"what `also` names may be reported", test_also},
    {"an expected finding matches in every field it states", test_fields_must_be_equal},
    {"signatures have the result that is expected", test_signatures},
    {"verdicts as words", test_words},
    {"notifications, each exactly once", test_notifications},
    {"whose mail is signed", test_signing},
};
SUITE(verdict, tests)
