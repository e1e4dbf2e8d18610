// A domain as a user types it: ASCII, or the letters of any language, which are looked up as
// A-labels (RFC 5891 5, RFC 8616 for DKIM).
#pragma once

#include "fakedns/base/arena.h"

// The name in ASCII, in arena (text itself if it is ASCII), which can be looked up. NULL after a
// message on stderr.
const char *dc_domain_read(struct fdns_arena *arena, const char *text);
