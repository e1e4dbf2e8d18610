// Text of unknown origin made safe to show: no control characters, nothing that changes the
// direction of writing, nothing invisible.
#pragma once

#include "fakedns/base/buf.h"

#include <stddef.h>
#include <stdint.h>

// One character of text[0..len), len > 0: a valid UTF-8 sequence that shows as a visible character
// (ASCII from space to ~, or beyond ASCII). Returns its octets and sets *columns to the width it
// has on a terminal; 0 if the first octet has to be escaped.
size_t fdns_escape_visible(const char *text, size_t len, size_t *columns);

// Appends text with every other octet (also tab and newline) as \xNN. A backslash stays as it is.
void fdns_escape(struct fdns_buf *out, const char *text, size_t len);
