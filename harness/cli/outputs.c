#include "harness/cli/outputs.h"

#include "fakedns/base/file.h"
#include "fakedns/base/suggest.h"
#include "harness/cli/command.h"
#include "harness/report/escape.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool wants_colour(const struct dc_options *options)
{
    const char *no_colour = getenv("NO_COLOR");
    if (options->colour != DC_COLOUR_AUTO) {
        return options->colour == DC_COLOUR_ALWAYS;
    }
    return isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0');
}

static const struct dc_reporter *find_format(const char *name)
{
    enum { MAX = 32 };
    const char *names[MAX];
    size_t n = 0;
    const struct dc_reporter *reporter = dc_reporter_find(name);
    if (reporter != NULL) {
        return reporter;
    }
    for (; n < dc_n_reporters && n < MAX; n++) {
        names[n] = dc_reporters[n]->name;
    }
    const char *near = fdns_suggest(name, names, n);
    fprintf(stderr,
            near != NULL
                ? "dnsconform: --format: there is no format \"%s\" (did you mean \"%s\"?)\n"
                : "dnsconform: --format: there is no format \"%s\"; dnsconform list "
                  "formats tells them\n",
            name, near);
    return NULL;
}

// Told before anything is played, not after.
static bool can_be_written(const char *path)
{
    char copy[PATH_MAX];
    if (access(path, F_OK) == 0) {
        if (access(path, W_OK) == 0) {
            return true;
        }
    } else if (strlen(path) < sizeof copy) {
        strcpy(copy, path);
        if (access(dirname(copy), W_OK | X_OK) == 0) {
            return true;
        }
    }
    fprintf(stderr, "dnsconform: %s cannot be written: %s\n", path, strerror(errno));
    return false;
}

static bool add(struct dc_outputs *outputs, const struct dc_reporter *reporter, const char *path,
                const struct dc_writer_options *options)
{
    if (outputs->n_items == DC_OUTPUTS_MAX) {
        fprintf(stderr, "dnsconform: --format: at most %d\n", DC_OUTPUTS_MAX);
        return false;
    }
    struct dc_output *output = &outputs->items[outputs->n_items++];
    *output = (struct dc_output){.path = path};
    fdns_buf_init(&output->buf, DC_JSON_FILE_MAX);
    output->sink = (struct dc_sink){.file = path == NULL ? stdout : NULL,
                                    .buf = path == NULL ? NULL : &output->buf};
    dc_writer_open(&output->writer, reporter, &output->sink, options);
    return true;
}

static bool standard_output_is_taken(const struct dc_outputs *outputs)
{
    for (size_t i = 0; i < outputs->n_items; i++) {
        if (outputs->items[i].path == NULL) {
            return true;
        }
    }
    return false;
}

static bool add_format(struct dc_outputs *outputs, struct fdns_arena *arena, const char *text,
                       const struct dc_writer_options *options)
{
    const char *equals = strchr(text, '=');
    size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
    const struct dc_reporter *reporter = find_format(fdns_arena_string_n(arena, text, len));
    const char *path = equals != NULL ? equals + 1 : NULL;
    struct dc_writer_options own = *options;
    own.colour = options->colour && path == NULL;
    if (reporter == NULL) {
        return false;
    }
    if (path == NULL && standard_output_is_taken(outputs)) {
        fprintf(stderr,
                "dnsconform: --format: only one format can go to standard output; give "
                "the others a file (%s=FILE)\n",
                reporter->name);
        return false;
    }
    return (path == NULL || can_be_written(path)) && add(outputs, reporter, path, &own);
}

// GitHub shows what a step appends to this file on the page of the run.
static bool add_step_summary(struct dc_outputs *outputs, const struct dc_writer_options *options)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    const struct dc_reporter *markdown = dc_reporter_find("markdown");
    bool wanted = false;
    for (size_t i = 0; i < outputs->n_items; i++) {
        wanted |= strcmp(outputs->items[i].writer.reporter->name, "github") == 0;
    }
    if (!wanted || path == NULL || *path == '\0' || markdown == NULL) {
        return true;
    }
    if (!can_be_written(path) || !add(outputs, markdown, path, options)) {
        return false;
    }
    outputs->items[outputs->n_items - 1].append = true;
    return true;
}

