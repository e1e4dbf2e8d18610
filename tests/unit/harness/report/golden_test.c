// What each reporter writes, against the files in tests/golden/report. With GOLDEN_UPDATE=1 in the
// environment the files are written instead: look at the difference before you commit it.
#include "harness/report/reporter.h"
#include "unit/harness.h"
#include "unit/harness/report/sample.h"

#include <stdlib.h>
#include <string.h>

static const struct dc_writer_options options = {.tool = "dnsconform test",
                                                 .rerun = "dnsconform dkim example.com",
                                                 .n_scenarios = SAMPLE_RESULTS};

static char *read_golden(const char *path)
{
    enum { GOLDEN_MAX = 1 << 20 };
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, GOLDEN_MAX + 1);
    if (file != NULL) {
        text[fread(text, 1, GOLDEN_MAX, file)] = '\0';
        fclose(file);
    }
    return text;
}

static void write_golden(const char *path, const struct fdns_buf *out)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(out->data, 1, out->len, file) == out->len);
    CHECK(file != NULL && fclose(file) == 0);
}

// The first line that differs says more than both texts.
static void check_same(const char *path, const char *expected, const char *actual)
{
    unsigned line = 1;
    const char *e = expected;
    const char *a = actual;
    const char *e_line = e;
    const char *a_line = a;
    for (; *e != '\0' && *e == *a; e++, a++) {
        if (*e == '\n') {
            line++;
            e_line = e + 1;
            a_line = a + 1;
        }
    }
    if (*e != *a) {
        char message[1024];
        snprintf(message, sizeof message, "%s:%u: expected \"%.*s\", got \"%.*s\"", path, line,
                 (int)strcspn(e_line, "\n"), e_line, (int)strcspn(a_line, "\n"), a_line);
        check_true(false, message, __FILE__, __LINE__);
    }
}

static void check_golden(const char *name, const char *what, struct fdns_buf *out)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/report/%s.%s", SOURCE_DIR, what, name);
    if (getenv("GOLDEN_UPDATE") != NULL) {
        write_golden(path, out);
    }
    char *expected = read_golden(path);
    check_same(path, expected, fdns_buf_text(out));
    CHECK(out->len != 0);
    free(expected);
}

static void check_run(const struct dc_reporter *reporter, const struct dc_writer_options *chosen,
                      const char *what)
{
    struct fdns_buf out;
    struct dc_writer writer;
    fdns_buf_init(&out, 1 << 20);
    struct dc_sink sink = {.buf = &out};
    dc_writer_open(&writer, reporter, &sink, chosen);
    for (size_t i = 0; i < SAMPLE_RESULTS; i++) {
        dc_writer_result(&writer, sample_result(i));
    }
    CHECK(dc_writer_end(&writer));
    dc_writer_clear(&writer);
    check_golden(reporter->name, what, &out);
    fdns_buf_clear(&out);
}

static void check_report(const struct dc_reporter *reporter)
{
    struct fdns_buf out;
    struct dc_writer writer;
    fdns_buf_init(&out, 1 << 20);
    struct dc_sink sink = {.buf = &out};
    dc_writer_open(&writer, reporter, &sink, &options);
    CHECK(dc_writer_report(&writer, sample_report()));
    dc_writer_clear(&writer);
    check_golden(reporter->name, "report", &out);
    fdns_buf_clear(&out);
}

static void test_runs(void)
{
    for (size_t i = 0; i < dc_n_reporters; i++) {
        check_run(dc_reporters[i], &options, "run");
    }
}

static void test_reports(void)
{
    for (size_t i = 0; i < dc_n_reporters; i++) {
        check_report(dc_reporters[i]);
    }
}

static void test_colour(void)
{
    struct dc_writer_options chosen = options;
    chosen.colour = true;
    chosen.quiet = true;
    check_run(dc_reporter_find("text"), &chosen, "colour-quiet");
}

static const struct test tests[] = {
    {"runs", test_runs},
    {"reports", test_reports},
    {"colour, and only what does not conform", test_colour},
};
SUITE(golden, tests)
