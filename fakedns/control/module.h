// Finds and loads the HTTP module (fakedns/http).
#pragma once

#include "fakedns/base/buf.h"
#include "fakedns/http/http.h"

// Looked for beside the program, and where it is installed. NULL after a sentence in why; it stays
// loaded.
const struct fdns_http_module *fdns_module_load(struct fdns_buf *why);