static const char *rerun_options(const struct dc_options *options)
{
    const char *given[][2] = {{"--checker", options->checker}, {"--adapter", options->adapter}};
    struct fdns_buf text;
    fdns_buf_init(&text, 64 * 1024);
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (given[i][1] != NULL) {
            fdns_buf_format(&text, "%s%s ", text.len > 0 ? " " : "", given[i][0]);
            dc_escape_shell(&text, given[i][1]);
        }
    }
    const char *kept = text.len > 0 && !text.overflow
                           ? fdns_arena_string(options->arena, fdns_buf_text(&text))
                           : NULL;
    fdns_buf_clear(&text);
    return kept;
}

bool dc_outputs_open(struct dc_outputs *outputs, const struct dc_options *options,
                     size_t n_scenarios, const char *rerun)
{
    struct dc_writer_options writing = {
        .tool = DC_TOOL,
        .rerun = rerun,
        .rerun_with = rerun_options(options),
        .n_scenarios = n_scenarios,
        .colour = wants_colour(options),
        .quiet = options->quiet,
        .verbose = options->verbose,
    };
    *outputs = (struct dc_outputs){.n_total = n_scenarios};
    outputs->progress = !options->quiet && isatty(STDERR_FILENO);
    bool good = true;
    for (size_t i = 0; i < options->formats.n_items && good; i++) {
        good = add_format(outputs, options->arena, options->formats.items[i], &writing);
    }
    if (options->formats.n_items == 0) {
        good = add(outputs, dc_reporter_find("text"), NULL, &writing);
    }
    good = good && add_step_summary(outputs, &writing);
    if (!good) {
        dc_outputs_close(outputs);
    }
    return good;
}

static void clear_progress(const struct dc_outputs *outputs)
{
    if (outputs->progress) {
        fputs("\r\033[K", stderr);
    }
}

void dc_outputs_result(struct dc_outputs *outputs, const struct dc_result *result)
{
    clear_progress(outputs);
    for (size_t i = 0; i < outputs->n_items; i++) {
        dc_writer_result(&outputs->items[i].writer, result);
    }
    outputs->n_done++;
    if (outputs->progress && outputs->n_done < outputs->n_total) {
        fflush(stdout);
        fprintf(stderr, "%zu of %zu", outputs->n_done, outputs->n_total);
        fflush(stderr);
    }
}

static bool append_file(const char *path, const struct fdns_buf *buf)
{
    FILE *file = fopen(path, "ae");
    bool good = file != NULL && fwrite(buf->data, 1, buf->len, file) == buf->len;
    return file != NULL && fclose(file) == 0 && good;
}

static bool write_output(struct dc_output *output)
{
    const char *why = NULL;
    if (output->path == NULL) {
        why = fflush(stdout) != 0 || output->sink.failed ? "an error while writing" : NULL;
    } else if (output->sink.failed || output->buf.overflow) {
        why = "it grew too large";
    } else if (output->append) {
        why = append_file(output->path, &output->buf) ? NULL : strerror(errno);
    } else {
        why = fdns_file_write(output->path, output->buf.data, output->buf.len);
    }
    // A reader that has seen enough (head, less) needs no message.
    struct stat standard;
    bool reader_left =
        output->path == NULL && fstat(STDOUT_FILENO, &standard) == 0 && S_ISFIFO(standard.st_mode);
    if (why != NULL && !reader_left) {
        fprintf(stderr, "dnsconform: %s cannot be written: %s\n",
                output->path != NULL ? output->path : "standard output", why);
    }
    return why == NULL;
}

bool dc_outputs_end(struct dc_outputs *outputs)
{
    bool good = true;
    for (size_t i = 0; i < outputs->n_items; i++) {
        dc_writer_end(&outputs->items[i].writer);
        good &= write_output(&outputs->items[i]);
    }
    dc_outputs_close(outputs);
    return good;
}

bool dc_outputs_report(struct dc_outputs *outputs, const struct dc_report *report)
{
    bool good = true;
    for (size_t i = 0; i < outputs->n_items; i++) {
        dc_writer_report(&outputs->items[i].writer, report);
        good &= write_output(&outputs->items[i]);
    }
    return good;
}

void dc_outputs_close(struct dc_outputs *outputs)
{
    clear_progress(outputs);
    for (size_t i = 0; i < outputs->n_items; i++) {
        dc_writer_clear(&outputs->items[i].writer);
        fdns_buf_clear(&outputs->items[i].buf);
    }
    outputs->n_items = 0;
}

void dc_print_diags(const struct fdns_diags *diags)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 16 * 1024 * 1024);
    fdns_diags_print(diags, 0, &text);
    fputs(fdns_buf_text(&text), stderr);
    fdns_buf_clear(&text);
}
