// The domain that a message says it is from: that of the addresses in its From field (RFC 5322
// 3.6.2).
#pragma once

#include "harness/check/message/mail.h"

// In arena, without a final dot. NULL with *why if there is not exactly one.
const char *dc_from_domain(struct fdns_arena *arena, const struct dc_mail *mail, const char **why);
