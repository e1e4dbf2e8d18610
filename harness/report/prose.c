#include "harness/report/prose.h"

#include "fakedns/base/escape.h"
#include "harness/report/dig.h"
#include "harness/report/escape.h"

#include <string.h>

enum { COLUMNS = 100, LABEL_WIDTH = 10, ASKS_SHOWN = 3, FIELD_MAX = 16 * DC_SHOWN_MAX };

enum dc_tone dc_tone_of_verdict(enum dc_verdict verdict)
{
    switch (verdict) {
    case DC_CONFORMS:
        return DC_TONE_GOOD;
    case DC_NOTICED:
        return DC_TONE_ODD;
    case DC_FALSE_ALARM:
    case DC_WRONG_CAUSE:
    case DC_MISSED:
    case DC_COULD_NOT_RUN:
    case DC_N_VERDICTS:
        break;
    }
    return DC_TONE_BAD;
}

enum dc_tone dc_tone_of_level(enum dc_level level)
{
    switch (level) {
    case DC_ERROR:
        return DC_TONE_BAD;
    case DC_WARNING:
        return DC_TONE_ODD;
    case DC_INFO:
        break;
    }
    return DC_TONE_QUIET;
}

enum dc_tone dc_tone_of_status(enum dc_status status)
{
    switch (status) {
    case DC_STATUS_SUCCESS:
        return DC_TONE_GOOD;
    case DC_STATUS_NOT_STARTED:
    case DC_STATUS_PENDING:
    case DC_STATUS_TEMPORARY_FAILURE:
        return DC_TONE_ODD;
    case DC_STATUS_UNKNOWN:
    case DC_STATUS_FAILED:
        break;
    }
    return DC_TONE_BAD;
}

void dc_prose_toned(const struct dc_prose *prose, enum dc_tone tone, const char *text)
{
    static const char *const codes[] = {
        [DC_TONE_GOOD] = "\x1b[32m",
        [DC_TONE_BAD] = "\x1b[1;31m",
        [DC_TONE_ODD] = "\x1b[33m",
        [DC_TONE_QUIET] = "\x1b[2m",
    };
    fdns_buf_format(prose->out, "%s%s%s", prose->colour ? codes[tone] : "", text,
                    prose->colour ? "\x1b[0m" : "");
}

static size_t columns_of(const char *text, size_t len)
{
    size_t total = 0;
    for (size_t i = 0, n; i < len; i += n) {
        size_t columns = 1;
        n = fdns_escape_visible(text + i, len - i, &columns);
        total += columns;
        n = n != 0 ? n : 1;
    }
    return total;
}

static void label(const struct dc_prose *prose, const char *text)
{
    fdns_buf_format(prose->out, "%*s%-*s", (int)prose->indent, "", LABEL_WIDTH, text);
}

// Words of safe text, continued below the first.
static void wrap(const struct dc_prose *prose, const char *text)
{
    size_t start = prose->indent + LABEL_WIDTH;
    size_t column = start;
    for (const char *word = text; *word != '\0';) {
        size_t len = strcspn(word, " ");
        size_t width = columns_of(word, len);
        if (word != text && column + 1 + width > COLUMNS) {
            fdns_buf_format(prose->out, "\n%*s", (int)start, "");
            column = start;
        } else if (word != text) {
            fdns_buf_string(prose->out, " ");
            column++;
        }
        fdns_buf_append(prose->out, word, len);
        column += width;
        word += len + (word[len] == ' ');
    }
    fdns_buf_string(prose->out, "\n");
}

void dc_prose_field(const struct dc_prose *prose, const char *name, const char *text)
{
    if (text == NULL) {
        return;
    }
    struct fdns_buf safe;
    fdns_buf_init(&safe, FIELD_MAX);
    dc_escape_text(&safe, text);
    label(prose, name);
    wrap(prose, fdns_buf_text(&safe));
    fdns_buf_clear(&safe);
}

void dc_prose_line(const struct dc_prose *prose, const char *name, const char *line)
{
    label(prose, name);
    fdns_buf_format(prose->out, "%s\n", line);
}

void dc_prose_where(struct fdns_buf *out, const char *name, const char *type, const char *server)
{
    const char *const parts[] = {name, type, server};
    static const char *const before[] = {" ", " ", " at "};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i] != NULL) {
            fdns_buf_string(out, n++ != 0 ? before[i] : "");
            dc_escape_text(out, parts[i]);
        }
    }
}

static void where(const struct dc_prose *prose, const struct dc_finding *finding)
{
    if (finding->name == NULL && finding->type == NULL && finding->server == NULL) {
        return;
    }
    label(prose, "where");
    dc_prose_where(prose->out, finding->name, finding->type, finding->server);
    fdns_buf_string(prose->out, "\n");
}

static void asks(const struct dc_prose *prose, const struct dc_finding *finding)
{
    for (size_t i = 0; i < finding->n_observations && i < ASKS_SHOWN; i++) {
        label(prose, i == 0 ? "ask" : "");
        dc_dig(prose->out, finding->observations[i]->question);
        fdns_buf_string(prose->out, "\n");
    }
    if (finding->n_observations > ASKS_SHOWN) {
        label(prose, "");
        fdns_buf_format(prose->out, "(and %zu more)\n", finding->n_observations - ASKS_SHOWN);
    }
}

static void headline(const struct dc_prose *prose, const struct dc_finding *finding)
{
    fdns_buf_format(prose->out, "%*s", (int)prose->indent, "");
    dc_prose_toned(prose, dc_tone_of_level(finding->level), dc_level_text(finding->level));
    fdns_buf_string(prose->out, "  ");
    dc_escape_text(prose->out, finding->id);
    fdns_buf_format(prose->out, "  %s\n",
                    finding->row != NULL ? finding->row->title : "(not in this catalogue)");
}

void dc_prose_finding(const struct dc_prose *prose, const struct dc_finding *finding,
                      const struct dc_report *report, const char *rerun)
{
    const struct dc_finding_row *row = finding->row;
    struct dc_prose inner = *prose;
    inner.indent += 2;
    headline(prose, finding);
    where(&inner, finding);
    dc_prose_identity(&inner, "identity", &finding->identity);
    dc_prose_field(&inner, "rests on", row != NULL ? row->refs : NULL);
    if (finding->cause != 0 && finding->cause <= report->n_findings) {
        dc_prose_field(&inner, "follows", report->findings[finding->cause - 1].id);
    }
    asks(&inner, finding);
    dc_prose_field(&inner, "expected", finding->expected);
    dc_prose_field(&inner, "actual", finding->actual);
    dc_prose_excerpt(&inner, finding->excerpt);
    dc_prose_field(&inner, "why", row != NULL ? row->cause : NULL);
    dc_prose_field(&inner, "remedy",
                   finding->remedy != NULL || row == NULL ? finding->remedy : row->remedy);
    if (rerun != NULL) {
        dc_prose_line(&inner, "rerun", rerun);
    }
}
