#include "harness/report/prose.h"

#include "fakedns/base/duration.h"
#include "harness/report/escape.h"

enum { FINDINGS_SHOWN = 50, LINE_MAX_OCTETS = 64 * DC_SHOWN_MAX };

static void blank_line(const struct dc_prose *prose)
{
    fdns_buf_string(prose->out, "\n");
}

static void count_findings(const struct dc_report *report, struct fdns_buf *out)
{
    size_t counts[] = {[DC_ERROR] = 0, [DC_WARNING] = 0, [DC_INFO] = 0};
    for (size_t i = 0; i < report->n_findings; i++) {
        counts[report->findings[i].level]++;
    }
    if (report->n_findings == 0) {
        fdns_buf_string(out, "nothing found");
        return;
    }
    fdns_buf_format(out, "%zu error%s, %zu warning%s, %zu info", counts[DC_ERROR],
                    counts[DC_ERROR] == 1 ? "" : "s", counts[DC_WARNING],
                    counts[DC_WARNING] == 1 ? "" : "s", counts[DC_INFO]);
}

static void add_part(struct fdns_buf *line, const char *before, const char *text)
{
    if (text != NULL) {
        fdns_buf_format(line, "%s%s", before, text);
    }
}

// "pass: d=example.com s=s1 a=rsa-sha256 c=relaxed/simple i=@example.com", unsafe.
static void signature_line(const struct dc_prose *prose,
                           const struct dc_signature_result *signature)
{
    struct fdns_buf line;
    fdns_buf_init(&line, 16 * LINE_MAX_OCTETS);
    fdns_buf_format(&line, "%s:", dc_auth_result_text(signature->result));
    add_part(&line, " d=", signature->domain);
    add_part(&line, " s=", signature->selector);
    add_part(&line, " a=", signature->algorithm);
    add_part(&line, " c=", signature->canonicalization);
    add_part(&line, " i=", signature->identity);
    if (signature->ignored) {
        fdns_buf_string(&line, ", added by Amazon SES: can be ignored");
    } else {
        fdns_buf_string(&line, signature->own ? ", of the domain" : ", of another domain");
    }
    add_part(&line, "; ", signature->reason);
    dc_prose_field(prose, "signature", fdns_buf_text(&line));
    fdns_buf_clear(&line);
}

void dc_prose_signatures(const struct dc_prose *prose, const struct dc_report *report)
{
    for (size_t i = 0; i < report->n_signatures && i < FINDINGS_SHOWN; i++) {
        signature_line(prose, &report->signatures[i]);
    }
    if (report->n_signatures > FINDINGS_SHOWN) {
        fdns_buf_format(prose->out, "(and %zu more signatures)\n",
                        report->n_signatures - FINDINGS_SHOWN);
    }
}

void dc_prose_report(const struct dc_prose *prose, const struct dc_report *report,
                     const char *rerun)
{
    fdns_buf_format(prose->out, "%*s", (int)prose->indent, "");
    dc_escape_text(prose->out, report->subject != NULL ? report->subject : "report");
    fdns_buf_string(prose->out, ": ");
    dc_prose_toned(prose, dc_tone_of_status(report->status), dc_status_text(report->status));
    fdns_buf_string(prose->out, " (");
    count_findings(report, prose->out);
    fdns_buf_string(prose->out, ")\n");
    for (size_t i = 0; i < 2; i++) {
        dc_prose_field(prose, "console", report->console[i]);
    }
    dc_prose_signatures(prose, report);
    dc_prose_side(prose, report);
    for (size_t i = 0; i < report->n_findings && i < FINDINGS_SHOWN; i++) {
        blank_line(prose);
        dc_prose_finding(prose, &report->findings[i], report, rerun);
    }
    if (report->n_findings > FINDINGS_SHOWN) {
        fdns_buf_format(prose->out, "\n(and %zu more findings)\n",
                        report->n_findings - FINDINGS_SHOWN);
    }
}

// Two blanks and where something is, if anything is known of that.
static void add_where(struct fdns_buf *line, const char *name, const char *type, const char *server)
{
    if (name != NULL || type != NULL || server != NULL) {
        fdns_buf_string(line, "  ");
        dc_prose_where(line, name, type, server);
    }
}

static void absent_line(const struct dc_prose *prose, const struct dc_expected_finding *finding)
{
    struct fdns_buf line;
    fdns_buf_init(&line, LINE_MAX_OCTETS);
    dc_escape_text(&line, finding->id);
    add_where(&line, finding->name, finding->type, finding->server);
    if (finding->line != 0) {
        fdns_buf_format(&line, " (line %u)", finding->line);
    }
    dc_prose_line(prose, "absent", fdns_buf_text(&line));
    fdns_buf_clear(&line);
}

