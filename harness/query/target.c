#include "harness/query/client_parts.h"

#include "fakedns/base/fatal.h"

#include <stdlib.h>

struct dc_target *dc_target_get(struct dc_client *client, const struct fdns_address *endpoint)
{
    struct dc_target *target = client->targets;
    while (target != NULL && !fdns_address_equal(&target->endpoint, endpoint)) {
        target = target->next;
    }
    if (target != NULL) {
        return target;
    }
    target = calloc(1, sizeof *target);
    if (target == NULL) {
        fdns_fatal("out of memory");
    }
    target->endpoint = *endpoint;
    target->next_us = dc_client_now(client);
    target->next = client->targets;
    client->targets = target;
    return target;
}

int64_t dc_target_reserve(struct dc_client *client, struct dc_target *target)
{
    int64_t now_us = dc_client_now(client);
    if (client->options.qps == 0) {
        return now_us;
    }
    int64_t at_us = target->next_us > now_us ? target->next_us : now_us;
    target->next_us = at_us + INT64_C(1000000) / client->options.qps;
    return at_us;
}

void dc_targets_clear(struct dc_client *client)
{
    while (client->targets != NULL) {
        struct dc_target *target = client->targets;
        client->targets = target->next;
        free(target);
    }
}
