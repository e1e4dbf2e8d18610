// Triggers: what stands in the query, and how it came.
#include "fakedns/world/trigger.h"

#include <string.h>

// --- type, class, opcode

static const void *read_codes(struct fdns_rule_reading *reading, const struct fdns_node *node,
                              bool (*parse)(const char *text, uint16_t *code))
{
    size_t n = fdns_node_n(node);
    fdns_trigger_warn_of_empty(reading, node);
    struct fdns_codes *codes =
        fdns_arena_alloc(&reading->world->arena, sizeof(*codes) + n * sizeof(uint16_t));
    for (size_t i = 0; i < n; i++) {
        if (parse(fdns_node_item(node, i)->text, &codes->items[codes->n])) {
            codes->n++;
        }
    }
    return codes;
}

bool fdns_codes_have(const struct fdns_codes *codes, uint16_t code)
{
    for (size_t i = 0; i < codes->n; i++) {
        if (codes->items[i] == code) {
            return true;
        }
    }
    return false;
}

const void *fdns_trigger_read_type(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return read_codes(reading, node, fdns_type_parse);
}

bool fdns_trigger_match_type(const void *value, const struct fdns_exchange *exchange,
                             const struct fdns_reply *reply)
{
    (void)exchange;
    return reply->asked && fdns_codes_have(value, reply->qtype);
}

const void *fdns_trigger_read_class(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return read_codes(reading, node, fdns_class_parse);
}

bool fdns_trigger_match_class(const void *value, const struct fdns_exchange *exchange,
                              const struct fdns_reply *reply)
{
    (void)exchange;
    return reply->asked && fdns_codes_have(value, reply->qclass);
}

const void *fdns_trigger_read_rcode(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    return read_codes(reading, node, fdns_rcode_parse);
}

const void *fdns_trigger_read_option(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    return read_codes(reading, node, fdns_option_parse);
}

static bool parse_opcode(const char *text, uint16_t *code)
{
    uint8_t opcode = 0;
    bool known = fdns_opcode_parse(text, &opcode);
    *code = opcode;
    return known;
}

const void *fdns_trigger_read_opcode(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    return read_codes(reading, node, parse_opcode);
}

bool fdns_trigger_match_opcode(const void *value, const struct fdns_exchange *exchange,
                               const struct fdns_reply *reply)
{
    (void)reply;
    return fdns_codes_have(value, fdns_view_opcode(exchange->query));
}

// --- transport, edns, flags

static const bool yes = true, no = false;

const void *fdns_trigger_read_transport(struct fdns_rule_reading *reading,
                                        const struct fdns_node *node)
{
    (void)reading;
    return strcmp(node->text, "tcp") == 0 ? &yes : &no;
}

bool fdns_trigger_match_transport(const void *value, const struct fdns_exchange *exchange,
                                  const struct fdns_reply *reply)
{
    (void)reply;
    return *(const bool *)value == (exchange->transport == FDNS_TCP);
}

const void *fdns_trigger_read_boolean(struct fdns_rule_reading *reading,
                                      const struct fdns_node *node)
{
    (void)reading;
    return fdns_node_boolean(node) ? &yes : &no;
}

bool fdns_trigger_match_edns(const void *value, const struct fdns_exchange *exchange,
                             const struct fdns_reply *reply)
{
    (void)reply;
    return *(const bool *)value == exchange->query->edns.present;
}

static const struct flag_word {
    const char *name;
    uint16_t header; // bits of the header, or
    uint16_t edns;   // of the OPT record
} flag_words[] = {
    {"AA", FDNS_AA, 0}, {"TC", FDNS_TC, 0}, {"RD", FDNS_RD, 0}, {"RA", FDNS_RA, 0},
    {"Z", FDNS_Z, 0},   {"AD", FDNS_AD, 0}, {"CD", FDNS_CD, 0}, {"DO", 0, FDNS_EDNS_DO},
};
const char *const fdns_trigger_flags[FDNS_TRIGGER_FLAGS] = {
    "AA",    "TC",    "RD",    "RA",    "Z",    "AD",    "CD",    "DO",
    "no-AA", "no-TC", "no-RD", "no-RA", "no-Z", "no-AD", "no-CD", "no-DO"};

struct flags {
    uint16_t set, clear, edns_set, edns_clear;
};

const void *fdns_trigger_read_flags(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct flags *flags = fdns_arena_alloc(&reading->world->arena, sizeof(*flags));
    for (size_t i = 0; i < fdns_node_n(node); i++) {
        const char *text = fdns_node_item(node, i)->text;
        bool absent = strncmp(text, "no-", 3) == 0;
        for (size_t k = 0; k < sizeof(flag_words) / sizeof(flag_words[0]); k++) {
            if (strcmp(flag_words[k].name, absent ? text + 3 : text) != 0) {
                continue;
            }
            *(absent ? &flags->clear : &flags->set) |= flag_words[k].header;
            *(absent ? &flags->edns_clear : &flags->edns_set) |= flag_words[k].edns;
        }
    }
    if ((flags->set & flags->clear) != 0 || (flags->edns_set & flags->edns_clear) != 0) {
        fdns_rule_never(reading, node, "a flag cannot be both set and clear");
    }
    return flags;
}

bool fdns_trigger_match_flags(const void *value, const struct fdns_exchange *exchange,
                              const struct fdns_reply *reply)
{
    (void)reply;
    const struct flags *flags = value;
    const struct fdns_view *query = exchange->query;
    uint16_t edns = query->edns.present ? query->edns.flags : 0;
    return (query->flags & flags->set) == flags->set && (query->flags & flags->clear) == 0 &&
           (edns & flags->edns_set) == flags->edns_set && (edns & flags->edns_clear) == 0;
}