static void reported_line(const struct dc_prose *prose, const struct dc_finding *finding)
{
    struct fdns_buf line;
    fdns_buf_init(&line, LINE_MAX_OCTETS);
    fdns_buf_format(&line, "%s  ", dc_level_text(finding->level));
    dc_escape_text(&line, finding->id);
    add_where(&line, finding->name, finding->type, finding->server);
    dc_prose_line(prose, "reported", fdns_buf_text(&line));
    fdns_buf_clear(&line);
}

static bool is_extra(const struct dc_visit_result *visit, const struct dc_finding *finding)
{
    for (size_t i = 0; i < visit->n_extra; i++) {
        if (visit->extra[i] == finding) {
            return true;
        }
    }
    return false;
}

// Findings that were not asked for are shown in full, the others in a line.
static void reported(const struct dc_prose *prose, const struct dc_visit_result *visit)
{
    const struct dc_report *report = visit->report;
    for (size_t i = 0; i < report->n_findings && i < FINDINGS_SHOWN; i++) {
        if (!is_extra(visit, &report->findings[i])) {
            reported_line(prose, &report->findings[i]);
        }
    }
    for (size_t i = 0; i < visit->n_extra && i < FINDINGS_SHOWN; i++) {
        fdns_buf_format(prose->out, "%*sextra\n", (int)prose->indent, "");
        struct dc_prose inner = *prose;
        inner.indent += 2;
        dc_prose_finding(&inner, visit->extra[i], report, NULL);
    }
    if (report->n_findings > FINDINGS_SHOWN) {
        fdns_buf_format(prose->out, "%*s(not all of %zu findings are shown)\n", (int)prose->indent,
                        "", report->n_findings);
    }
}

static void status_line(const struct dc_prose *prose, const struct dc_visit_result *visit)
{
    struct fdns_buf line;
    fdns_buf_init(&line, LINE_MAX_OCTETS);
    if (visit->expected_status != DC_STATUS_UNKNOWN) {
        fdns_buf_format(&line, "expected %s, ", dc_status_text(visit->expected_status));
    }
    fdns_buf_format(&line, "reported %s",
                    visit->report != NULL ? dc_status_text(visit->report->status) : "nothing");
    dc_prose_line(prose, "status", fdns_buf_text(&line));
    fdns_buf_clear(&line);
}

static void visit_text(const struct dc_prose *prose, const struct dc_visit_result *visit)
{
    char at[FDNS_DURATION_TEXT_MAX];
    fdns_buf_format(prose->out, "%*sat %s: ", (int)prose->indent, "",
                    fdns_duration_print(visit->at_us, at));
    dc_prose_toned(prose, dc_tone_of_verdict(visit->verdict), dc_verdict_text(visit->verdict));
    fdns_buf_string(prose->out, "\n");
    if (visit->verdict == DC_CONFORMS) {
        return;
    }
    struct dc_prose inner = *prose;
    inner.indent += 2;
    dc_prose_field(&inner, "because", visit->reason);
    status_line(&inner, visit);
    for (size_t i = 0; i < visit->n_absent; i++) {
        absent_line(&inner, visit->absent[i]);
    }
    if (visit->report != NULL) {
        reported(&inner, visit);
    }
}

static void rerun_line(const struct dc_prose *prose, const char *file)
{
    struct fdns_buf line;
    fdns_buf_init(&line, LINE_MAX_OCTETS);
    fdns_buf_string(&line, "dnsconform run ");
    dc_escape_shell(&line, file);
    if (prose->rerun_with != NULL) {
        fdns_buf_format(&line, " %s", prose->rerun_with);
    }
    dc_prose_line(prose, "rerun", fdns_buf_text(&line));
    fdns_buf_clear(&line);
}

static void refs_line(const struct dc_prose *prose, const struct dc_result *result)
{
    struct fdns_buf refs;
    fdns_buf_init(&refs, LINE_MAX_OCTETS);
    for (size_t i = 0; i < result->n_refs; i++) {
        fdns_buf_format(&refs, "%s%s", i != 0 ? "; " : "", result->refs[i]);
    }
    dc_prose_field(prose, "rests on", refs.len != 0 ? fdns_buf_text(&refs) : NULL);
    fdns_buf_clear(&refs);
}

const char *dc_prose_reason(const struct dc_result *result)
{
    for (size_t i = 0; i < result->n_visits; i++) {
        if (result->visits[i].verdict == result->verdict && result->visits[i].reason != NULL) {
            return result->visits[i].reason;
        }
    }
    return dc_verdict_text(result->verdict);
}

void dc_prose_result(const struct dc_prose *prose, const struct dc_result *result)
{
    refs_line(prose, result);
    for (size_t i = 0; i < result->n_visits; i++) {
        visit_text(prose, &result->visits[i]);
    }
    rerun_line(prose, result->file);
}
