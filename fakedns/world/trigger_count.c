// Triggers that are fields of the rule: which of the queries that match, and when.
#include "fakedns/world/trigger.h"
#include "fakedns/world/value.h"

#include <string.h>

const void *fdns_trigger_read_nth(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->nth_from = reading->rule->nth_to = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    if (fdns_node_find(reading->when, "first") != NULL ||
        fdns_node_find(reading->when, "from-nth") != NULL) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "`nth` is one query: it cannot stand beside `first` or `from-nth`");
    }
    return NULL;
}

const void *fdns_trigger_read_first(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->nth_to = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    return NULL;
}

const void *fdns_trigger_read_from_nth(struct fdns_rule_reading *reading,
                                       const struct fdns_node *node)
{
    const struct fdns_node *first = fdns_node_find(reading->when, "first");
    reading->rule->nth_from = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    if (first != NULL && fdns_node_integer(first) < fdns_node_integer(node)) {
        fdns_rule_never(reading, node, "`first` ends before `from-nth` begins");
    }
    return NULL;
}

const void *fdns_trigger_read_every(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->every = (uint64_t)fdns_node_integer(node);
    reading->rule->counts = true;
    return NULL;
}

const void *fdns_trigger_read_chance(struct fdns_rule_reading *reading,
                                     const struct fdns_node *node)
{
    fdns_percent_parse(node->text, &reading->rule->chance_ppm);
    return NULL;
}

const char *const fdns_trigger_scopes[FDNS_TRIGGER_SCOPES] = {"world", "server", "client",
                                                              "connection"};

const void *fdns_trigger_read_per(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    for (size_t i = 0; i < FDNS_TRIGGER_SCOPES; i++) {
        if (strcmp(fdns_trigger_scopes[i], node->text) == 0) {
            reading->rule->scope = (enum fdns_scope)i;
        }
    }
    return NULL;
}

const void *fdns_trigger_read_from(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->from_us = fdns_node_duration(node);
    return NULL;
}

const void *fdns_trigger_read_until(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    const struct fdns_node *from = fdns_node_find(reading->when, "from");
    reading->rule->until_us = fdns_node_duration(node);
    if (reading->rule->until_us <= (from != NULL ? fdns_node_duration(from) : 0)) {
        fdns_rule_never(reading, node, "`until` is not after `from`");
    }
    return NULL;
}
