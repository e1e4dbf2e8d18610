// Message: an encoded reply while its bytes are being changed. It lives in the arena of the query.
#pragma once

#include "fakedns/wire/codes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_arena;

struct fdns_message {
    struct fdns_arena *arena;
    uint8_t *octets;
    size_t len;
    size_t room;
};

// Makes room for n octets at an offset (at most len), which what stands there moves behind; they
// are zero. False, and nothing is changed, if the message would be longer than 65,535 octets.
bool fdns_message_insert(struct fdns_message *message, size_t at, size_t n);
// Takes n octets out; at + n is at most len.
void fdns_message_remove(struct fdns_message *message, size_t at, size_t n);
