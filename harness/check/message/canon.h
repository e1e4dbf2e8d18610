// Canonicalisation (RFC 6376 3.4): what of a message is hashed. Pieces are handed on as they come.
#pragma once

#include "harness/check/message/mail.h"

typedef void dc_canon_fn(void *owner, const void *octets, size_t len);

// A header field (3.4.1, 3.4.2), without the CRLF at its end.
void dc_canon_field(bool relaxed, const char *text, size_t len, dc_canon_fn *put, void *owner);
// A body (3.4.3, 3.4.4): empty lines at its end do not count; what is not empty ends in CRLF, and
// an empty one is CRLF (simple) or nothing (relaxed).
void dc_canon_body(bool relaxed, const char *body, size_t len, dc_canon_fn *put, void *owner);
