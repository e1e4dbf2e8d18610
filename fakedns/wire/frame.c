#include "fakedns/wire/frame.h"

void fdns_frames_init(struct fdns_frames *frames, size_t ceiling)
{
    frames->taken = 0;
    fdns_buf_init(&frames->buf, ceiling);
}

void fdns_frames_clear(struct fdns_frames *frames)
{
    frames->taken = 0;
    fdns_buf_clear(&frames->buf);
}

bool fdns_frames_add(struct fdns_frames *frames, const void *data, size_t len)
{
    if (frames->taken != 0) {
        fdns_buf_drop_front(&frames->buf, frames->taken);
        frames->taken = 0;
    }
    if (len > frames->buf.ceiling - frames->buf.len) {
        return false;
    }
    fdns_buf_append(&frames->buf, data, len);
    return true;
}

bool fdns_frames_next(struct fdns_frames *frames, const uint8_t **message, uint16_t *len)
{
    size_t left = fdns_frames_pending(frames);
    if (left < 2) {
        return false;
    }
    const uint8_t *at = frames->buf.data + frames->taken;
    uint16_t promised = (uint16_t)((unsigned)at[0] << 8 | at[1]);
    if (left - 2 < promised) {
        return false;
    }
    *message = at + 2;
    *len = promised;
    frames->taken += (size_t)promised + 2;
    return true;
}

size_t fdns_frames_pending(const struct fdns_frames *frames)
{
    return frames->buf.len - frames->taken;
}
