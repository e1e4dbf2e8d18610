// Triggers: the form of the query, whatever it asks.
#include "fakedns/reply/sound.h"
#include "fakedns/reply/transfer.h"
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"
#include "fakedns/yaml/scalar.h"

static bool is_well_formed(const struct fdns_view *query)
{
    return fdns_query_is_readable(query) && fdns_query_is_sound(query);
}

bool fdns_trigger_match_malformed(const void *value, const struct fdns_exchange *exchange,
                                  const struct fdns_reply *reply)
{
    (void)reply;
    return *(const bool *)value != is_well_formed(exchange->query);
}

bool fdns_trigger_match_query_size(const void *value, const struct fdns_exchange *exchange,
                                   const struct fdns_reply *reply)
{
    (void)reply;
    return fdns_range_holds(value, exchange->query->len);
}

bool fdns_trigger_match_questions(const void *value, const struct fdns_exchange *exchange,
                                  const struct fdns_reply *reply)
{
    (void)reply;
    return fdns_range_holds(value, exchange->query->counts[0]);
}

bool fdns_trigger_match_ixfr_serial(const void *value, const struct fdns_exchange *exchange,
                                    const struct fdns_reply *reply)
{
    uint32_t serial = 0;
    return reply->asked && reply->qtype == FDNS_TYPE_IXFR &&
           fdns_ixfr_serial(exchange->query, &serial) && fdns_range_holds(value, serial);
}

// --- tsig

struct tsig {
    bool present;
    const uint8_t *key; // NULL: any
};

static const struct fdns_schema_type key_name = {.kind = FDNS_SCHEMA_TEXT, .name = "name of a key"};
static const struct fdns_schema_type *const choices[] = {&fdns_type_boolean, &key_name};
const struct fdns_schema_type fdns_type_boolean_or_key = {.kind = FDNS_SCHEMA_EITHER,
                                                          .name = "boolean or name of a key",
                                                          .choices = choices,
                                                          .n_choices = 2};

const void *fdns_trigger_read_tsig(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct tsig *tsig = fdns_arena_alloc(&reading->world->arena, sizeof(*tsig));
    if (!fdns_scalar_boolean(node->text, &tsig->present)) {
        tsig->present = true;
        tsig->key = fdns_read_absolute_name(reading, node);
    }
    return tsig;
}

bool fdns_trigger_match_tsig(const void *value, const struct fdns_exchange *exchange,
                             const struct fdns_reply *reply)
{
    (void)reply;
    const struct tsig *wanted = value;
    const struct fdns_view_rr *tsig =
        is_well_formed(exchange->query) ? fdns_query_tsig(exchange->query) : NULL;
    if (tsig == NULL || !wanted->present) {
        return wanted->present == (tsig != NULL);
    }
    return wanted->key == NULL || fdns_view_owner_is(exchange->query, tsig, wanted->key);
}
