// The keys that a user gives to `dnsconform dkim`, from files or standard input. The text of a key
// file is overwritten as soon as it was read; what is known of the key stays (given_key.h).
#pragma once

#include "harness/check/dkim/dkim.h"
#include "harness/cli/options.h"

// Sets public_key, private_key and profile of the subject; they live in the options' arena. False
// after a message on stderr that names the option and the file.
bool dc_dkim_keys(const struct dc_options *options, struct dc_dkim_subject *subject);
