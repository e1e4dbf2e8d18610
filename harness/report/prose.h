// Findings and results as text for people. Everything appended is safe for terminals and logs
// (escape.h); what other formats need beyond that they add on top.
#pragma once

#include "fakedns/base/buf.h"
#include "harness/run/result.h"

struct dc_prose {
    struct fdns_buf *out;
    bool colour;
    unsigned indent;
    const char *rerun_with; // options that playing a scenario again needs, escaped; or NULL
};

enum dc_tone { DC_TONE_GOOD, DC_TONE_BAD, DC_TONE_ODD, DC_TONE_QUIET };
enum dc_tone dc_tone_of_verdict(enum dc_verdict verdict);
enum dc_tone dc_tone_of_level(enum dc_level level);
enum dc_tone dc_tone_of_status(enum dc_status status);

// Appends text in a colour, if colour is wanted.
void dc_prose_toned(const struct dc_prose *prose, enum dc_tone tone, const char *text);
// A labelled text, broken at blanks so that lines keep to 100 columns. Nothing for NULL.
void dc_prose_field(const struct dc_prose *prose, const char *label, const char *text);
// A labelled line that is copied as it is: it must be safe already.
void dc_prose_line(const struct dc_prose *prose, const char *label, const char *line);

// Appends where a finding is: "t1._domainkey.example.com TXT at ns1.example.com".
void dc_prose_where(struct fdns_buf *out, const char *name, const char *type, const char *server);

// A finding with all that helps: where, what it rests on, how to ask again, expected and actual,
// why it matters, the remedy, and how to run just this again (rerun is a command line; NULL: none).
void dc_prose_finding(const struct dc_prose *prose, const struct dc_finding *finding,
                      const struct dc_report *report, const char *rerun);

// The signatures of a message, a line each, with its result; nothing if the report is of no
// message.
void dc_prose_signatures(const struct dc_prose *prose, const struct dc_report *report);

// The strings of a TXT record in quotes, and carets below the octets that a finding is about.
// Nothing for NULL.
void dc_prose_excerpt(const struct dc_prose *prose, const struct dc_excerpt *excerpt);

// A labelled identity; nothing if it has no name (prose_side.c).
void dc_prose_identity(const struct dc_prose *prose, const char *label,
                       const struct dc_identity *identity);
// What a report says of the account side (prose_side.c).
void dc_prose_side(const struct dc_prose *prose, const struct dc_report *report);
// A whole report, findings and all.
void dc_prose_report(const struct dc_prose *prose, const struct dc_report *report,
                     const char *rerun);

// Why a scenario has its verdict, in one sentence: unsafe text, or the verdict's word.
const char *dc_prose_reason(const struct dc_result *result);

// What a scenario's checkpoints expected and what was reported.
void dc_prose_result(const struct dc_prose *prose, const struct dc_result *result);
