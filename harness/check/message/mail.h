// Mail: an Internet message (RFC 5322) as fields and a body, with the octets as they are: nothing
// is decoded, unfolded or put right. A file on a disk has bare LF where the wire has CRLF: each LF
// without a CR before it is read as CRLF. A CR alone is an octet like any other.
//
// Lines of the header that are no field (no colon, no name, or a continuation of nothing) are
// counted and passed over; an mbox "From " line at the top is one of them.
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    DC_MAIL_MAX = 64 * 1024 * 1024, // octets, with CRLF
    DC_MAIL_HEADER_MAX = 1024 * 1024,
    DC_MAIL_SIGNATURES_MAX = 1000, // DKIM-Signature fields
};

struct dc_field {
    const char *text; // from the name on, without the CRLF at its end; CRLF where it is folded
    size_t len;
    size_t name_len;   // without white space before the colon
    const char *value; // behind the colon
    size_t value_len;
};

struct dc_mail {
    const struct dc_field *fields; // from the top
    size_t n_fields;
    const struct dc_field *const *by_name; // by name without case, the lowest of equal ones first
    const char *body;                      // behind the empty line
    size_t body_len;
    size_t n_odd_lines;
    size_t odd_line; // number of the first, from 1
};

// Reads a message into arena; it may point into octets. False with *why if it is beyond a limit or
// has no header field at all.
bool dc_mail_parse(struct dc_mail *mail, struct fdns_arena *arena, const char *octets, size_t len,
                   const char **why);

bool dc_field_is(const struct dc_field *field, const char *name, size_t len);
// The fields of a name in by_name: their number, and *first is the place of the lowest.
size_t dc_mail_named(const struct dc_mail *mail, const char *name, size_t len, size_t *first);
// Length of the line at text, which ends in CRLF or with the text; *whole is its length with CRLF.
size_t dc_line_len(const char *text, size_t len, size_t *whole);
