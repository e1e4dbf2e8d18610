#include "fakedns/reply/message.h"

#include "fakedns/base/arena.h"

#include <string.h>

static void make_room(struct fdns_message *message, size_t wanted)
{
    if (wanted <= message->room) {
        return;
    }
    uint8_t *octets = fdns_arena_alloc(message->arena, wanted);
    memcpy(octets, message->octets, message->len);
    message->octets = octets;
    message->room = wanted;
}

bool fdns_message_insert(struct fdns_message *message, size_t at, size_t n)
{
    if (n > FDNS_MESSAGE_MAX - message->len) {
        return false;
    }
    make_room(message, message->len + n);
    memmove(message->octets + at + n, message->octets + at, message->len - at);
    memset(message->octets + at, 0, n);
    message->len += n;
    return true;
}

void fdns_message_remove(struct fdns_message *message, size_t at, size_t n)
{
    memmove(message->octets + at, message->octets + at + n, message->len - at - n);
    message->len -= n;
}
