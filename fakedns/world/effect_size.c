// Effects on how much of the answer is sent.
#include "fakedns/world/effect.h"

void fdns_edit_truncate(const void *value, const struct fdns_exchange *exchange,
                        struct fdns_reply *reply)
{
    (void)value;
    if (exchange->transport == FDNS_TCP) {
        return;
    }
    reply->flags |= FDNS_TC;
    fdns_clear_sections(reply);
}

void fdns_edit_size_limit(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply)
{
    (void)exchange;
    reply->limit = (size_t) * (const int64_t *)value;
}
