// Effects on the octets of the message.
#include "fakedns/world/effect.h"

void fdns_bytes_cut(const void *value, const struct fdns_exchange *exchange,
                    struct fdns_message *message)
{
    (void)exchange;
    size_t n = (size_t) * (const int64_t *)value;
    message->len -= n < message->len ? n : message->len;
}
