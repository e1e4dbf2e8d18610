// Effects on where datagrams come from and go to, and on how often an answer is sent.
#include "fakedns/base/arena.h"
#include "fakedns/world/effect.h"

// --- copies

struct copies {
    uint32_t times;
    int64_t gap_us;
};

static const struct fdns_schema_type times = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 1, .max = 100};
static const struct fdns_schema_key copies_keys[] = {
    {.name = "times", .type = &times, .required = true, .doc = "So many more.", .example = "2"},
    {.name = "gap",
     .type = &fdns_type_duration,
     .doc = "Each so much later than the one before; without it at once.",
     .example = "1s"},
};
static const struct fdns_schema_type copies_record = {.kind = FDNS_SCHEMA_RECORD,
                                                      .name = "copies",
                                                      .doc = "An answer that is sent again.",
                                                      .keys = copies_keys,
                                                      .n_keys = 2};
static const struct fdns_schema_type *const copies_choices[] = {&times, &copies_record};
const struct fdns_schema_type fdns_type_copies = {.kind = FDNS_SCHEMA_EITHER,
                                                  .name = "number or copies",
                                                  .choices = copies_choices,
                                                  .n_choices = 2};

const void *fdns_read_copies(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct copies *copies = fdns_arena_alloc(&reading->world->arena, sizeof(*copies));
    const struct fdns_node *n = node, *gap = NULL;
    if (node->kind == FDNS_MAP) {
        n = fdns_node_find(node, "times");
        gap = fdns_node_find(node, "gap");
    }
    copies->times = (uint32_t)fdns_node_integer(n);
    copies->gap_us = gap != NULL ? fdns_node_duration(gap) : 0;
    return copies;
}

void fdns_send_copies(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_plan *plan)
{
    (void)exchange;
    const struct copies *copies = value;
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (fdns_step_sends(&plan->steps[i])) {
            plan->steps[i].copies = copies->times;
            plan->steps[i].copies_us = copies->gap_us;
        }
    }
}

// --- reply-port

// None that a system gives to clients: what it hits is nobody's, in every run.
const struct fdns_schema_type fdns_type_reply_port = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "port below 1024", .min = 1, .max = 1023};

void fdns_send_to_port(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_plan *plan)
{
    (void)exchange;
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].to_port = (uint16_t) * (const int64_t *)value;
    }
}

// --- source

static const struct fdns_schema_type port = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "port", .min = 1, .max = 65535};
static const struct fdns_schema_key source_keys[] = {
    {.name = "port",
     .type = &port,
     .required = true,
     .doc = "Another port of the address that was asked.",
     .example = "5353"},
};
static const struct fdns_schema_type source_record = {.kind = FDNS_SCHEMA_RECORD,
                                                      .name = "source",
                                                      .doc = "Where datagrams come from.",
                                                      .keys = source_keys,
                                                      .n_keys = 1};
static const struct fdns_schema_type *const source_choices[] = {&fdns_type_address, &source_record};
const struct fdns_schema_type fdns_type_source = {.kind = FDNS_SCHEMA_EITHER,
                                                  .name = "address or source",
                                                  .choices = source_choices,
                                                  .n_choices = 2};

const void *fdns_read_source(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct fdns_step_source *source = fdns_arena_alloc(&reading->world->arena, sizeof(*source));
    *source = (struct fdns_step_source){.given = true, .other_host = node->kind != FDNS_MAP};
    if (source->other_host) {
        (void)fdns_address_parse(node->text, 53, &source->address);
    } else {
        source->address.port = (uint16_t)fdns_node_integer(fdns_node_find(node, "port"));
    }
    return source;
}

void fdns_send_from(const void *value, const struct fdns_exchange *exchange, struct fdns_plan *plan)
{
    (void)exchange;
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].source = *(const struct fdns_step_source *)value;
    }
}
