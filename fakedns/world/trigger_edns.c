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

// --- cookie

enum cookie { NO_COOKIE, CLIENT_PART, SERVER_PART, MALFORMED };
static const char *const cookie_words[] = {"none", "client", "server", "malformed"};
const struct fdns_schema_type fdns_type_cookie_sent = {
    .kind = FDNS_SCHEMA_WORD, .name = "cookie", .words = cookie_words, .n_words = 4};

const void *fdns_trigger_read_cookie(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    enum cookie *cookie = fdns_arena_alloc(&reading->world->arena, sizeof(*cookie));
    *cookie = (enum cookie)fdns_word_index(&fdns_type_cookie_sent, node->text);
    return cookie;
}

// RFC 7873 4: 8 octets, and behind them none or 8 to 32.
static enum cookie cookie_of_len(size_t len)
{
    enum { CLIENT = 8, SHORTEST = 16, LONGEST = 40 };
    if (len == CLIENT) {
        return CLIENT_PART;
    }
    return len >= SHORTEST && len <= LONGEST ? SERVER_PART : MALFORMED;
}

bool fdns_trigger_match_cookie(const void *value, const struct fdns_exchange *exchange,
                               const struct fdns_reply *reply)
{
    (void)reply;
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0, len = 0;
    enum cookie found = NO_COOKIE;
    while (found == NO_COOKIE && fdns_edns_next(&exchange->query->edns, &at, &code, &data, &len)) {
        found = code == FDNS_OPTION_COOKIE ? cookie_of_len(len) : NO_COOKIE;
    }
    return found == *(const enum cookie *)value;
}
