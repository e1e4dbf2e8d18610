#include "unit/harness/report/sample.h"

#include "fakedns/base/duration.h"
#include "fakedns/wire/builder.h"

const char sample_hostile[] =
    "::error::pwned\n##[error]pwned\r\x1b[2J\x07 <script>&\"'</script> ]]> `x` | [a](http://e.com) "
    "*b* @octocat # SKIP %0A::warning:: \x7f \xc2\x9b \xe2\x80\xae \xff\xfe \xc3\xbc end";

static const struct dc_finding_row row = {
    .id = "name/doubled-suffix",
    .level = DC_ERROR,
    .title = "The domain is in the record's name twice",
    .cause =
        "The panel of the DNS provider appends the domain to whatever is typed, so a record that "
        "was entered with its full name ends up below a name nobody asks for.",
    .remedy = "Enter the name without the domain.",
    .refs = "seed:R21; RFC 1034 3.6.2",
};

static uint8_t octets[2][512];
static struct dc_question questions[2];
static const struct dc_attempt silent = {.asked_us = 5, .ended_us = 5000005, .outcome = DC_SILENT};
static const struct dc_observation seen[2] = {
    {.question = &questions[0], .outcome = DC_SILENT, .attempts = &silent, .n_attempts = 1},
    {.question = &questions[1], .outcome = DC_SILENT, .attempts = &silent, .n_attempts = 1},
};
static const struct dc_observation *const sorted[] = {&seen[0], &seen[1]};

static const uint8_t rdata[] = "\x20"
                               "::error::##[error]\x1b[2J\"\\\xe2\x80\xae p=\0\n"
                               "\x04MIGf"
                               "\x00"
                               "\x03QAB";
static const struct dc_excerpt excerpt = {
    .rdata = rdata, .rdata_len = sizeof rdata - 1, .at = 24, .len = 3};

static const struct dc_finding findings[] = {
    {.id = "name/doubled-suffix",
     .level = DC_ERROR,
     .row = &row,
     .name = "t1._domainkey.example.com",
     .type = "CNAME",
     .expected = "t1.dkim.amazonses.com",
     .actual = "NXDOMAIN; the record is at t1._domainkey.example.com.example.com",
     .remedy = "In the panel, enter \"t1._domainkey\" instead of the full name.",
     .observations = sorted,
     .n_observations = 2},
    {.id = "theirs",
     .level = DC_WARNING,
     .server = "ns1.example.com",
     .name = "t1._domainkey.example.com",
     .type = "TXT",
     .actual = sample_hostile,
     .excerpt = &excerpt,
     .cause = 1},
    {.id = "theirs/info", .level = DC_INFO, .actual = "nothing to worry about"},
};

static struct dc_question question(uint8_t *request, const char *address, const char *name,
                                   uint16_t type)
{
    uint8_t qname[FDNS_NAME_MAX];
    struct dc_question asked = {.request = request};
    fdns_address_parse(address, 53, &asked.server);
    fdns_name_parse(name, NULL, qname);
    asked.len = fdns_query_build(request, 512, 0, 0, qname, type, FDNS_CLASS_IN, 1232, 0);
    return asked;
}

const struct dc_report *sample_report(void)
{
    static const struct dc_report report = {
        .tool = "dnsconform test",
        .subject = "DKIM of example.com (easy-dkim)",
        .domain = "example.com",
        .at_us = 24 * FDNS_US_PER_H,
        .status = DC_STATUS_PENDING,
        .console = {"DKIM Verification Status: pending verification", NULL},
        .findings = findings,
        .n_findings = 3,
        .observations = sorted,
        .n_observations = 2,
    };
    questions[0] = question(octets[0], "192.0.2.1", "t1._domainkey.example.com", FDNS_TYPE_CNAME);
    questions[1] = question(octets[1], "2001:db8::1", "t1._domainkey.example.com", FDNS_TYPE_CNAME);
    return &report;
}

static const struct dc_expected_finding expected = {
    .id = "server/txt-servfail", .name = "t1._domainkey.example.com", .type = "TXT", .line = 14};
static const struct dc_expected_finding *const absent[] = {&expected};
static const struct dc_finding *const extra[] = {&findings[1]};
static const char *const refs[] = {"seed:R48", "RFC 2181"};
static const char *const tags[] = {"dkim"};

static const struct dc_report healthy = {.tool = "dnsconform test", .status = DC_STATUS_SUCCESS};

static const struct dc_visit_result good[] = {{.verdict = DC_CONFORMS, .report = &healthy}};
static const struct dc_visit_result missed[] = {
    {.verdict = DC_CONFORMS, .report = &healthy, .line = 9},
    {.at_us = 24 * FDNS_US_PER_H,
     .line = 12,
     .verdict = DC_MISSED,
     .reason = "a fault is expected and nothing was reported",
     .report = &healthy,
     .absent = absent,
     .n_absent = 1,
     .expected_status = DC_STATUS_PENDING},
};
static struct dc_visit_result alarm[] = {
    {.verdict = DC_FALSE_ALARM,
     .line = 21,
     .reason = "theirs was not expected",
     .extra = extra,
     .n_extra = 1,
     .expected_status = DC_STATUS_PENDING},
};
static const struct dc_visit_result noticed[] = {
    {.verdict = DC_NOTICED, .reason = "the cause cannot be expressed", .report = &healthy}};
static const struct dc_visit_result broken[] = {
    {.verdict = DC_COULD_NOT_RUN, .reason = sample_hostile}};

static const struct dc_result results[SAMPLE_RESULTS] = {
    {.file = "scenarios/dkim/name/healthy.yaml",
     .title = "Everything is in order",
     .verdict = DC_CONFORMS,
     .visits = good,
     .n_visits = 1,
     .duration_us = 1500},
    {.file = "scenarios/dkim/server/txt-servfail.yaml",
     .title = "CNAME is answered, TXT is SERVFAIL",
     .refs = refs,
     .n_refs = 2,
     .tags = tags,
     .n_tags = 1,
     .verdict = DC_MISSED,
     .visits = missed,
     .n_visits = 2},
    {.file = "scenarios/dkim/server/a, b: it's 100%.yaml",
     .title = sample_hostile,
     .verdict = DC_FALSE_ALARM,
     .visits = alarm,
     .n_visits = 1},
    {.file = "elsewhere.yaml",
     .title = "A fault that is noticed",
     .verdict = DC_NOTICED,
     .visits = noticed,
     .n_visits = 1},
    {.file = "elsewhere/hangs.yaml",
     .title = "The checker hangs",
     .verdict = DC_COULD_NOT_RUN,
     .visits = broken,
     .n_visits = 1},
};

const struct dc_result *sample_result(size_t i)
{
    alarm[0].report = sample_report();
    return &results[i];
}
