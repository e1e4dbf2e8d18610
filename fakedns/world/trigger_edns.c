// Triggers: what the OPT record of the query says (RFC 6891 6.1).
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"

const void *fdns_trigger_read_range(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct fdns_range *range = fdns_arena_alloc(&reading->world->arena, sizeof(*range));
    fdns_range_parse(node->text, range);
    return range;
}

bool fdns_trigger_match_edns_version(const void *value, const struct fdns_exchange *exchange,
                                     const struct fdns_reply *reply)
{
    (void)reply;
    const struct fdns_edns *edns = &exchange->query->edns;
    return edns->present && fdns_range_holds(value, edns->version);
}

bool fdns_trigger_match_udp_size(const void *value, const struct fdns_exchange *exchange,
                                 const struct fdns_reply *reply)
{
    (void)reply;
    const struct fdns_edns *edns = &exchange->query->edns;
    return edns->present && fdns_range_holds(value, edns->udp_size);
}

bool fdns_trigger_match_option(const void *value, const struct fdns_exchange *exchange,
                               const struct fdns_reply *reply)
{
    (void)reply;
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0, len = 0;
    while (fdns_edns_next(&exchange->query->edns, &at, &code, &data, &len)) {
        if (fdns_codes_have(value, code)) {
            return true;
        }
    }
    return false;
}
