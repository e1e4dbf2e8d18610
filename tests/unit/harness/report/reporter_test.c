#include "harness/report/reporter.h"

#include "unit/harness.h"
#include "unit/harness/report/sample.h"

#include <string.h>

static struct fdns_buf out;
static struct dc_sink sink;
static struct dc_writer writer;

static void open_writer(const char *name, size_t ceiling, bool verbose)
{
    const struct dc_writer_options options = {.tool = "dnsconform test", .verbose = verbose};
    fdns_buf_init(&out, ceiling);
    sink = (struct dc_sink){.buf = &out};
    dc_writer_open(&writer, dc_reporter_find(name), &sink, &options);
}

static void close_writer(void)
{
    dc_writer_clear(&writer);
    fdns_buf_clear(&out);
}

static size_t occurrences(const char *needle)
{
    size_t n = 0;
    for (const char *p = fdns_buf_text(&out); (p = strstr(p, needle)) != NULL; p++) {
        n++;
    }
    return n;
}

static void test_the_table(void)
{
    for (size_t i = 0; i < dc_n_reporters; i++) {
        const struct dc_reporter *reporter = dc_reporters[i];
        CHECK(i == 0 || strcmp(dc_reporters[i - 1]->name, reporter->name) < 0);
        CHECK(dc_reporter_find(reporter->name) == reporter);
        CHECK(reporter->doc != NULL && reporter->result != NULL && reporter->end != NULL &&
              reporter->report != NULL);
    }
    CHECK(dc_reporter_find("yaml") == NULL);
}

static void test_a_run_without_results(void)
{
    open_writer("json", 4096, false);
    CHECK(dc_writer_end(&writer));
    json_t *json = json_loads(fdns_buf_text(&out), 0, NULL);
    CHECK_INT(0, json_array_size(json_object_get(json, "scenarios")));
    json_decref(json);
    close_writer();
    open_writer("junit", 4096, false);
    CHECK(dc_writer_end(&writer));
    CHECK_INT(1, occurrences("</testsuites>"));
    close_writer();
    open_writer("tap", 4096, false);
    CHECK(dc_writer_end(&writer));
    CHECK_TEXT("TAP version 14\n1..0\n", fdns_buf_text(&out));
    close_writer();
}

static void test_github_shows_ten_of_a_level(void)
{
    open_writer("github", 1 << 20, false);
    for (size_t i = 0; i < 25; i++) {
        dc_writer_result(&writer, sample_result(1));
    }
    CHECK(dc_writer_end(&writer));
    CHECK_INT(10, occurrences("::error "));
    CHECK_INT(1, occurrences("::notice title=dnsconform::15 more"));
    close_writer();
}

static void test_markdown_stays_below_a_mebibyte(void)
{
    open_writer("markdown", 1 << 22, false);
    for (size_t i = 0; i < 2000; i++) {
        dc_writer_result(&writer, sample_result(2));
    }
    CHECK(dc_writer_end(&writer));
    CHECK(out.len < 1 << 20);
    CHECK_INT(1, occurrences("more are not shown here."));
    close_writer();
}

static void test_results_stream(void)
{
    open_writer("text", 1 << 20, false);
    dc_writer_result(&writer, sample_result(0));
    CHECK_CONTAINS("ok  dkim/name/healthy", fdns_buf_text(&out));
    dc_writer_end(&writer);
    close_writer();
}

static void test_verbose_shows_what_conforms(void)
{
    open_writer("text", 1 << 20, true);
    dc_writer_result(&writer, sample_result(0));
    CHECK_CONTAINS("report: SUCCESS (nothing found)", fdns_buf_text(&out));
    dc_writer_end(&writer);
    close_writer();
}

static void test_output_that_cannot_be_written(void)
{
    open_writer("text", 10, false);
    dc_writer_result(&writer, sample_result(1));
    CHECK(!dc_writer_end(&writer));
    close_writer();
    FILE *full = fopen("/dev/full", "w");
    if (full != NULL) {
        open_writer("text", 10, false);
        sink = (struct dc_sink){.file = full};
        dc_writer_result(&writer, sample_result(1));
        CHECK(!dc_writer_end(&writer));
        close_writer();
        fclose(full);
    }
}

static void test_the_summary(void)
{
    struct dc_tally tally;
    fdns_buf_init(&out, 4096);
    dc_tally_init(&tally);
    dc_tally_summary(&tally, &out);
    CHECK_TEXT("0 scenarios: 0 conform", fdns_buf_text(&out));
    fdns_buf_reset(&out);
    dc_tally_add(&tally, sample_result(0));
    dc_tally_summary(&tally, &out);
    CHECK_TEXT("1 scenario: 1 conforms", fdns_buf_text(&out));
    fdns_buf_reset(&out);
    dc_tally_add(&tally, sample_result(1));
    dc_tally_add(&tally, sample_result(2));
    dc_tally_add(&tally, sample_result(2));
    dc_tally_summary(&tally, &out);
    CHECK_TEXT("4 scenarios: 1 conforms, 1 missed, 2 false alarms", fdns_buf_text(&out));
    CHECK_INT(2, tally.n_areas);
    dc_tally_clear(&tally);
    fdns_buf_clear(&out);
}

static const struct test tests[] = {
    {"the table", test_the_table},
    {"a run without results", test_a_run_without_results},
    {"github shows ten of a level", test_github_shows_ten_of_a_level},
    {"markdown stays below a mebibyte", test_markdown_stays_below_a_mebibyte},
    {"results stream", test_results_stream},
    {"verbose shows what conforms", test_verbose_shows_what_conforms},
    {"output that cannot be written", test_output_that_cannot_be_written},
    {"the summary", test_the_summary},
};
SUITE(reporter, tests)
