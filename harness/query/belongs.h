// Whether a message belongs to a question (RFC 5452 9.1): pure, over bytes.
#pragma once

#include "harness/seen/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// True if `message` answers `request` (whose id is ignored) sent with `id`: it is a response, has
// the id, and repeats the question section octet for octet. An error response may have no question
// (RFC 1035 4.1.1 says nothing of it, and servers that cannot read a query leave it out). If not,
// *reason is set. A request without a whole question section is not compared.
bool dc_message_belongs(const uint8_t *request, size_t request_len, uint16_t id,
                        const uint8_t *message, size_t len, enum dc_stray_reason *reason);
