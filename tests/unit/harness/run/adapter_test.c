#include "harness/run/adapter.h"
#include "harness/scenario/checker_fault.h"
#include "unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char diagnostics[4096];

static struct dc_adapter *load(const char *text)
{
    char path[] = "/tmp/dnsconform-adapter.XXXXXX";
    struct fdns_diags diags;
    struct fdns_buf printed;
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_FATAL(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    fdns_diags_init(&diags);
    fdns_buf_init(&printed, sizeof diagnostics - 1);
    struct dc_adapter *adapter = dc_adapter_load(path, &diags);
    fdns_diags_print(&diags, 0, &printed);
    snprintf(diagnostics, sizeof diagnostics, "%s", fdns_buf_text(&printed));
    fdns_buf_clear(&printed);
    fdns_diags_clear(&diags);
    unlink(path);
    return adapter;
}

static const char *const example =
    "command: check {domain}\n"
    "each: token\n"
    "exit: { 0: healthy, 69: fault, other: error }\n"
    "findings:\n"
    "  - { match: 'not found$', id: [record/missing-all, name/doubled-suffix] }\n"
    "status:\n"
    "  - { match: '^pending', status: PENDING }\n";

static const struct dc_expected_finding doubled = {.id = "name/doubled-suffix"};
static const struct dc_checkpoint expecting = {.findings = &doubled, .n_findings = 1};
static const struct dc_checkpoint expecting_nothing = {0};

static bool read_output(const struct dc_adapter *adapter, const char *text, int exit_status,
                        const struct dc_checkpoint *checkpoint, struct fdns_arena *arena,
                        struct dc_report *report, enum dc_status *status)
{
    const char *why = NULL;
    struct dc_command_output output = {text, strlen(text), exit_status};
    *report = (struct dc_report){0};
    bool good = dc_adapter_read(adapter, arena, &output, checkpoint, "t._domainkey.example.com",
                                report, status, &why);
    CHECK(good || why != NULL);
    return good;
}

static void test_reads(void)
{
    struct fdns_arena arena;
    struct dc_report report;
    enum dc_status status;
    struct dc_adapter *adapter = load(example);
    fdns_arena_init(&arena, 0);
    CHECK_TEXT("", diagnostics);
    CU_ASSERT_FATAL(adapter != NULL);
    CHECK_TEXT("check {domain}", dc_adapter_command(adapter));
    CHECK(dc_adapter_runs_each_token(adapter));

    CHECK(read_output(adapter, "fine\n", 0, &expecting_nothing, &arena, &report, &status));
    CHECK_INT(DC_STATUS_SUCCESS, status);
    CHECK_INT(0, report.n_findings);

    CHECK(read_output(adapter, "x\nrecord not found\n", 69, &expecting, &arena, &report, &status));
    CHECK_INT(1, report.n_findings);
    CHECK_TEXT("name/doubled-suffix", report.findings[0].id);
    CHECK(
        read_output(adapter, "record not found", 69, &expecting_nothing, &arena, &report, &status));
    CHECK_TEXT("record/missing-all", report.findings[0].id);

    CHECK(read_output(adapter, "pending\n", 69, &expecting, &arena, &report, &status));
    CHECK_INT(DC_STATUS_PENDING, status);
    CHECK_TEXT(DC_CHECKER_FAULT, report.findings[0].id);
    CHECK(!read_output(adapter, "", 3, &expecting, &arena, &report, &status));
    dc_adapter_free(adapter);
    fdns_arena_clear(&arena);
}

static void test_without_adapter(void)
{
    struct fdns_arena arena;
    struct dc_report report;
    enum dc_status status;
    fdns_arena_init(&arena, 0);
    CHECK(read_output(NULL, "not found", 0, &expecting, &arena, &report, &status));
    CHECK_INT(DC_STATUS_SUCCESS, status);
    CHECK_INT(0, report.n_findings);
    CHECK(read_output(NULL, "", 42, &expecting, &arena, &report, &status));
    CHECK_INT(DC_STATUS_UNKNOWN, status);
    CHECK_TEXT(DC_CHECKER_FAULT, report.findings[0].id);
    CHECK(!read_output(NULL, "", -1, &expecting, &arena, &report, &status));
    fdns_arena_clear(&arena);
}

static void test_bad(void)
{
    static const char *const cases[][2] = {
        {"command: x\nfindings: [ { match: '(', id: record/missing-all } ]\n", ":2:22: error: "},
        {"command: x\nfindings: [ { match: a, id: record/mising-all } ]\n",
         "did you mean \"record/missing-all\"?"},
        {"command: x\nexit: { 256: fault }\n", ":2:9: error: "},
        {"command: x\nexit: { 1: bad }\n", ":2:12: error: "},
        {"findings: [ { match: a, id: [] } ]\n", ":1:29: error: "},
        {"comand: x\n", "did you mean \"command\"?"},
        {"each: domain\n", ":1:7: error: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dc_adapter *adapter = load(cases[i][0]);
        CHECK(adapter == NULL);
        CHECK_CONTAINS(cases[i][1], diagnostics);
        dc_adapter_free(adapter);
    }
}

static const struct test tests[] = {
    {"messages, exit statuses and status words are read", test_reads},
    {"without an adapter the exit status speaks", test_without_adapter},
    {"mistakes are named with their place", test_bad},
};
SUITE(adapter, tests)
