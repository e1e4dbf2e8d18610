// Effects on whether sockets are there at all, and on TCP connections before any query: fields of
// the rule, which answer/ looks at when a connection comes.
#include "fakedns/world/effect.h"

static const char *const tcp_words[] = {"refuse", "hang", "close", "reset"};
static const struct fdns_schema_type tcp_word = {
    .kind = FDNS_SCHEMA_WORD, .name = "TCP fault", .words = tcp_words, .n_words = 4};
static const struct fdns_schema_type tcp_limit = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of connections", .min = 1, .max = 255};
static const struct fdns_schema_key tcp_keys[] = {
    {.name = "limit",
     .type = &tcp_limit,
     .doc = "So many connections at a time to one address; those beyond are accepted and closed.",
     .example = "1"},
    {.name = "idle",
     .type = &fdns_type_duration,
     .doc = "A connection is closed when nothing has come or gone for so long. Without it, 60s.",
     .example = "500ms"},
};
static const struct fdns_schema_type tcp_record = {.kind = FDNS_SCHEMA_RECORD,
                                                   .name = "TCP limits",
                                                   .doc = "What TCP connections are allowed.",
                                                   .keys = tcp_keys,
                                                   .n_keys = 2};
static const struct fdns_schema_type *const tcp_choices[] = {&tcp_word, &tcp_record};
const struct fdns_schema_type fdns_type_tcp = {.kind = FDNS_SCHEMA_EITHER,
                                               .name = "TCP fault or TCP limits",
                                               .choices = tcp_choices,
                                               .n_choices = 2};
static const char *const udp_words[] = {"refuse"};
const struct fdns_schema_type fdns_type_udp = {
    .kind = FDNS_SCHEMA_WORD, .name = "UDP fault", .words = udp_words, .n_words = 1};

// Nothing has been asked yet: no words about queries, and nothing is counted.
static void check_when(const struct fdns_rule_reading *reading, const struct fdns_node *node,
                       const char *word, const char *things)
{
    if (reading->rule->counts || reading->rule->chance_ppm != 0) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "`%s` is about %s, which are not counted: no `nth`, `first`, `from-nth`, `every` "
                  "or `chance` beside it",
                  word, things);
    }
    for (size_t i = 0; i < fdns_n_triggers; i++) {
        const struct fdns_trigger *trigger = &fdns_triggers[i];
        if (trigger->matches != NULL && !trigger->of_connection &&
            fdns_node_find(reading->when, trigger->key.name) != NULL) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                      "`%s` is about %s, which ask nothing yet: `%s` cannot be matched", word,
                      things, trigger->key.name);
        }
    }
}

static void read_limits(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct fdns_tcp_terms *terms = &reading->rule->tcp;
    const struct fdns_node *limit = fdns_node_find(node, "limit");
    const struct fdns_node *idle = fdns_node_find(node, "idle");
    terms->limit = limit != NULL ? (uint32_t)fdns_node_integer(limit) : 0;
    terms->idle_us = idle != NULL ? fdns_node_duration(idle) : 0;
    if (idle != NULL && terms->idle_us <= 0) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, idle->line, idle->column,
                  "`idle` must be longer than nothing; `tcp: close` ends connections at once");
    }
}

const void *fdns_read_tcp(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    static const enum fdns_tcp_fault faults[] = {FDNS_TCP_REFUSED, FDNS_TCP_HANGS, FDNS_TCP_CLOSES,
                                                 FDNS_TCP_RESETS};
    if (node->kind == FDNS_MAP) {
        read_limits(reading, node);
    } else {
        reading->rule->tcp.fault = faults[fdns_word_index(&tcp_word, node->text)];
    }
    check_when(reading, node, "tcp", "connections");
    return NULL;
}

const void *fdns_read_udp(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->udp_refused = true;
    check_when(reading, node, "udp", "ports");
    return NULL;
}
