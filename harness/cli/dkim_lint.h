// dnsconform dkim --lint [DOMAIN]: what is given to the mail provider, judged without any DNS.
#pragma once

#include "harness/cli/options.h"

int dc_dkim_lint(const struct dc_options *options); // an enum dc_exit
