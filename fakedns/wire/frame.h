// TCP framing (RFC 1035 4.2.2, RFC 7766 8): messages behind a two-octet length. Assembles a stream
// that arrives in any pieces, without a socket.
#pragma once

#include "fakedns/base/buf.h"

struct fdns_frames {
    struct fdns_buf buf; // what has arrived and was not taken yet
    size_t taken;
};

void fdns_frames_init(struct fdns_frames *frames, size_t ceiling);
void fdns_frames_clear(struct fdns_frames *frames);
// Adds octets. False if more than the ceiling waits.
bool fdns_frames_add(struct fdns_frames *frames, const void *data, size_t len);
// The next whole message, valid until the next call of add; false if there is none yet.
bool fdns_frames_next(struct fdns_frames *frames, const uint8_t **message, uint16_t *len);
// Octets of a message (or of its length) that has begun and is not complete.
size_t fdns_frames_pending(const struct fdns_frames *frames);
