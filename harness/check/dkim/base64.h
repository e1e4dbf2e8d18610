// Strict base64 (RFC 4648 4): the alphabet, whole quanta, padding only at the end and only where it
// belongs, and no stray bits behind the last octet. Nothing is skipped: whoever allows white space
// removes it first.
#pragma once

#include "fakedns/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Decodes into arena. False at the first octet that is wrong, and then *bad_at is its offset (len
// if the text ends too early).
bool dc_base64_decode(struct fdns_arena *arena, const char *text, size_t len,
                      const uint8_t **octets, size_t *n_octets, size_t *bad_at);
