// Excerpt: a TXT record as its character-strings (RFC 1035 3.3.14), and the octets in it that a
// finding is about. A value; only report/ prints it.
#pragma once

#include "harness/seen/json.h"

#include <stddef.h>
#include <stdint.h>

struct dc_excerpt {
    const uint8_t *rdata; // length octet and string, again and again
    size_t rdata_len;
    size_t at;  // offset in the strings joined without separator
    size_t len; // 0: a place where something is missing, or the record as a whole
};

// The string at *at (0 at first), which moves behind it; NULL at the end. What overruns the rdata
// is cut.
const uint8_t *dc_excerpt_next(const struct dc_excerpt *excerpt, size_t *at, size_t *len);

// {"strings": [hex, …], "at": offset, "len": octets}. New reference; NULL becomes null.
json_t *dc_excerpt_json(const struct dc_excerpt *excerpt);
// The member "excerpt" of an object, in the reader's arena; NULL if absent.
const struct dc_excerpt *dc_excerpt_read(struct dc_json_reader *reader, const json_t *object);
