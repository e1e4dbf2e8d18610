// dnsconform dkim --message FILE [DOMAIN]
#pragma once

#include "harness/check/dkim/dkim.h"
#include "harness/cli/options.h"

// Reads the message; the subject lives in the options' arena. False after a message on stderr.
bool dc_message_subject(const struct dc_options *options, struct dc_dkim_subject *subject);
// The command again, up to where options of the DNS follow.
const char *dc_message_rerun(const struct dc_options *options);
